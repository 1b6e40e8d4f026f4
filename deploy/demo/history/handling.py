"""Who answers what and when: commitments of conclusions, and answers of agencies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from deploy.demo.history.dice import Dice
from deploy.demo.history.narratives import Narrator
from deploy.demo.history.place import Locality
from deploy.demo.history.records import HistoricAnswer, PlannedCommitment
from deploy.demo.history.timetable import working_days
from shared.calendar import WorkCalendar
from shared.contracts.vocabulary import Outcome

LATE_PERMILLE = 70
LATEST_DAYS = 20
"""Calendar days by which a late answer of this history is late at most."""

OUTCOMES = (
    (Outcome.RESOLVED, 45),
    (Outcome.EXPLAINED, 30),
    (Outcome.ACCEPTED_WITH_PLAN, 20),
    (Outcome.NOT_RESOLVABLE, 5),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """Promises and answers for one seed."""

    dice: Dice
    calendar: WorkCalendar
    narrator: Narrator

    def commitment(
        self,
        locality: Locality,
        *,
        key: str,
        field: str,
        opinion_keys: tuple[str, ...],
        held_on: date,
        issued_on: date,
        is_answered: bool,
    ) -> PlannedCommitment:
        """Return one commitment; due 10 to 45 working days after the session."""
        agency = self.narrator.place.lead_agency(locality, field)
        due_on = self.calendar.add_working_days(held_on, self.dice.between(10, 45, "due", key))
        answer = None
        if is_answered:
            submitted_on, released_on = self._answer_days(key, issued_on, due_on)
            answer = self.answer(
                locality,
                key=f"{key}.answer",
                about=opinion_keys[0],
                field=field,
                agency=agency,
                submitted_on=submitted_on,
                released_on=released_on,
            )
        return PlannedCommitment(
            key=key,
            field=field,
            opinion_keys=opinion_keys,
            lead_agency=agency,
            product=self.narrator.product(field, key),
            due_on=due_on,
            answer=answer,
        )

    def answer(
        self,
        locality: Locality,
        *,
        key: str,
        about: str,
        field: str,
        agency: str,
        submitted_on: date,
        released_on: date,
    ) -> HistoricAnswer:
        """Return the agency's answer `key` to what the opinion `about` says."""
        outcome = self.dice.weighted(OUTCOMES, "outcome", key)
        return HistoricAnswer(
            submitted_on=submitted_on,
            released_on=released_on,
            outcome=outcome,
            text=self.narrator.agency_answer(
                locality, outcome, key, about=about, field=field, agency=agency, on=submitted_on
            ),
        )

    def _answer_days(self, key: str, issued_on: date, due_on: date) -> tuple[date, date]:
        """Return the days of submission and of release, both after `issued_on`."""
        if self.dice.permille(LATE_PERMILLE, "late", key):
            late = working_days(self.calendar, due_on, due_on + timedelta(days=LATEST_DAYS))
            released_on = self.dice.pick(late, "released", key)
        else:
            in_time = working_days(self.calendar, issued_on, due_on)
            released_on = self.dice.pick(in_time[len(in_time) // 3 :], "released", key)
        return self.submission_day(key, issued_on, released_on), released_on

    def submission_day(self, key: str, after: date, released_on: date) -> date:
        """Return a working day after `after`, up to three before `released_on` or on it."""
        days: Sequence[date] = working_days(self.calendar, after, released_on)[-4:]
        return self.dice.pick(days, "submitted", key)
