"""Rules that every command of `doithoai` keeps."""

import os
import subprocess
from collections.abc import Iterator

import click
import pytest

from deploy.cli.root import cli
from deploy.ending import INTERRUPTED, USED_WRONGLY
from tests.deploy.commands import PROGRAM, called


def commands(group: click.Group, *above: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *above, name)
        else:
            yield (*above, name), command


ALL = list(commands(cli))
each_command = pytest.mark.parametrize(
    ("path", "command"), ALL, ids=[" ".join(path) for path, _ in ALL]
)


def test_the_commands_are_those_of_the_manual() -> None:
    assert {" ".join(path) for path, _ in ALL} == {
        *(
            "up",
            "demo",
            "import",
            "declared",
            "report",
            "log status",
            "log tail",
            "log export",
            "log freeze",
            "agency feed",
        ),
        *(f"agency webhook {step}" for step in ("set", "list", "rotate")),
        *(f"agency webhook {step}" for step in ("pause", "resume", "remove")),
        *(f"log key {step}" for step in ("list", "new", "rotate", "retire")),
        *("session conclude", "session breaches"),
        *("follow status", "follow retry", "follow skip"),
        *("access issue", "access list", "access revoke"),
        *("access seat add", "access seat list", "access seat end", "access hold", "access leave"),
        *("access person add", "access person list", "access person link"),
        "access person disable",
        "province add",
        *(f"regulation {step}" for step in ("show", "check", "due")),
        *(f"regulation {step}" for step in ("explain", "compare")),
        *("territory find", "territory history"),
        "routing test",
        *("audit replay", "audit diff", "audit history", "audit recount"),
        *("audit bundle", "audit check-bundle", "audit prove", "audit check-proof"),
        *("audit verify", "audit log-dir", "audit fsck", "audit page"),
        *("audit verify", "audit log-dir", "audit fsck"),
        *("witness key new", "witness serve", "witness status"),
    }


@each_command
def test_a_command_can_speak_json(path: tuple[str, ...], command: click.Command) -> None:
    assert any("--json" in option.opts for option in command.params)


@each_command
def test_the_help_of_a_command_has_an_example_in_both_languages(
    path: tuple[str, ...], command: click.Command
) -> None:
    shown = called({}, *path, "--help")
    assert shown.status == 0
    assert "Ví dụ / Examples:" in shown.out
    assert f"doithoai {' '.join(path)}" in shown.out


@each_command
def test_every_option_of_a_command_is_described(
    path: tuple[str, ...], command: click.Command
) -> None:
    options = [each for each in command.params if isinstance(each, click.Option)]
    assert [each.name for each in options if not each.help] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("report",),
        ("report", "--from", "2021-02-30", "--to", "2021-12-31"),
        ("report", "--from", "2021-01-01", "--to", "2021-12-31", "--csv", "--json"),
        ("import", "no-such-file.xlsx", "--kind", "digest", "--province", "ha-noi"),
        ("log", "tail", "doithoai.local/ha-noi/nonsense"),
        ("follow", "retry", "--consumer", "nonsense", "--origin", "a/b/c"),
        ("up", "nonsense"),
        ("up", "intake-web", "sessions-web"),
        ("up", "intake", "--processes"),
        ("access", "issue", "--seat", "a", "--role", "service"),
    ],
    ids=" ".join,
)
def test_a_command_that_is_used_wrongly_ends_with_2_in_both_languages(
    arguments: tuple[str, ...], embedded_environment: dict[str, str]
) -> None:
    ended = called(embedded_environment, *arguments)
    assert ended.status == USED_WRONGLY
    assert "Lệnh dùng chưa đúng" in ended.err
    assert "(deployment.used_wrongly)" in ended.err
    assert ended.out == ""


def test_the_version_is_told() -> None:
    assert called({}, "--version").out.startswith("doithoai, version 0.")


@pytest.mark.parametrize(
    "arguments", [("territory", "find", "Hà Nội"), ("audit", "--help"), ("--help",)]
)
def test_a_reader_that_went_away_is_no_verdict(arguments: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [PROGRAM, *arguments], stdout=writing, stderr=subprocess.PIPE, check=False
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (INTERRUPTED, b"")
