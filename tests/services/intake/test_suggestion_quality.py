"""Floors under precision and recall on the generated set; the README has the figures."""

import pytest

from services.intake.suggesting import SUGGESTIONS_MAX, chosen
from tests.benchmarks.duplicates import Retelling
from tests.benchmarks.suggestions import Quality, quality

RECALL_MIN = {
    Retelling.MISSING_TONES: 0.99,
    Retelling.WORD_ORDER: 0.99,
    Retelling.TYPOS: 0.90,
    Retelling.PARAPHRASE: 0.85,
}


@pytest.fixture(scope="module")
def found() -> Quality:
    return quality(opinions=2_000, retold=200, fresh=300)


@pytest.mark.parametrize("how", Retelling)
def test_an_opinion_told_again_is_found(found: Quality, how: Retelling) -> None:
    assert found.recall_of[how] >= RECALL_MIN[how]


def test_what_is_suggested_is_mostly_right(found: Quality) -> None:
    assert found.precision >= 0.92


def test_the_same_seed_has_the_same_figures() -> None:
    once, again = (quality(opinions=200, retold=20, fresh=20) for _ in range(2))
    assert once == again


def test_what_is_much_less_like_than_the_likest_is_left_out() -> None:
    assert chosen([(450, True), (1_000, False), (720, True), (560, False)]) == [1, 2]


def test_another_unit_needs_more() -> None:
    assert chosen([(549, False), (400, True), (399, True)]) == [1]


def test_there_are_never_more_than_a_person_looks_at() -> None:
    assert chosen([(600, True)] * 9) == list(range(SUGGESTIONS_MAX))
