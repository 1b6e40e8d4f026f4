from datetime import date
from importlib.metadata import version

import pytest

from shared.calendar import (
    DayKind,
    national_file,
    national_overrides,
    read_citations,
    read_overrides,
)
from shared.contracts.vocabulary import ReferenceKind
from shared.kernel.errors import RegulationError
from shared.kernel.reference import parse

ROW = '[[day]]\non = 2026-03-06\nkind = "holiday"\ncitation = "Quyết định của tỉnh"\n'


def read(text: str) -> dict[date, DayKind]:
    return read_overrides(parse(text.encode(), "a.toml").tables("day"))


def refusal_of(text: str) -> RegulationError:
    with pytest.raises(RegulationError) as refusal:
        read(text)
    return refusal.value


def test_the_national_file_knows_the_new_year_swap_of_2026() -> None:
    assert national_overrides() == {
        date(2026, 1, 2): DayKind.SWAPPED_OFF,
        date(2026, 1, 10): DayKind.MAKE_UP,
    }


def test_a_row_is_read() -> None:
    assert read(ROW) == {date(2026, 3, 6): DayKind.HOLIDAY}


def test_a_day_that_comes_twice_is_refused() -> None:
    error = refusal_of(ROW + ROW)
    assert error.code == "calendar.duplicate_day"
    assert error.facts == {"file": "a.toml", "place": "day[2]", "day": date(2026, 3, 6)}


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ('"holiday"', '"feast"', "reference.wrong_value", "day[1].kind"),
        ("citation", "source", "reference.missing_key", "day[1].citation"),
        ("kind", "colour = 1\nkind", "reference.unknown_key", "day[1].colour"),
    ],
)
def test_a_wrong_row_is_refused_with_its_place(old: str, new: str, code: str, place: str) -> None:
    error = refusal_of(ROW.replace(old, new))
    assert error.code == code
    assert error.facts["place"] == place


def test_the_decision_behind_each_day_is_read() -> None:
    rows = parse(ROW.encode(), "a.toml").tables("day")
    assert read_citations(rows) == {date(2026, 3, 6): "Quyết định của tỉnh"}


def test_the_national_file_says_what_it_is_and_which_release_of_the_library_completes_it() -> None:
    file = national_file()
    assert (file.kind, file.name) == (ReferenceKind.CALENDAR, "calendar/overrides.toml")
    assert file.library == file.label == f"holidays-{version('holidays')}"
