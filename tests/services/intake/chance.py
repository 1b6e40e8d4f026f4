"""Histories of opinions drawn from a seed: commands that fit, and many that don't."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from services.intake.commands import Command, ReceiveOpinion, ReceiveRaised
from services.intake.decider import OPINION
from services.intake.states import OpinionEvent
from shared.contracts.intake import (
    OpinionAccepted,
    OpinionAnswered,
    OpinionBecameOverdue,
    OpinionCoveredByCommitment,
    OpinionDeclined,
    OpinionReceived,
    OpinionReferred,
    OpinionScheduled,
    OpinionUnscheduled,
)
from shared.contracts.vocabulary import DeclineReason, Level, OpinionKind, SessionKind
from shared.kernel.errors import Refused
from tests.services.intake.story import (
    OTHER_SESSION_ID,
    accepting,
    answering,
    answering_on_spot,
    covering,
    declining,
    missing,
    raising,
    receiving,
    referring,
    scheduling,
    taking_off,
)

COMMANDS: Sequence[Command] = (
    receiving(),
    receiving(voices=0),
    receiving(opinion_kind=OpinionKind.COMPLAINT),
    receiving(opinion_kind=OpinionKind.DENUNCIATION),
    raising(),
    accepting(),
    accepting(),
    declining(),
    declining(DeclineReason.COMPLAINT, "ubnd-ha-noi"),
    referring(),
    scheduling(),
    replace(scheduling(OTHER_SESSION_ID, date(2019, 6, 3)), session_kind=SessionKind.AD_HOC),
    taking_off(),
    covering(),
    answering_on_spot(),
    answering(),
    answering(commitment_id="commitment-1"),
    answering(round=2),
    missing(),
    missing(commitment_id="commitment-1"),
    missing(round=2),
)


UNITS = (("thanh-cong", Level.COMMUNE), ("ba-dinh", Level.DISTRICT), ("kim-ma", Level.COMMUNE))
"""Where opinions come from, in turn; both sessions hear all of them."""


def commands(seed: int, steps: int, opinions: int = 6) -> Iterator[tuple[str, Command]]:
    """Yield (opinion id, command), the same ones for the same seed."""
    dice = random.Random(seed)
    for _ in range(steps):
        opinion_id = f"o-{dice.randrange(opinions)}"
        yield opinion_id, _for_opinion(dice.choice(COMMANDS), opinion_id)


def history(seed: int, steps: int, opinions: int = 6) -> list[OpinionEvent]:
    """Return the events that the commands of a seed lead to."""
    events: list[OpinionEvent] = []
    past: dict[str, list[OpinionEvent]] = {}
    for opinion_id, command in commands(seed, steps, opinions):
        mine = past.setdefault(opinion_id, [])
        try:
            fresh = OPINION.decide(command, OPINION.state_after(mine))
        except Refused:
            continue
        mine += fresh
        events += fresh
    return events


def counts(events: Sequence[OpinionEvent]) -> Counter[str]:
    """Return how many opinions are where, by the last event of each, and `cases`."""
    last: dict[str, OpinionEvent] = {}
    cases = 0
    for event in events:
        cases += isinstance(event, OpinionReceived)
        last[event.opinion_id] = event
    counted = Counter(_place(event) for event in last.values())
    counted["cases"] = cases
    return counted


def _place(event: OpinionEvent) -> str:
    match event:
        case OpinionReceived() | OpinionAccepted() if event.session_id is not None:
            return "scheduled"
        case OpinionReceived():
            return "received"
        case OpinionAccepted() | OpinionUnscheduled():
            return "eligible"
        case OpinionScheduled():
            return "scheduled"
        case OpinionReferred() | OpinionCoveredByCommitment() | OpinionBecameOverdue():
            return "in_handling"
        case OpinionAnswered():
            return "answered"
        case OpinionDeclined():
            return "declined"


def _for_opinion(command: Command, opinion_id: str) -> Command:
    if isinstance(command, ReceiveOpinion | ReceiveRaised):
        unit, level = UNITS[int(opinion_id.removeprefix("o-")) % len(UNITS)]
        changed = replace(command.dimensions, opinion_id=opinion_id, unit=unit, level=level)
        return replace(command, dimensions=changed)
    return command
