"""Histories of opinions drawn from a seed: commands that fit, and many that don't."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from services.intake.commands import Command, ReceiveOpinion, ReceiveRaised
from services.intake.decider import OPINION
from services.intake.evolving import OpinionEvent
from shared.contracts.intake import (
    ClarificationProvided,
    ClarificationRequested,
    OpinionAccepted,
    OpinionAnswered,
    OpinionClosed,
    OpinionCoveredByCommitment,
    OpinionDeclined,
    OpinionMerged,
    OpinionReceived,
    OpinionReferred,
    OpinionReopened,
    OpinionReturned,
    OpinionScheduled,
    OpinionSplit,
    OpinionUnmerged,
    OpinionUnscheduled,
    OpinionWithdrawn,
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
    """Return how many opinions are where, told by their events alone, and `cases`."""
    places: dict[str, str] = {}
    cases = 0
    for event in events:
        cases += isinstance(event, OpinionReceived)
        cases -= isinstance(event, OpinionSplit)
        place = _place(event)
        if place is not None:
            places[event.opinion_id] = place
    counted = Counter(place for place in places.values() if place != "split")
    counted["cases"] = cases
    return counted


def _place(event: OpinionEvent) -> str | None:
    """Return the state that `event` leads to; None when it leaves the opinion where it is."""
    match event:
        case OpinionReceived() | OpinionAccepted() if event.session_id is not None:
            return "scheduled"
        case OpinionUnmerged():
            return event.state_after
        case _:
            return PLACES.get(type(event))


PLACES: Mapping[type[OpinionEvent], str] = {
    OpinionReceived: "received",
    ClarificationRequested: "clarifying",
    ClarificationProvided: "received",
    OpinionAccepted: "eligible",
    OpinionUnscheduled: "eligible",
    OpinionReturned: "eligible",
    OpinionScheduled: "scheduled",
    OpinionReferred: "in_handling",
    OpinionCoveredByCommitment: "in_handling",
    OpinionReopened: "in_handling",
    OpinionAnswered: "answered",
    OpinionClosed: "closed",
    OpinionDeclined: "declined",
    OpinionMerged: "merged",
    OpinionSplit: "split",
    OpinionWithdrawn: "withdrawn",
}


def _for_opinion(command: Command, opinion_id: str) -> Command:
    if isinstance(command, ReceiveOpinion | ReceiveRaised):
        unit, level = UNITS[int(opinion_id.removeprefix("o-")) % len(UNITS)]
        changed = replace(command.dimensions, opinion_id=opinion_id, unit=unit, level=level)
        return replace(command, dimensions=changed)
    return command
