"""What speaks against a day: another session that needs the same, a day off. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.sessions.commands import Appointment, Clash, Found


@dataclass(frozen=True, slots=True, kw_only=True)
class Engaged:
    """What another session of the same day needs."""

    session_id: str
    venue: str | None
    chair: str | None
    required_agencies: tuple[str, ...]


def found(wanted: Appointment, others: Iterable[Engaged], *, is_day_off: bool) -> tuple[Found, ...]:
    """Return all that speaks against `wanted`: the day off, then others in their order."""
    return tuple(_found(wanted, others, is_day_off=is_day_off))


def _found(wanted: Appointment, others: Iterable[Engaged], *, is_day_off: bool) -> Iterator[Found]:
    if is_day_off:
        yield Found(clash=Clash.DAY_OFF)
    for other in others:
        if wanted.venue is not None and wanted.venue == other.venue:
            yield Found(clash=Clash.VENUE, session_id=other.session_id, key=wanted.venue)
        if wanted.chair is not None and wanted.chair == other.chair:
            yield Found(clash=Clash.CHAIR, session_id=other.session_id, key=wanted.chair)
        for agency in sorted({*wanted.required_agencies} & {*other.required_agencies}):
            yield Found(clash=Clash.AGENCY, session_id=other.session_id, key=agency)
