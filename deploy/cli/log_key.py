"""`doithoai log key`: what logs are signed with, on the machine that holds the keys."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

import click

from deploy.cli.output import as_json, show_json, show_table
from deploy.environment import settings_told
from shared.eventlog.note import Note
from shared.eventlog.signing_keys import SigningKeys
from shared.kernel.errors import NotFound, Refused, Unavailable
from shared.provinces import load_provinces
from shared.settings import SERVICES, Settings

HELD_TIMEOUT_S = 5.0
"""Longest wait for a checkpointer that is signing."""
_PAUSE_S = 0.05
_IN_USE = "eventlog.keys_in_use"

_origin = click.argument("origin", metavar="ORIGIN")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRow:
    """A key, as it is shown."""

    origin: str
    key_id: str
    verifier_key: str
    signed_last: bool
    """Whether the last note carries its signature: it may then be the only one."""


@click.group()
def key() -> None:
    """Khóa ký sổ, trên máy giữ khóa / the keys of logs, where they are kept.

    To be run by the account that runs the checkpointer, with its DOITHOAI_LOG_KEYS (and
    DOITHOAI_LOG_NOTES). A running checkpointer takes up what changes within seconds.
    """


@key.command("list")
@click.argument("origin", metavar="[ORIGIN]", required=False)
@as_json
def list_(origin: str | None, is_json: bool) -> None:  # noqa: FBT001
    """Các khóa đang ký, và khóa nào đã ký lần cuối / the keys that sign.

    \b
    Ví dụ / Examples:
      doithoai log key list
      doithoai log key list doithoai.local/ha-noi/intake --json
    """
    settings = settings_told()
    origins = [_known(settings, origin)] if origin else list(_origins(settings))
    _show([row for each in origins for row in _rows(_keys(settings, each))], is_json=is_json)


@key.command()
@_origin
@as_json
def new(origin: str, is_json: bool) -> None:  # noqa: FBT001
    """Tạo khóa đầu tiên của một sổ / make the first key of a log, before it is signed.

    The checkpointer makes it itself where it may write; this is for keys that are
    mounted read-only, or registered with witnesses beforehand.

    \b
    Ví dụ / Examples:
      doithoai log key new doithoai.local/ha-noi/intake
    """

    def add(keys: SigningKeys) -> None:
        if keys.signers():
            raise Refused("keys.there_already", origin=keys.origin)
        keys.add()

    _change(origin, add, is_json=is_json)


@key.command()
@_origin
@as_json
def rotate(origin: str, is_json: bool) -> None:  # noqa: FBT001
    """Thêm khóa mới ký song song với khóa cũ / a new key beside the old one.

    Both sign from the next look on. Give the new key to whoever verifies the log, then
    retire the old one.

    \b
    Ví dụ / Examples:
      doithoai log key rotate doithoai.local/ha-noi/intake
    """

    def add(keys: SigningKeys) -> None:
        if not keys.signers():
            raise NotFound("keys.none", origin=keys.origin)
        keys.add()

    _change(origin, add, is_json=is_json)


@key.command()
@_origin
@click.argument("key_id", metavar="KEY_ID")
@as_json
def retire(origin: str, key_id: str, is_json: bool) -> None:  # noqa: FBT001
    """Hủy một khóa cũ; không lấy lại được / destroy an old key, for good.

    Refused while no other key has signed the last note: whoever knows only this key
    could not follow.

    \b
    Ví dụ / Examples:
      doithoai log key retire doithoai.local/ha-noi/intake 5d4c3b2a
    """
    _change(origin, lambda keys: keys.retire(key_id), is_json=is_json)


def _change(origin: str, what: Callable[[SigningKeys], None], *, is_json: bool) -> None:
    """Do `what` while no checkpointer signs, and show the keys that are then there."""
    settings = settings_told()
    keys = _keys(settings, _known(settings, origin))
    _check_account(settings)
    _show(_held(keys, what), is_json=is_json)


def _held(keys: SigningKeys, what: Callable[[SigningKeys], None]) -> list[KeyRow]:
    """Do `what` under the lock of the keys, waited for; return what is there then."""
    end = time.monotonic() + HELD_TIMEOUT_S
    while True:
        try:
            with keys.held():
                what(keys)
                return list(_rows(keys))
        except Unavailable as error:
            if error.code != _IN_USE or time.monotonic() > end:
                raise
        time.sleep(_PAUSE_S)


def _check_account(settings: Settings) -> None:
    """Return unless the keys are another account's, which could not use what we make."""
    for folder in (settings.log_keys, settings.log_notes):
        if folder.exists() and folder.stat().st_uid != os.geteuid():
            raise Refused("keys.other_account", folder=str(folder))


def _keys(settings: Settings, origin: str) -> SigningKeys:
    return SigningKeys(settings.log_keys, origin, settings.log_notes)


def _rows(keys: SigningKeys) -> Iterator[KeyRow]:
    signers, last = keys.signers(), keys.last_signed()
    signed = Note.parse(last).verify([each.key for each in signers]) if last else ()
    for signer in signers:
        yield KeyRow(
            origin=keys.origin,
            key_id=signer.key.key_id.hex(),
            verifier_key=str(signer.key),
            signed_last=any(each.key == signer.key for each in signed),
        )


def _origins(settings: Settings) -> Iterator[str]:
    for province in sorted(load_provinces(settings.provinces)):
        for service in SERVICES:
            yield f"{settings.deployment}/{province}/{service}"


def _known(settings: Settings, origin: str) -> str:
    """Return `origin`, which is one of this deployment's logs.

    Raises:
        NotFound: `eventlog.unknown_origin`.

    """
    if origin not in _origins(settings):
        raise NotFound("eventlog.unknown_origin")
    return origin


def _show(rows: list[KeyRow], *, is_json: bool) -> None:
    if is_json:
        show_json({"keys": [asdict(row) for row in rows]})
        return
    show_table(
        "Khóa ký sổ / keys of logs",
        ["Sổ", "Mã khóa", "Đã ký lần cuối", "Khóa công khai / verifier key"],
        [[r.origin, r.key_id, "có" if r.signed_last else "chưa", r.verifier_key] for r in rows],
        numbers_from=9,
    )
