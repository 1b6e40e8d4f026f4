"""Random histories of a province, as hypothesis draws them."""

from datetime import date, timedelta

from hypothesis import strategies as st

from shared.contracts import Event
from shared.contracts.vocabulary import Level, SessionKind
from shared.eventlog import Entry
from tests.services.reporting.history import (
    History,
    answered,
    at_session,
    attended,
    declined,
    ended,
    opinion,
    overdue,
    received,
    scheduled,
    session,
    unscheduled,
)

UNITS = (("ba-dinh", Level.DISTRICT), ("phuong-thanh-cong", Level.COMMUNE))
DAYS = st.integers(0, 40).map(lambda days: date(2019, 1, 1) + timedelta(days=days))


@st.composite
def opinion_lives(draw: st.DrawFn) -> list[Event]:
    """Return the events of one opinion, in their order."""
    unit, level = draw(st.sampled_from(UNITS))
    mine = opinion(
        unit=unit,
        level=level,
        field=draw(st.sampled_from(["environment", "health"])),
        voices=draw(st.integers(1, 5)),
        received_on=draw(DAYS),
    )
    kind = draw(st.sampled_from(SessionKind))
    heard = at_session(mine, session_kind=kind, held_on=mine.received_on + timedelta(days=9))
    events: list[Event] = [received(mine)]
    path = draw(st.sampled_from(["waits", "declined", "on agenda", "off agenda", "handled"]))
    if path == "declined":
        events.append(declined(mine))
    if path in ("on agenda", "off agenda"):
        events.append(scheduled(heard))
    if path == "off agenda":
        events.append(unscheduled(heard))
    if path in ("on agenda", "handled"):
        handled = heard if path == "on agenda" else mine
        late = draw(st.booleans())
        events += [overdue(handled)] if late else []
        if draw(st.booleans()):
            events.append(answered(handled, days_late=5 if late else 0, was_overdue=late))
    return events


@st.composite
def session_lives(draw: st.DrawFn) -> list[Event]:
    """Return the events of one session, in their order."""
    unit, level = draw(st.sampled_from(UNITS))
    mine = session(unit=unit, level=level, session_kind=draw(st.sampled_from(SessionKind)))
    held_on = draw(DAYS)
    before = draw(st.integers(0, 300))
    return [
        attended(mine, before, held_on=held_on),
        attended(mine, draw(st.integers(0, 300)), before=before, held_on=held_on),
        ended(mine, held_on),
    ]


@st.composite
def histories(draw: st.DrawFn) -> list[Entry]:
    """Return the entries of a province's logs."""
    lives = draw(st.lists(st.one_of(opinion_lives(), session_lives()), min_size=1, max_size=8))
    history = History()
    for life in lives:
        history.record(*life)
    return history.entries


@st.composite
def batches(draw: st.DrawFn, entries: list[Entry]) -> list[list[Entry]]:
    """Return `entries` in batches: each log in its order, the logs in any order."""
    logs: dict[str, list[Entry]] = {}
    for each in entries:
        logs.setdefault(each.origin, []).append(each)
    found: list[list[Entry]] = []
    while logs:
        origin = draw(st.sampled_from(sorted(logs)))
        size = draw(st.integers(1, len(logs[origin])))
        found.append(logs[origin][:size])
        logs[origin] = logs[origin][size:]
        if not logs[origin]:
            del logs[origin]
    return found
