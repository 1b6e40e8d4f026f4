"""Which opinions may be the same as one: found by the index, then compared word by word.

A suggestion says what both hold and how much; whether they are the same, a person decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from services.intake import likeness_index, read_model
from services.intake.indexing import index_key
from services.intake.likeness_index import Sketched
from services.intake.similarity import Likeness, likeness
from services.intake.sketch import sketch
from shared.kernel.errors import LogTampered, NotFound, Unavailable
from shared.runtime import Runtime
from shared.vault import Purpose

OPENED_MAX = 10
"""Narratives opened for one question, each a logged reading."""
SUGGESTIONS_MAX = 5
PERMILLE_MIN_IN_UNIT = 400
PERMILLE_MIN_ELSEWHERE = 550
"""An opinion of another unit is suggested only where more is the same: alike troubles
of different places are told in like words."""
OF_THE_LIKEST_PERMILLE = 700
"""What is much less like than the likest one is hardly the same, if that one is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The opinion that others are compared with."""

    text: str = field(repr=False)
    province: str
    unit: str
    field: str
    opinion_id: str | None = None
    """None while it is being entered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """An opinion that may be the same, and why."""

    opinion: sa.RowMapping
    likeness: Likeness
    is_same_unit: bool
    is_same_field: bool


def suggest(
    runtime: Runtime, connection: sa.Connection, asked: Asked, *, reader: str
) -> list[Suggestion]:
    """Return the opinions of the province that are most like `asked`, likest first.

    The same log, text and question give the same answer. Each text that is opened is
    logged as read by the seat `reader`, to compare; one that can't be opened is left out,
    and what the index still held of an erased one is erased.
    """
    made = sketch(asked.text, index_key(runtime).key)
    if made is None:
        return []
    log_no = runtime.ledger.log(asked.province).log_no
    candidates = likeness_index.likest(
        connection, log_no, made, limit=OPENED_MAX, but=asked.opinion_id
    )
    found = []
    for each in candidates:
        if (text := _opened(runtime, connection, each, reader)) is not None:
            row = read_model.one(connection, each.opinion_id, province=asked.province)
            found.append(
                Suggestion(
                    opinion=row,
                    likeness=likeness(asked.text, text),
                    is_same_unit=row["unit"] == asked.unit,
                    is_same_field=row["field"] == asked.field,
                )
            )
    return [found[place] for place in chosen([_measured(each) for each in found])]


def chosen(measured: Sequence[tuple[int, bool]]) -> list[int]:
    """Return the places in `measured` of what is suggested, likest first.

    It holds likeness in thousandths, and whether it is of the same unit.
    """
    enough = [
        place
        for place, (permille, is_same_unit) in enumerate(measured)
        if permille >= (PERMILLE_MIN_IN_UNIT if is_same_unit else PERMILLE_MIN_ELSEWHERE)
    ]
    enough.sort(key=lambda place: -measured[place][0])  # stable: else as the index has them
    likest = measured[enough[0]][0] if enough else 0
    near = [
        place for place in enough if 1000 * measured[place][0] >= OF_THE_LIKEST_PERMILLE * likest
    ]
    return near[:SUGGESTIONS_MAX]


def _measured(suggestion: Suggestion) -> tuple[int, bool]:
    return suggestion.likeness.permille, suggestion.is_same_unit


def _opened(
    runtime: Runtime, connection: sa.Connection, candidate: Sketched, reader: str
) -> str | None:
    try:
        return runtime.vault.read(
            connection, text_id=candidate.text_id, reader=reader, purpose=Purpose.COMPARISON
        )
    except NotFound:
        likeness_index.forget(connection, candidate.text_id)
        return None
    except (Unavailable, LogTampered):
        return None
