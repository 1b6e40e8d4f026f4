"""`doithoai witness`: cosign the logs of others, so that none of them can be rewritten unseen."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from deploy.cli.output import as_json, show_json, show_table
from shared.texts.formats import so

if TYPE_CHECKING:
    from shared.eventlog.note_key import VerifierKey
    from shared.witness.witness import Witness

LOGS_MAX = 1_000
FILE_MAX_BYTES = 262_144

_file = click.option(
    "--key",
    "file",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Tệp khóa của bên chứng kiến / the witness's key file.",
)
_state = click.option(
    "--state",
    type=click.Path(file_okay=False, path_type=Path),
    help="Thư mục nhớ những gì đã ký; mặc định: cạnh tệp khóa / what was cosigned.",
)
_logs = click.option(
    "--log",
    "logs",
    multiple=True,
    required=True,
    metavar="VKEY|FILE",
    help="Khóa của sổ, hoặc tệp có mỗi dòng một khóa; lặp lại được / a key of a log, or a file.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessedLog:
    """What a witness remembers of one log."""

    origin: str
    size: int | None
    """What was cosigned last; None for nothing yet."""
    folder: str
    disputed: tuple[str, ...]
    """Both notes of a log that contradicted itself, else none."""


@click.group()
def witness() -> None:
    """Chứng kiến sổ của nơi khác / cosign the logs of others."""


@witness.group()
def key() -> None:
    """Khóa của bên chứng kiến / the witness's key."""


@key.command()
@click.argument("name")
@_file
@as_json
def new(name: str, file: Path, is_json: bool) -> None:  # noqa: FBT001
    """Tạo khóa của bên chứng kiến tên NAME / make the key of the witness called NAME.

    NAME is an address without a scheme that is yours, for instance
    witness.thanhtra.example/1. Give the public key that is printed to whom it concerns.

    \b
    Ví dụ / Examples:
      doithoai witness key new witness.thanhtra.example/1 --key witness.key
    """
    from shared.eventlog.note_key import KeyKind
    from shared.eventlog.signer_file import create_signer_file
    from shared.kernel.errors import Conflict, Unavailable

    if file.exists():
        raise Conflict("witness.key_exists", file=file.name)
    try:
        signer = create_signer_file(file, name, KeyKind.WITNESS)
    except OSError:
        raise Unavailable("witness.notes_unusable", origin=file.name) from None
    if is_json:
        show_json({"verifier_key": str(signer.key)})
    else:
        click.echo(str(signer.key))


@witness.command()
@_file
@_state
@_logs
@click.option(
    "--listen",
    default="127.0.0.1:8470",
    show_default=True,
    metavar="HOST:PORT",
    help="Nơi nhận yêu cầu / where to listen.",
)
@as_json
def serve(
    file: Path,
    state: Path | None,
    logs: tuple[str, ...],
    listen: str,
    is_json: bool,  # noqa: FBT001
) -> None:
    """Nhận và ký điểm chốt qua C2SP tlog-witness; Ctrl-C để dừng / cosign until Ctrl-C.

    A log is cosigned only as long as it goes on from what was cosigned last. Two roots of
    one size are kept as evidence, and that log is cosigned no more. Back up the key, and
    never go back to an older --state.

    \b
    Ví dụ / Examples:
      doithoai witness serve --key witness.key --log logs.keys --listen 0.0.0.0:8470
    """
    from deploy.ports import check_free
    from deploy.witnessing.server import WitnessServer

    host, port = _address(listen)
    made = _witness(file, state, logs)
    check_free((host, port))

    def ready(url: str) -> None:
        if is_json:
            told = {"verifier_key": str(made.key), "url": url, "logs": len(made.origins)}
            click.echo(json.dumps(told, ensure_ascii=False))
        else:
            click.echo(f"{url}\n{made.key}\n{len(made.origins)} sổ / logs")

    WitnessServer(made, host, port, ready).run()


@witness.command()
@_file
@_state
@_logs
@as_json
def status(file: Path, state: Path | None, logs: tuple[str, ...], is_json: bool) -> None:  # noqa: FBT001
    """Đã ký đến đâu, sổ nào tự mâu thuẫn / how far each log is cosigned, or disputed.

    Exit status 1 when a log contradicted itself: both notes are in its folder.

    \b
    Ví dụ / Examples:
      doithoai witness status --key witness.key --log logs.keys
    """
    from deploy.ending import ANSWER_IS_BAD

    made = _witness(file, state, logs)
    rows = [_standing(made, origin) for origin in made.origins]
    if is_json:
        show_json({"verifier_key": str(made.key), "logs": [asdict(row) for row in rows]})
    else:
        show_table(
            "Sổ được chứng kiến / logs",
            ["Sổ", "Tình trạng", "Thư mục", "Đã ký"],
            [
                [
                    row.origin,
                    "TỰ MÂU THUẪN / disputed" if row.disputed else "tốt / well",
                    row.folder,
                    so(row.size) if row.size is not None else None,
                ]
                for row in rows
            ],
            numbers_from=3,
        )
    if any(row.disputed for row in rows):
        raise SystemExit(ANSWER_IS_BAD)


def _standing(made: "Witness", origin: str) -> WitnessedLog:
    from shared.eventlog.checkpoint import Checkpoint
    from shared.eventlog.note import Note

    notes = made.notes(origin)
    last, both = notes.last(), notes.dispute()
    return WitnessedLog(
        origin=origin,
        size=Checkpoint.parse(Note.parse(last).text).size if last else None,
        folder=notes.folder.name,
        disputed=tuple(each.decode(errors="replace") for each in both or ()),
    )


def _witness(file: Path, state: Path | None, logs: tuple[str, ...]) -> "Witness":
    """Return the witness that the options say.

    Raises:
        RegulationError, ContractError: as `load_signer`.
        BadInput: `witness.other_kind_of_key`, `witness.too_many_logs`.

    """
    from shared.eventlog.note_key import KeyKind
    from shared.eventlog.signer_file import load_signer
    from shared.kernel.clock import system_clock
    from shared.kernel.errors import BadInput
    from shared.witness.witness import Witness

    signer = load_signer(file=file)
    if signer.key.kind is not KeyKind.WITNESS:
        raise BadInput("witness.other_kind_of_key", key=signer.key.name)
    folder = state or file.with_name(f"{file.name}.state")
    return Witness(signer, _log_keys(logs), folder, system_clock)


def _log_keys(given: tuple[str, ...]) -> "list[VerifierKey]":
    from deploy.audit.proving.trust import read_key
    from shared.eventlog.note_key import KeyKind
    from shared.kernel.errors import BadInput

    lines: list[str] = []
    for each in given:
        if "+" in each and not Path(each).is_file():
            lines.append(each)
            continue
        try:
            with Path(each).open("rb") as stream:
                content = stream.read(FILE_MAX_BYTES)
        except OSError:
            raise BadInput("audit.given_unreadable", path=Path(each).name) from None
        lines += content.decode(errors="replace").split("\n")
    keys = [read_key(line.strip(), KeyKind.LOG) for line in lines if line.strip()]
    if len(keys) > LOGS_MAX:
        raise BadInput("witness.too_many_logs", limit=LOGS_MAX)
    return keys


def _address(listen: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    if not port.isdecimal() or int(port) > 65_535 or not host:  # noqa: PLR2004
        raise click.UsageError("--listen: HOST:PORT")
    return host.strip("[]"), int(port)
