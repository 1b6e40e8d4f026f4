"""Ba Đình 2017–2021 as events and as published, without the services in between.

Source of the figures: the published table that DOMAIN of the project names; see
`deploy/demo` for the whole history.
"""

from datetime import date, timedelta

from shared.contracts import Event
from shared.contracts.intake import SessionResultsDeclared
from shared.contracts.vocabulary import Level, SessionKind
from tests.services.reporting.history import (
    answered,
    at_session,
    attended,
    ended,
    opinion,
    received,
    results,
    scheduled,
    session,
)

PERIOD = (date(2017, 1, 1), date(2021, 12, 31))
WARDS = ("phuong-thanh-cong", "phuong-phuc-xa", "phuong-kim-ma")

PUBLISHED = (
    (Level.DISTRICT, SessionKind.PERIODIC, 8, 1_733, 224, 224),
    (Level.DISTRICT, SessionKind.AD_HOC, 12, 947, 120, 120),
    (Level.COMMUNE, SessionKind.PERIODIC, 89, 10_089, 1_448, 1_436),
    (Level.COMMUNE, SessionKind.AD_HOC, 25, 1_072, 137, 137),
)


def happened() -> list[Event]:
    """Return events that add up to the published table."""
    events: list[Event] = []
    for level, kind, sessions, attendances, opinions, answers in PUBLISHED:
        for number in range(sessions):
            unit = "ba-dinh" if level is Level.DISTRICT else WARDS[number % len(WARDS)]
            held_on = PERIOD[0] + timedelta(days=number * 1_800 // sessions)
            mine = session(unit=unit, level=level, session_kind=kind)
            events.append(attended(mine, _share(attendances, sessions, number), held_on=held_on))
            first, last = (opinions * n // sessions for n in (number, number + 1))
            for each in range(first, last):
                said = opinion(unit=unit, level=level, received_on=held_on - timedelta(days=3))
                heard = at_session(said, session_kind=kind, held_on=held_on)
                events += [received(said), scheduled(heard)]
                if each < answers:
                    answered_on = held_on + timedelta(days=400)
                    events.append(answered(heard, answered_on=answered_on))
            events.append(ended(mine, held_on))
    return events


def published() -> list[SessionResultsDeclared]:
    """Return what was published: the table, and the education sector's two rows."""
    rows = [
        results(
            scope="unit" if level is Level.DISTRICT else "communes_of",
            level=level,
            session_kind=kind,
            sessions=sessions,
            attendances=attendances,
            opinions=opinions,
            answered=answers,
            derived=("answered",) if level is Level.DISTRICT else (),
        )
        for level, kind, sessions, attendances, opinions, answers in PUBLISHED
    ]
    education = {"scope": "sector:education", "level": None, "session_kind": None}
    return [
        *rows,
        results(**education, sessions=236, attendances=18_150, speaking_turns=1_605),
        results(
            **education,
            period_label="năm học 2021-2022",
            period_from=date(2021, 9, 1),
            period_to=date(2022, 5, 31),
            approximate=("period_from", "period_to"),
            participants=3_218,
            contributions=63,
        ),
    ]


def _share(whole: int, parts: int, number: int) -> int:
    return whole * (number + 1) // parts - whole * number // parts
