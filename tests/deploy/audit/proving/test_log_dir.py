"""Any folder of tlog-tiles is verified: byte by byte, file by file, and as hostile as it is."""

import os
import resource
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.audit.proving.tlog_directory import DirectoryArchive, logs_below
from deploy.audit.verdict import Verdict
from shared.eventlog.checkpoint import Checkpoint
from shared.eventlog.note import Note
from shared.eventlog.note_key import KeyKind, Signer
from shared.kernel.errors import AppError, BadInput, NotFound, TooLarge
from tests.deploy.audit.deployed import Deployed
from tests.deploy.audit.proving.logs import ORIGIN, SIGNER, Files, codes, numbered, verified

patiently = settings(deadline=None, max_examples=60)


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 511, 512, 700])
def test_a_log_of_any_size_is_proven(tmp_path: Path, size: int) -> None:
    result = verified(Files(numbered(size)).written(tmp_path))
    assert list(codes(result)) == []
    assert (result.logs[0].size, result.logs[0].signed, result.logs[0].proven) == (size,) * 3


def test_a_log_with_two_rows_of_tiles_above_is_proven(tmp_path: Path) -> None:
    log = Files([b"%d" % number for number in range(256 * 256 + 300)])
    assert any(path.startswith("tile/2/") for path in log.files)
    assert verified(log.written(tmp_path)).findings.verdict is Verdict.PROVEN


def test_each_flipped_byte_of_each_file_is_found(tmp_path: Path) -> None:
    log = Files(numbered(5))
    log.written(tmp_path)
    flips = 0
    for path, content in log.files.items():
        file = tmp_path / path
        for at in range(len(content)):
            file.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
            assert _status(tmp_path) is not Verdict.PROVEN, (path, at)
            flips += 1
        file.write_bytes(content)
    assert _status(tmp_path) is Verdict.PROVEN
    assert flips == sum(map(len, log.files.values())) > 350


def test_a_flipped_byte_of_an_entry_is_found_at_its_position(tmp_path: Path) -> None:
    log = Files(numbered(300))
    log.written(tmp_path)
    for position in (0, 3, 255, 256, 299):
        bundle = f"tile/entries/00{position // 256}" + (".p/44" if position > 255 else "")
        content = log.files[bundle]
        at = sum(2 + len(entry) for entry in log.entries[position // 256 * 256 : position]) + 2
        spoilt = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
        (tmp_path / bundle).write_bytes(spoilt)
        assert list(codes(verified(tmp_path))) == [("proof.entry_differs", position)]
        (tmp_path / bundle).write_bytes(content)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("tile/entries/001.p/44", ("proof.file_missing", 256)),
        ("tile/0/000", ("proof.tile_missing", 0)),
        ("tile/1/000.p/1", ("proof.tile_missing", 0)),
    ],
)
def test_what_is_missing_can_not_be_told(tmp_path: Path, path: str, found: tuple[str, int]) -> None:
    Files(numbered(300)).written(tmp_path)
    (tmp_path / path).unlink()
    result = verified(tmp_path)
    assert list(codes(result)) == [found]
    assert result.findings.verdict is Verdict.CANNOT_TELL


def test_a_partial_file_that_was_completed_since_serves_as_well(tmp_path: Path) -> None:
    small, large = Files(numbered(300)), Files(numbered(600))
    large.written(tmp_path)
    (tmp_path / "checkpoint").write_bytes(small.files["checkpoint"])
    assert not (tmp_path / "tile/entries/001.p").exists()
    tile = large.files["tile/1/000.p/2"][:32]
    (tmp_path / "tile/1/000.p/1").write_bytes(tile)
    assert list(codes(verified(tmp_path))) == []


def test_entries_cut_off_or_exchanged_between_files_are_found(tmp_path: Path) -> None:
    log = Files(numbered(600))
    log.written(tmp_path)
    first, second = tmp_path / "tile/entries/000", tmp_path / "tile/entries/001"
    first.write_bytes(log.files["tile/entries/001"])
    second.write_bytes(log.files["tile/entries/000"])
    found = list(codes(verified(tmp_path)))
    assert found[0] == ("proof.entry_differs", 0)
    assert ("proof.entry_differs", 511) in found
    first.write_bytes(log.files["tile/entries/000"][:-1])
    assert ("proof.file_malformed", 0) in codes(verified(tmp_path))


def test_a_checkpoint_by_another_key_or_of_another_log_proves_nothing(tmp_path: Path) -> None:
    other = Signer.generate(ORIGIN, KeyKind.LOG)
    Files(numbered(3), signers=[other]).written(tmp_path)
    assert list(codes(verified(tmp_path))) == [("proof.note_unsigned", None)]
    Files(numbered(3), signers=[other, SIGNER]).written(tmp_path)
    assert list(codes(verified(tmp_path))) == []


def test_links_pipes_and_folders_in_the_place_of_files_are_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"x")
    folder = tmp_path / "log"
    files = Files(numbered(300)).files
    for path in ("checkpoint", "tile/entries/000", "tile/0/000", "tile/1/000.p/1"):
        for make in (lambda at: at.symlink_to(secret), os.mkfifo, lambda at: at.mkdir()):
            Files(numbered(300)).written(folder)
            (folder / path).unlink()
            make(folder / path)
            with pytest.raises(BadInput, match="audit.no_plain_file"):
                verified(folder)
            (folder / path).rmdir() if (folder / path).is_dir() else (folder / path).unlink()
    assert set(files) > {"checkpoint"}


def test_a_linked_folder_on_the_way_is_refused(tmp_path: Path) -> None:
    folder = Files(numbered(3)).written(tmp_path / "log")
    (folder / "tile").rename(tmp_path / "elsewhere")
    (folder / "tile").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BadInput, match="audit.no_plain_file"):
        verified(folder)
    (tmp_path / "all").mkdir()
    (tmp_path / "all" / "link").symlink_to(folder)
    with pytest.raises(BadInput, match="audit.no_plain_file"):
        logs_below(tmp_path / "all")


def test_no_more_is_read_of_a_file_than_it_may_hold(tmp_path: Path) -> None:
    folder = Files(numbered(3)).written(tmp_path)
    for path in ("tile/0/000.p/3", "tile/entries/000.p/3"):
        with (folder / path).open("r+b") as file:
            file.truncate(1 << 40)
        with pytest.raises(TooLarge, match="audit.file_too_large"):
            DirectoryArchive(folder).read(path, 1 << 20)
        assert _status(folder) is not Verdict.PROVEN
        Files(numbered(3)).written(folder)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 4 << 20


@pytest.mark.parametrize("size", [6, 257, 2**32, 2**63 - 1])
def test_a_size_beyond_the_files_ends_at_the_first_that_is_missing(
    tmp_path: Path, size: int
) -> None:
    folder = Files(numbered(5)).written(tmp_path)
    text = Checkpoint(origin=ORIGIN, size=size, root=bytes(32)).text
    (folder / "checkpoint").write_bytes(Note.sign(text, [SIGNER], time_s=0).encode())
    assert list(codes(verified(folder))) == [("proof.file_missing", 0)]
    assert _status(folder) is Verdict.CANNOT_TELL


def test_a_folder_without_logs_is_nothing_to_verify(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="audit.no_checkpoint"):
        DirectoryArchive(tmp_path)
    with pytest.raises(NotFound, match="audit.no_checkpoint"):
        logs_below(tmp_path)


@patiently
@given(st.data())
def test_whatever_a_file_holds_the_answer_is_clear(data: st.DataObject) -> None:
    log = Files(numbered(data.draw(st.integers(0, 5))))
    path = data.draw(st.sampled_from(sorted(log.files)))
    content = data.draw(
        st.binary(max_size=600)
        | st.builds(lambda cut: log.files[path][:cut], st.integers(0, 600))
        | st.builds(lambda more: log.files[path] + more, st.binary(min_size=1, max_size=40))
    )
    with TemporaryDirectory() as folder:
        log.written(Path(folder))
        (Path(folder) / path).write_bytes(content)
        expected = content == log.files[path]
        assert (_status(Path(folder)) is Verdict.PROVEN) is expected


def test_the_command_ends_with_a_verdict(clean: Deployed, tmp_path: Path) -> None:
    out = clean.exported(tmp_path)
    folder = out / "test.local/ha-noi/intake"
    ended = clean.audit("log-dir", str(folder), "--key", str(folder / "keys"), "--json")
    assert (ended.status, ended.json["verdict"]) == (0, "proven")
    assert ended.json["logs"][0]["proven"] == ended.json["logs"][0]["size"] == 287
    (folder / "tile/entries/000").write_bytes(b"\x00\x01x")
    ended = clean.audit("log-dir", str(folder), "--key", str(folder / "keys"))
    assert ended.status == 1
    assert "test.local/ha-noi/intake [0]" in ended.out
    assert "SAI, có bằng chứng. / DISPROVEN." in ended.out
    other = out / "test.local/ha-noi/sessions/keys"
    assert clean.audit("log-dir", str(folder), "--key", str(other)).status == 1
    assert clean.audit("log-dir", str(tmp_path), "--key", str(other)).status == 2


def _status(folder: Path) -> Verdict:
    try:
        return verified(folder).findings.verdict
    except AppError:
        return Verdict.CANNOT_TELL
