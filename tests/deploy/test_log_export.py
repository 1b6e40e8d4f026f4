"""Exported logs can be verified by anybody; exporting goes on where it was cut off."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from deploy.client import Answered, Client
from deploy.log_directory import LogDirectory, places_of
from deploy.log_export import LogExport
from shared.eventlog.checkpoint import Checkpoint, Policy
from shared.eventlog.note import Note
from shared.eventlog.note_key import KeyKind, Signer, VerifierKey
from shared.eventlog.proof import Tree, leaf_hashes
from shared.eventlog.tiles import (
    Bundle,
    Tile,
    bundles_of,
    encode_bundle,
    grow,
    verify_bundle,
    verify_tiles,
)
from shared.kernel.errors import AppError, BadInput, Conflict, LogTampered, Unavailable
from tests.deploy.commands import Ended, called
from tests.deploy.conftest import Embedded
from tests.deploy.digests import GOOD, digest_csv

ORIGIN = "doithoai.test/ha-noi/intake"
SIGNED_WITHIN_S = 60.0
SIGNER = Signer.generate(ORIGIN, KeyKind.LOG)


@dataclass
class Served(Client):
    """A deployment's log of made-up entries, as it would be served."""

    url: str = "http://served.test"
    entries: list[bytes] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    spoilt: dict[str, bytes] = field(default_factory=dict)
    dead_after: int = 10**9
    cosigned: bytes | None = None

    def content(self, path: str, limit: int) -> bytes:
        if path == f"/reporting/log/{ORIGIN}/cosigned":
            if self.cosigned is None:
                raise Answered(404, {"code": "mirror.not_cosigned"})
            return self.cosigned[:limit]
        place = path.removeprefix(f"/intake/log/{ORIGIN}/")
        self.asked.append(place)
        if len(self.asked) > self.dead_after:
            raise Unavailable("deployment.away", url=self.url)
        return (self.spoilt.get(place) or self.files()[place])[:limit]

    def files(self) -> dict[str, bytes]:
        if not self.entries:
            raise Answered(404, {"code": "eventlog.no_checkpoint"})
        leaves = leaf_hashes(self.entries)
        tree = Tree()
        tree.extend(leaves)
        text = Checkpoint(origin=ORIGIN, size=tree.size, root=tree.root()).text
        return {
            "checkpoint": Note.sign(text, [SIGNER], time_s=0).encode(),
            "keys": f"{SIGNER.key}\n".encode(),
            "handovers": b"",
            **{tile.path: hashes for tile, hashes in grow(0, leaves, lambda _: b"")},
            **{
                bundle.path: encode_bundle([self.entries[at] for at in bundle.positions])
                for bundle in bundles_of(tree.size)
            },
        }

    def grow(self, count: int, word: str = "entry") -> None:
        size = len(self.entries)
        self.entries += [f"{word} {at}".encode() for at in range(size, size + count)]


@pytest.fixture
def served() -> Served:
    return Served()


def export(served: Served, folder: Path) -> tuple[int, int]:
    """Return how many files were fetched, and how many kept."""
    done = LogExport(served, folder, ORIGIN).run(lambda: None)
    assert done is not None
    return done.fetched, done.kept


def verified(folder: Path, origin: str) -> list[bytes]:
    """Return the entries below `folder`, after verifying them as a stranger would."""
    keys = (folder / origin / "keys").read_text().splitlines()
    policy = Policy(origin=origin, log_keys=tuple(VerifierKey.parse(key) for key in keys))
    checkpoint = policy.open((folder / origin / "checkpoint").read_bytes()).checkpoint

    def read(place: Tile | Bundle) -> bytes:
        return (folder / origin / place.path).read_bytes()

    verify_tiles(origin, checkpoint.size, checkpoint.root, read)
    return [
        entry
        for bundle in bundles_of(checkpoint.size)
        for entry in verify_bundle(origin, bundle, read(bundle), read)
    ]


def files_in(folder: Path) -> Iterator[str]:
    for above, _, names in os.walk(folder / ORIGIN):
        yield from (str(Path(above, name).relative_to(folder / ORIGIN)) for name in names)


def test_an_exported_log_is_verified_by_its_files_alone(served: Served, tmp_path: Path) -> None:
    served.grow(600)
    assert export(served, tmp_path) == (3 + 1 + 3, 0)
    assert verified(tmp_path, ORIGIN) == served.entries


def test_what_is_there_is_kept_and_nothing_of_the_old_end_is_left(
    served: Served, tmp_path: Path
) -> None:
    served.grow(600)
    export(served, tmp_path)
    served.asked.clear()
    assert export(served, tmp_path) == (0, 7)
    assert served.asked == ["checkpoint", "keys", "handovers"]
    served.grow(300)
    assert export(served, tmp_path) == (5, 2 + 2)
    assert verified(tmp_path, ORIGIN) == served.entries
    expected = {place.path for place in places_of(900)} | {"checkpoint", "keys", "handovers"}
    assert set(files_in(tmp_path)) == expected


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 65_535, 65_536, 65_537, 131_073])
def test_files_are_counted_as_they_will_be_fetched(served: Served, size: int) -> None:
    served.grow(1)
    text = Checkpoint(origin=ORIGIN, size=size, root=Tree().root()).text
    served.spoilt["checkpoint"] = Note.sign(text, [SIGNER], time_s=0).encode()
    assert LogExport(served, Path(), ORIGIN).files == sum(1 for _ in places_of(size))


def test_a_log_that_claims_an_absurd_size_holds_nobody_up(served: Served, tmp_path: Path) -> None:
    served.grow(3)
    text = Checkpoint(origin=ORIGIN, size=2**63 - 1, root=bytes(32)).text
    served.spoilt["checkpoint"] = Note.sign(text, [SIGNER], time_s=0).encode()
    assert LogExport(served, tmp_path, ORIGIN).files > 2**55
    served.dead_after = len(served.asked) + 2
    with pytest.raises(Unavailable):
        export(served, tmp_path)


def test_an_export_that_was_cut_off_goes_on_and_promises_nothing_before(
    served: Served, tmp_path: Path
) -> None:
    served.grow(1_000)
    attempts = 0
    while not (tmp_path / ORIGIN / "checkpoint").exists():
        attempts += 1
        served.asked.clear()
        served.dead_after = 6
        try:
            export(served, tmp_path)
        except Unavailable:
            assert not (tmp_path / ORIGIN / "checkpoint").exists()
    assert attempts == 3
    assert verified(tmp_path, ORIGIN) == served.entries


@pytest.mark.parametrize("place", [Tile(0, 0), Tile(0, 1, 44), Bundle(0)])
def test_a_file_of_another_size_is_fetched_again(
    served: Served, tmp_path: Path, place: Tile | Bundle
) -> None:
    served.grow(300)
    export(served, tmp_path)
    (tmp_path / ORIGIN / place.path).write_bytes(b"cut")
    assert export(served, tmp_path)[0] == 1
    assert verified(tmp_path, ORIGIN) == served.entries


def test_a_log_that_lost_its_end_does_not_replace_what_was_exported(
    served: Served, tmp_path: Path
) -> None:
    served.grow(300)
    export(served, tmp_path)
    before = {name: (tmp_path / ORIGIN / name).read_bytes() for name in files_in(tmp_path)}
    del served.entries[299:]
    with pytest.raises(Conflict, match="export.folder_ahead"):
        export(served, tmp_path)
    after = {name: (tmp_path / ORIGIN / name).read_bytes() for name in files_in(tmp_path)}
    assert after == before


@pytest.mark.parametrize("size", [299, 300, 600])
def test_another_history_does_not_replace_what_was_exported(
    served: Served, tmp_path: Path, size: int
) -> None:
    served.grow(size)
    export(served, tmp_path)
    before = (tmp_path / ORIGIN / "checkpoint").read_bytes()
    served.entries[-1] = b"another"
    served.grow(700 - size)
    with pytest.raises(LogTampered, match="eventlog.differs_from_signed"):
        export(served, tmp_path)
    assert (tmp_path / ORIGIN / "checkpoint").read_bytes() == before


@pytest.mark.parametrize(
    ("place", "content", "code"),
    [
        ("tile/0/000", b"\1" * 8192, "eventlog.entry_differs"),
        ("tile/0/000", b"\1" * 8191, "eventlog.tile_malformed"),
        ("tile/0/000", b"\1" * 8193, "eventlog.tile_malformed"),
        ("tile/1/000.p/1", b"\1" * 32, "eventlog.tiles_differ"),
        ("tile/entries/000", b"\0\1x" * 256, "eventlog.entry_differs"),
        ("tile/entries/000", b"\0\1x" * 257, "eventlog.bundle_malformed"),
        ("tile/entries/001.p/44", b"\xff" * 2**24, "eventlog.bundle_malformed"),
        ("checkpoint", b"x" * 2**24, "eventlog.note_too_large"),
        ("keys", b"\xff\n", "eventlog.key_malformed"),
        ("keys", b"x\n" * 2**20, "eventlog.key_malformed"),
        ("handovers", b"x\n", "eventlog.note_malformed"),
        ("handovers", b"x\n" * 2**20, "eventlog.handovers_too_large"),
        (
            "keys",
            f"{Signer.generate(ORIGIN, KeyKind.LOG).key}\n".encode(),
            "eventlog.checkpoint_unsigned",
        ),
    ],
)
def test_what_contradicts_itself_is_never_made_to_look_complete(
    served: Served, tmp_path: Path, place: str, content: bytes, code: str
) -> None:
    served.grow(300)
    served.spoilt[place] = content
    with pytest.raises(AppError, match=code):
        export(served, tmp_path)
    assert not (tmp_path / ORIGIN / "checkpoint").exists()


def test_what_was_cosigned_lies_beside_the_checkpoint(served: Served, tmp_path: Path) -> None:
    witness = Signer.generate("witness.example/1", KeyKind.WITNESS)
    served.grow(300)
    note = Note.parse(served.files()["checkpoint"])
    served.cosigned = note.also_signed([witness.sign(note.text, time_s=1)]).encode()
    served.grow(5)
    export(served, tmp_path)
    assert (tmp_path / ORIGIN / "cosigned").read_bytes() == served.cosigned
    whole = Served(entries=[*served.entries])
    whole.grow(5)
    note = Note.parse(whole.files()["checkpoint"])
    served.cosigned = note.also_signed([witness.sign(note.text, time_s=1)]).encode()
    export(served, tmp_path)  # of more than is exported: for the next time
    assert (
        Checkpoint.parse(Note.parse((tmp_path / ORIGIN / "cosigned").read_bytes()).text).size == 300
    )


def test_a_cosigned_note_of_nobody_s_log_is_refused(served: Served, tmp_path: Path) -> None:
    served.grow(3)
    other = Signer.generate(ORIGIN, KeyKind.LOG)
    note = Note.parse(served.files()["checkpoint"])
    served.cosigned = Note.sign(note.text, [other], time_s=0).encode()
    with pytest.raises(LogTampered, match="eventlog.checkpoint_unsigned"):
        export(served, tmp_path)


@pytest.mark.parametrize(
    "origin",
    ["../a/intake", "a/../intake", "./a/intake", "a/b/c/intake", "/a/intake", "a//intake",
     "..", "a/intake", "a/ha-noi/..", "a\0/b/intake", ".a/b/intake", ""],
)  # fmt: skip
def test_a_name_that_leads_elsewhere_is_no_folder(tmp_path: Path, origin: str) -> None:
    with pytest.raises(BadInput, match="export.bad_origin"):
        LogDirectory(tmp_path, origin)


@pytest.mark.parametrize("link", ["doithoai.test", ORIGIN, f"{ORIGIN}/tile"])
def test_a_link_out_of_the_folder_is_not_followed(
    served: Served, tmp_path: Path, link: str
) -> None:
    elsewhere, folder = tmp_path / "elsewhere", tmp_path / "export"
    elsewhere.mkdir()
    (folder / link).parent.mkdir(parents=True)
    (folder / link).symlink_to(elsewhere)
    served.grow(3)
    with pytest.raises(Unavailable, match="export.folder_unusable"):
        export(served, folder)
    assert list(elsewhere.rglob("*.draft")) == []
    assert [file for file in elsewhere.rglob("*") if file.is_file()] == []


def test_a_log_that_is_not_signed_leaves_nothing(served: Served, tmp_path: Path) -> None:
    waiting = LogExport(served, tmp_path, ORIGIN)
    assert (waiting.is_signed, waiting.files, waiting.run(lambda: None)) == (False, 0, None)
    assert list(tmp_path.iterdir()) == []


def test_two_exports_do_not_write_the_same_folder(served: Served, tmp_path: Path) -> None:
    served.grow(3)
    with (
        LogDirectory(tmp_path, ORIGIN).held(),
        pytest.raises(Conflict, match="export.folder_in_use"),
    ):
        export(served, tmp_path)


def origins_of(ended: Ended) -> list[str]:
    return [each["origin"] for each in ended.json["logs"]]


def test_a_running_deployments_logs_are_exported(embedded: Embedded, tmp_path: Path) -> None:
    digest = tmp_path / "digest.csv"
    digest.write_bytes(digest_csv("1/BC-MTTQ", GOOD))
    embedded.call("import", str(digest), "--kind", "digest", "--province", "ha-noi")
    folder = tmp_path / "export"
    origin = "doithoai.local/ha-noi/intake"
    export_all = ("log", "export", str(folder), "--province", "ha-noi", "--json")
    end = time.monotonic() + SIGNED_WITHIN_S
    while origin not in origins_of(embedded.call(*export_all)):
        assert time.monotonic() < end, "the log is not signed"
    again = embedded.call(*export_all)
    assert again.status == 0
    logs = {each["origin"]: each for each in again.json["logs"]}
    assert logs[origin]["kept"] > 0
    assert len(verified(folder, origin)) == logs[origin]["size"] > 0
    assert {name.split("/")[1] for name in [*logs, *again.json["unsigned"]]} == {"ha-noi"}
    one = embedded.call("log", "export", str(folder), "--log", origin)
    assert origin in one.out


@pytest.mark.parametrize("option", [("--province", "nowhere"), ("--log", "a/b/intake")])
def test_a_log_that_is_not_there_is_not_exported(
    embedded: Embedded, tmp_path: Path, option: tuple[str, str]
) -> None:
    ended = called(embedded.environment, "log", "export", str(tmp_path / "export"), *option)
    assert ended.status == 3
    assert not (tmp_path / "export").exists()
