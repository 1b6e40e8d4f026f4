"""Vietnamese names compared as people type them: case, blanks, NFD, tone placement, "P."."""

import re
import unicodedata

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")

_TYPES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("thành phố", ("tp", "t p")),
    ("tỉnh", ("t",)),
    ("quận", ("q",)),
    ("huyện", ("h",)),
    ("thị xã", ("tx", "t x")),
    ("thị trấn", ("tt", "t t")),
    ("phường", ("p", "f")),
    ("xã", ("x",)),
    ("đặc khu", ("đk", "dk")),
)


def folded(name: str) -> str:
    """Return `name` so that two spellings of it are equal: for comparing, not for showing.

    Case, blanks, punctuation, composition (NFC, NFD) and the place of the tone mark
    (`hoà`, `hòa`) make no difference; vowels and tones do.
    """
    plain = unicodedata.normalize("NFC", name).casefold()
    visible = "".join(" " if unicodedata.category(c)[0] in "ZPS" else c for c in plain)
    words = re.split(r"\s+", "".join(c for c in visible if unicodedata.category(c) != "Cf"))
    return " ".join(_tone_last(word) for word in words if word)


def plain(name: str) -> str:
    """Return `name` so that it is equal to itself typed without any diacritic: `giang vo`.

    Of two names that differ in diacritics only, it tells nothing.
    """
    composed = unicodedata.normalize("NFC", name).casefold()
    letters = composed.translate(_LETTERS)
    return " ".join("".join(c if c.isalnum() else " " for c in letters).split())


def full_names(name: str) -> tuple[str, ...]:
    """Return the folded spellings that say name and type: as given, and "P." for "phường"."""
    given = folded(name)
    spelt_out = (
        f"{full} {given.removeprefix(f'{abbreviation} ')}"
        for full, abbreviations in _FOLDED_TYPES
        for abbreviation in abbreviations
        if given.startswith(f"{abbreviation} ")
    )
    return (given, *spelt_out)


def bare_name(name: str) -> str:
    """Return the folded name without its type: `thành công` of "phường Thành Công"."""
    given = folded(name)
    for full, _ in _FOLDED_TYPES:
        if given.startswith(f"{full} "):
            return given.removeprefix(f"{full} ")
    return given


def _tone_last(word: str) -> str:
    letters = unicodedata.normalize("NFD", word)
    tones = "".join(c for c in letters if c in _TONES)
    rest = "".join(c for c in letters if c not in _TONES)
    return unicodedata.normalize("NFC", rest) + tones


def _bare_letter(letter: str) -> str:
    first = unicodedata.normalize("NFD", letter)[0]
    return "d" if first == "đ" else first


_LETTERS = {
    code: _bare_letter(chr(code))
    for block in (range(0xC0, 0x250), range(0x1E00, 0x1F00))
    for code in block
} | {code: None for block in (range(0x300, 0x370), range(0x200B, 0x2010)) for code in block}
"""Vietnamese letters without their marks; marks that stand alone and invisible signs go."""

_FOLDED_TYPES = tuple(
    (folded(full), tuple(folded(short) for short in abbreviations))
    for full, abbreviations in _TYPES
)
