"""How good suggestions of duplicates are: precision and recall on a generated set.

The very functions that answer a question are asked, over an index in SQLite: sketches,
bands, the newest of each band, then the texts themselves.
"""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from services.intake import likeness_index
from services.intake.likeness_index import Sketched
from services.intake.similarity import permille
from services.intake.sketch import sketch
from services.intake.suggesting import OPENED_MAX, chosen
from services.intake.tables import METADATA
from tests.benchmarks.duplicates import Retelling, Told, matters, retellings, told

SEED = 2_021
_KEY, _LOG_NO = b"k" * 32, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """Of what was suggested, how much was right; of what was there, how much was suggested."""

    precision: float
    recall: float
    recall_of: Mapping[Retelling, float]
    opinions: int
    retold: int
    fresh: int


def quality(*, opinions: int, retold: int, fresh: int, seed: int = SEED) -> Quality:
    """Return precision and recall over `opinions`, of which the first `retold` are told again.

    Each is told again in every way of `Retelling`. `fresh` opinions that nobody told before
    are asked about too: whatever is suggested for them is wrong.
    """
    chance = random.Random(seed)
    first = [(matter, told(chance, matter)) for matter in matters(chance, opinions + fresh)]
    known = [text for _, text in first[:opinions]]
    engine = sa.create_engine("sqlite://")
    METADATA.create_all(engine)
    suggested, right = 0, Counter[Retelling]()
    with engine.connect() as connection:
        likeness_index.add(connection, _LOG_NO, _sketched(known))
        for place, how, again in retellings(chance, first[:retold]):
            found = suggestions(connection, known, again)
            suggested += len(found)
            right[how] += place in found
        for _, new in first[opinions:]:
            suggested += len(suggestions(connection, known, new))
    engine.dispose()
    return Quality(
        precision=right.total() / suggested,
        recall=right.total() / (retold * len(Retelling)),
        recall_of={how: right[how] / retold for how in Retelling},
        opinions=opinions,
        retold=retold * len(Retelling),
        fresh=fresh,
    )


def suggestions(connection: sa.Connection, known: Sequence[Told], asked: Told) -> list[int]:
    """Return the places in `known` of what is suggested for `asked`."""
    made = sketch(asked.text, _KEY)
    assert made is not None
    opened = likeness_index.likest(connection, _LOG_NO, made, limit=OPENED_MAX)
    there = [known[each.position] for each in opened]
    measured = [(permille(asked.text, each.text), each.unit == asked.unit) for each in there]
    return [opened[place].position for place in chosen(measured)]


def _sketched(known: Sequence[Told]) -> list[Sketched]:
    made = [(place, sketch(each.text, _KEY)) for place, each in enumerate(known)]
    return [
        Sketched(position=place, opinion_id=str(place), text_id=str(place), sketch=found)
        for place, found in made
        if found is not None
    ]
