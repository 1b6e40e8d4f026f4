"""JSON that every reader takes alike, and nothing else."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.errors import BadInput
from shared.web.reading import NUMBER_MAX, is_text, strict_json

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-NUMBER_MAX, NUMBER_MAX) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
)


@given(VALUES)
def test_what_is_unambiguous_is_read_as_it_is(value: Any) -> None:
    assert strict_json(json.dumps(value).encode()) == value
    assert strict_json(json.dumps(value, ensure_ascii=False).encode()) == value


@given(st.binary(max_size=40))
def test_whatever_comes_is_a_value_or_the_senders_fault(body: bytes) -> None:
    with suppress(BadInput):
        strict_json(body)


@pytest.mark.parametrize(
    "body",
    [
        b'{"voices":1,"voices":2}',
        b'{"a":{"b":1,"b":1}}',
        b'{"a":1,"\\u0061":2}',
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b'{"a":1e400}',
        b'{"a":9007199254740992}',
        b'{"a":-9007199254740992}',
        b'{"a":9007199254740993.0}',
        b'{"a":%s}' % (b"9" * 5_000),
        b'{"a":"x\\u0000"}',
        b'{"a\\u0000":1}',
        b'{"a":[["\\ud800"]]}',
        b'{"a":[{"b":["\\udfff"]}]}',
    ],
)
def test_what_readers_could_take_differently_is_refused(body: bytes) -> None:
    with pytest.raises(BadInput) as caught:
        strict_json(body)
    assert caught.value.code == "request.json_ambiguous"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{} {}",
        b"{'a':1}",
        b'{"a":"\xff"}',
        b'{"a":"\x00"}',
        b"\xef\xbb\xbf{}",
        '{"a":1}'.encode("utf-16"),
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
)
def test_what_is_no_json_is_unreadable(body: bytes) -> None:
    with pytest.raises(BadInput) as caught:
        strict_json(body)
    assert caught.value.code == "request.unreadable"


@pytest.mark.parametrize(
    ("written", "expected"),
    [(b"", True), ("Đối thoại".encode(), True), (b"a\0", False), (b"\xff", False)],
)
def test_text_is_utf_8_without_nul(written: bytes, expected: bool) -> None:  # noqa: FBT001
    assert is_text(written) is expected
