"""Every error that a person may meet can be read, in Vietnamese and in English."""

import re
from collections import Counter
from string import Formatter

from tests.architecture.error_texts import catalogues, literals, places, raised_errors
from tests.architecture.tree import ROOT

CODE = re.compile(r"[a-z_]+(?:\.[a-z_]+)+(?<!\.toml)(?<!\.json)(?<!\.db)(?<!\.md)")
VIETNAMESE, ENGLISH = catalogues("vi"), catalogues("en")
VALUES = {"state", "role", "action", "level", "kind", "outcome", "triggers", "measure"}
"""Names of facts that are values of a vocabulary: identifiers, which no sentence shows."""
KNOWN = {
    key.removeprefix("errors."): text
    for catalogue in VIETNAMESE.values()
    for key, text in catalogue.items()
    if key.startswith("errors.")
}


def test_every_error_raised_is_explained() -> None:
    raised = raised_errors()
    assert len(raised) > 20
    assert sorted({error.code for error in raised if error.code} - set(KNOWN)) == []


def test_a_code_that_is_kept_to_be_raised_elsewhere_is_explained_too() -> None:
    owners = {error.code.split(".")[0] for error in raised_errors() if error.code}
    other_texts = {key for catalogue in VIETNAMESE.values() for key in catalogue}
    codes = {text for text in literals() if CODE.fullmatch(text) and text.split(".")[0] in owners}
    assert sorted(codes - set(KNOWN) - other_texts) == []


def test_every_explanation_belongs_to_a_code() -> None:
    assert sorted(set(KNOWN) - literals()) == []


def test_an_error_gives_every_fact_that_its_text_has_a_place_for() -> None:
    missing = [
        (error.place, error.code, sorted(places(KNOWN[error.code]) - error.facts))
        for error in raised_errors()
        if error.code in KNOWN and error.facts is not None
    ]
    assert [row for row in missing if row[2]] == []


def test_both_languages_say_the_same_things_about_the_same_facts() -> None:
    assert {folder.relative_to(ROOT) for folder in VIETNAMESE} == {
        folder.relative_to(ROOT) for folder in ENGLISH
    }
    for folder, vietnamese in VIETNAMESE.items():
        english = ENGLISH[folder]
        assert set(vietnamese) == set(english), folder
        for key, text in vietnamese.items():
            assert places(text) == places(english[key]), f"{folder}: {key}"


def test_a_place_for_a_value_of_a_vocabulary_says_its_word() -> None:
    bare = [
        (str(folder), key, name)
        for catalogue_of in (VIETNAMESE, ENGLISH)
        for folder, catalogue in catalogue_of.items()
        for key, text in catalogue.items()
        for _, name, spec, _ in Formatter().parse(text)
        if name in VALUES and not spec
    ]
    assert bare == []


def test_a_text_is_said_once() -> None:
    counted = Counter(key for catalogue in VIETNAMESE.values() for key in catalogue)
    assert [key for key, times in counted.items() if times > 1] == []


def test_no_text_is_empty_or_left_in_the_other_language() -> None:
    for folder, vietnamese in VIETNAMESE.items():
        for key, text in vietnamese.items():
            assert text.strip(), f"{folder}: {key}"
            assert ENGLISH[folder][key].strip(), f"{folder}: {key}"
            if key.startswith("errors."):
                assert not text.isascii(), f"{folder}: {key} has no Vietnamese letter"
