"""What one log is signed with, and beside it what was signed last.

A folder for each log, `<keys>/<origin>/`, which only the checkpointer opens: a file
`<key id>.key` for each key that signs; `signed.note`, the last note that was signed, empty
beside a first key that has signed nothing yet; and `handovers`, what keys said of those that
follow them. The last two lie here and not in the database alone, so that a database restored
from a backup can't forget them. Where the keys can only be read, a second folder takes them.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shared.eventlog.durable import make_private, write_durably
from shared.eventlog.key_handover import HANDOVERS_MAX_BYTES, KeyHandover, handovers_in
from shared.eventlog.note import NOTE_MAX_BYTES, Note
from shared.eventlog.note_key import KeyKind, Signer, VerifierKey
from shared.eventlog.signer_file import load_signer
from shared.kernel.errors import NotFound, Refused, Unavailable
from shared.vault.keyfile import create_protected

_SIGNED = "signed.note"
_HANDOVERS = "handovers"
_LOCK = "lock"
_KEY = ".key"
KEYS_MAX = 8

KeysState = tuple[tuple[str, int], ...]
"""Names and times of the key files and of the last note; never to be kept."""


class SigningKeys:
    """The keys of one log below `folder`, and its last note below `notes`."""

    def __init__(self, folder: Path, origin: str, notes: Path | None = None) -> None:
        self.origin = origin
        self._folder = folder / origin
        self._notes = (notes or folder) / origin

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the keys for this block alone.

        Raises:
            Unavailable: `eventlog.keys_in_use` when another process holds them,
                `eventlog.keys_unusable` when a folder can't be used.

        """
        with self._usable():
            make_private(self._notes)
            descriptor = os.open(self._notes / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            with self._usable():
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        finally:
            os.close(descriptor)

    def signers(self) -> list[Signer]:
        """Return the keys that sign, by id; [] for a log that has none yet.

        Raises:
            RegulationError, ContractError: as `load_signer`.
            Refused: `eventlog.key_of_another_log`, `eventlog.too_many_keys`.

        """
        files = sorted(self._folder.glob(f"*{_KEY}"))
        if len(files) > KEYS_MAX:
            raise Refused("eventlog.too_many_keys", origin=self.origin, limit=KEYS_MAX)
        found = [load_signer(file=file) for file in files]
        for signer in found:
            if signer.key.name != self.origin or signer.key.kind is not KeyKind.LOG:
                raise Refused("eventlog.key_of_another_log", origin=self.origin)
        return found

    def add(self) -> Signer:
        """Return a new key that signs from now on, beside those that do. Under `held`.

        A first one is marked as new: a key that only lost its last note must not sign.

        Raises:
            Refused: `eventlog.too_many_keys` beyond eight.
            Unavailable: `eventlog.keys_unusable` where no file can be made.

        """
        others = len(self.signers())
        if others >= KEYS_MAX:
            raise Refused("eventlog.too_many_keys", origin=self.origin, limit=KEYS_MAX)
        signer = Signer.generate(self.origin, KeyKind.LOG)
        is_first = not others and self.last_signed() is None
        with self._usable():
            if is_first:
                make_private(self._notes)
                write_durably(self._notes / _SIGNED, b"")
            make_private(self._folder)
            create_protected(self._file(signer.key.key_id.hex()), signer.secret())
        return signer

    def retire(self, key_id: str) -> None:
        """Destroy the key, which signs no more. Under `held`.

        Raises:
            NotFound: `eventlog.unknown_key`.
            Refused: `eventlog.key_still_needed` unless it handed over to another key that
                signed the last note: whoever knows only this one must be able to follow.
            ContractError, TooLarge: as `handovers`.
            Unavailable: `eventlog.keys_unusable`.

        """
        keys = {signer.key.key_id.hex(): signer.key for signer in self.signers()}
        if key_id not in keys:
            raise NotFound("eventlog.unknown_key", origin=self.origin)
        heirs = {each.new for each in self.handovers() if each.old == keys[key_id]}
        last = self.last_signed()
        if not last or not Note.parse(last).verify([*heirs & set(keys.values())]):
            raise Refused("eventlog.key_still_needed", origin=self.origin)
        with self._usable():
            self._file(key_id).unlink()

    def state(self) -> KeysState:
        """Return what changes with the keys and with what was signed last."""
        found = []
        for folder in {self._folder, self._notes}:
            try:
                with os.scandir(folder) as files:
                    found += [
                        (file.name, file.stat().st_ctime_ns)
                        for file in files
                        if file.name.endswith((_KEY, _SIGNED))
                    ]
            except OSError:  # not there yet, or not for us: using it will tell
                continue
        return tuple(sorted(found))

    def last_signed(self) -> bytes | None:
        """Return the last note that was signed; empty when the key is new, None when it is lost.

        Raises:
            Unavailable: `eventlog.keys_unusable`.

        """
        return self._read(_SIGNED, NOTE_MAX_BYTES)

    def note_signed(self, note: bytes) -> None:
        """Keep `note` as the last one, durably: whole or not at all. Under `held`.

        Raises:
            Unavailable: `eventlog.keys_unusable`; then it may be kept, or not.

        """
        with self._usable():
            write_durably(self._notes / _SIGNED, note)

    def handovers(self) -> list[KeyHandover]:
        """Return what keys of this log said of those that follow them, the first at the top.

        Raises:
            ContractError, TooLarge: as `handovers_in`.
            Unavailable: `eventlog.keys_unusable`.

        """
        return handovers_in(self._read(_HANDOVERS, HANDOVERS_MAX_BYTES) or b"")

    def hand_over(self, old: Signer, new: VerifierKey) -> None:
        """Keep that `old` is followed by `new`, durably. Under `held`. Raises as `handovers`."""
        kept, handover = self.handovers(), KeyHandover.sign(old, new)
        if handover not in kept:
            content = b"".join(each.note.encode() for each in (*kept, handover))
            with self._usable():
                write_durably(self._notes / _HANDOVERS, content)

    def _read(self, name: str, limit_bytes: int) -> bytes | None:
        with self._usable():
            try:
                with (self._notes / name).open("rb") as file:
                    return file.read(limit_bytes + 1)
            except FileNotFoundError:
                return None

    @contextmanager
    def _usable(self) -> Iterator[None]:
        """Tell what the system says of the folders."""
        try:
            yield
        except BlockingIOError:
            raise Unavailable("eventlog.keys_in_use", origin=self.origin) from None
        except OSError:
            raise Unavailable("eventlog.keys_unusable", origin=self.origin) from None

    def _file(self, key_id: str) -> Path:
        return self._folder / f"{key_id}{_KEY}"
