"""Opinions that never come to a session: referred to an agency, or turned away."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from deploy.demo.history.dice import Dice
from deploy.demo.history.handling import Handling
from deploy.demo.history.opinions import Gathering, days_before
from deploy.demo.history.place import Locality, Place
from deploy.demo.history.records import Declined, Fate, Referral

REFERRALS = 60
DECLINED = 12
LATE_PERMILLE = 80
BY_HAND_PERMILLE = 250

DigestDay = tuple[Locality, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideSessions:
    """Composes what happens outside sessions for one seed."""

    dice: Dice
    place: Place
    handling: Handling
    gathering: Gathering

    def referrals(self, digests: Sequence[DigestDay]) -> tuple[Referral, ...]:
        """Return the referred opinions, by day; gathered in the week before their digest."""
        made = [self._referral(digests, f"referral.{nth:03d}") for nth in range(1, REFERRALS + 1)]
        return tuple(sorted(made, key=lambda made: (made.referred_on, made.opinion.key)))

    def declined(self, digests: Sequence[DigestDay]) -> tuple[Declined, ...]:
        """Return the opinions that screening turns away, by day."""
        made = [self._declined(digests, f"declined.{nth:03d}") for nth in range(1, DECLINED + 1)]
        return tuple(sorted(made, key=lambda made: (made.declined_on, made.opinion.key)))

    def _referral(self, digests: Sequence[DigestDay], key: str) -> Referral:
        dice, days = self.dice, self.handling.calendar
        locality, digest_on = dice.pick(digests, "digest", key)
        received_on = date.fromordinal(digest_on.toordinal() - dice.between(1, 4, "received", key))
        referred_on = days.add_working_days(digest_on, dice.between(1, 2, "referred", key))
        # On time by any base date: receipt as well as referral. Late by both likewise.
        released_on = (
            days.add_working_days(referred_on, dice.between(22, 34, "released", key))
            if dice.permille(LATE_PERMILLE, "late", key)
            else days.add_working_days(received_on, dice.between(10, 13, "released", key))
        )
        field = self.gathering.field_for(locality, key)
        agency = self.place.lead_agency(locality, field)
        answer = self.handling.answer(
            locality,
            key=f"{key}.answer",
            about=key,
            field=field,
            agency=agency,
            submitted_on=self.handling.submission_day(key, referred_on, released_on),
            released_on=released_on,
        )
        return Referral(
            opinion=replace(
                self.gathering.gathered(locality, key, field, 0, received_on),
                outcome=answer.outcome,
                answer_text=answer.text,
            ),
            referred_on=referred_on,
            agency=agency if dice.permille(BY_HAND_PERMILLE, "by hand", key) else None,
            lead_agency=agency,
            answer=answer,
        )

    def _declined(self, digests: Sequence[DigestDay], key: str) -> Declined:
        locality, digest_on = self.dice.pick(digests, "digest", key)
        reason, field, told = self.gathering.narrator.complaint(locality, key)
        received_on = days_before(self.dice, digest_on, key)
        opinion = self.gathering.gathered(locality, key, field, 0, received_on)
        return Declined(
            opinion=replace(opinion, fate=Fate.DECLINED, opinion_kind=told.kind, text=told.text),
            declined_on=self.handling.calendar.add_working_days(
                digest_on, self.dice.between(1, 3, "declined", key)
            ),
            reason=reason,
            redirect=self.place.redirect,
        )
