import unicodedata

import pytest

from shared.territory import Match, Scheme, UnitKind, find, plain

OLD, NEW = Scheme.UNTIL_2025_06, Scheme.FROM_2025_07
GIANG_VO_OLD, GIANG_VO = "2025-01/commune/00031", "2025-07/commune/00025"


def found(text: str, **options: object) -> list[str]:
    return [str(hit.unit.official) for hit in find(text, **options).hits]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "Giảng Võ",
        "giảng võ",
        "GIANG VO",
        "phường Giảng Võ",
        "phuong Giang Vo",
        "P. Giảng Võ",
        "p.giang vo",
        "  Giảng\u00a0Võ ",
        unicodedata.normalize("NFD", "phường Giảng Võ"),
        "Giảng Võ, Hà Nội",
        "giang vo, tp ha noi",
    ],
)
def test_a_name_is_found_however_it_is_typed_today_before_yesterday(text: str) -> None:
    assert found(text) == [GIANG_VO, GIANG_VO_OLD]
    assert found(text, scheme=OLD) == [GIANG_VO_OLD]


@pytest.mark.parametrize("place", ["Ba Đình", "q. ba dinh", "quận Ba Đình, Hà Nội", "Ba Đình,,"])
def test_what_stands_after_a_comma_is_what_it_lies_in(place: str) -> None:
    assert found(f"Giảng Võ, {place}") == [GIANG_VO_OLD]


def test_every_place_after_a_comma_must_fit() -> None:
    assert found("Giảng Võ, Ba Đình, Hải Phòng") == []
    assert found("Giảng Võ, huyện Ba Đình") == []


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("q. ba dinh", "2025-01/district/001"),
        ("TP Hà Tĩnh", "2025-01/district/436"),
        ("tp.ha tinh", "2025-01/district/436"),
        ("tinh Ha Tinh", "2025-07/province/42"),
        ("T. Hà Nam", "2025-01/province/35"),
        ("đặc khu Côn Đảo", "2025-07/commune/26732"),
        ("TX Sơn Tây", "2025-01/district/269"),
        ("tt. tay dang", "2025-01/commune/09619"),
        ("H. Cu M’gar", "2025-01/district/648"),
    ],
)
def test_the_kind_word_may_be_short(text: str, unit: str) -> None:
    assert found(text)[0] == unit


def test_a_kind_word_rules_out_other_kinds() -> None:
    kinds = {hit.unit.kind for hit in find("phường Hòa Bình").hits}
    assert kinds == {UnitKind.WARD}


def test_diacritics_that_were_typed_rank_and_none_rule_out() -> None:
    typed = find("Hòa An", limit=100)
    matches = [hit.match for hit in typed.hits if hit.match.is_whole]
    assert matches == sorted(matches)
    assert {Match.NAME, Match.PLAIN_NAME} == set(matches)
    assert {hit.unit.name for hit in typed.hits if hit.match is Match.NAME} == {"Hòa An"}
    bare = find("hoa an", limit=100)
    assert {hit.unit for hit in bare.hits} == {hit.unit for hit in typed.hits}


def test_tone_marks_may_stand_on_either_vowel() -> None:
    assert found("xã Hoà Bình") == found("xã Hòa Bình")


def test_a_whole_name_comes_before_a_beginning_and_that_before_words_within() -> None:
    hits = find("Hòa", limit=100).hits
    assert [hit.match for hit in hits] == sorted(hit.match for hit in hits)
    assert {hit.match for hit in find("Đình", scheme=NEW, limit=100).hits} >= {Match.WORDS}
    assert found("giang v") == []


def test_only_whole_names_can_be_asked_for() -> None:
    assert {hit.match.is_whole for hit in find("Hà Nội", is_whole=True).hits} == {True}
    assert found("Hà", is_whole=True) == []


def test_a_search_is_bounded_and_says_what_it_left_off() -> None:
    few = find("hoa binh", limit=2)
    everything = find("hoa binh", limit=1_000)
    assert few.hits == everything.hits[:2]
    assert few.left_off == len(everything.hits) - 2 > 0
    assert everything.left_off == 0


@pytest.mark.parametrize("text", ["", " ", ",", ", Hà Nội", ".", "x" * 10_000, "\u0301"])
def test_what_names_nothing_finds_nothing(text: str) -> None:
    assert find(text) == ((), 0)


def test_plain_names_hold_letters_and_digits_only() -> None:
    assert plain("Đắk  R'Măng") == "dak r mang"
    assert plain("Ea H’Leo") == plain("Ea H'Leo")
    assert plain("Phường 1") == "phuong 1"


@pytest.mark.parametrize("text", ["phường 1", "p 1", "P.1", "f 1"])
def test_a_number_can_be_a_name(text: str) -> None:
    hits = find(text, scheme=OLD).hits
    assert {(hit.unit.kind, hit.unit.name) for hit in hits[:5]} == {(UnitKind.WARD, "1")}
