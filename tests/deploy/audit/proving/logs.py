"""A small log as a folder of tlog-tiles, made quickly and in any size."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy.audit.proving.tlog_directory import DirectoryArchive
from deploy.audit.proving.trust import Trust
from deploy.audit.proving.verification import Verification
from shared.eventlog.checkpoint import Checkpoint
from shared.eventlog.note import Note
from shared.eventlog.note_key import KeyKind, Signer
from shared.eventlog.proof import Tree, leaf_hashes
from shared.eventlog.tiles import Tile, bundles_of, encode_bundle, grow

ORIGIN = "example.org/log"
SIGNER = Signer.generate(ORIGIN, KeyKind.LOG)


@dataclass
class Files:
    """The files of a log, by path."""

    entries: Sequence[bytes]
    origin: str = ORIGIN
    signers: Sequence[Signer] = (SIGNER,)
    files: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        tiles: dict[Tile, bytes] = dict(
            grow(0, leaf_hashes(self.entries), lambda _: b"") if self.entries else ()
        )
        self.files |= {tile.path: content for tile, content in tiles.items()}
        for bundle in bundles_of(len(self.entries)):
            here = self.entries[bundle.positions.start : bundle.positions.stop]
            self.files[bundle.path] = encode_bundle(here)
        tree = Tree()
        tree.extend(leaf_hashes(self.entries))
        text = Checkpoint(origin=self.origin, size=len(self.entries), root=tree.root()).text
        self.files["checkpoint"] = Note.sign(text, self.signers, time_s=1_600_000_000).encode()

    def written(self, folder: Path) -> Path:
        """Write them; return the folder."""
        for path, content in self.files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        return folder


def numbered(count: int) -> list[bytes]:
    """Return so many entries of different lengths."""
    return [b"entry %d" % number + bytes(number % 7) for number in range(count)]


def verified(folder: Path, signer: Signer = SIGNER) -> Verification:
    """Return what verifying the folder says."""
    result = Verification(trust=Trust(keys=(signer.key,)))
    result.verify_foreign(DirectoryArchive(folder))
    return result


def codes(result: Verification) -> Iterator[tuple[str, int | None]]:
    """Yield what was found, and where."""
    return ((each.code, each.position) for each in result.findings.listed)
