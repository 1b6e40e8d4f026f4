import hashlib
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from deploy.territory.lists import CORRECTIONS, Action, Correction, corrected, files
from deploy.territory.source import Source, read_source, read_wheel
from shared.territory.lists import edges, unit_of

HEAD = "action,old,old_name,new,new_name,reason\n"

OLD_COLUMNS = (
    *("province", "provinceCode", "provinceKey"),
    *("district", "districtCode", "districtKey", "ward", "wardCode", "wardKey"),
)
NEW_COLUMNS = ("province", "provinceCode", "provinceKey", "ward", "wardCode", "wardKey")
OLD_ROWS = [
    ("Tỉnh A", "01", "a", "Thị Xã B", "001", "b", "Phường C", "00001", "c"),
    ("Tỉnh A", "01", "a", "Thị Xã B", "001", "b", "Xã D", "00002", "d"),
    ("Tỉnh Á", "02", "aa", "Huyện Đảo", "002", "dao", None, None, None),
]
NEW_ROWS = [
    ("Thành phố A", "01", "a", "Phường E", "00001", "e"),
    ("Thành phố A", "01", "a", "Xã F", "00003", "f"),
    ("Thành phố A", "01", "a", "Đặc khu Đảo", "00004", "dao"),
]
CONVERTER: dict[str, Any] = {
    "DICT_PROVINCE": {"a": ["a", "aa"]},
    "DICT_PROVINCE_WARD_NO_DIVIDED": {"a": {"e": ["a_b_c"], "dao": ["aa_dao_"]}},
    "DICT_PROVINCE_WARD_DIVIDED": {"a": {"a_b_d": [{"newWardKey": "e"}, {"newWardKey": "f"}]}},
}


def database() -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        for table, columns, rows in (
            ("admin_units_legacy", OLD_COLUMNS, OLD_ROWS),
            ("admin_units", NEW_COLUMNS, NEW_ROWS),
        ):
            connection.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
            marks = ", ".join("?" * len(columns))
            connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608
        connection.commit()
        return connection.serialize()


def source() -> Source:
    return read_source(database(), CONVERTER)


def correction(line: str) -> tuple[Correction, ...]:
    return Correction.read(f"{HEAD}{line}\n")


def test_both_lists_are_written_from_the_provinces_down() -> None:
    made = files(source(), ())
    assert made["units-2025-01.csv"].splitlines() == [
        "unit,kind,name,parent",
        "2025-01/province/01,province,A,",
        "2025-01/province/02,province,Á,",
        "2025-01/district/001,town,B,2025-01/province/01",
        "2025-01/district/002,rural_district,Đảo,2025-01/province/02",
        "2025-01/commune/00001,ward,C,2025-01/district/001",
        "2025-01/commune/00002,rural_commune,D,2025-01/district/001",
    ]
    assert made["units-2025-07.csv"].splitlines()[1:3] == [
        "2025-07/province/01,municipality,A,",
        "2025-07/commune/00001,ward,E,2025-07/province/01",
    ]


def test_a_split_unit_is_partial_in_all_its_rows_and_islands_go_from_their_district() -> None:
    assert files(source(), ())["successions.csv"].splitlines() == [
        "old,new,part",
        "2025-01/commune/00001,2025-07/commune/00001,whole",
        "2025-01/commune/00002,2025-07/commune/00001,partial",
        "2025-01/commune/00002,2025-07/commune/00003,partial",
        "2025-01/district/002,2025-07/commune/00004,whole",
        "2025-01/province/01,2025-07/province/01,whole",
        "2025-01/province/02,2025-07/province/01,whole",
    ]


def test_the_same_source_gives_the_same_bytes() -> None:
    assert files(source(), ()) == files(source(), ())


def test_a_correction_drops_adds_or_marks_a_row() -> None:
    drop = correction("drop,2025-01/commune/00002,xã D,2025-07/commune/00003,xã F,r")
    assert [edge.is_partial for edge in corrected(source(), drop)] == [False] * 5
    add = correction("add,2025-01/commune/00001,phường C,2025-07/commune/00003,xã F,r")
    assert [edge.is_partial for edge in corrected(source(), add)][:4] == [True] * 4
    mark = correction("partial,2025-01/commune/00001,phường C,2025-07/commune/00001,phường E,r")
    assert next(iter(corrected(source(), mark))).is_partial


@pytest.mark.parametrize(
    "line",
    [
        "drop,2025-01/commune/00002,xã Đ,2025-07/commune/00003,xã F,another name",
        "drop,2025-01/commune/00002,xã D,2025-07/commune/00003,phường F,another name",
        "drop,2025-01/commune/00009,xã D,2025-07/commune/00003,xã F,no such unit",
        "drop,2025-01/commune/00001,phường C,2025-07/commune/00003,xã F,no such row",
        "add,2025-01/commune/00002,xã D,2025-07/commune/00003,xã F,there already",
        "drop,2025-01/commune/00002,xã D,2025-07/commune/00003,xã F,",
    ],
)
def test_a_correction_that_is_wrong_or_idle_stops_the_build(line: str) -> None:
    with pytest.raises(ValueError, match="2025-01/commune"):
        corrected(source(), correction(line))


def test_another_wheel_is_refused(tmp_path: Path) -> None:
    wheel = tmp_path / "p-1.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("p/data/dataset.db", database())
        archive.writestr("p/data/converter_2025.json", "{}")
    with pytest.raises(ValueError, match=r"p-1\.whl"):
        read_wheel(wheel, "0" * 64, "p")
    with pytest.raises(KeyError):
        read_wheel(wheel, hashlib.sha256(wheel.read_bytes()).hexdigest(), "p")


def test_every_shipped_correction_is_in_the_shipped_rows() -> None:
    shipped = {(edge.old, edge.new): edge.is_partial for edge in edges()}
    corrections = Correction.read(CORRECTIONS.read_text(encoding="utf-8"))
    assert len(corrections) == 39
    for each in corrections:
        old, new = unit_of(each.old), unit_of(each.new)
        assert (old and old.full_name, new and new.full_name) == (each.old_name, each.new_name)
        match each.action:
            case Action.DROP:
                assert (each.old, each.new) not in shipped
            case Action.ADD | Action.PARTIAL:
                assert shipped[each.old, each.new]
