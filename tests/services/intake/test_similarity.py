"""How alike two texts are: laws that hold for any text, and what people can check."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.similarity import (
    PHRASE_SYLLABLES_MAX,
    PHRASES_MAX,
    SYLLABLES_MAX,
    features,
    likeness,
    permille,
    shared_phrases,
    syllables,
)
from services.intake.sketch import BANDS, SLOTS, bands, estimated_permille, key_id, sketch

KEY, OTHER_KEY = bytes(range(32)), bytes(range(1, 33))
FLOODED = (
    "Ngõ 12 phố Đội Cấn ngập úng mỗi khi mưa lớn, kính đề nghị phường nạo vét cống thoát nước."
)
WORDS = sorted(set(FLOODED.replace(",", "").replace(".", "").split()))

texts = st.lists(st.sampled_from([*WORDS, "rác", "thải", "đèn", "đường", "trường"])).map(" ".join)
any_text = texts | st.text(max_size=200)


def without_marks(text: str) -> str:
    letters = unicodedata.normalize("NFD", text).replace("đ", "d").replace("Đ", "D")
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def occurs(phrase: str, text: str) -> bool:
    return f" {' '.join(syllables(phrase))} " in f" {' '.join(syllables(text))} "


@given(any_text, any_text)
def test_the_number_is_the_same_either_way_round(one: str, other: str) -> None:
    assert permille(one, other) == permille(other, one)
    assert 0 <= permille(one, other) <= 1000


@given(texts)
def test_a_text_is_wholly_like_itself_if_it_tells_anything(text: str) -> None:
    assert permille(text, text) == (1000 if features(text) else 0)


@given(texts, texts)
def test_missing_marks_capitals_and_normal_forms_change_nothing(one: str, other: str) -> None:
    for written in (without_marks(other), other.upper(), unicodedata.normalize("NFD", other)):
        assert permille(one, written) == permille(one, other)
        assert sketch(written, KEY) == sketch(other, KEY)


@given(any_text, any_text)
def test_every_phrase_of_an_explanation_stands_in_both_texts(one: str, other: str) -> None:
    phrases = shared_phrases(one, other)
    assert len(phrases) <= PHRASES_MAX
    assert len(set(phrases)) == len(phrases)
    for phrase in phrases:
        assert occurs(phrase, one)
        assert occurs(phrase, other)
        assert 2 <= len(syllables(phrase)) <= PHRASE_SYLLABLES_MAX


@given(texts, texts)
def test_the_same_question_has_the_same_answer(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(one, other)
    assert sketch(one, KEY) == sketch(one, KEY)


@given(st.permutations(WORDS))
def test_words_in_another_order_stay_alike(words: list[str]) -> None:
    assert permille(" ".join(WORDS), " ".join(words)) >= 300


def test_a_phrase_is_shown_as_the_other_text_writes_it() -> None:
    found = shared_phrases("ngo 12 pho doi can ngap ung", FLOODED)
    assert found == ("Ngõ 12 phố Đội Cấn ngập úng",)


def test_function_words_alone_make_nothing_alike() -> None:
    assert likeness("Kính đề nghị", "Kính đề nghị").permille == 0
    assert shared_phrases("Kính đề nghị các ông", "Kính đề nghị các bà") == ()
    assert sketch("Kính đề nghị", KEY) is None
    assert sketch("…", KEY) is None


def test_of_an_endless_text_only_the_beginning_is_compared() -> None:
    assert len(syllables("rác " * 6_000)) == SYLLABLES_MAX
    assert likeness("rác " * 6_000, "rác " * 5_000).permille == 1000


def test_nothing_that_is_shown_in_a_log_line_tells_a_phrase() -> None:
    assert "Đội" not in repr(likeness(FLOODED, FLOODED))


# -- the sketch


@given(texts, texts)
def test_a_sketch_estimates_likeness(one: str, other: str) -> None:
    sketches = [sketch(text, KEY) for text in (one, other)]
    if (mine := sketches[0]) is not None and (theirs := sketches[1]) is not None:
        assert abs(estimated_permille(mine, theirs) - permille(one, other)) < 260


def test_like_texts_have_bands_in_common_and_unlike_ones_have_none() -> None:
    mine = sketch(FLOODED, KEY)
    same = sketch(without_marks(FLOODED), KEY)
    unlike = sketch("Học phí mầm non tăng mà cơ sở vật chất xuống cấp", KEY)
    assert mine is not None
    assert same is not None
    assert unlike is not None
    assert list(bands(mine)) == list(bands(same))
    assert not set(bands(mine)) & set(bands(unlike))
    assert len(mine) == SLOTS
    assert len(set(bands(mine))) == BANDS


def test_another_key_makes_another_sketch() -> None:
    assert sketch(FLOODED, KEY) != sketch(FLOODED, OTHER_KEY)
    assert key_id(KEY) != key_id(OTHER_KEY)


@pytest.mark.parametrize("text", [FLOODED, without_marks(FLOODED)])
def test_a_sketch_holds_no_letter_of_the_text(text: str) -> None:
    made = sketch(text, KEY)
    assert made is not None
    for word in text.split():
        assert word.encode() not in made
