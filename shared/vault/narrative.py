"""The form that every text has before it is sealed: what is compared, hashed, counted."""

import unicodedata

from shared.kernel.errors import BadInput

TEXT_MAX_CHARACTERS = 20_000
"""Longest text, in code points after NFC, inclusive."""

_COMPOSING_MAX = 3
"""Most code points that NFC joins into one (a letter, its shape mark, its tone mark)."""

_MARKS_IN_A_ROW_MAX = 30
"""As the Stream-Safe Text Format (UAX #15); sorting longer runs takes quadratic time."""


def checked_text(text: str) -> str:
    r"""Return `text` in NFC, every line ending as `\n`.

    Raises:
        BadInput: `vault.text_empty` where nothing in it can be seen;
            `vault.text_too_long` beyond `TEXT_MAX_CHARACTERS`;
            `vault.text_not_text` for a control character other than newline and tab, an
            unpaired surrogate, or a run of marks that no writing has.

    """
    if len(text) > TEXT_MAX_CHARACTERS * _COMPOSING_MAX:
        raise BadInput("vault.text_too_long", characters_max=TEXT_MAX_CHARACTERS)
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    if any(_is_not_text(character) for character in lines) or _has_endless_marks(lines):
        raise BadInput("vault.text_not_text")
    composed = unicodedata.normalize("NFC", lines)
    if len(composed) > TEXT_MAX_CHARACTERS:
        raise BadInput("vault.text_too_long", characters_max=TEXT_MAX_CHARACTERS)
    if not any(character.isprintable() and not character.isspace() for character in composed):
        raise BadInput("vault.text_empty")
    return composed


def _is_not_text(character: str) -> bool:
    return character not in "\n\t" and unicodedata.category(character) in {"Cc", "Cs"}


def _has_endless_marks(text: str) -> bool:
    marks_in_a_row = 0
    for character in text:
        marks_in_a_row = marks_in_a_row + 1 if unicodedata.combining(character) else 0
        if marks_in_a_row > _MARKS_IN_A_ROW_MAX:
            return True
    return False
