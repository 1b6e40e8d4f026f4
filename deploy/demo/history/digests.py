"""The Front's quarterly digests: every gathered opinion is a row of exactly one of them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from deploy.demo.history.dice import Dice
from deploy.demo.history.place import Locality, Place
from deploy.demo.history.records import (
    DigestRow,
    HistoricDigest,
    HistoricOpinion,
    PlannedSession,
    RowFault,
    Via,
)
from deploy.demo.history.sessions import quarter_of
from deploy.demo.history.timetable import Slot, quarter_start, working_days
from services.intake.workbook.digest_words import CHANNEL_WORDS, KIND_WORDS
from shared.calendar import WorkCalendar
from shared.provinces.fields import Fields

EARLIEST_DAY_OF_QUARTER = 4
SCREENING_DAYS = 9
"""Calendar days between a digest and the first session that it serves, at least."""
FIRST_ROW = 6
"""1-based row of the sheet that holds the first opinion."""

Quarter = tuple[str, int, int]
"""Organisation, year, quarter."""


def digest_days(dice: Dice, slots: Iterable[Slot], calendar: WorkCalendar) -> dict[Quarter, date]:
    """Return the day of the digest of every organisation and quarter with a session."""
    first_held: dict[Quarter, date] = {}
    for slot in slots:
        quarter = quarter_of(slot.locality.organisation, slot.held_on)
        first_held[quarter] = min(slot.held_on, first_held.get(quarter, slot.held_on))
    return {
        quarter: dice.pick(
            working_days(
                calendar,
                quarter_start(held_on) + timedelta(days=EARLIEST_DAY_OF_QUARTER),
                held_on - timedelta(days=SCREENING_DAYS),
            )[-12:],
            "reported",
            *quarter,
        )
        for quarter, held_on in first_held.items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """Composes digests for one seed."""

    dice: Dice
    place: Place
    days: dict[Quarter, date]

    def compose(
        self, sessions: Iterable[PlannedSession], outside: Iterable[HistoricOpinion]
    ) -> tuple[HistoricDigest, ...]:
        """Return the digests in time order; a digest without a row is not written.

        Opinions `outside` sessions are in the next digest of their organisation. The
        largest digest carries two faulty rows as well.
        """
        bound = [
            (quarter_of(opinion.organisation, session.held_on), opinion)
            for session in sessions
            for opinion in session.opinions
            if opinion.via is Via.DIGEST
        ]
        bound += [(self._next_quarter(opinion), opinion) for opinion in outside]
        gathered: dict[Quarter, list[HistoricOpinion]] = {}
        for quarter, opinion in bound:
            gathered.setdefault(quarter, []).append(opinion)
        made = sorted(
            (self._digest(quarter, rows) for quarter, rows in gathered.items()),
            key=lambda digest: (digest.reported_on, digest.organisation),
        )
        largest = max(range(len(made)), key=lambda at: len(made[at].rows))
        made[largest] = _with_faults(made[largest])
        return tuple(made)

    def _next_quarter(self, opinion: HistoricOpinion) -> Quarter:
        later = [
            (day, quarter)
            for quarter, day in self.days.items()
            if quarter[0] == opinion.organisation and day > opinion.received_on
        ]
        return min(later)[1]

    def _digest(self, quarter: Quarter, opinions: list[HistoricOpinion]) -> HistoricDigest:
        organisation, year, nth = quarter
        locality = self._locality(organisation)
        ordered = sorted(opinions, key=lambda opinion: (opinion.received_on, opinion.key))
        return HistoricDigest(
            key=f"{organisation}.{year}-Q{nth}",
            organisation=organisation,
            organisation_name=locality.organisation_name,
            number=self._number(organisation, year, nth),
            year=year,
            quarter=nth,
            reported_on=self.days[quarter],
            rows=tuple(
                _row(locality, opinion, stt) for stt, opinion in enumerate(ordered, start=1)
            ),
        )

    def _number(self, organisation: str, year: int, quarter: int) -> str:
        """Return a number that rises within a year and never comes twice in five years."""
        first_year = self.place.years[0][0]
        drawn = self.dice.below(2, "number", organisation, year, quarter)
        return f"{quarter * 10 + (year - first_year) * 2 + drawn}/BC-MTTQ"

    def _locality(self, organisation: str) -> Locality:
        return next(one for one in self.place.localities if one.organisation == organisation)


def _row(locality: Locality, opinion: HistoricOpinion, stt: int) -> DigestRow:
    return DigestRow(
        stt=stt,
        sheet_row=FIRST_ROW + stt - 1,
        opinion_key=opinion.key,
        received_on=opinion.received_on,
        unit_name=locality.name,
        field_name=_field_name(opinion.field, opinion.received_on),
        kind_name=KIND_WORDS[opinion.opinion_kind][0],
        channel_name=CHANNEL_WORDS[opinion.channel][0],
        voices=opinion.voices,
        text=opinion.text,
    )


@cache
def _taxonomy() -> Fields:
    return Fields.load()


def _field_name(key: str, on: date) -> str:
    field = _taxonomy().on(key, on)
    if field is None:
        raise KeyError(key)
    return field.vi


def _with_faults(digest: HistoricDigest) -> HistoricDigest:
    """Return `digest` with a row of negative voices and one of an impossible date at its end."""
    last = digest.rows[-1]
    after = len(digest.rows)
    negative = replace(
        last,
        opinion_key=None,
        stt=after + 1,
        sheet_row=FIRST_ROW + after,
        voices=-3,
        fault=RowFault.NEGATIVE_VOICES,
    )
    impossible = replace(
        last,
        opinion_key=None,
        stt=after + 2,
        sheet_row=FIRST_ROW + after + 1,
        received_on=f"31/02/{digest.year}",
        fault=RowFault.IMPOSSIBLE_DATE,
    )
    return replace(digest, rows=(*digest.rows, negative, impossible))
