"""`python -m tests.services.sessions.state_table`: the README's table, out of the decider.

Every sample command is asked of every state that others lead to, until nothing new comes.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import services.sessions
from services.sessions.commands import (
    AdjournSession,
    AnswerOnSpot,
    Appointment,
    CancelSession,
    Command,
    ConveneSession,
    DelegateChair,
    EndSession,
    PostponeSession,
    RecordAttendance,
    RemoveFromAgenda,
    RescheduleSession,
    ResumeSession,
    ScheduleSession,
    SetAgenda,
    StateCommitment,
)
from services.sessions.conclusion_commands import (
    AmendConclusion,
    ApproveMinutes,
    CorrectMinutes,
    DueDay,
    NoteProgress,
    PublishResults,
)
from services.sessions.decider import SESSION
from services.sessions.states import State, state_name
from shared.contracts.sessions import SessionEvent
from shared.contracts.vocabulary import (
    AttendanceBasis,
    ChangeReason,
    CommitmentProgress,
    CorrectionReason,
    DelegationReason,
    Outcome,
    RemovalReason,
)
from shared.kernel.errors import AppError
from tests.services.sessions.story import (
    DRAIN,
    HELD_ON,
    ISSUED_ON,
    MARKET,
    agency,
    issuing,
    opening,
    placing,
    planning,
    proposed,
    raising,
    text,
)

README = Path(services.sessions.__file__).parent / "README.md"
BEGIN, END = "<!-- states: begin -->\n", "<!-- states: end -->"
_WHY = ChangeReason.FORCE_MAJEURE
_SEAT = "thanh-cong/pho-chu-tich"
_CORRECTED = CorrectionReason.AGENCY_CHANGED

SAMPLES: tuple[Command, ...] = (
    planning(),
    ScheduleSession(appointment=Appointment(held_on=HELD_ON)),
    RescheduleSession(
        appointment=Appointment(held_on=HELD_ON, venue="nha-van-hoa"), found=(), reason=_WHY
    ),
    PostponeSession(reason=_WHY),
    CancelSession(reason=_WHY),
    DelegateChair(chair=opening().chair, reason=DelegationReason.ON_LEAVE),
    SetAgenda(topics=(), hot_topics=()),
    ConveneSession(today=date(2019, 5, 10), notice_days=7, hot_topics=()),
    placing(),
    RemoveFromAgenda(opinion_id=DRAIN, reason=RemovalReason.MERGED),
    opening(head_present=False),
    AdjournSession(on=HELD_ON, reason=_WHY),
    ResumeSession(on=HELD_ON),
    RecordAttendance(group="nhan_dan", attendances=85, basis=AttendanceBasis.COUNTED),
    RecordAttendance(group="can_bo", attendances=5, basis=AttendanceBasis.COUNTED),
    raising(),
    AnswerOnSpot(opinion_id=DRAIN, outcome=Outcome.EXPLAINED),
    StateCommitment(
        statement_id="p-1",
        field_of_commitment="environment",
        opinion_ids=(),
        lead_agency=None,
        due_on=None,
        product=None,
    ),
    EndSession(speaking_turns=None),
    ApproveMinutes(on=ISSUED_ON, approver=_SEAT, text=text(20, "sessions")),
    CorrectMinutes(on=ISSUED_ON, approver=_SEAT, reason=_CORRECTED, text=text(21, "sessions")),
    issuing(proposed(opinion_ids=(MARKET,))),
    AmendConclusion(
        number="13/TB-UBND",
        is_number_free=True,
        issued_on=date(2019, 6, 3),
        signer=_SEAT,
        reason=_CORRECTED,
        commitments=(
            proposed(
                commitment_id="commitment-2",
                opinion_ids=(MARKET,),
                lead=agency("ubnd-ba-dinh"),
                supersedes="commitment-1",
            ),
        ),
        today=date(2019, 6, 4),
        backdating_max_days=30,
    ),
    PublishResults(
        published_on=ISSUED_ON,
        today=date(2019, 6, 4),
        due=DueDay(due_on=ISSUED_ON, citation="Điều 32"),
    ),
    NoteProgress(commitment_id="commitment-1", progress=CommitmentProgress.CANCELLED, on=ISSUED_ON),
)


def table() -> str:
    """Return a line for each event: from which state to which."""
    moves: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for before, event, after in _walked():
        moves[type(event).__name__].add((state_name(before), state_name(after)))
    order = list(dict.fromkeys(moves))
    lines = ["| event | from → to |", "|---|---|"]
    lines += [f"| {name} | {_told(moves[name])} |" for name in order]
    return "".join(f"{line}\n" for line in lines)


def _walked() -> Iterator[tuple[State, SessionEvent, State]]:
    """Yield each step once, the nearest first. A command is taken once on each way."""
    known: set[str] = set()
    ways: list[tuple[State, frozenset[int]]] = [(SESSION.initial, frozenset())]
    while ways:
        state, done = ways.pop(0)
        for number, command in enumerate(SAMPLES):
            if number in done:
                continue
            try:
                events = SESSION.decide(command, state)
            except AppError:
                continue
            after = state
            for event in events:
                before, after = after, SESSION.evolve(after, event)
                yield before, event, after
            mark = repr(after)
            if events and mark not in known:
                known.add(mark)
                ways.append((after, done | {number}))


def _told(moves: set[tuple[str, str]]) -> str:
    """Return "a, b → c · d": sources of one target together, what stays as it is last."""
    targets: defaultdict[str, set[str]] = defaultdict(set)
    stays = sorted((before for before, after in moves if before == after), key=_ORDER.index)
    for before, after in moves:
        if before != after:
            targets[after].add(before)
    told = [
        f"{', '.join(sorted(targets[after], key=_ORDER.index))} → {after}"
        for after in sorted(targets, key=_ORDER.index)
    ]
    return " · ".join([*told, *([", ".join(stays)] if stays else [])])


_ORDER = (
    *("not_planned", "planned", "scheduled", "convened", "in_progress", "adjourned"),
    *("held", "minuted", "concluded", "completed", "cancelled"),
)


def renewed(page: str) -> str:
    """Return the README with the table that follows from the decider."""
    start = page.index(BEGIN) + len(BEGIN)
    return page[:start] + table() + page[page.index(END) :]


if __name__ == "__main__":
    README.write_text(renewed(README.read_text(encoding="utf-8")), encoding="utf-8")
