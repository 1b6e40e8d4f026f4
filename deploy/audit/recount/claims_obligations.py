"""What Sessions' events claim of duties to hold periodic sessions."""

from dataclasses import dataclass, field

from deploy.audit.logged import Logged
from deploy.audit.recount.premises import Premises
from services.sessions.duties import Duty, duties
from services.sessions.obligations import Counted, NoticeObligation
from shared.contracts.sessions import (
    SessionEnded,
    SessionObligationMet,
    SessionObligationMissed,
)


@dataclass(slots=True)
class ObligationClaims:
    """The part of `SessionsClaims` about duties."""

    premises: Premises
    _held: list[tuple[str, str | None, Counted]] = field(default_factory=list)
    """Periodic sessions that were held: unit, chair, session."""

    def note(self, event: SessionEnded, chair: str | None) -> None:
        """Remember a periodic session, and who chaired it."""
        counted = Counted(session_id=event.session_id, held_on=event.held_on)
        self._held.append((event.unit, chair, counted))

    def asked(
        self, logged: Logged, event: SessionObligationMet | SessionObligationMissed
    ) -> NoticeObligation:
        """Return the look that must have led to `event`: at what the log held by then."""
        province = self.premises.ruled_by()
        claimed = Duty(**{name: getattr(event, name) for name in _DUTY})
        ruled = {duty.obligation_id: duty for duty in duties(province, event.period_to.year)}
        held = tuple(
            counted
            for unit, chair, counted in self._held
            if unit == event.unit
            and event.period_from <= counted.held_on <= event.period_to
            and event.head in {None, chair}
        )
        return NoticeObligation(
            duty=ruled.get(event.obligation_id, claimed), held=held, today=logged.occurred_on
        )


_DUTY = tuple(Duty.__dataclass_fields__)
