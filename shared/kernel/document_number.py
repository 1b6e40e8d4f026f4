"""Numbers of official documents, as in `12/TB-UBND`: they name an office, never a person."""

import re

DOCUMENT_NUMBER_MAX_CHARACTERS = 40
_SHAPE = re.compile(r"[0-9]{1,6}[a-zđ]?(?:[/.&-](?:[0-9]{1,4}|[^\W\d_]{1,10}[0-9]{0,3}))*")
_SMALL_LETTERS_MAX = 2
"""Signs stand in capitals, with at most so many small letters: `QĐ-TTg`, `CTr`."""
_ALL_SMALL_MAX = 4
"""Letters of a sign that was typed in small ones throughout: `tb-ubnd`."""


def is_document_number(text: str) -> bool:
    """Return whether `text` (NFC, without blanks) can be the number of a document.

    A running number of up to six digits, then signs of offices in capitals, a year or a
    figure, parted by / . & or -; at most 40 characters. So neither a name as people write
    it nor a telephone or identity number fits. Words in capitals can't be told from signs.

    Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, Phần I, Mục II, khoản 3 (số, ký hiệu).
    """
    return (
        len(text) <= DOCUMENT_NUMBER_MAX_CHARACTERS
        and _SHAPE.fullmatch(text) is not None
        and not any(_is_written_small(part) for part in re.split(r"[/.&-]", text))
    )


def _is_written_small(part: str) -> bool:
    small = sum(letter.islower() for letter in part)
    most = _ALL_SMALL_MAX if part == part.lower() else _SMALL_LETTERS_MAX
    return small > most
