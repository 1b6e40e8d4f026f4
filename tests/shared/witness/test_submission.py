"""What a witness is asked: one spelling, and nothing else gets through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.eventlog.lines import base64_text
from shared.kernel.errors import AppError, BadInput, TooLarge
from shared.witness.submission import HASHES_MAX, SUBMISSION_MAX_BYTES, Submission
from tests.shared.eventlog.trees import patiently
from tests.shared.witness.witnessed import submission

HASH = base64_text(bytes(32))


def read(content: bytes) -> Submission | None:
    """Return what is read; None when it is refused in the parser's own words."""
    try:
        return Submission.parse(content)
    except AppError as refused:
        if isinstance(refused, BadInput | TooLarge) and refused.code.startswith("witness."):
            return None
        raise


def test_it_is_written_as_the_protocol_says() -> None:
    asked = Submission(old=20, proof=(bytes(32),), note=b"text\n\nsignature\n")
    assert asked.encode() == f"old 20\n{HASH}\n\ntext\n\nsignature\n".encode()
    assert Submission.parse(asked.encode()) == asked


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"old 0\n",
        b"old 0\n\n",
        b"old 00\n\nnote",
        b"old -1\n\nnote",
        b"old 9223372036854775808\n\nnote",
        b"new 0\n\nnote",
        f"old 0\n{HASH} \n\nnote".encode(),
        f"old 0\n{HASH[:-2]}==\n\nnote".encode(),
        b"old 1\nAAAA\n\nnote",
        f"old 1\r\n{HASH}\r\n\r\nnote".encode(),
        ("old 1\n" + f"{HASH}\n" * (HASHES_MAX + 1) + "\nnote").encode(),
        "old ٣\n\nnote".encode(),
    ],
)
def test_what_is_spelt_otherwise_is_refused(content: bytes) -> None:
    with pytest.raises(BadInput, match="witness.submission_malformed"):
        Submission.parse(content)


def test_what_is_too_long_is_refused() -> None:
    with pytest.raises(TooLarge, match="witness.submission_too_large"):
        Submission.parse(bytes(SUBMISSION_MAX_BYTES + 1))


@patiently
@given(st.binary(max_size=400) | st.text(alphabet="old 0123456789\nA=+/", max_size=200))
def test_any_bytes_are_read_or_refused_and_what_is_read_is_written_the_same(
    content: bytes | str,
) -> None:
    given_bytes = content if isinstance(content, bytes) else content.encode()
    found = read(given_bytes)
    assert found is None or found.encode() == given_bytes


@patiently
@given(st.integers(min_value=0), st.binary(min_size=1, max_size=3))
def test_a_submission_that_is_damaged_is_read_as_it_is_or_refused(at: int, new: bytes) -> None:
    whole = submission(9, 20).encode()
    place = at % len(whole)
    damaged = whole[:place] + new + whole[place + 1 :]
    found = read(damaged)
    assert found is None or found.encode() == damaged
