"""A large file is read by a process of its own, and nothing else is any different."""

import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from services.intake.workbook import reader
from services.intake.workbook.declared_sheet import read_declared
from services.intake.workbook.digest_sheet import read_digest
from services.intake.workbook.reader import (
    HERE_LIMIT_BYTES,
    read_declared_file,
    read_digest_file,
)
from services.intake.workbook.reading import TIME_LIMIT_S
from services.intake.workbook.upload import weight_bytes
from shared.kernel.errors import AppError, BadInput, TooLarge, Unavailable
from tests.architecture.tree import ROOT
from tests.services.intake.workbook.files import (
    GOOD,
    SECRET,
    TODAY,
    changed,
    csv_bytes,
    digest_grid,
    digest_rows,
    digest_xlsx,
    package,
    written_digest,
)

PUBLISHED = ROOT / "deploy" / "demo" / "data" / "ba-dinh-2017-2021.csv"
FAULTY = (
    GOOD,
    changed(STT="2", Nội_dung=f"“{SECRET}”\nvà\t\U0001f600\u2028"),
    changed(STT="3", Ngày_tiếp_nhận="31/02/2021", Số_người_cùng_ý_kiến="-3"),
    changed(STT="1"),
    changed(STT="5", Ngày_tiếp_nhận="01/01/2099", Loại_ý_kiến=SECRET),
)

Told = Callable[[str], None]


@pytest.fixture(autouse=True)
def _all_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "HERE_LIMIT_BYTES", 0)


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Told:
    """Return what puts a script of Python in the place of the program that reads."""

    def instead(script: str) -> None:
        monkeypatch.setattr(reader, "_PROGRAM", (sys.executable, "-c", script))

    return instead


@pytest.mark.parametrize(
    "data",
    [
        digest_xlsx(*FAULTY),
        csv_bytes(digest_grid(*FAULTY)),
        written_digest(digest_rows(600)),
    ],
    ids=["xlsx", "csv", "600 rows"],
)
def test_what_is_read_apart_is_what_is_read_here(data: bytes) -> None:
    assert read_digest_file(data, TODAY) == read_digest(data, TODAY)


def test_declared_results_are_the_same_too() -> None:
    data = PUBLISHED.read_bytes()
    broken = data.replace(b",commune,periodic,", b",commune,hourly,")
    assert broken != data
    for each in (data, broken):
        assert read_declared_file(each, TODAY) == read_declared(each, TODAY)


@pytest.mark.parametrize(
    "data",
    [b"", b"%PDF", b"PK\x03\x04torn", csv_bytes([("a", "b")]), package({"Ý kiến": "<x"})],
    ids=["empty", "foreign", "torn", "no headings", "bad markup"],
)
def test_a_refusal_comes_back_with_its_code_and_facts(data: bytes) -> None:
    with pytest.raises((BadInput, TooLarge)) as here:
        read_digest(data, TODAY)
    with pytest.raises(here.type) as apart:
        read_digest_file(data, TODAY)
    assert (apart.value.code, apart.value.facts) == (here.value.code, here.value.facts)


def test_a_small_file_starts_no_process(monkeypatch: pytest.MonkeyPatch, program: Told) -> None:
    monkeypatch.setattr(reader, "HERE_LIMIT_BYTES", HERE_LIMIT_BYTES)
    program("raise SystemExit(9)")
    data = digest_xlsx(GOOD)
    assert len(data) < weight_bytes(data) < HERE_LIMIT_BYTES
    assert read_digest_file(data, TODAY) == read_digest(data, TODAY)
    assert read_declared_file(PUBLISHED.read_bytes(), TODAY).rows


def test_what_packs_well_is_weighed_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "HERE_LIMIT_BYTES", HERE_LIMIT_BYTES)
    data = digest_xlsx(*[changed(STT=str(n), Nội_dung="dài " * 500) for n in range(1, 300)])
    assert len(data) < HERE_LIMIT_BYTES < weight_bytes(data)


def test_what_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch, program: Told) -> None:
    monkeypatch.setattr(reader, "TIME_LIMIT_S", 0.2)
    program("import time; time.sleep(600)")
    with pytest.raises(TooLarge) as refused:
        read_digest_file(digest_xlsx(GOOD), TODAY)
    assert refused.value.code == "workbook.too_heavy"


def test_what_takes_too_much_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    limited = 'ulimit -v 60000; exec "$0" -m services.intake.workbook.reading "$@"'
    monkeypatch.setattr(reader, "_PROGRAM", ("sh", "-c", limited, sys.executable))
    assert read_digest_file(digest_xlsx(GOOD), TODAY).rows
    large = csv_bytes(
        digest_grid(*[changed(STT=str(n), Nội_dung="x" * 9_000) for n in range(2_000)])
    )
    with pytest.raises(TooLarge) as refused:
        read_digest_file(large, TODAY)
    assert refused.value.code == "workbook.too_heavy"
    assert refused.value.facts == {"limit_s": TIME_LIMIT_S, "limit_mb": 1024}


@pytest.mark.parametrize(
    "script",
    [
        "import os; os.abort()",
        "raise SystemExit(3)",
        f"import sys; print('{SECRET}'); print('{SECRET}', file=sys.stderr); sys.exit(1)",
        f"import sys; sys.stdin.buffer.read(); raise ValueError('{SECRET}')",
    ],
    ids=["abort", "status", "words", "unforeseen"],
)
def test_a_reader_that_breaks_down_is_told_of_and_quotes_nothing(
    program: Told,
    script: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    program(script)
    with pytest.raises(AppError) as failed:
        read_digest_file(digest_xlsx(changed(Nội_dung=SECRET)), TODAY)
    assert (failed.value.status, failed.value.code) == (500, "workbook.reader_failed")
    assert "a reader of workbooks failed" in caplog.text
    captured = capfd.readouterr()
    assert SECRET not in caplog.text + captured.out + captured.err + str(failed.value)


def test_an_unforeseen_error_is_logged_by_its_place(
    program: Told, caplog: pytest.LogCaptureFixture
) -> None:
    program(
        "import sys\n"
        "from services.intake.workbook import reading\n"
        f"reading._READ = {{kind: lambda data, today: {{}}['{SECRET}'] for kind in reading.Kind}}\n"
        "sys.argv[:1] = ['reading']\n"
        "reading.main()\n"
    )
    with pytest.raises(AppError):
        read_digest_file(digest_xlsx(GOOD), TODAY)
    assert "KeyError at <string>:3" in caplog.text
    assert SECRET not in caplog.text


def test_a_reader_knows_no_secret_and_no_text_by_any_other_way(
    program: Told, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DOITHOAI_DATABASE", f"postgresql+psycopg2://{SECRET}@nowhere/")
    monkeypatch.chdir(tmp_path)
    told = tmp_path / "told"
    program(
        "import os, sys\n"
        "known = sys.argv, dict(os.environ), sorted(os.listdir('/proc/self/fd'))\n"
        f"open({str(told)!r}, 'w').write(repr(known))\n"
        "raise SystemExit(1)\n"
    )
    with pytest.raises(AppError):
        read_digest_file(digest_xlsx(changed(Nội_dung=SECRET)), TODAY)
    known = told.read_text()
    assert "['-c', 'digest', '2025-06-01']" in known
    assert SECRET not in known
    assert "DOITHOAI" not in known
    assert "PATH" in known
    assert known.endswith("['0', '1', '2', '3'])"), "a file or connection was inherited"
    assert list(tmp_path.iterdir()) == [told]


def test_a_reader_leaves_nothing_behind_and_writes_no_file(tmp_path: Path, program: Told) -> None:
    program(
        "import sys\n"
        "from services.intake.workbook import reading\n"
        "def read(data, today):\n"
        f"    open({str(tmp_path / 'left')!r}, 'wb').write(data)\n"
        "reading._READ = dict.fromkeys(reading.Kind, read)\n"
        "sys.argv[:1] = ['reading']\n"
        "reading.main()\n"
    )
    with pytest.raises(AppError):
        read_digest_file(digest_xlsx(changed(Nội_dung=SECRET)), TODAY)
    assert [file.read_bytes() for file in tmp_path.iterdir()] in ([], [b""])


def test_whoever_finds_all_readers_at_work_waits_for_a_turn(
    monkeypatch: pytest.MonkeyPatch, program: Told
) -> None:
    turns = threading.BoundedSemaphore(1)
    monkeypatch.setattr(reader, "_turns", turns)
    monkeypatch.setattr(reader, "TURN_TIMEOUT_S", 0.05)
    with turns, pytest.raises(Unavailable) as refused:
        read_digest_file(digest_xlsx(GOOD), TODAY)
    assert refused.value.code == "workbook.readers_busy"
    assert read_digest_file(digest_xlsx(GOOD), TODAY).rows
    program("raise SystemExit(1)")
    broken: Sequence[int] = range(3)
    for _ in broken:  # a turn is given back however it ended
        with pytest.raises(AppError) as failed:
            read_digest_file(digest_xlsx(GOOD), TODAY)
        assert failed.value.code == "workbook.reader_failed"
