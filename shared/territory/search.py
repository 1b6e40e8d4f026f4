"""Finding listed units by what a person types, with or without diacritics and the kind word."""

from collections.abc import Iterable, Iterator, Mapping
from enum import IntEnum
from functools import cache
from typing import NamedTuple

from shared.contracts.vocabulary import Level
from shared.territory.kinds import UnitKind
from shared.territory.lists import ListedUnit, line_of, listed
from shared.territory.names import folded, plain
from shared.territory.units import OfficialCode, Scheme

FIND_TEXT_LIMIT_CHARS = 200
"""Of a typed name; what is longer is cut."""
FIND_LIMIT = 20
"""Units that a search returns, unless told otherwise."""

_LEVELS = tuple(Level)
_SCHEMES = tuple(reversed(Scheme))
_KIND_WORDS: Mapping[str, frozenset[UnitKind]] = {
    **{
        plain(kind.vi): frozenset(each for each in UnitKind if each.vi == kind.vi)
        for kind in UnitKind
    },
    **{
        short: frozenset(each for each in UnitKind if plain(each.vi) == word)
        for word, shorts in (
            ("thanh pho", ("tp", "t p")),
            ("tinh", ("t",)),
            ("quan", ("q",)),
            ("huyen", ("h",)),
            ("thi xa", ("tx", "t x")),
            ("thi tran", ("tt", "t t")),
            ("phuong", ("p", "f")),
            ("xa", ("x",)),
            ("dac khu", ("dk",)),
        )
        for short in shorts
    },
}


class Match(IntEnum):
    """How well a unit answers what was typed; the least is the best."""

    NAME_AND_KIND = 0
    """Its name, diacritics and all, and its kind."""
    NAME = 1
    PLAIN_NAME_AND_KIND = 2
    """As above, but for diacritics."""
    PLAIN_NAME = 3
    BEGINNING = 4
    """The name begins with the words that were typed."""
    WORDS = 5
    """The words stand somewhere in the name."""

    @property
    def is_whole(self) -> bool:
        """Tell whether the whole name was typed."""
        return self <= Match.PLAIN_NAME


class Hit(NamedTuple):
    """A unit and how well it answers. Sorted: best first, then newest, then from above."""

    match: Match
    unit: ListedUnit


class Found(NamedTuple):
    """The best hits, and how many more there are."""

    hits: tuple[Hit, ...]
    left_off: int


def find(
    text: str,
    *,
    scheme: Scheme | None = None,
    limit: int = FIND_LIMIT,
    is_whole: bool = False,
) -> Found:
    """Return the units that `text` can mean, in `scheme` or in both; at most `limit`.

    With `is_whole` only those whose whole name was typed.

    "phuong Giang Vo", "Giảng Võ", "q. ba dinh", "TP Hà Tĩnh", and what it lies in after a
    comma: "Giảng Võ, Ba Đình". The order depends on the lists alone.
    """
    first, *outer = text[:FIND_TEXT_LIMIT_CHARS].split(",")
    hits = _hits(first, _SCHEMES if scheme is None else (scheme,))
    for place in filter(plain, outer):
        hits = [hit for hit in hits if _lies_in(hit.unit, place)]
    if is_whole:
        hits = [hit for hit in hits if hit.match.is_whole]
    ranked = sorted(hits, key=_rank)
    return Found(tuple(ranked[:limit]), max(0, len(ranked) - limit))


def _rank(hit: Hit) -> tuple[int, int, int, str, str]:
    official = hit.unit.official
    return (
        hit.match,
        _SCHEMES.index(official.scheme),
        _LEVELS.index(official.level),
        plain(hit.unit.name) if hit.match is Match.BEGINNING else "",
        official.code,
    )


def _hits(text: str, schemes: Iterable[Scheme]) -> Iterable[Hit]:
    best: dict[OfficialCode, Hit] = {}
    for words, typed, kinds in _readings(text):
        needle = f" {words} "
        for scheme in schemes:
            for name, unit in _by_plain_name(scheme):
                if needle not in name or (kinds is not None and unit.kind not in kinds):
                    continue
                hit = Hit(_match(name, unit, needle, typed, kinds), unit)
                best[unit.official] = min(hit, best.get(unit.official, hit))
    return best.values()


def _readings(text: str) -> Iterator[tuple[str, str, frozenset[UnitKind] | None]]:
    """Yield plain name, folded name and kinds: all as a name, and with the first as a kind."""
    words = plain(text)
    if not words:
        return
    yield words, folded(text), None
    for word, kinds in _KIND_WORDS.items():
        rest = words.removeprefix(f"{word} ")
        if rest != words:
            after = " ".join(folded(text).split()[len(word.split()) :])
            yield rest, after, kinds


def _match(
    name: str, unit: ListedUnit, needle: str, typed: str, kinds: frozenset[UnitKind] | None
) -> Match:
    if name == needle:
        is_exact = folded(unit.name) == typed
        if kinds is None:
            return Match.NAME if is_exact else Match.PLAIN_NAME
        return Match.NAME_AND_KIND if is_exact else Match.PLAIN_NAME_AND_KIND
    return Match.BEGINNING if name.startswith(needle) else Match.WORDS


def _lies_in(unit: ListedUnit, place: str) -> bool:
    return any(
        words == plain(above.name) and (kinds is None or above.kind in kinds)
        for above in line_of(unit)[1:]
        for words, _, kinds in _readings(place)
    )


@cache
def _by_plain_name(scheme: Scheme) -> tuple[tuple[str, ListedUnit], ...]:
    return tuple((f" {plain(unit.name)} ", unit) for unit in listed(scheme).values())
