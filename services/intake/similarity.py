"""How alike two opinions are, and by what words. Pure.

Syllables are compared without case, tone and diacritics, whatever the normal form, so that
"ngập úng", "NGẬP ÚNG" and "ngap ung" are the same. What is compared are the syllables that
carry a meaning and the pairs of neighbours among them, in either order: a moved clause, a
typing mistake or a function word more changes little.
"""

import re
import unicodedata
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import pairwise

from shared.territory.names import plain

ALGORITHM = "syllables-1"
"""Names measure and stop list. It stands beside a similarity for ever; a change is a new name."""

SYLLABLES_MAX = 2_000
"""Syllables of a text that are compared, from its beginning."""
PHRASE_SYLLABLES_MIN, PHRASE_SYLLABLES_MAX = 2, 12
PHRASES_MAX = 5
NUMBER_WEIGHT = 3

_WORD = re.compile(r"[^\W_]+")

FUNCTION_SYLLABLES = frozenset(
    """
    ai anh ba bi boi cac cach cai can cang cap chi cho chung chua co con cua cung da dang de den deu
    di do duoc duy em gi gui hai hay hien hoac hon kha khi khong kien kinh la lai lam len luc luon
    mac ma moi mong mot muon na nao nay nen neu ngay nghi nguoi nham nhat nhieu nhu nhung noi o oi
    phai qua quan ra rang rat roi sao sau se som tai tam the thi theo thuong to toi tren trong truoc
    tu tung uy va van vao vay ve vi viec voi vua xin y yeu
    """.split()  # noqa: SIM905 - a list to be read
)
"""Folded syllables that any opinion may hold ("đề nghị", "kính mong", "của", "không")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How alike two texts are, and why."""

    permille: int
    """0 to 1,000: of all that either says, how much both say."""
    phrases: tuple[str, ...] = field(repr=False)
    """What both hold, longest first, in the words of the second text."""


def likeness(one: str, other: str) -> Likeness:
    """Return how alike the texts are; the number is the same either way round."""
    return Likeness(permille=permille(one, other), phrases=shared_phrases(one, other))


def permille(one: str, other: str) -> int:
    """Return the features that both have, in thousandths of those that either has."""
    mine, theirs = features(one), features(other)
    in_either = len(mine | theirs)
    return 1000 * len(mine & theirs) // in_either if in_either else 0


def features(text: str) -> AbstractSet[str]:
    """Return what a text is compared by: its telling syllables, and neighbours among them.

    What holds a digit counts `NUMBER_WEIGHT` times: numbers tell one alley from another.
    """
    telling = [each for each in syllables(text) if each not in FUNCTION_SYLLABLES]
    plain_features = {*telling, *(" ".join(sorted(pair)) for pair in pairwise(telling))}
    numbered = (each for each in plain_features if any(map(str.isdigit, each)))
    again = (f"{each}#{number}" for each in numbered for number in range(1, NUMBER_WEIGHT))
    return plain_features.union(again)


def syllables(text: str) -> list[str]:
    """Return the folded syllables of a text in their order, at most `SYLLABLES_MAX`."""
    return [folded for folded, _ in _words(text)]


def shared_phrases(one: str, other: str) -> tuple[str, ...]:
    """Return runs of syllables that both texts hold, as `other` writes them.

    Longest first, then in the order of `other`; each tells something and stands in no
    other. Of at most `PHRASE_SYLLABLES_MAX` syllables each, at most `PHRASES_MAX`.
    """
    mine, words = syllables(one), _words(other)
    theirs = [folded for folded, _ in words]
    runs = {
        tuple(mine[start : start + length])
        for length in range(PHRASE_SYLLABLES_MIN, PHRASE_SYLLABLES_MAX + 1)
        for start in range(len(mine) - length + 1)
    }
    found: dict[tuple[str, ...], str] = {}
    start = 0
    while start < len(theirs):
        length, longest = 1, min(PHRASE_SYLLABLES_MAX, len(theirs) - start)
        while length < longest and tuple(theirs[start : start + length + 1]) in runs:
            length += 1
        run = tuple(theirs[start : start + length])
        if length >= PHRASE_SYLLABLES_MIN and not FUNCTION_SYLLABLES.issuperset(run):
            found.setdefault(run, " ".join(word for _, word in words[start : start + length]))
        start += length
    longest_first = sorted(found.items(), key=lambda phrase: -len(phrase[0]))
    return tuple(word for _, word in longest_first[:PHRASES_MAX])


def _words(text: str) -> list[tuple[str, str]]:
    """Return each word folded and as it is written."""
    composed = unicodedata.normalize("NFC", text)
    found: list[tuple[str, str]] = []
    for match in _WORD.finditer(composed):
        if folded := plain(match.group()):
            found.append((folded, match.group()))
        if len(found) == SYLLABLES_MAX:
            break
    return found
