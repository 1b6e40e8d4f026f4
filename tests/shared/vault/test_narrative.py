"""What counts as a text."""

import time
import unicodedata

import pytest

from shared.kernel.errors import BadInput
from shared.vault import TEXT_MAX_CHARACTERS, checked_text


def test_a_text_is_brought_into_nfc() -> None:
    composed = "Tổ dân phố số 5, phường Đội Cấn"

    assert checked_text(unicodedata.normalize("NFD", composed)) == composed


def test_every_line_ending_becomes_a_newline_and_tabs_stay() -> None:
    assert checked_text("một\r\nhai\rba\n\tbốn ") == "một\nhai\nba\n\tbốn "


@pytest.mark.parametrize("text", ["", " \n\t ", "\u00a0\u3000", "\u200b\ufeff"])
def test_a_text_in_which_nothing_can_be_seen_is_empty(text: str) -> None:
    with pytest.raises(BadInput, match=r"^vault\.text_empty$"):
        checked_text(text)


@pytest.mark.parametrize("text", ["a\0", "a\x1b[2J", "a\x7f", "a\x85", "a\ud800"])
def test_control_characters_and_lone_surrogates_are_not_text(text: str) -> None:
    with pytest.raises(BadInput, match=r"^vault\.text_not_text$"):
        checked_text(text)


def test_the_longest_text_is_counted_after_composing() -> None:
    longest = "ế" * TEXT_MAX_CHARACTERS

    assert checked_text(unicodedata.normalize("NFD", longest)) == longest
    with pytest.raises(BadInput) as caught:
        checked_text(longest + "a")
    assert str(caught.value) == "vault.text_too_long characters_max=20000"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a" + "\u0315\u0300" * 29_000, "vault.text_not_text"),
        ("a" * 10_000_000, "vault.text_too_long"),
    ],
)
def test_a_hostile_text_is_refused_at_once(text: str, code: str) -> None:
    started_s = time.monotonic()
    with pytest.raises(BadInput, match=code):
        checked_text(text)

    assert time.monotonic() - started_s < 1
