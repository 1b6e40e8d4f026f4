from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.periods import Register
from shared.provinces import (
    Agency,
    BodyChange,
    BodySuccession,
    Split,
    load_province,
    successor_on,
)
from tests.shared.provinces.samples import SAMPLE, refusal_of, sample, written


def agency(
    key: str,
    first: int,
    last: int | None = None,
    *successors: str,
    change: BodyChange = BodyChange.MERGED,
) -> Agency:
    """Return an agency of whole years."""
    succession = None
    if successors:
        succession = BodySuccession(
            successors=successors,
            change=BodyChange.SPLIT if len(successors) > 1 else change,
            citation="Quyết định",
        )
    return Agency(
        key=key,
        name=key,
        unit="u",
        succession=succession,
        valid_from=date(first, 1, 1),
        valid_to=None if last is None else date(last, 12, 31),
    )


def after(agencies: list[Agency], day: date) -> Agency | Split[Agency] | None:
    """Return who has the duties of the first on a day."""
    return successor_on(Register(agencies), agencies[0], day)


def keys(agencies: list[Agency], year: int) -> str | tuple[str, ...] | None:
    answer = after(agencies, date(year, 6, 1))
    match answer:
        case None:
            return None
        case Split():
            return tuple(body.key for body in answer.bodies)
        case _:
            return answer.key


def test_an_agency_that_exists_has_its_duties_itself() -> None:
    assert keys([agency("a", 2020)], 2024) == "a"
    assert keys([agency("a", 2020, 2022, "b"), agency("b", 2019)], 2022) == "a"


def test_before_it_began_nobody_had_them_from_it() -> None:
    assert keys([agency("a", 2020)], 2019) is None


def test_a_successor_has_them_from_the_day_after() -> None:
    agencies = [agency("a", 2020, 2022, "b"), agency("b", 2019)]
    assert after(agencies, date(2022, 12, 31)) is agencies[0]
    assert after(agencies, date(2023, 1, 1)) is agencies[1]


def test_successors_are_followed_to_the_one_of_the_day() -> None:
    agencies = [agency("a", 2018, 2019, "b"), agency("b", 2020, 2021, "c"), agency("c", 2022)]
    assert [keys(agencies, year) for year in (2019, 2021, 2022)] == ["a", "b", "c"]


def test_without_a_successor_nobody_has_them() -> None:
    assert keys([agency("a", 2018, 2019)], 2020) is None
    assert keys([agency("a", 2018, 2019, "b"), agency("b", 2020, 2020)], 2021) is None


def test_after_a_split_a_person_decides_among_all() -> None:
    agencies = [agency("a", 2018, 2019, "c", "b"), agency("b", 2020), agency("c", 2020)]
    assert keys(agencies, 2020) == ("b", "c")


def test_an_agency_may_go_on_as_one_part_of_a_split() -> None:
    agencies = [agency("a", 2018, 2019, "a", "b"), agency("a", 2020), agency("b", 2020)]
    assert keys(agencies, 2020) == ("a", "b")


def test_a_split_within_a_split_names_every_part() -> None:
    agencies = [
        agency("a", 2018, 2019, "b", "c"),
        agency("b", 2020, 2020, "d", "e"),
        *(agency(key, 2020) for key in "cde"),
    ]
    assert keys(agencies, 2021) == ("c", "d", "e")


def test_parts_that_came_together_again_are_one_agency() -> None:
    agencies = [
        agency("a", 2018, 2019, "b", "c"),
        agency("b", 2020, 2020, "d"),
        agency("c", 2020, 2020, "d"),
        agency("d", 2019),
    ]
    assert keys(agencies, 2020) == ("b", "c")
    assert keys(agencies, 2021) == "d"


def test_a_part_that_ended_leaves_the_matter_uncertain() -> None:
    agencies = [
        agency("a", 2018, 2019, "b", "c"),
        agency("b", 2020, 2020),
        agency("c", 2020),
    ]
    answer = after(agencies, date(2021, 1, 1))
    assert answer == Split((agencies[2],))


def test_a_key_that_goes_on_in_the_next_row_is_the_same_agency() -> None:
    agencies = [agency("a", 2018, 2019), agency("a", 2020)]
    assert after(agencies, date(2020, 1, 1)) is agencies[1]


def test_a_key_that_is_used_again_later_is_another_agency() -> None:
    agencies = [agency("a", 2018, 2019, "b"), agency("b", 2020), agency("a", 2022)]
    assert keys(agencies, 2023) == "b"
    gap = [agency("a", 2018, 2019), agency("a", 2022)]
    assert keys(gap, 2023) is None


@given(
    st.lists(st.tuples(st.integers(0, 5), st.sets(st.integers(0, 5), max_size=3)), max_size=12),
    st.integers(2000, 2030),
)
def test_whatever_is_written_the_answer_is_in_force_that_day(
    rows: list[tuple[int, set[int]]], year: int
) -> None:
    """Rows follow one another in time, as checked files have them; nothing runs in circles."""
    agencies: list[Agency] = []
    ends: dict[str, int] = {}
    for number, successors in rows:
        key = f"k{number}"
        first = ends.get(key, 1999) + 1
        agencies.append(agency(key, first, first + 1, *(f"k{each}" for each in successors)))
        ends[key] = first + 1
    day = date(year, 1, 1)
    for each in agencies:
        answer = successor_on(Register(agencies), each, day)
        bodies = answer.bodies if isinstance(answer, Split) else (answer,)
        assert all(body is None or body.includes(day) for body in bodies)


# --- as a province file says it


def test_a_province_names_who_has_the_duties_now(tmp_path: Path) -> None:
    province = sample(tmp_path)
    office = province.agency("phong-yt", date(2023, 12, 31))
    answer = province.agency_after(office, date(2024, 1, 1))
    assert isinstance(answer, Agency)
    assert answer.key == "ubnd-b"


TO_UBND_B = 'successor = "ubnd-b", change = "merged"'


def row(key: str, first: str = "2024-01-01", more: str = "") -> str:
    return (
        f'  {{ key = "{key}", name = "Phòng {key}", unit = "huyen-b", valid_from = {first},'
        f" valid_to = 2025-06-30{more} }},\n"
    )


def with_rows(says: str, *rows: str) -> str:
    return SAMPLE.replace(TO_UBND_B, says).replace(
        "]\n\nrouting = [", f"{''.join(rows)}]\n\nrouting = ["
    )


@pytest.mark.parametrize(
    ("says", "rows"),
    [
        ('successor = "x", change = "renamed"', (row("x"),)),
        ('successor = "x", change = "merged"', (row("x"),)),
        ('successors = ["x", "y"], change = "split"', (row("x"), row("y", "2020-01-01"))),
        ('successors = ["phong-yt", "y"], change = "split"', (row("phong-yt"), row("y"))),
    ],
)
def test_a_change_that_can_be_is_read(tmp_path: Path, says: str, rows: tuple[str, ...]) -> None:

    province = load_province(written(tmp_path, with_rows(says, *rows)))
    succession = province.agency("phong-yt", date(2023, 1, 1)).succession
    assert succession is not None
    assert succession.citation == "Quyết định B"
    assert f'"{succession.change}"' in says


TWIN = ', successor = "x", change = "renamed", citation = "c"'


@pytest.mark.parametrize(
    ("says", "rows", "code", "place"),
    [
        (
            'successor = "x", change = "merged"',
            (row("x", "2024-01-02"),),
            "province.reference_not_in_force",
            "agency[4].successor",
        ),
        (
            'successors = ["x", "ubnd-b"], change = "split"',
            (row("x", "2024-02-01"),),
            "province.reference_not_in_force",
            "agency[4].successors",
        ),
        (
            'successor = "phong-yt", change = "merged"',
            (row("phong-yt"),),
            "reference.wrong_value",
            "agency[4].successor",
        ),
        (
            'successor = "x", change = "renamed"',
            (row("x", "2020-01-01"),),
            "reference.wrong_value",
            "agency[4].change",
        ),
        (
            'successor = "x", change = "renamed"',
            (
                row("x"),
                row("z", "2020-01-01", TWIN).replace("2025-06-30", "2023-12-31"),
            ),
            "reference.wrong_value",
            "agency[4].change",
        ),
    ],
)
def test_a_change_that_cannot_be_is_refused(
    tmp_path: Path, says: str, rows: tuple[str, ...], code: str, place: str
) -> None:
    error = refusal_of(tmp_path, with_rows(says, *rows))
    assert (error.code, error.facts["place"]) == (code, place)


def test_successors_in_a_circle_are_refused(tmp_path: Path) -> None:
    """A successor must be there the day after, so the first to end can't be the last's."""
    circle = row("x", "2020-01-01", ', successor = "phong-yt", change = "merged", citation = "c"')
    error = refusal_of(tmp_path, with_rows('successor = "x", change = "merged"', circle))
    assert error.code == "province.reference_not_in_force"
    assert error.facts["place"] == "agency[5].successor"
