"""What declared results are about, and that many of them are found as one by one."""

from hypothesis import given, settings
from hypothesis import strategies as st

from services.reporting.coverage import Coverage, Coverages
from shared.contracts.vocabulary import Level, SessionKind

PROVINCES = st.sampled_from(["ha-noi", "ha-nam"])
UNITS = st.sampled_from(["a", "b", "c"])
LEVELS = st.sampled_from([Level.DISTRICT, Level.COMMUNE])
KINDS = st.sampled_from([SessionKind.PERIODIC, SessionKind.AD_HOC])
COVERAGES = st.builds(
    Coverage,
    province=PROVINCES,
    units=st.none() | st.frozensets(UNITS, max_size=2),
    level=st.none() | LEVELS,
    session_kind=st.none() | KINDS,
)
CELLS = st.tuples(PROVINCES, st.none() | UNITS, LEVELS, st.none() | KINDS)
LAW = settings(max_examples=200, deadline=None, derandomize=True)


@LAW
@given(st.lists(COVERAGES, max_size=6), COVERAGES)
def test_several_overlap_another_when_one_of_them_does(
    several: list[Coverage], other: Coverage
) -> None:
    expected = any(each.overlaps(other) for each in several)
    assert Coverages(several).overlap(other) == expected


@LAW
@given(st.lists(COVERAGES, max_size=6), CELLS)
def test_several_are_about_a_cell_when_one_of_them_is(
    several: list[Coverage], cell: tuple[str, str | None, Level, SessionKind | None]
) -> None:
    assert Coverages(several).hold(*cell) == any(each.holds(*cell) for each in several)


@LAW
@given(COVERAGES, COVERAGES, CELLS)
def test_what_two_are_both_about_makes_them_overlap(
    one: Coverage, other: Coverage, cell: tuple[str, str | None, Level, SessionKind | None]
) -> None:
    if one.holds(*cell) and other.holds(*cell):
        assert one.overlaps(other)


@LAW
@given(COVERAGES, PROVINCES, UNITS, LEVELS)
def test_none_is_about_what_was_never_heard_at_a_session(
    one: Coverage, province: str, unit: str, level: Level
) -> None:
    assert not one.holds(province, unit, level, None)
