"""Rows of a routing table by territory, kind of opinion, and for a person to decide."""

from datetime import date
from pathlib import Path

import pytest

from shared.contracts.vocabulary import Level, OpinionKind, TriageReason
from shared.provinces import Routing, Unrouted, load_province
from tests.shared.provinces.samples import SAMPLE, refusal_of, written

ON = date(2021, 3, 4)
ROW = (
    'levels = ["*"], priority = 900, citation = "r0", valid_from = 2020-01-01, '
    "valid_to = 2025-06-30"
)


def with_row(said: str) -> str:
    return SAMPLE.replace("routing = [", f'routing = [\n  {{ fields = ["*"], {ROW}, {said} }},')


@pytest.mark.parametrize(
    ("said", "applies"),
    [
        ('units = ["huyen-b"]', True),
        ('units = ["xa-c"]', True),
        ('units = ["phuong-c"]', False),
        ('kinds = ["reflection"]', True),
        ('kinds = ["proposal"]', False),
    ],
)
def test_a_row_is_about_units_with_all_in_them_and_kinds(
    tmp_path: Path, said: str, *, applies: bool
) -> None:
    province = load_province(written(tmp_path, with_row(f'{said}, agency = "ubnd-a"')))
    kind = OpinionKind.REFLECTION
    routing = province.route("culture", Level.DISTRICT, ON, "xa-c", opinion_kind=kind)
    assert isinstance(routing, Routing)
    assert routing.citation.endswith("r0") is applies


def test_a_row_may_leave_the_matter_to_a_person(tmp_path: Path) -> None:
    province = load_province(written(tmp_path, with_row("triage = true")))
    routing = province.route("culture", Level.DISTRICT, ON, "xa-c")
    assert routing == Unrouted(reason=TriageReason.UNMATCHED, candidates=())


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ('agency = "ubnd-a", triage = true', "routing[1].agency"),
        ('agency = "ubnd-a", kinds = ["opera"]', "routing[1].kinds"),
        ('agency = "ubnd-a", units = ["xa-z"]', "routing[1].units"),
    ],
)
def test_a_row_that_says_what_is_not_there_is_refused(
    tmp_path: Path, said: str, place: str
) -> None:
    assert refusal_of(tmp_path, with_row(said)).facts["place"] == place
