"""The state table of the README is what the decider does."""

import re

from services.intake.decider import OPINION
from services.intake.evolving import NoteEvent
from services.intake.states import STATE_NAMES, State, Unknown, state_name
from tests.architecture.tree import ROOT
from tests.services.intake.forest import drawn

README = ROOT / "services" / "intake" / "README.md"
ROW = re.compile(r"^\| (Opinion\w+|Clarification\w+) \| ([a-z_, ]+) → ([a-z_, ]+) \|", re.MULTILINE)
SEEDS, STEPS = 30, 600


def test_the_state_table_has_every_step_that_is_ever_taken_and_no_other() -> None:
    told = {
        (event, before, after)
        for event, befores, afters in ROW.findall(README.read_text(encoding="utf-8"))
        for before in befores.split(", ")
        for after in afters.split(", ")
    }
    taken: set[tuple[str, str, str]] = set()
    for seed in range(SEEDS):
        states: dict[str, State] = {}
        for event in drawn(seed, STEPS).events:
            before = states.get(event.opinion_id, Unknown())
            after = OPINION.evolve(before, event)
            states[event.opinion_id] = after
            if isinstance(event, NoteEvent):
                assert type(before) is type(after), event
            else:
                taken.add((type(event).__name__, state_name(before), state_name(after)))
    assert taken == told
    assert {after for _, _, after in told} == {*STATE_NAMES.values()} - {"unknown"}
