"""Plays the history day by day: workbooks and API calls, as its people would have made.

The player knows only what each of them knows. It uploads files, calls the services under
their one address, and learns of assignments from the agencies' feeds.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum
from functools import partial
from pathlib import Path

from deploy.client import Client
from deploy.demo.cast import PROVINCE, Cast
from deploy.demo.gathering import Gathering
from deploy.demo.handling import Handling
from deploy.demo.history import HistoricAnswer, History, PlannedSession, Referral
from deploy.demo.meeting import Meeting

PLANNED_DAYS, PREPARED_DAYS = 14, 8
"""Calendar days before a session on which its day is fixed, and its agenda is made."""
_MORNING = timedelta(hours=1)
"""08:00 in Viet Nam, after midnight UTC."""


class _Rank(IntEnum):
    """Order within a day: what others need comes first."""

    DIGEST = 0
    SCREENING = 1
    PREPARATION = 2
    SESSION = 3
    CONCLUSION = 4
    SUBMISSION = 5
    RELEASE = 6


@dataclass(order=True, slots=True)
class _Act:
    """Something that happens on a day."""

    on: date
    rank: _Rank
    key: str
    do: Callable[[], None] = field(compare=False)


class Play:
    """One performance of the history on one deployment."""

    def __init__(self, operator: Client, history: History, clock_file: Path) -> None:
        cast = Cast(operator)
        self._cast = cast
        self._history = history
        self._clock_file = clock_file
        self.gathering = Gathering(cast, history)
        self.meeting = Meeting(cast, self.gathering)
        self.handling = Handling(cast)
        self._acts = sorted(self._all_acts())

    def __len__(self) -> int:
        """Return how many acts there are."""
        return len(self._acts)

    def perform(self, done: Callable[[], None] = lambda: None) -> None:
        """Do everything in the order of days; call `done` after each act.

        Raises:
            Answered: when a service refuses what the history says happened.

        """
        for act in self._acts:
            set_clock(self._clock_file, act.on)
            act.do()
            done()
        set_clock(self._clock_file, self._history.last_on + timedelta(days=1))
        self._cast.operator.post("/assignment/timers/deadlines", {"province": PROVINCE})

    def close(self) -> None:
        """Close what is done by the last day, once every service has heard everything.

        Otherwise the daily look would do it when the data is opened the next time.
        """
        self._cast.operator.post("/intake/timers/opinions", {"province": PROVINCE})

    def _all_acts(self) -> Iterator[_Act]:
        for digest in self._history.digests:
            do = partial(self.gathering.import_digest, digest)
            yield _Act(digest.reported_on, _Rank.DIGEST, digest.key, do)
        for session in self._history.sessions:
            yield from self._session_acts(session)
        for referral in self._history.referrals:
            yield from self._referral_acts(referral)
        for declined in self._history.declined:
            do = partial(
                self.gathering.decline, declined.opinion, declined.reason, declined.redirect
            )
            yield _Act(declined.declined_on, _Rank.SCREENING, declined.opinion.key, do)

    def _session_acts(self, session: PlannedSession) -> Iterator[_Act]:
        planned_on = session.held_on - timedelta(days=PLANNED_DAYS)
        prepared_on = session.held_on - timedelta(days=PREPARED_DAYS)
        key = session.key
        yield _Act(planned_on, _Rank.PREPARATION, key, partial(self.meeting.plan, session))
        yield _Act(prepared_on, _Rank.PREPARATION, key, partial(self.meeting.fill_agenda, session))
        yield _Act(session.held_on, _Rank.SESSION, key, partial(self.meeting.hold, session))
        yield _Act(
            session.issued_on, _Rank.CONCLUSION, key, partial(self.meeting.conclude, session)
        )
        for commitment in session.commitments:
            if commitment.answer is not None:
                yield from self._answer_acts(
                    commitment.key,
                    commitment.lead_agency,
                    partial(self.meeting.commitment_ids.__getitem__, commitment.key),
                    commitment.answer,
                )

    def _referral_acts(self, referral: Referral) -> Iterator[_Act]:
        key = referral.opinion.key
        subject = partial(self.gathering.opinion_ids.__getitem__, key)
        yield _Act(
            referral.referred_on,
            _Rank.SCREENING,
            key,
            partial(self.gathering.refer, referral.opinion, referral.agency),
        )
        yield from self._answer_acts(key, referral.lead_agency, subject, referral.answer)

    def _answer_acts(
        self, key: str, agency: str, subject: Callable[[], str], answer: HistoricAnswer
    ) -> Iterator[_Act]:
        handling = self.handling
        yield _Act(
            answer.submitted_on,
            _Rank.SUBMISSION,
            key,
            lambda: handling.submit(agency, subject(), answer),
        )
        yield _Act(
            answer.released_on,
            _Rank.RELEASE,
            key,
            lambda: handling.release(agency, subject()),
        )


def set_clock(file: Path, on: date) -> None:
    """Make it the morning of `on` for whoever tells the time by `file`."""
    instant = datetime(on.year, on.month, on.day, tzinfo=UTC) + _MORNING
    draft = file.with_suffix(".draft")
    draft.write_text(instant.isoformat(), encoding="ascii")
    draft.replace(file)
