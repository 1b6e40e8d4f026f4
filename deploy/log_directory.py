"""A log as a folder of files that any tool for tlog-tiles can verify.

Source: https://c2sp.org/tlog-tiles. `checkpoint`, `keys`, `handovers`, `tile/…` and
`tile/entries/…` below `<folder>/<origin>`. Every file appears whole or not at all; the
checkpoint is written last, so whatever it covers is there.
"""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from shared.eventlog.checkpoint import Checkpoint
from shared.eventlog.note import NOTE_MAX_BYTES, Note
from shared.eventlog.proof import HASH_BYTES
from shared.eventlog.tiles import WIDTH, Bundle, Tile, bundles_of, tiles_of
from shared.kernel.errors import BadInput, Conflict, Unavailable

ENTRY_BYTES = range(3, 2 + 65_535 + 1)
"""What an entry takes in a bundle: its length in two bytes, and 1 to 65,535 of its own."""

_ORIGIN = re.compile(r"[!-.0-~]{1,80}/[a-z0-9_-]{1,80}/[a-z0-9_-]{1,40}")
_CHECKPOINT = "checkpoint"


class LogDirectory:
    """The files of the log `origin` below `folder`.

    Raises:
        BadInput: `export.bad_origin` for a name that could lead out of `folder`.

    """

    def __init__(self, folder: Path, origin: str) -> None:
        if not _ORIGIN.fullmatch(origin) or origin.startswith("."):
            raise BadInput("export.bad_origin")
        self.origin = origin
        self._root = folder
        self._folder = folder / origin

    @contextmanager
    def held(self) -> Iterator[None]:
        """Make the folder, and hold it for this block alone.

        Raises:
            Conflict: `export.folder_in_use`.
            Unavailable: `export.folder_unusable`; also when something in the block can't
                be read or written.

        """
        try:
            self._make(self._folder)
            descriptor = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                yield
            finally:
                os.close(descriptor)
        except BlockingIOError:
            raise Conflict("export.folder_in_use", origin=self.origin) from None
        except OSError:
            raise Unavailable("export.folder_unusable", folder=str(self._root)) from None

    def checkpoint(self) -> Checkpoint | None:
        """Return what the checkpoint says that is there; None when there is none.

        Raises:
            ContractError, TooLarge: as `Note.parse` and `Checkpoint.parse`.

        """
        try:
            with (self._folder / _CHECKPOINT).open("rb") as file:
                return Checkpoint.parse(Note.parse(file.read(NOTE_MAX_BYTES + 1)).text)
        except FileNotFoundError:
            return None

    def holds(self, place: Tile | Bundle) -> bool:
        """Return whether the file of `place` is there, with a size that it can have."""
        try:
            size = (self._folder / place.path).stat().st_size
        except OSError:
            return False
        if isinstance(place, Tile):
            return size == place.width * HASH_BYTES
        return ENTRY_BYTES[0] * place.width <= size <= ENTRY_BYTES[-1] * place.width

    def tile(self, tile: Tile) -> bytes:
        """Return the content of `tile`, which is there."""
        with (self._folder / tile.path).open("rb") as file:
            return file.read(WIDTH * HASH_BYTES + 1)

    def write(self, path: str, content: bytes) -> None:
        """Write the file at `path`, whole or not at all, in place of what is there."""
        file = self._folder / path
        self._make(file.parent)
        draft = file.with_name(f".{file.name}.draft")
        how = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
        with os.fdopen(os.open(draft, how, 0o666), "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(file)

    def complete(self, note: bytes) -> None:
        """Write the checkpoint, and delete the partial files that only the old one needed."""
        before, size = self.checkpoint(), Checkpoint.parse(Note.parse(note).text).size
        self.write(_CHECKPOINT, note)
        if before is None or before.size == size:
            return
        needed = {place.path for place in _partial(size)}
        for place in _partial(before.size):
            if place.path not in needed:
                file = self._folder / place.path
                with suppress(OSError):  # it is in nobody's way
                    file.unlink()
                    file.parent.rmdir()

    def _make(self, folder: Path) -> None:
        """Make `folder`, unless links would lead out of ours."""
        folder.mkdir(parents=True, exist_ok=True)
        if not folder.resolve().is_relative_to(self._root.resolve()):
            raise NotADirectoryError


def places_of(size: int) -> Iterator[Tile | Bundle]:
    """Yield every tile, then every bundle of the log of `size` entries."""
    yield from tiles_of(size)
    yield from bundles_of(size)


def _partial(size: int) -> Iterator[Tile | Bundle]:
    return (place for place in places_of(size) if place.width < WIDTH)
