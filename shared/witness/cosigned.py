"""What one witness cosigned last of each log, and where a log contradicted itself.

A folder for each log, `<folder>/<SHA-256 of its name>/`: `cosigned.note`, the last note with
our cosignature; `log.keys`, whom we believe about the log where nobody told us; and once
a log has contradicted itself `dispute.1.note` and `dispute.2.note`, which nothing here ever
deletes. Kept in files of the witness's own, so
that no database restored from a backup can make it forget.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from shared.eventlog.durable import make_private, write_durably
from shared.eventlog.note import NOTE_MAX_BYTES
from shared.kernel.errors import Unavailable

_COSIGNED = "cosigned.note"
_DISPUTE = ("dispute.1.note", "dispute.2.note")
_KEYS = "log.keys"
_LOCK = "lock"


class CosignedNotes:
    """The notes of one witness about the log `origin`, below `folder`."""

    def __init__(self, folder: Path, origin: str) -> None:
        self.origin = origin
        self.folder = folder / folder_name(origin)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold them for this block alone, waiting for whoever does already.

        Raises:
            Unavailable: `witness.notes_unusable`; also when something in the block can't
                be read or written.

        """
        try:
            make_private(self.folder)
            descriptor = os.open(self.folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                yield
            finally:
                os.close(descriptor)
        except OSError:
            raise Unavailable("witness.notes_unusable", origin=self.origin) from None

    def last(self) -> bytes | None:
        """Return the last note that was cosigned; None when there was none."""
        return self._read(_COSIGNED)

    def keep(self, note: bytes) -> None:
        """Keep `note` as the last one, durably: whole or not at all. Under `held`."""
        write_durably(self.folder / _COSIGNED, note)

    def pinned(self) -> list[str]:
        """Return the verifier keys that the log is believed by; [] before the first."""
        content = self._read(_KEYS) or b""
        return content.decode(errors="replace").splitlines()

    def pin(self, keys: Sequence[str]) -> None:
        """Keep the verifier keys that the log is believed by from now on. Under `held`."""
        if list(keys) != self.pinned():
            write_durably(self.folder / _KEYS, "".join(f"{key}\n" for key in keys).encode())

    def dispute(self) -> tuple[bytes, bytes] | None:
        """Return the note that was believed and the one that contradicts it; None: no dispute."""
        known, other = (self._read(name) for name in _DISPUTE)
        return None if other is None else (known or b"", other)

    def keep_dispute(self, known: bytes, other: bytes) -> None:
        """Keep both notes for people to look at; the first to be kept stay. Under `held`."""
        if self.dispute() is None:
            for name, note in zip(_DISPUTE, (known, other), strict=True):
                write_durably(self.folder / name, note)

    def _read(self, name: str) -> bytes | None:
        try:
            with (self.folder / name).open("rb") as file:
                return file.read(NOTE_MAX_BYTES + 1)
        except FileNotFoundError:
            return None
        except OSError:
            raise Unavailable("witness.notes_unusable", origin=self.origin) from None


def folder_name(origin: str) -> str:
    """Return what the folder of a log is called: no name of a log leads anywhere."""
    return sha256(origin.encode()).hexdigest()
