"""A log as a folder of tlog-tiles, ours or another's, read as what it is: somebody's files.

Source: https://c2sp.org/tlog-tiles. No name in a file leads anywhere: paths follow from
numbers alone. A link, a pipe or a device in the place of a file is refused, and no more is
read of a file than it may hold.
"""

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from shared.eventlog.checkpoint import Checkpoint
from shared.eventlog.key_handover import HANDOVERS_MAX_BYTES
from shared.eventlog.note import NOTE_MAX_BYTES, Note
from shared.eventlog.proof import HASH_BYTES
from shared.eventlog.tiles import WIDTH, Bundle, Tile, decode_bundle
from shared.kernel.errors import BadInput, ContractError, NotFound, TooLarge, Unavailable

ENTRY_BUNDLE_MAX_BYTES = WIDTH * (2 + 65_535)
KEYS_MAX_BYTES = 262_144
KEYS_MAX = 1_000
LOGS_MAX = 1_000
_DEPTH = 3
"""Of the log's folder below the one that holds all: `<deployment>/<province>/<service>`."""
_CHECKPOINT = "checkpoint"
_NO_PLAIN_FILE = (errno.ELOOP, errno.ENXIO)
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK  # a pipe must not hold us up


class DirectoryArchive:
    """The log whose checkpoint, tiles and bundles of entries lie in `folder`.

    Raises:
        NotFound: `audit.no_checkpoint` when there is none, and so nothing to verify.
        ContractError, TooLarge: when the checkpoint is none.
        BadInput, Unavailable: as `read`.

    """

    is_whole = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        note = self.read(_CHECKPOINT, NOTE_MAX_BYTES)
        if note is None:
            raise NotFound("audit.no_checkpoint", folder=str(folder))
        self._note = note
        checkpoint = Checkpoint.parse(Note.parse(note).text)
        self.origin = checkpoint.origin
        self._size = checkpoint.size

    def size(self) -> int:
        """Return how many entries the checkpoint says there are."""
        return self._size

    def entries(self, first: int, end: int) -> Iterator[bytes]:
        """Yield the entries at positions from `first` to before `end`, bundle by bundle.

        Raises:
            NotFound: `audit.file_missing`.
            ContractError: `eventlog.bundle_malformed`.

        """
        for index in range(first // WIDTH, -(-end // WIDTH)):
            start = index * WIDTH
            entries = self.bundle(Bundle(index, min(WIDTH, self._size - start)))
            yield from entries[max(first - start, 0) : end - start]

    def bundle(self, bundle: Bundle) -> list[bytes]:
        """Return the entries of `bundle`. Raises as `entries`."""
        content = self.read(bundle.path, ENTRY_BUNDLE_MAX_BYTES)
        if content is not None:
            return decode_bundle(bundle, content)
        whole = Bundle(bundle.index)
        content = None if whole == bundle else self.read(whole.path, ENTRY_BUNDLE_MAX_BYTES)
        if content is None:
            raise NotFound("audit.file_missing", path=bundle.path)
        return decode_bundle(whole, content)[: bundle.width]  # it has been completed since

    def checkpoint(self) -> bytes:
        """Return the signed note."""
        return self._note

    def notes(self) -> Iterator[bytes]:
        """Yield the one note that there is."""
        yield self._note

    def stated_keys(self) -> list[str]:
        """Return the keys of the file `keys`, which ours have and others' need not.

        Raises:
            ContractError: `eventlog.key_malformed`.

        """
        content = self.read("keys", KEYS_MAX_BYTES) or b""
        try:
            return content.decode().splitlines()[:KEYS_MAX]
        except UnicodeDecodeError:
            raise ContractError("eventlog.key_malformed") from None

    def handovers(self) -> bytes:
        """Return the file `handovers`, which ours have and others' need not."""
        return self.read("handovers", HANDOVERS_MAX_BYTES) or b""

    def tile(self, tile: Tile) -> bytes | None:
        """Return the content of `tile`; None when it isn't there, or has not its size."""
        content = self.read(tile.path, WIDTH * HASH_BYTES)
        if content is None and tile.width < WIDTH:
            whole = self.read(Tile(tile.level, tile.index).path, WIDTH * HASH_BYTES)
            content = whole and whole[: tile.width * HASH_BYTES]
        return content

    def refusal(self) -> None:
        """Return None: a folder doesn't say."""

    def cosigned(self) -> bytes | None:
        """Return the file `cosigned`, which ours may have beside the checkpoint."""
        return self.read("cosigned", NOTE_MAX_BYTES)

    def dispute(self) -> None:
        """Return None: a folder doesn't say."""

    def read(self, path: str, limit_bytes: int) -> bytes | None:
        """Return the file at `path` below the folder, None when there is none.

        Raises:
            BadInput: `audit.no_plain_file` for a link, or anything that is no file.
            TooLarge: `audit.file_too_large` for one of more than `limit_bytes`.
            Unavailable: `audit.file_unreadable`.

        """
        try:
            with os.fdopen(self._opened(path), "rb", buffering=0) as file:
                status = os.fstat(file.fileno())
                if not stat.S_ISREG(status.st_mode):
                    raise BadInput("audit.no_plain_file", path=path)
                if status.st_size > limit_bytes:
                    raise TooLarge("audit.file_too_large", path=path, limit_bytes=limit_bytes)
                return file.read(status.st_size)
        except FileNotFoundError:
            return None
        except (NotADirectoryError, IsADirectoryError):
            raise BadInput("audit.no_plain_file", path=path) from None
        except OSError as error:
            if error.errno in _NO_PLAIN_FILE:
                raise BadInput("audit.no_plain_file", path=path) from None
            raise Unavailable("audit.file_unreadable", path=path) from None

    def _opened(self, path: str) -> int:
        """Return the file at `path`, walked to step by step so that no link is followed."""
        *above, name = path.split("/")
        at = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for part in above:
                below = os.open(part, _FOLDER, dir_fd=at)
                os.close(at)
                at = below
            return os.open(name, _FILE, dir_fd=at)
        finally:
            os.close(at)


def logs_below(folder: Path) -> list[Path]:
    """Return the folders of logs in `folder`, be it one itself or one that holds many.

    Raises:
        NotFound: `audit.no_checkpoint` when there is none.
        BadInput: `audit.no_plain_file` when a link could lead elsewhere.
        TooLarge: `audit.too_many_logs`.

    """
    found = list(_logs(folder, _DEPTH))
    if not found:
        raise NotFound("audit.no_checkpoint", folder=str(folder))
    if len(found) > LOGS_MAX:
        raise TooLarge("audit.too_many_logs", limit=LOGS_MAX)
    return found


def _logs(folder: Path, depth: int) -> Iterator[Path]:
    if (folder / _CHECKPOINT).is_file():
        yield folder
        return
    try:
        below = sorted(os.scandir(folder), key=lambda each: each.name)
    except OSError:
        raise Unavailable("audit.file_unreadable", path=folder.name) from None
    for each in below:
        if each.is_symlink():
            raise BadInput("audit.no_plain_file", path=each.name)
        if depth and each.is_dir(follow_symlinks=False):
            yield from _logs(Path(each.path), depth - 1)
