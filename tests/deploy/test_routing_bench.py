"""A changed routing table on what was referred: what moves, and nothing else."""

from dataclasses import replace
from datetime import date

import pytest

from deploy.routing_bench import TRIAGE, UNKNOWN, replay
from shared.contracts.vocabulary import Level, OpinionKind
from shared.provinces import Province, load_provinces
from shared.provinces.routing import RoutingRow
from tests.services.assignment.matters import referral
from tests.services.opened import PROVINCES


@pytest.fixture(scope="module")
def province() -> Province:
    return load_provinces(PROVINCES)["ha-noi"]


def with_row(province: Province, **said: object) -> Province:
    row = RoutingRow(
        **{
            "number": 99,
            "fields": frozenset({"urban_order"}),
            "levels": None,
            "priority": 900,
            "citation": "Dự thảo",
            "valid_from": date(2017, 1, 1),
            "valid_to": None,
            **said,
        }  # type: ignore[arg-type]
    )
    return replace(province, routing=(*province.routing, row))


def test_the_same_table_moves_nothing(province: Province) -> None:
    bench = replay([referral("o-1"), referral("o-2", agency="ubnd-ha-noi")], province, province)
    assert (len(bench.replayed), bench.by_hand, bench.moved) == (1, 1, [])


def test_a_row_for_a_field_moves_that_field_alone_and_cites_itself(province: Province) -> None:
    changed = with_row(province, agency="tnmt-ba-dinh")
    bench = replay([referral("o-1"), referral("o-2", field="education")], province, changed)
    (moved,) = bench.moved
    assert (moved.before, moved.after) == ("ubnd-ba-dinh", "tnmt-ba-dinh")
    assert moved.citation is not None
    assert moved.citation.endswith("routing[99]: Dự thảo")


@pytest.mark.parametrize(
    ("said", "moves"),
    [
        ({"units": frozenset({"ba-dinh"})}, True),
        ({"units": frozenset({"ha-noi"})}, True),
        ({"units": frozenset({"phuong-elsewhere"})}, False),
        ({"kinds": frozenset({OpinionKind.RECOMMENDATION})}, True),
        ({"kinds": frozenset({OpinionKind.PROPOSAL})}, False),
        ({"levels": frozenset({Level.COMMUNE})}, False),
        ({"valid_to": date(2019, 5, 19)}, False),
    ],
)
def test_a_row_applies_by_territory_kind_level_and_day(
    province: Province, said: dict[str, object], *, moves: bool
) -> None:
    changed = with_row(province, agency="tnmt-ba-dinh", **said)
    assert bool(replay([referral("o-1")], province, changed).moved) is moves


def test_what_is_left_to_a_person_or_contradicts_itself_goes_to_triage(
    province: Province,
) -> None:
    left = with_row(province, is_for_triage=True)
    two = with_row(with_row(province, agency="tnmt-ba-dinh"), agency="ubnd-ha-noi")
    for changed in (left, two):
        (moved,) = replay([referral("o-1")], province, changed).moved
        assert moved.after == TRIAGE


def test_a_field_that_is_not_known_has_no_way(province: Province) -> None:
    (each,) = replay([referral("o-1", field="astrology")], province, province).replayed
    assert (each.before, each.after) == (UNKNOWN, UNKNOWN)
