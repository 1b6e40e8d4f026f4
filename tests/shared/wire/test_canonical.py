import enum
import json
import unicodedata
from datetime import date
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.errors import ContractError
from shared.wire import canonical
from shared.wire.canonical import INTEGER_MAX

NAMES = st.text(st.characters(codec="ascii"), max_size=8)
TEXTS = st.text(st.characters(codec="utf-8")).map(lambda text: unicodedata.normalize("NFC", text))
LEAVES = st.none() | st.booleans() | st.integers(-INTEGER_MAX, INTEGER_MAX) | TEXTS
DOCUMENTS = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=20,
)

SECRET = "Nguyễn Văn A"


@given(DOCUMENTS)
def test_the_bytes_are_those_of_rfc_8785(document: Any) -> None:
    assert canonical(document) == rfc8785.dumps(document)


@given(DOCUMENTS)
def test_the_bytes_say_what_was_given_and_are_stable(document: Any) -> None:
    read = json.loads(canonical(document))
    assert read == document
    assert canonical(read) == canonical(document)


def test_names_are_sorted_and_nothing_is_padded() -> None:
    assert canonical({"b": [1, True, None], "a": "Ba Đình"}) == (
        '{"a":"Ba Đình","b":[1,true,null]}'.encode()
    )


def test_only_what_must_be_escaped_is_escaped() -> None:
    text = '"\\/\b\f\n\r\t\x00\x1f\x7f\u2028€𝄞'
    assert canonical(text) == rfc8785.dumps(text)


def test_tuples_and_enumerations_are_written_as_lists_and_texts() -> None:
    class Colour(enum.StrEnum):
        RED = "red"

    assert canonical((Colour.RED, 1)) == b'["red",1]'


@pytest.mark.parametrize("integer", [INTEGER_MAX, -INTEGER_MAX])
def test_the_largest_integers_that_every_reader_takes_exactly_are_allowed(integer: int) -> None:
    assert canonical(integer) == str(integer).encode()


def nested(depth: int) -> Any:
    """Return lists within lists."""
    document: Any = []
    for _ in range(depth):
        document = [document]
    return document


REFUSED = {
    "float": (1.5, "float"),
    "whole float": ({"n": 1.0}, "float"),
    "not a number": ([float("nan")], "float"),
    "integer": ({"n": INTEGER_MAX + 1}, "integer too large"),
    "negative integer": ({"n": -INTEGER_MAX - 1}, "integer too large"),
    "decomposed": ({"n": [unicodedata.normalize("NFD", SECRET)]}, "text is not NFC"),
    "surrogate": ({"n": f"{SECRET} \ud800"}, "unpaired surrogate"),
    "name": ({SECRET: 1}, "name is not ASCII"),
    "numbered name": ({1: SECRET}, "name is not ASCII"),
    "bytes": (SECRET.encode(), "bytes"),
    "date": (date(2021, 3, 1), "date"),
    "set": ({SECRET}, "set"),
    "depth": (nested(100_000), "nested too deeply"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_has_no_canonical_form_is_refused_without_being_quoted(case: str) -> None:
    document, offence = REFUSED[case]
    with pytest.raises(ContractError, match="contract.not_canonical") as caught:
        canonical(document)
    assert caught.value.facts == {"offence": offence}
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
