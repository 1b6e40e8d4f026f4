"""Many opinions of one province, moved by commands that concern one stream or several."""

import random
from collections.abc import Sequence
from dataclasses import replace

from services.intake import plans
from services.intake.commands import Command, ReceiveOpinion
from services.intake.decider import OPINION
from services.intake.evolving import OpinionEvent
from services.intake.plans import Plan
from services.intake.states import State, Unknown
from shared.contracts.vocabulary import DeclineReason, Level, OpinionKind, Outcome
from shared.kernel.errors import Refused
from tests.services.intake import course
from tests.services.intake.chance import UNITS
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

ALONE: tuple[Command, ...] = (
    accepting(),
    declining(),
    declining(DeclineReason.COMPLAINT, "ubnd-ha-noi"),
    referring(),
    scheduling(),
    scheduling(OTHER_SESSION_ID),
    taking_off(),
    covering(),
    replace(covering(), commitment_id="commitment-2"),
    answering_on_spot(),
    answering(),
    answering(outcome=Outcome.ACCEPTED_WITH_PLAN),
    answering(commitment_id="commitment-1"),
    answering(round=2),
    missing(),
    missing(round=2),
    course.acknowledging(),
    course.asking_back(),
    course.replying(),
    course.letting_lapse(),
    course.classifying(),
    course.classifying(OpinionKind.COMPLAINT),
    course.classifying(level=Level.PROVINCE),
    course.rescheduling(course.ANSWERED_ON),
    course.returning(),
    course.returning("commitment-1"),
    course.commenting(),
    course.window_closing(),
    course.wanting_again(),
    course.reopening(),
    course.refusing_again(),
    course.closing(),
    course.closing(commitment_stands=False),
    course.wanting_erased(),
    course.granting(),
    course.erasing(),
)
"""What is asked of one opinion, in whatever state."""


class Opinions:
    """What opinions are now, and everything that happened to them."""

    def __init__(self) -> None:
        self.events: list[OpinionEvent] = []
        self.states: dict[str, State] = {}

    def do(self, plan: Plan) -> None:
        """Carry out a plan: all or none."""
        states, events = dict(self.states), []
        try:
            for opinion_id, command in plan:
                state = states.get(opinion_id, Unknown())
                for event in OPINION.decide(command, state):
                    state = OPINION.evolve(state, event)
                    events.append(event)
                states[opinion_id] = state
        except Refused:
            return
        self.states.update(states)
        self.events += events

    def fitting(self, opinion_id: str) -> list[Command]:
        """Return the commands that something comes of."""
        state = self.states.get(opinion_id, Unknown())
        return [command for command in ALONE if _happens(command, state)]


def receiving_one(opinion_id: str, voices: int, *, raised: bool = False) -> Plan:
    """Return how an opinion comes in."""
    asked = raising() if raised else receiving()
    unit, level = UNITS[voices % len(UNITS)]
    dimensions = replace(
        asked.dimensions, opinion_id=opinion_id, voices=voices, unit=unit, level=level
    )
    asked = replace(asked, dimensions=dimensions)
    if isinstance(asked, ReceiveOpinion):
        asked = replace(asked, received_level=tuple(Level)[voices % len(Level)])
    return [(opinion_id, asked)]


def splitting(opinion_id: str, voices: Sequence[int]) -> Plan:
    """Return how an opinion gives way to a part for each of `voices`."""
    part_ids = tuple(f"{opinion_id}-{number}" for number in range(len(voices)))
    plan: Plan = [(opinion_id, course.splitting(*part_ids))]
    for part_id, number in zip(part_ids, voices, strict=True):
        asked = receiving(part_of=opinion_id)
        dimensions = replace(asked.dimensions, opinion_id=part_id, voices=number)
        plan.append((part_id, replace(asked, dimensions=dimensions)))
    return plan


def drawn(seed: int, steps: int) -> Opinions:
    """Return what comes of moves drawn from a seed, most of which fit."""
    dice, mine = random.Random(seed), Opinions()
    for number in range(steps):
        known = sorted(mine.states)
        kind = dice.randrange(12)
        if kind < 2 or len(known) < 3:
            opinion_id = f"o-{number}"
            mine.do(receiving_one(opinion_id, dice.randint(1, 9), raised=dice.random() < 0.2))
            continue
        opinion_id, other_id = dice.choice(known), dice.choice(known)
        if kind == 2:
            mine.do(
                plans.merge(
                    opinion_id, other_id, mine.states, similarity_permille=None, algorithm=None
                )
            )
        elif kind == 3 and dice.random() < 0.5:
            mine.do(plans.unmerge(opinion_id, mine.states))
        elif kind == 4 and dice.random() < 0.3:
            mine.do(plans.withdraw(opinion_id, mine.states, course.withdrawing()))
        elif kind == 5 and dice.random() < 0.3:
            mine.do(splitting(opinion_id, [dice.randint(1, 9), dice.randint(1, 9)]))
        elif fitting := mine.fitting(opinion_id):
            mine.do([(opinion_id, dice.choice(fitting))])
    return mine


def _happens(command: Command, state: State) -> bool:
    try:
        return bool(OPINION.decide(command, state))
    except Refused:
        return False
