"""Fetching logs from a deployment into folders that can be verified anywhere.

Only what a checkpoint covers is fetched, and what is there already is kept: whatever a
full tile or bundle holds never changes. A log that isn't the one exported before is not
written over it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from deploy.client import Answered, Client
from deploy.log_directory import ENTRY_BYTES, LogDirectory, places_of
from shared.eventlog.checkpoint import Checkpoint, Policy
from shared.eventlog.key_handover import HANDOVERS_MAX_BYTES, handovers_in
from shared.eventlog.note import NOTE_MAX_BYTES
from shared.eventlog.note_key import VerifierKey
from shared.eventlog.proof import HASH_BYTES, root_hash
from shared.eventlog.tiles import (
    HEIGHT,
    WIDTH,
    Bundle,
    Tile,
    decode_tile,
    hashes_from,
    verify_bundle,
)
from shared.kernel.errors import Conflict, ContractError, LogTampered

KEYS_MAX_BYTES = 262_144
_NONE_YET = "eventlog.no_checkpoint"
_NOT_COSIGNED = "mirror.not_cosigned"
_WITNESS = "reporting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What came of one log."""

    origin: str
    size: int
    root: str
    """Hexadecimal."""
    fetched: int
    """Tiles and bundles."""
    kept: int
    """Tiles and bundles that were there already."""


class LogExport:
    """One log on its way from `client` to its folder below `folder`.

    Raises:
        BadInput: as `LogDirectory`.
        Answered, Unavailable: as `Client.call`.
        LogTampered, ContractError, TooLarge: as `Policy.open` and `handovers_in`.

    """

    def __init__(self, client: Client, folder: Path, origin: str) -> None:
        self._client = client
        self._directory = LogDirectory(folder, origin)
        service = origin.rpartition("/")[2]
        self._address = f"/{service}/log/{quote(origin, safe='/')}"
        self._note: bytes | None = None
        self._keys = self._handovers = b""
        self._checkpoint = self._newest()
        self._cosigned = self._witnessed()

    @property
    def origin(self) -> str:
        """The log."""
        return self._directory.origin

    @property
    def is_signed(self) -> bool:
        """Whether there is a checkpoint, without which nothing is exported."""
        return self._note is not None

    @property
    def files(self) -> int:
        """How many tiles and bundles the log has: worked out, as it may claim any size."""
        hashes = self._checkpoint.size if self._checkpoint else 0
        files = -(-hashes // WIDTH)
        while hashes:
            files += -(-hashes // WIDTH)
            hashes >>= HEIGHT
        return files

    def run(self, advance: Callable[[], None]) -> Exported | None:
        """Fetch what the folder lacks, checkpoint last; None for a log that isn't signed.

        `advance` is called after each tile and bundle.

        Raises:
            Conflict: `export.folder_ahead` when the folder's checkpoint is the later one.
            LogTampered: `eventlog.differs_from_signed` when the log doesn't begin with
                what was exported before; `eventlog.tiles_differ`,
                `eventlog.entry_differs` when what is served contradicts itself.
            ContractError: `eventlog.tile_malformed`, `eventlog.bundle_malformed`.
            Answered, Unavailable, Conflict: as `Client.call` and `LogDirectory.held`.

        """
        checkpoint, note = self._checkpoint, self._note
        if checkpoint is None or note is None:
            return None
        fetched = kept = 0
        with self._directory.held():
            before = self._before(checkpoint)
            for place in places_of(checkpoint.size):
                if self._directory.holds(place):
                    kept += 1
                else:
                    self._directory.write(place.path, self._fetched(place))
                    fetched += 1
                advance()
            self._check(checkpoint, before)
            self._directory.write("keys", self._keys)
            self._directory.write("handovers", self._handovers)
            if self._cosigned is not None:
                self._directory.write("cosigned", self._cosigned)
            self._directory.complete(note)
        return Exported(
            origin=self.origin,
            size=checkpoint.size,
            root=checkpoint.root.hex(),
            fetched=fetched,
            kept=kept,
        )

    def _newest(self) -> Checkpoint | None:
        try:
            self._note = self._content("checkpoint", NOTE_MAX_BYTES)
        except Answered as error:
            if error.code != _NONE_YET:
                raise
            return None
        self._keys = self._content("keys", KEYS_MAX_BYTES)
        self._handovers = self._content("handovers", HANDOVERS_MAX_BYTES)
        handovers_in(self._handovers)
        return self._policy().open(self._note).checkpoint

    def _policy(self) -> Policy:
        """Return whose word is taken: that of the keys which are served."""
        try:
            keys = tuple(VerifierKey.parse(line) for line in self._keys.decode().splitlines())
        except UnicodeDecodeError:
            raise ContractError("eventlog.key_malformed") from None
        return Policy(origin=self.origin, log_keys=keys)

    def _witnessed(self) -> bytes | None:
        """Return the note that Reporting has cosigned; None when it has none, or a newer one."""
        checkpoint = self._checkpoint
        if checkpoint is None or self.origin.endswith(f"/{_WITNESS}"):
            return None
        address = f"/{_WITNESS}/log/{quote(self.origin, safe='/')}/cosigned"
        try:
            content = self._client.content(address, NOTE_MAX_BYTES + 1)
        except Answered as error:
            if error.code != _NOT_COSIGNED:
                raise
            return None
        cosigned = self._policy().open(content).checkpoint
        return content if cosigned.size <= checkpoint.size else None

    def _before(self, checkpoint: Checkpoint) -> Checkpoint | None:
        """Return what was exported before, which must not be more."""
        before = self._directory.checkpoint()
        if before is not None and before.size > checkpoint.size:
            raise Conflict(
                "export.folder_ahead",
                origin=self.origin,
                size=checkpoint.size,
                folder_size=before.size,
            )
        return before

    def _fetched(self, place: Tile | Bundle) -> bytes:
        """Return the content of `place` as it is served: a bundle as its tile wants it."""
        if isinstance(place, Tile):
            content = self._content(place.path, place.width * HASH_BYTES)
            decode_tile(place, content)
        else:
            content = self._content(place.path, place.width * ENTRY_BYTES[-1])
            verify_bundle(self.origin, place, content, self._directory.tile)
        return content

    def _check(self, checkpoint: Checkpoint, before: Checkpoint | None) -> None:
        """Return when the tiles, kept and fetched, lead to both roots."""
        read = hashes_from(checkpoint.size, self._directory.tile)
        if before is not None and before.size:
            root = root_hash(before.size, read)
            if root != before.root:
                raise LogTampered(
                    "eventlog.differs_from_signed",
                    origin=self.origin,
                    size=checkpoint.size,
                    signed_size=before.size,
                    root=root.hex(),
                    signed_root=before.root.hex(),
                )
        if root_hash(checkpoint.size, read) != checkpoint.root:
            raise LogTampered("eventlog.tiles_differ", origin=self.origin, size=checkpoint.size)

    def _content(self, path: str, limit: int) -> bytes:
        """Return what is served at `path`, at most one byte more than `limit`."""
        return self._client.content(f"{self._address}/{path}", limit + 1)
