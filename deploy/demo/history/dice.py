"""Draws that are the same on every machine and in every version of Python.

A draw depends on the seed and on its own labels only, never on the draws before it, so a
change in one part of the history leaves the rest as it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Dice:
    """A source of draws for one seed."""

    seed: int

    def below(self, limit: int, *labels: object) -> int:
        """Return a whole number from 0 inclusive to `limit` exclusive."""
        named = "\x1f".join(str(label) for label in (self.seed, *labels))
        return int.from_bytes(sha256(named.encode()).digest()[:8], "big") % limit

    def between(self, low: int, high: int, *labels: object) -> int:
        """Return a whole number from `low` to `high`, both inclusive."""
        return low + self.below(high - low + 1, *labels)

    def permille(self, share_permille: int, *labels: object) -> bool:
        """Return True in `share_permille` of a thousand draws."""
        return self.below(1000, *labels) < share_permille

    def pick(self, options: Sequence[T], *labels: object) -> T:
        """Return one of `options`, each as likely as the other."""
        return options[self.below(len(options), *labels)]

    def weighted(self, options: Sequence[tuple[T, int]], *labels: object) -> T:
        """Return one of `options`, as likely as its weight says."""
        rest = self.below(sum(weight for _, weight in options), *labels)
        for option, weight in options:
            if rest < weight:
                return option
            rest -= weight
        raise AssertionError(labels)

    def shuffled(self, options: Sequence[T], *labels: object) -> tuple[T, ...]:
        """Return `options` in a drawn order."""
        order = sorted(range(len(options)), key=lambda at: (self.below(1 << 62, *labels, at), at))
        return tuple(options[at] for at in order)

    def spread(self, total: int, weights: Sequence[int], floor: int, *labels: object) -> list[int]:
        """Return parts that add up to `total`, each at least `floor`.

        What exceeds the floors is shared by weight, uneven by up to two fifths either way.
        """
        uneven = [
            weight * self.between(60, 140, *labels, place) for place, weight in enumerate(weights)
        ]
        return apportioned(total, uneven, floor)


def apportioned(total: int, weights: Sequence[int], floor: int) -> list[int]:
    """Return parts that add up to `total`, at least `floor`, by largest remainder."""
    rest, whole = total - floor * len(weights), sum(weights)
    if rest < 0:
        raise ValueError(total, floor)
    parts = [floor + rest * weight // whole for weight in weights]
    remainders = sorted(
        range(len(weights)), key=lambda place: (-(rest * weights[place] % whole), place)
    )
    for place in remainders[: total - sum(parts)]:
        parts[place] += 1
    return parts
