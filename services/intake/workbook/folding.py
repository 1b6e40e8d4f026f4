"""Comparing short Vietnamese words as people type them."""

import unicodedata

WORD_LIMIT_CHARACTERS = 200
"""Headings, names and words longer than this match nothing."""


def fold(text: str) -> str:
    """Return `text` in lower case, without diacritics and punctuation, single-spaced.

    "Loại ý kiến:", "LOẠI Ý KIẾN" (in any normal form) and "loai_y_kien" all become
    "loai y kien". Longer texts than any word become the empty string.
    """
    if len(text) > WORD_LIMIT_CHARACTERS:
        return ""
    letters = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    bare = "".join(c for c in letters if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in bare).split())
