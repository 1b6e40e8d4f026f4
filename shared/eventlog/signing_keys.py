"""What one log is signed with, and beside it what was signed last.

A folder for each log, `<keys>/<origin>/`, which only the checkpointer opens: a file
`<key id>.key` for each key that signs, and `signed.note`, the last note that was signed.
The note lies here and not in the database, so that a database restored from a backup
can't forget it.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shared.eventlog.note import NOTE_MAX_BYTES, Note
from shared.eventlog.note_key import KeyKind, Signer
from shared.eventlog.signer_file import load_signer
from shared.kernel.errors import NotFound, Refused, Unavailable
from shared.vault.keyfile import create_protected

_SIGNED = "signed.note"
_LOCK = "lock"
KEYS_MAX = 8


class SigningKeys:
    """The folder of one log's keys."""

    def __init__(self, folder: Path, origin: str) -> None:
        self.origin = origin
        self._folder = folder / origin

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder for this block alone.

        Raises:
            Unavailable: `eventlog.keys_in_use` when another process holds it,
                `eventlog.keys_unusable` when it can't be opened.

        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(self._folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            raise Unavailable("eventlog.keys_unusable", origin=self.origin) from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Unavailable("eventlog.keys_in_use", origin=self.origin) from None
        else:
            yield
        finally:
            os.close(descriptor)

    def signers(self) -> list[Signer]:
        """Return the keys that sign, by id; [] for a log that has none yet.

        Raises:
            RegulationError, ContractError: as `load_signer`.
            Refused: `eventlog.key_of_another_log`.

        """
        found = [load_signer(file=file) for file in sorted(self._folder.glob("*.key"))[:KEYS_MAX]]
        for signer in found:
            if signer.key.name != self.origin or signer.key.kind is not KeyKind.LOG:
                raise Refused("eventlog.key_of_another_log", origin=self.origin)
        return found

    def add(self) -> Signer:
        """Return a new key that signs from now on, beside those that do. Under `held`.

        Raises:
            Refused: `eventlog.too_many_keys` beyond eight.

        """
        if len(self.signers()) >= KEYS_MAX:
            raise Refused("eventlog.too_many_keys", origin=self.origin, limit=KEYS_MAX)
        signer = Signer.generate(self.origin, KeyKind.LOG)
        create_protected(self._file(signer.key.key_id.hex()), signer.secret())
        return signer

    def retire(self, key_id: str) -> None:
        """Destroy the key, which signs no more. Under `held`.

        Raises:
            NotFound: `eventlog.unknown_key`.
            Refused: `eventlog.key_still_needed` unless another key signed the last note
                as well: whoever knows only this one must be able to follow.

        """
        keys = {signer.key.key_id.hex(): signer.key for signer in self.signers()}
        if key_id not in keys:
            raise NotFound("eventlog.unknown_key", origin=self.origin)
        others = [key for other, key in keys.items() if other != key_id]
        last = self.last_signed()
        if last is None or not Note.parse(last).verify(others):
            raise Refused("eventlog.key_still_needed", origin=self.origin)
        self._file(key_id).unlink()

    def state(self) -> int:
        """Return a number that changes with the keys and with what was signed last."""
        try:
            return self._folder.stat().st_mtime_ns
        except OSError:
            return 0

    def last_signed(self) -> bytes | None:
        """Return the last note that was signed; None when there was none.

        Raises:
            Unavailable: `eventlog.keys_unusable`.

        """
        try:
            with (self._folder / _SIGNED).open("rb") as file:
                return file.read(NOTE_MAX_BYTES + 1)
        except FileNotFoundError:
            return None
        except OSError:
            raise Unavailable("eventlog.keys_unusable", origin=self.origin) from None

    def note_signed(self, note: bytes) -> None:
        """Keep `note` as the last one, durably: whole or not at all. Under `held`."""
        draft = self._folder / f"{_SIGNED}.draft"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(note)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._folder / _SIGNED)
        directory = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)

    def _file(self, key_id: str) -> Path:
        return self._folder / f"{key_id}.key"
