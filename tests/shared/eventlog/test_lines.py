import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.eventlog.lines import base64_bytes, base64_text, hash_bytes, number
from tests.shared.eventlog.trees import patiently

LARGEST = 2**63 - 1


@patiently
@given(st.integers(0, LARGEST))
def test_a_number_is_read_as_it_is_written(value: int) -> None:
    assert number(str(value)) == value


@pytest.mark.parametrize(
    "text",
    [
        *("", "-1", "+1", "01", "00", "1 ", " 1", "1\n", "1_0", "1.0", "0x1", "1e3", "٣", "²"),
        *(str(LARGEST + 1), "9" * 19, "1" * 100_000),
    ],
)
def test_a_number_has_one_spelling_and_an_end(text: str) -> None:
    assert number(text) is None


@patiently
@given(st.binary(max_size=80))
def test_bytes_are_read_as_they_are_written(content: bytes) -> None:
    text = base64_text(content)
    assert text == base64.b64encode(content).decode()
    assert base64_bytes(text) == content
    assert hash_bytes(text) == (content if len(content) == 32 else None)


@pytest.mark.parametrize(
    "text",
    [
        "YQ",
        "YQ=",
        "YR==",
        "YWJ=",
        "YQ==\n",
        " YQ==",
        "Y Q==",
        "YQ==YQ==",
        "=",
        "YQ===",
        "Y-_=",
        "ế",
    ],
)
def test_bytes_have_one_spelling(text: str) -> None:
    assert base64_bytes(text) is None


@patiently
@given(st.text(max_size=50) | st.text("AQgw+/=\n ", max_size=50))
def test_whatever_is_read_was_spelt_as_we_would(text: str) -> None:
    content = base64_bytes(text)
    assert content is None or base64_text(content) == text
    value = number(text)
    assert value is None or str(value) == text
