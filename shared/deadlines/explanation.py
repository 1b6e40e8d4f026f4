"""How a due date came about, in sentences of both languages and as values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from shared.calendar import WorkCalendar
from shared.deadlines.counting import Counting, Day, Deadline
from shared.texts import Catalogue, Language
from shared.texts.formats import ngay


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Days one after another that are alike, so that they are told in one line."""

    first: Day
    last: Day
    reason: str | None
    """Name of the holiday, or the decision that made the day what it is."""


def explanation(deadline: Deadline, calendar: WorkCalendar) -> dict[str, Any]:
    """Return the deadline as JSON values: what it rests on, the days, and the sentences.

    `calendar` is the one that it was computed by.
    """
    terms = deadline.terms
    spans = tuple(_spans(deadline.days, calendar))
    return {
        "due_on": deadline.due_on.isoformat(),
        "base": terms.limit.base.value,
        "base_on": terms.base_on.isoformat(),
        "received_at": None if terms.received_at is None else terms.received_at.isoformat(),
        "counted_from_on": deadline.counted_from_on.isoformat(),
        "zero_reason": deadline.zero_reason.value,
        "working_days": deadline.working_days,
        "calendar_days": deadline.calendar_days,
        "extensions": list(terms.extensions),
        "pauses": [
            {
                "paused_on": pause.paused_on.isoformat(),
                "resumed_on": pause.resumed_on.isoformat(),
                "reason": pause.reason,
            }
            for pause in terms.pauses
        ],
        "days": [_as_json(span) for span in spans],
        "citation": deadline.citation,
        "is_law": deadline.is_law,
        "explanation": {
            "vi": list(_sentences(deadline, spans, "vi")),
            "en": list(_sentences(deadline, spans, "en")),
        },
    }


def _spans(days: Sequence[Day], calendar: WorkCalendar) -> Iterator[Span]:
    def alike(day: Day) -> tuple[Counting, str, str | None]:
        return day.counting, day.kind, calendar.reason(day.on)

    for (_, _, reason), group in groupby(days, alike):
        found = list(group)
        yield Span(first=found[0], last=found[-1], reason=reason)


def _as_json(span: Span) -> dict[str, Any]:
    return {
        "from_on": span.first.on.isoformat(),
        "to_on": span.last.on.isoformat(),
        "counting": span.first.counting.value,
        "kind": span.first.kind.value,
        "reason": span.reason,
        "numbers": None if span.first.number is None else [span.first.number, span.last.number],
    }


def _sentences(deadline: Deadline, spans: Sequence[Span], language: Language) -> Iterator[str]:
    def told(key: str, **facts: object) -> str:
        return _texts().text(f"deadline.{key}", language, **facts)

    terms = deadline.terms
    yield told("due", due_on=deadline.due_on)
    yield told(
        f"zero.{deadline.zero_reason}",
        zero=deadline.counted_from_on,
        base=terms.limit.base,
        base_on=terms.base_on,
        received_at=_hour(terms.received_at),
        cutoff=_hour(terms.cutoff),
    )
    yield told(f"length.{terms.limit.unit}", days=terms.limit.days)
    for days in terms.extensions:
        yield told("extension", days=days)
    for pause in terms.pauses:
        yield told("pause", paused_on=pause.paused_on, resumed_on=pause.resumed_on)
    for span in spans:
        kind = span.first.kind
        reason = "" if span.reason is None else f" ({span.reason})"
        yield told(
            f"day.{span.first.counting}",
            when=_range(span.first.on, span.last.on),
            numbers=_numbers(span),
            day_kind=kind,
            reason=reason,
        )
    yield told("source.law" if deadline.is_law else "source.default", citation=deadline.citation)


def _range(first: date, last: date) -> str:
    return ngay(first) if first == last else f"{ngay(first)}–{ngay(last)}"


def _numbers(span: Span) -> str:
    first, last = span.first.number, span.last.number
    return f"{first}" if first == last else f"{first}–{last}"


def _hour(at: object) -> str | None:
    return None if at is None else f"{at:%H:%M}"


@cache
def _texts() -> Catalogue:
    room = Path(__file__).parent
    return Catalogue.load(room, room.parent / "regulations")
