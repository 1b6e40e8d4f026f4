import tomllib
import unicodedata
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from shared.contracts import vocabulary
from shared.kernel.errors import AppError, Refused, RegulationError
from shared.texts import Catalogue
from shared.texts.catalogue import CHOICES_LIMIT

ROOMS = Path(__file__).parents[3] / "shared"
OWN = (ROOMS / "calendar", ROOMS / "regulations", ROOMS / "provinces")


def room(directory: Path, vi: str, en: str) -> Path:
    directory.mkdir(exist_ok=True)
    (directory / "texts.vi.toml").write_text(vi, encoding="utf-8")
    (directory / "texts.en.toml").write_text(en, encoding="utf-8")
    return directory


def test_an_error_reads_in_both_languages_with_its_facts() -> None:
    error = Refused("province.agency_not_competent", agency="phong-yt", on=date(2025, 7, 1))
    said = Catalogue.load(*OWN).error(error)
    assert said == {
        "vi": "Cơ quan “phong-yt” không hoạt động vào ngày 01/07/2025.",
        "en": "The agency “phong-yt” is not active on 01/07/2025.",
    }


def test_a_code_without_a_text_gives_a_general_one_that_names_the_code() -> None:
    said = Catalogue.load().error(AppError("no.such_code", x=1))
    assert "no.such_code" in said["vi"]
    assert "no.such_code" in said["en"]


def test_a_missing_fact_leaves_a_visible_place() -> None:
    said = Catalogue.load(*OWN).error(Refused("province.unknown_unit", unit=None))
    assert said["vi"] == "Không có đơn vị “…” vào ngày …."


def test_an_error_never_fails_on_its_facts(tmp_path: Path) -> None:
    class Broken:
        def __str__(self) -> str:
            raise ValueError

    text = '[errors]\n"a.b" = "{x} {y}"'
    catalogue = Catalogue.load(room(tmp_path / "a", text, text))
    said = catalogue.error(Refused("a.b", x=Broken(), y="z" * 5000))
    assert said["vi"] == f"… {'z' * 200}"


def test_facts_are_written_as_readers_write_them(tmp_path: Path) -> None:
    text = '[t]\na = "{number:so} {year} {day} {at} {many} {{x}}"'
    catalogue = Catalogue.load(room(tmp_path / "a", text, text))
    facts: dict[str, Any] = {
        "number": 1448,
        "year": 2021,
        "day": date(2021, 1, 2),
        "at": datetime(2021, 1, 2, 17, 30, tzinfo=UTC),
        "many": ("a", date(2021, 1, 4)),
    }
    assert catalogue.text("t.a", **facts) == "1.448 2021 02/01/2021 03/01/2021 a, 04/01/2021 {x}"
    assert catalogue.text("t.a", "en", **facts).startswith("1,448 2021 ")


def test_a_place_with_a_vocabulary_says_the_word_for_a_value(tmp_path: Path) -> None:
    text = '[t]\none = "{level:level}"\nmany = "{levels:level}"'
    catalogue = Catalogue.load(room(tmp_path / "a", text, text))
    assert catalogue.text("t.one", level=vocabulary.Level.COMMUNE) == "cấp xã"
    assert catalogue.text("t.one", "en", level="commune") == "commune"
    assert catalogue.text("t.one", level="hamlet") == "hamlet"
    assert catalogue.text("t.one", level=None) == "…"


def test_words_to_choose_from_come_with_what_to_type(tmp_path: Path) -> None:
    text = '[t]\nmany = "{levels:level}"'
    catalogue = Catalogue.load(room(tmp_path / "a", text, text))
    levels = ("province", "hamlet", "commune")
    said = catalogue.text("t.many", levels=levels)
    assert said == "cấp tỉnh (province), hamlet, cấp xã (commune)"
    assert catalogue.text("t.many", "en", levels=levels) == "province, hamlet, commune"
    assert catalogue.text("t.many", levels=levels * 100).count(",") == CHOICES_LIMIT - 1


def test_a_vocabulary_that_is_not_there_is_refused(tmp_path: Path) -> None:
    text = 'a = "{x:colour}"'
    error = refusal_of(room(tmp_path / "a", text, text))
    assert error.code == "texts.bad_place"
    assert error.facts == {"file": "a/texts.vi.toml", "key": "a"}


def test_a_room_may_bring_words_of_its_own(tmp_path: Path) -> None:
    text = 'a = "{x:colour}"\n[words.colour]\nred = "đỏ"'
    assert Catalogue.load(room(tmp_path / "a", text, text)).text("a", x="red") == "đỏ"


def test_a_text_may_use_the_words_of_a_room_that_comes_later(tmp_path: Path) -> None:
    user = room(tmp_path / "a", 'a = "{x:colour}"', 'a = "{x:colour}"')
    words = room(tmp_path / "b", '[words.colour]\nred = "đỏ"', '[words.colour]\nred = "red"')
    for order in ((user, words), (words, user)):
        assert Catalogue.load(*order).text("a", x="red") == "đỏ"


def test_a_text_that_is_not_there_is_an_error() -> None:
    with pytest.raises(RegulationError, match="texts.unknown_key"):
        Catalogue.load().text("words.level.village")


@pytest.mark.parametrize("name", vocabulary.__all__)
def test_every_value_of_the_published_vocabularies_has_a_word(name: str) -> None:
    members = getattr(vocabulary, name)
    if not isinstance(members, type):
        return  # a choice among the members of another one
    assert issubclass(members, StrEnum)
    table = "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
    catalogue = Catalogue.load()
    for member in members:
        assert catalogue.word(table, member)
        assert catalogue.word(table, member, "en")


def test_a_directory_named_twice_counts_once() -> None:
    assert Catalogue.load(*OWN, *OWN, ROOMS / "texts").error_codes >= {"internal", "unknown"}


def refusal_of(*directories: Path) -> RegulationError:
    with pytest.raises(RegulationError) as refusal:
        Catalogue.load(*directories)
    return refusal.value


def test_one_key_in_two_rooms_is_refused(tmp_path: Path) -> None:
    text = '[errors]\n"a.b" = "x"'
    error = refusal_of(room(tmp_path / "a", text, text), room(tmp_path / "b", text, text))
    assert error.code == "texts.duplicate_key"
    assert error.facts == {"file": "b/texts.vi.toml", "key": "errors.a.b"}


def test_one_key_written_in_two_ways_is_refused(tmp_path: Path) -> None:
    text = '[errors]\n"a.b" = "x"\n[errors.a]\nb = "y"'
    assert refusal_of(room(tmp_path / "a", text, text)).code == "texts.duplicate_key"


@pytest.mark.parametrize(
    ("vi", "en", "file"),
    [
        ('a = "x"', "", "a/texts.en.toml"),
        ("", 'a = "x"', "a/texts.vi.toml"),
    ],
)
def test_a_text_in_one_language_only_is_refused(
    tmp_path: Path, vi: str, en: str, file: str
) -> None:
    error = refusal_of(room(tmp_path / "a", vi, en))
    assert error.code == "texts.missing_twin"
    assert error.facts == {"file": file, "key": "a"}


def test_twins_with_other_places_are_refused(tmp_path: Path) -> None:
    error = refusal_of(room(tmp_path / "a", 'a = "{x}"', 'a = "{y}"'))
    assert error.code == "texts.places_differ"


@pytest.mark.parametrize("text", ["{", "{}", "{0}", "{a.b}", "{a[0]}", "{a!r}", "{a:>9}"])
def test_a_malformed_place_is_refused(tmp_path: Path, text: str) -> None:
    error = refusal_of(room(tmp_path / "a", f'a = "{text}"', f'a = "{text}"'))
    assert error.code == "texts.bad_place"
    assert error.facts == {"file": "a/texts.vi.toml", "key": "a"}


def test_a_value_that_is_no_text_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    assert refusal_of(room(tmp_path / "a", "a = 1", "a = 1")).code == "reference.wrong_value"
    assert refusal_of(tmp_path / "none").code == "reference.unreadable"


def test_the_texts_of_these_rooms_are_composed_and_sorted_by_language() -> None:
    for directory in (*OWN, ROOMS / "texts"):
        for language in ("vi", "en"):
            content = (directory / f"texts.{language}.toml").read_text(encoding="utf-8")
            assert unicodedata.is_normalized("NFC", content)
            codes = list(tomllib.loads(content)["errors"])
            assert codes[2:] == sorted(codes[2:])
