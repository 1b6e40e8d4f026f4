"""Whose word the auditor takes: the options that name keys, witnesses and old checkpoints."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from deploy.audit.proving.trust import Trust
    from shared.eventlog.note_key import KeyKind, VerifierKey

Command = TypeVar("Command", bound=Callable[..., object])
FILE_MAX_BYTES = 262_144
"""Of a file with keys or with a note."""


def keys_asked(*, required: bool) -> Callable[[Command], Command]:
    """Return the option `--key`."""
    return click.option(
        "--key",
        "keys",
        multiple=True,
        required=required,
        metavar="VKEY|FILE",
        help="Khóa của sổ đã nhận từ trước, hoặc tệp có mỗi dòng một khóa; lặp lại được "
        "/ a key of a log that you were given, or a file of keys.",
    )


def witnesses_asked(command: Command) -> Command:
    """Add the options `--witness` and `--witnesses-min`."""
    witness = click.option(
        "--witness",
        "witnesses",
        multiple=True,
        metavar="VKEY|FILE",
        help="Khóa của bên chứng kiến / a key of a witness.",
    )
    at_least = click.option(
        "--witnesses-min",
        type=click.IntRange(min=0),
        metavar="K",
        help="Cần ít nhất bao nhiêu bên chứng kiến ký; mặc định: tất cả / how many are wanted.",
    )
    return witness(at_least(command))


def trusted(
    keys: tuple[str, ...], witnesses: tuple[str, ...] = (), witnesses_min: int | None = None
) -> "Trust":
    """Return what the options say.

    Raises:
        ContractError: `eventlog.key_malformed`.
        BadInput: `audit.other_kind_of_key`, `audit.too_many_given`, `audit.file_unreadable`.

    """
    from deploy.audit.proving.trust import Trust
    from shared.eventlog.note_key import KeyKind

    cosigning = _read(witnesses, KeyKind.WITNESS)
    named = len({key.name for key in cosigning})
    return Trust(
        keys=_read(keys, KeyKind.LOG),
        witnesses=cosigning,
        witnesses_min=named if witnesses_min is None else witnesses_min,
    )


def contents(paths: tuple[Path, ...], limit_bytes: int) -> list[bytes]:
    """Return what is in each file, at most one byte more than the limit.

    Raises:
        BadInput: `audit.too_many_given`, `audit.given_unreadable`.

    """
    from deploy.audit.proving.trust import GIVEN_MAX
    from shared.kernel.errors import BadInput

    if len(paths) > GIVEN_MAX:
        raise BadInput("audit.too_many_given", limit=GIVEN_MAX)
    found = []
    for path in paths:
        try:
            if not path.is_file():  # a pipe or a device may have no end
                raise BadInput("audit.given_unreadable", path=path.name)
            with path.open("rb") as file:
                found.append(file.read(limit_bytes + 1))
        except OSError:
            raise BadInput("audit.given_unreadable", path=path.name) from None
    return found


def _read(given: tuple[str, ...], kind: "KeyKind") -> "tuple[VerifierKey, ...]":
    from deploy.audit.proving.trust import GIVEN_MAX, read_key
    from shared.kernel.errors import BadInput

    texts: list[str] = []
    for each in given:
        if "+" in each and not Path(each).is_file():
            texts.append(each)
            continue
        (content,) = contents((Path(each),), FILE_MAX_BYTES)
        if len(content) > FILE_MAX_BYTES:
            raise BadInput("audit.too_many_given", limit=GIVEN_MAX)
        texts += content.decode(errors="replace").split("\n")
    wanted = [text for text in dict.fromkeys(each.strip(" \t\r") for each in texts) if text]
    if len(wanted) > GIVEN_MAX:
        raise BadInput("audit.too_many_given", limit=GIVEN_MAX)
    return tuple(dict.fromkeys(read_key(text, kind) for text in wanted))
