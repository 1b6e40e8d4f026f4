"""Lies about the story: each forges one event, which then is the last of its log."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, cast

from shared.contracts import Event
from shared.contracts.assignment import (
    AnswerReleased,
    AnswerSubmitted,
    AssignmentAccepted,
    AssignmentIssued,
    DeadlineMissed,
)
from shared.contracts.intake import (
    OpinionAccepted,
    OpinionAnswered,
    OpinionBecameOverdue,
    OpinionCoveredByCommitment,
    OpinionDeclined,
    OpinionReceived,
    OpinionReferred,
    OpinionScheduled,
)
from shared.contracts.sessions import (
    AgendaItemPlaced,
    AnswerGivenOnSpot,
    AttendanceRecorded,
    ConclusionIssued,
    OpinionRaised,
    SessionEnded,
    SessionOpened,
    SessionPlanned,
    SessionScheduled,
)
from shared.contracts.vocabulary import DeclineReason, Level, Outcome, SessionKind, TextRefusal
from shared.eventlog import Recorded
from tests.deploy.audit.story import DUE_ON, HELD_ON, RECEIVER, SCREENER, Story, told

Place = tuple[str, int]
Lie = Callable[[Story], Place]
DAY = timedelta(days=1)

OWNER: dict[type[Event], str] = {
    **dict.fromkeys(
        (
            OpinionAccepted,
            OpinionAnswered,
            OpinionBecameOverdue,
            OpinionCoveredByCommitment,
            OpinionDeclined,
            OpinionReceived,
            OpinionReferred,
            OpinionScheduled,
        ),
        "intake",
    ),
    **dict.fromkeys(
        (
            AgendaItemPlaced,
            AnswerGivenOnSpot,
            AttendanceRecorded,
            ConclusionIssued,
            OpinionRaised,
            SessionEnded,
            SessionOpened,
            SessionPlanned,
            SessionScheduled,
        ),
        "sessions",
    ),
    **dict.fromkeys(
        (
            AnswerReleased,
            AnswerSubmitted,
            AssignmentAccepted,
            AssignmentIssued,
            DeadlineMissed,
        ),
        "assignment",
    ),
}


def dropped(story: Story, event_type: type[Event]) -> Recorded:
    """Take the newest event of a type, and whatever follows it in any log, out of the story."""
    gone = story.last(OWNER[event_type], event_type)
    story.forget(gone)
    return gone


def instead(event_type: type[Event], until: Callable[[Story], Any], /, **changes: Any) -> Lie:
    """Return the lie that what `until` leads to was recorded with `changes`."""

    def lie(story: Story) -> Place:
        until(story)
        true = dropped(story, event_type)
        kept = {"references": story.references_of(true), "event_id": true.event_id}
        envelope, data = _parted(changes)
        return story.forge(true, changed(true.event, **data), **{**kept, **envelope})

    return lie


_ENVELOPE = frozenset(
    {"actor", "causation_id", "occurred_at", "references", "stream", "time", "version", "event_id"}
)


def again(event_type: type[Event], **changes: Any) -> Lie:
    """Return the lie that the newest event of a type happened once more."""

    def lie(story: Story) -> Place:
        like = story.last(OWNER[event_type], event_type)
        envelope, data = _parted(changes)
        return story.forge(like, changed(like.event, **data), **envelope)

    return lie


def twice(event_type: type[Event], until: Callable[[Story], Any], **changes: Any) -> Lie:
    """Return the lie that what `until` leads to happened once more, with `changes`."""

    def lie(story: Story) -> Place:
        until(story)
        return again(event_type, **changes)(story)

    return lie


def _parted(changes: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what of `changes` is the envelope's, and what the event's."""
    envelope = {name: value for name, value in changes.items() if name in _ENVELOPE}
    return envelope, {name: value for name, value in changes.items() if name not in _ENVELOPE}


def nothing(_story: Story) -> None:
    """Let the story be as it is."""


def receive(story: Story) -> None:
    story.receive("o-9")


def accept(story: Story) -> None:
    story.receive("o-9")
    story.accept("o-9")


def refer(story: Story) -> None:
    accept(story)
    story.refer("o-9")


def schedule(story: Story) -> None:
    story.plan("s-9")
    accept_early(story)
    story.schedule("o-9", "s-9")


def accept_early(story: Story) -> None:
    story.receive("o-9", received_on=HELD_ON - 3 * DAY)
    story.accept("o-9")


def plan(story: Story) -> None:
    story.plan("s-9")


def hold(story: Story) -> None:
    story.plan("s-9")
    story.open("s-9")
    story.raise_("s-9", "o-8")
    story.end("s-9")


def begin(story: Story) -> None:
    story.plan("s-9")
    story.open("s-9")


def answer_there(story: Story) -> None:
    begin(story)
    story.raise_("s-9", "o-8")
    story.answer_on_spot("s-9", "o-8")


def raise_there(story: Story) -> None:
    begin(story)
    story.raise_("s-9", "o-8")


def conclude(story: Story) -> None:
    hold(story)
    story.conclude("s-9", "o-8", number="13/TB")


def take_on(story: Story) -> None:
    accept(story)
    story.take_on(story.refer("o-9"))


def submit(story: Story) -> None:
    accept(story)
    assignment = story.refer("o-9")
    story.take_on(assignment)
    story.submit(assignment)


def release_late(story: Story) -> None:
    accept(story)
    assignment = story.refer("o-9")
    story.take_on(assignment)
    story.today = story.terms(assignment).due_on + 4 * DAY
    story.notice(assignment)
    story.submit(assignment)
    story.later(1)
    story.release(assignment)


def release_in_time(story: Story) -> None:
    submit(story)
    story.release(story.last("assignment", AnswerSubmitted).event.assignment_id)  # type: ignore[union-attr]


def miss(story: Story) -> None:
    accept(story)
    assignment = story.refer("o-9")
    story.today = story.terms(assignment).due_on + DAY
    story.notice(assignment)


def of_another(event_type: type[Event], subject: dict[str, str], **changes: Any) -> Lie:
    """Return the lie that the newest event of a type happened to another subject."""

    def lie(story: Story) -> Place:
        like = story.last(OWNER[event_type], event_type)
        ((key, value),) = subject.items()
        stream = f"{key.removesuffix('_id')}-{value}"
        envelope, data = _parted(changes)
        event = changed(like.event, **{key: value, **data})
        return story.forge(like, event, stream=stream, **envelope)

    return lie


def changed(event: Event, **changes: Any) -> Event:
    """Return the event with other fields."""
    made: Event = replace(cast(Any, event), **changes)
    return made


def differs(*names: str) -> set[tuple[str, object]]:
    return {("differs", name) for name in names}


def impossible(reason: str) -> set[tuple[str, object]]:
    return {("not_possible", reason)}


LIES: dict[str, tuple[Lie, set[tuple[str, object]]]] = {
    # Intake
    "received twice": (
        twice(OpinionReceived, receive),
        impossible("—") | {("counts_differ", None)},
    ),
    "received twice, differently": (
        twice(OpinionReceived, receive, voices=9),
        impossible("opinion.reported_differently") | {("counts_differ", None)},
    ),
    "received in the future": (
        instead(OpinionReceived, receive, received_on=date(2019, 12, 31)),
        impossible("opinion.received_in_future"),
    ),
    "received too long ago": (
        instead(OpinionReceived, receive, received_on=date(2018, 1, 2)),
        impossible("opinion.received_too_long_ago"),
    ),
    "nobody's voice": (
        instead(OpinionReceived, receive, voices=0),
        impossible("opinion.voices_missing"),
    ),
    "another level": (
        instead(OpinionReceived, receive, level=Level.DISTRICT),
        differs("level"),
    ),
    "another receipt": (instead(OpinionReceived, receive, receipt="R-1"), differs("receipt")),
    "a unit that never was": (
        instead(OpinionReceived, receive, unit="nowhere"),
        impossible("province.unknown_unit"),
    ),
    "a field that never was": (
        instead(OpinionReceived, receive, field="nothing"),
        impossible("province.unknown_field"),
    ),
    "reported by nobody": (
        instead(OpinionReceived, receive, organisation="nobody"),
        impossible("province.unknown_organisation"),
    ),
    "entered by another seat": (
        instead(OpinionReceived, receive, entered_by=SCREENER),
        differs("entered_by"),
    ),
    "reported without words": (
        instead(OpinionReceived, receive, text=None),
        {("text_missing", None)},
    ),
    "words refused to an organisation": (
        instead(OpinionReceived, receive, text_refused=TextRefusal.UNKNOWN),
        differs("text_refused"),
    ),
    "words of the room lost": (
        instead(OpinionReceived, raise_there, text=None),
        differs("text") | {("left_out", None)},
    ),
    "words of the room refused and kept": (
        instead(OpinionReceived, raise_there, text_refused=TextRefusal.DIFFERS),
        differs("text") | {("left_out", None)},
    ),
    "accepted by the seat that entered it": (
        instead(OpinionAccepted, accept, actor=RECEIVER),
        impossible("opinion.same_seat"),
    ),
    "accepted by a service": (
        instead(OpinionAccepted, accept, actor="service:intake"),
        {("cause_missing", None)},
    ),
    "voices grown on the way": (instead(OpinionAccepted, accept, voices=900), differs("voices")),
    "accepted twice": (
        twice(OpinionAccepted, accept),
        impossible("—"),
    ),
    "accepted though never received": (
        instead(OpinionAccepted, accept, opinion_id="o-x", stream="opinion-o-x"),
        impossible("opinion.not_in_screening"),
    ),
    "declined after its answer": (
        lambda story: story.forge(
            story.last("intake", OpinionAnswered),
            OpinionDeclined(
                **story.dimensions("o-2"),
                reason=DeclineReason.NOT_COMPETENT,
                redirect="ubnd-ba-dinh",
            ),
            actor=SCREENER,
            causation_id=None,
        ),
        impossible("opinion.not_in_screening"),
    ),
    "declined towards nobody": (
        lambda story: story.forge(
            story.last("intake", OpinionReferred),
            OpinionDeclined(
                **story.dimensions("o-4"), reason=DeclineReason.UNCLEAR, redirect="nowhere"
            ),
            stream="opinion-o-4",
        ),
        impossible("province.unknown_agency"),
    ),
    "referred on another day": (
        instead(OpinionReferred, refer, referred_on=date(2019, 4, 1)),
        differs("referred_on"),
    ),
    "referred from where nobody leads": (
        instead(OpinionReferred, refer, unit="nowhere"),
        impossible("province.unknown_unit"),
    ),
    "referred to nobody's agency": (
        instead(OpinionReferred, refer, agency="nowhere"),
        impossible("province.unknown_agency"),
    ),
    "scheduled for another day": (
        instead(OpinionScheduled, schedule, held_on=HELD_ON + DAY),
        differs("held_on"),
    ),
    "scheduled for another kind": (
        instead(OpinionScheduled, schedule, session_kind=SessionKind.AD_HOC),
        differs("session_kind"),
    ),
    "scheduled for no session": (
        instead(OpinionScheduled, schedule, session_id="s-x"),
        {("session_unknown", None)},
    ),
    "covered by nothing": (
        instead(OpinionCoveredByCommitment, conclude, causation_id=None),
        {("cause_missing", None)},
    ),
    "answered by nothing": (
        instead(OpinionAnswered, release_in_time, causation_id="nothing"),
        {("cause_missing", None)},
    ),
    "answered by another's answer": (
        of_another(OpinionAnswered, {"opinion_id": "o-5"}),
        {("cause_asks_nothing", None)},
    ),
    "answered with another outcome": (
        instead(OpinionAnswered, release_in_time, outcome=Outcome.EXPLAINED),
        differs("outcome"),
    ),
    "answered in time, though late": (
        instead(OpinionAnswered, release_late, days_late=0),
        differs("days_late"),
    ),
    "answered of another session": (
        instead(OpinionAnswered, answer_there, session_id="s-1"),
        differs("session_id"),
    ),
    "answered by a person": (
        instead(OpinionAnswered, release_in_time, actor=SCREENER),
        differs("actor"),
    ),
    "answered as if never overdue": (
        instead(OpinionAnswered, release_late, was_overdue=False),
        differs("was_overdue"),
    ),
    "answered without a word of being overdue": (
        instead(OpinionAnswered, release_late, was_overdue=None),
        differs("was_overdue"),
    ),
    "answered as if overdue": (
        instead(OpinionAnswered, release_in_time, was_overdue=True),
        differs("was_overdue"),
    ),
    "overdue by nothing": (
        instead(OpinionBecameOverdue, miss, causation_id=None),
        {("cause_missing", None)},
    ),
    "overdue by another's miss": (
        of_another(OpinionBecameOverdue, {"opinion_id": "o-5"}),
        {("cause_asks_nothing", None)},
    ),
    "overdue since another day": (
        instead(OpinionBecameOverdue, miss, due_on=DUE_ON),
        differs("due_on"),
    ),
    "overdue in another round": (
        instead(OpinionBecameOverdue, miss, round=2),
        differs("round"),
    ),
    "overdue at another agency": (
        instead(OpinionBecameOverdue, miss, agency="ubnd-ba-dinh"),
        differs("agency"),
    ),
    "overdue twice": (twice(OpinionBecameOverdue, miss), impossible("—")),
    "overdue after its answer": (again(OpinionBecameOverdue), impossible("—")),
    "answered before the cause": (
        instead(OpinionAnswered, release_in_time, occurred_at="2019-04-01T02:00:00.000000Z"),
        differs("occurredat"),
    ),
    # Sessions
    "planned without a trigger": (
        of_another(SessionPlanned, {"session_id": "s-x"}, session_kind=SessionKind.AD_HOC),
        impossible("session.trigger_missing"),
    ),
    "planned about what never was a field": (
        of_another(SessionPlanned, {"session_id": "s-x"}, field="nothing"),
        impossible("province.unknown_field"),
    ),
    "planned at another level": (
        of_another(SessionPlanned, {"session_id": "s-x"}, level=Level.PROVINCE),
        differs("level"),
    ),
    "fixed in another year": (
        instead(SessionScheduled, plan, held_on=date(2020, 1, 2)),
        impossible("session.held_outside_year"),
    ),
    "on the agenda by nobody": (
        instead(AgendaItemPlaced, schedule, causation_id=None),
        {("cause_missing", None)},
    ),
    "on the agenda with another field": (
        instead(AgendaItemPlaced, schedule, field_of_opinion="education"),
        differs("field_of_opinion"),
    ),
    "opened before its day": (
        of_another(
            SessionOpened,
            {"session_id": "s-2"},
            occurred_at="2019-04-09T02:00:00.000000Z",
            time="2019-04-16T02:00:00.000000Z",
        ),
        impossible("session.opened_too_early") | differs("occurredat"),
    ),
    "more attendances before": (
        instead(AttendanceRecorded, begin, attendances_before=70),
        differs("attendances_before"),
    ),
    "attendances of another day": (
        instead(AttendanceRecorded, begin, held_on=HELD_ON + DAY),
        differs("held_on"),
    ),
    "fixed by a service": (
        instead(SessionScheduled, plan, actor="service:sessions"),
        {("cause_missing", None)},
    ),
    "raised in a field that never was": (
        instead(OpinionRaised, raise_there, field_of_opinion="nothing"),
        impossible("province.unknown_field"),
    ),
    "raised by nobody": (
        instead(OpinionRaised, raise_there, voices=0),
        impossible("session.voices_missing"),
    ),
    "answered though elsewhere": (
        instead(AnswerGivenOnSpot, answer_there, opinion_id="o-4"),
        impossible("session.opinion_not_here"),
    ),
    "ended without anybody": (
        of_another(SessionEnded, {"session_id": "s-2"}),
        impossible("session.not_opened"),
    ),
    "concluded under a number that is taken": (
        instead(ConclusionIssued, conclude, number="12/tb"),
        impossible("session.number_taken"),
    ),
    "concluded without a disposition": (
        instead(ConclusionIssued, conclude, commitments=()),
        impossible("session.opinion_without_disposition"),
    ),
    "concluded before the session": (
        instead(ConclusionIssued, conclude, issued_on=HELD_ON - DAY),
        impossible("session.issued_before_session"),
    ),
    "a conclusion of another id": (
        instead(ConclusionIssued, conclude, conclusion_id="x"),
        differs("conclusion_id"),
    ),
    # Assignment
    "due a day later": (
        instead(AssignmentIssued, refer, due_on=date(2019, 12, 2)),
        differs("due_on"),
    ),
    "by another provision": (
        instead(AssignmentIssued, refer, deadline_citation="Điều 1"),
        differs("deadline_citation"),
    ),
    "led by another agency": (
        instead(AssignmentIssued, refer, agency="ubnd-ba-dinh"),
        differs("agency"),
    ),
    "more opinions than there are": (
        instead(AssignmentIssued, refer, opinions=7),
        differs("opinions"),
    ),
    "promised for another day": (
        instead(AssignmentIssued, conclude, due_on=DUE_ON + DAY),
        differs("due_on"),
    ),
    "issued by nothing": (
        instead(AssignmentIssued, refer, causation_id=None),
        {("cause_missing", None)},
    ),
    "issued twice": (again(AssignmentIssued), {("cause_asks_nothing", None)}),
    "accepted on another day": (
        instead(AssignmentAccepted, take_on, accepted_on=date(2019, 4, 30)),
        differs("accepted_on"),
    ),
    "accepted by another agency": (
        instead(AssignmentAccepted, take_on, agency="ubnd-ba-dinh"),
        impossible("assignment.other_agency"),
    ),
    "submitted by another hand": (
        instead(AnswerSubmitted, submit, author="ai-do"),
        differs("author"),
    ),
    "submitted on another day": (
        instead(AnswerSubmitted, submit, submitted_on=date(2019, 4, 30)),
        differs("submitted_on"),
    ),
    "released by the same seat": (
        instead(AnswerReleased, release_in_time, actor="tnmt/van-thu", approver="tnmt/van-thu"),
        impossible("assignment.same_seat"),
    ),
    "not late": (instead(AnswerReleased, release_late, days_late=0), differs("days_late")),
    "fewer working days late": (
        instead(AnswerReleased, release_late, working_days_late=0),
        differs("working_days_late"),
    ),
    "the agency not late": (
        instead(AnswerReleased, release_late, agency_days_late=0),
        differs("agency_days_late"),
    ),
    "not missed": (instead(AnswerReleased, release_late, missed=False), differs("missed")),
    "released a week before": (
        instead(AnswerReleased, release_late, released_on=date(2019, 5, 1)),
        differs("released_on"),
    ),
    "released with another outcome": (
        instead(AnswerReleased, release_in_time, outcome=Outcome.EXPLAINED),
        differs("outcome"),
    ),
    "due later at the end": (
        instead(AnswerReleased, release_late, due_on=date(2019, 12, 2)),
        differs("due_on"),
    ),
    "missed before it was due": (
        instead(DeadlineMissed, miss, occurred_at="2019-04-16T02:00:00.000000Z"),
        impossible("—"),
    ),
    "missed on another day": (
        instead(DeadlineMissed, miss, effective_on=date(2019, 12, 2)),
        differs("effective_on"),
    ),
    "missed twice": (twice(DeadlineMissed, miss), impossible("—")),
    # The log itself
    "a version left out": (
        instead(OpinionAccepted, accept, version=5),
        differs("streamversion"),
    ),
    "an id that was used": (
        lambda story: story.forge(
            story.last("intake", OpinionReceived),
            replace(_new_reception(story), opinion_id="o-9"),
            stream="opinion-o-9",
            actor=RECEIVER,
            causation_id=None,
            occurred_at=None,
            event_id=story.last("intake", OpinionReceived).event_id,
        ),
        {("id_repeated", None)},
    ),
    "recorded before the last": (
        instead(OpinionAccepted, accept, time="2019-04-01T02:00:00.000000Z"),
        {("time_went_back", None)} | differs("occurredat"),
    ),
    "said to have happened days before": (
        instead(OpinionAccepted, accept, occurred_at="2019-04-01T02:00:00.000000Z"),
        differs("occurredat") | differs("accepted_on") | differs("screening_days"),
    ),
    "in the stream of another": (
        instead(OpinionAccepted, accept, stream="opinion-o-4"),
        {("wrong_stream", None)},
    ),
    "in the log of another": (
        lambda story: story.forge(
            story.last("sessions", SessionEnded), story.last("intake", OpinionAccepted).event
        ),
        {("wrong_log", None)},
    ),
}


def _new_reception(story: Story) -> OpinionReceived:
    receive(story)
    event = story.last("intake", OpinionReceived).event
    assert isinstance(event, OpinionReceived)
    dropped(story, OpinionReceived)
    return event


def story_with(lie: Lie) -> tuple[Story, Place]:
    """Return the story with one lie, and where it stands."""
    story = told()
    return story, lie(story)
