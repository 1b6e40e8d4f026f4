"""The documentation says what the code does: generated parts are fresh, nothing is left out."""

import ast
import re
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
import pytest

from deploy.cli import root
from deploy.documents.pages import DOCS, pages
from deploy.documents.settings import settings_table
from deploy.documents.words import text_key, vocabularies
from deploy.ending import catalogue
from shared.access import Action, Role
from shared.calendar import DayKind
from shared.contracts import EVENT_TYPES
from shared.provinces import OrganisationKind
from shared.regulations import KEYS, EscalationTarget, LimitBase, LimitUnit, SeparateDuty
from shared.settings import SERVICES
from shared.texts import Catalogue
from tests.architecture.error_texts import catalogues
from tests.architecture.tree import ROOT, modules, tracked_files

WRITTEN = [path for path in tracked_files() if path.suffix == ".md"]
VARIABLE = re.compile(r"DOITHOAI_[A-Z]+(?:_[A-Z]+)*")
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
EXAMPLE = re.compile(r"^(?:[A-Z_]+=\S+ )*\.venv/bin/doithoai (.+?)(?:\s{2,}#.*)?$", re.MULTILINE)


@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in pages()])
def test_what_is_generated_is_fresh(path: Path) -> None:
    again = "run: .venv/bin/python -m deploy.documents"
    assert path.read_text(encoding="utf-8") == pages()[path], again


def test_every_event_is_documented() -> None:
    page = (DOCS / "events.md").read_text(encoding="utf-8")
    assert [name for name in EVENT_TYPES if f"### {name}\n" not in page] == []


def test_every_command_is_documented() -> None:
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    names = [name for name, _ in _commands(root.cli, "doithoai")]
    assert len(names) > len(root.cli.commands)
    assert [name for name in names if f"## {name}\n" not in page] == []


def test_every_command_says_what_it_does_and_shows_an_example() -> None:
    silent = [
        name
        for name, command in _commands(root.cli, "doithoai")
        if not command.help
        or (not isinstance(command, click.Group) and "doithoai" not in command.help)
    ]
    assert silent == []


def test_every_setting_is_documented() -> None:
    table = settings_table()
    read = {
        node.value
        for path in modules()
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and VARIABLE.fullmatch(node.value)
    }
    assert len(read) > 5
    assert sorted(name for name in read if f"`{name}`" not in table) == []


def test_every_error_code_is_documented() -> None:
    page = (DOCS / "errors.md").read_text(encoding="utf-8")
    codes = {
        key.removeprefix("errors.")
        for catalogue in catalogues("vi").values()
        for key in catalogue
        if key.startswith("errors.")
    }
    assert sorted(code for code in codes if f"| `{code}` |" not in page) == []


def test_every_value_of_a_vocabulary_has_its_vietnamese_word_in_the_glossary() -> None:
    glossary = (DOCS / "glossary.md").read_text(encoding="utf-8")
    texts = Catalogue.load()
    rows = [
        f"| `{value}` | {texts.word(text_key(form), value)} |"
        for form in vocabularies()
        for value in form
    ]
    assert len(rows) > 20
    assert [row for row in rows if row not in glossary] == []


@pytest.mark.parametrize(
    ("vocabulary", "identifiers"),
    [
        ("event", EVENT_TYPES),
        ("rule", KEYS),
        ("limit_base", LimitBase),
        ("limit_unit", LimitUnit),
        ("separate_duty", SeparateDuty),
        ("escalation_target", EscalationTarget),
        ("day_kind", DayKind),
        ("organisation_kind", OrganisationKind),
        ("role", Role),
        ("action", Action),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_every_identifier_has_its_vietnamese_word_in_the_glossary(
    vocabulary: str, identifiers: Iterable[str]
) -> None:
    glossary = (DOCS / "glossary.md").read_text(encoding="utf-8")
    texts = catalogue()
    named = set(texts.vocabularies.get(vocabulary, ()))
    assert [each for each in identifiers if each not in named] == []
    rows = [f"| `{each}` | {texts.word(vocabulary, each)} |" for each in identifiers]
    assert rows
    assert [row for row in rows if row not in glossary] == []


def test_every_link_leads_somewhere() -> None:
    broken = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in WRITTEN
        for target in LINK.findall(path.read_text(encoding="utf-8"))
        if not (path.parent / target).exists()
    ]
    assert broken == []


@pytest.mark.parametrize("folder", ["adr", "how-to"])
def test_every_page_of_a_folder_is_listed(folder: str) -> None:
    index = (DOCS / folder / "README.md").read_text(encoding="utf-8")
    names = [path.name for path in (DOCS / folder).glob("*.md") if path.name != "README.md"]
    assert [name for name in names if f"({name})" not in index] == []


def test_every_service_has_a_readme() -> None:
    assert [
        name for name in SERVICES if not (ROOT / "services" / name / "README.md").exists()
    ] == []


def test_every_example_uses_commands_and_options_that_are_there() -> None:
    examples = [
        (path.relative_to(ROOT), line)
        for path in WRITTEN
        for line in EXAMPLE.findall(path.read_text(encoding="utf-8").replace("\\\n", " "))
    ]
    assert len(examples) > 10
    assert [(place, line) for place, line in examples if not _is_understood(line)] == []


def _is_understood(line: str) -> bool:
    words = shlex.split(line, comments=True)
    command: click.Command = root.cli
    while words and isinstance(command, click.Group) and words[0] in command.commands:
        command = command.commands[words.pop(0)]
    known = {option for each in command.params for option in each.opts} | {"--help"}
    return command is not root.cli and {w for w in words if w.startswith("--")} <= known


def _commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        for below, each in command.commands.items():
            yield from _commands(each, f"{name} {below}")
