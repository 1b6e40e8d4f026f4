"""What people ask of opinions over HTTP: who may, in one transaction, all or none."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa
from flask import Response, request

from services.intake import opinions, read_model
from services.intake.commands import Command
from services.intake.decider import OPINION
from services.intake.evolving import OpinionEvent
from services.intake.plans import Plan
from services.intake.states import State
from shared.access import Action
from shared.contracts.vocabulary import ReferenceKind
from shared.eventlog import EventLog, Task, execute
from shared.kernel.errors import BadInput
from shared.provinces import Province
from shared.runtime import Runtime
from shared.web.callers import allowed, allowed_somewhere
from shared.web.current import runtime
from shared.web.perform import Step, expected_version, perform


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of one opinion, under the lock of its province's log."""

    step: Step
    opened: Runtime
    province: Province
    opinion_id: str
    row: sa.RowMapping
    """Of the read model."""

    @property
    def log(self) -> EventLog:
        """The log of the province."""
        return self.opened.ledger.log(self.province.slug)

    def states(self, opinion_ids: Iterable[str]) -> dict[str, State]:
        """Return what other opinions are now."""
        ids = list(opinion_ids)
        loaded = self.log.load(self.step.connection, [f"opinion-{each}" for each in ids])
        return {
            each: OPINION.state_after(
                cast(OpinionEvent, entry.recorded().event) for entry in loaded[f"opinion-{each}"]
            )
            for each in ids
        }


Make = Callable[[Asked], Plan | Command]
After = Callable[[Asked], None]


def ask(
    action: Action,
    body: dict[str, Any],
    make: Make,
    *rules: ReferenceKind,
    after: After | None = None,
    one_by_one: bool = False,
) -> Response:
    """Carry out, for each opinion of `body`, what `make` makes of it; answer their versions.

    `rules` are what the commands rest on; `after` is done in the same transaction. What is
    made `one_by_one` sees what was done to the opinions before it.
    """
    opinion_ids = [str(opinion_id) for opinion_id in dict.fromkeys(body["opinion_ids"])]
    return ask_of(action, opinion_ids, make, *rules, after=after, one_by_one=one_by_one)


def ask_of(
    action: Action,
    opinion_ids: Sequence[str],
    make: Make,
    *rules: ReferenceKind,
    after: After | None = None,
    one_by_one: bool = False,
) -> Response:
    """Carry out what `make` makes of each opinion. As `ask`."""
    opened = runtime()
    scope = allowed_somewhere(action).province
    with opened.store.read() as connection:
        slug = opinions.province_of(connection, opinion_ids, scope=scope)
    known = allowed(action, province=slug)
    expected = expected_version(request)
    if expected is not None and len(opinion_ids) > 1:
        raise BadInput("request.bad_version")
    province = opened.province(slug)
    references = province.references(*rules)

    def work(step: Step) -> tuple[int, dict[str, Any]]:
        log = opened.ledger.log(slug)
        log.lock(step.tx)  # before looking: what the commands rest on must not change
        versions: dict[str, int] = {}
        asked: list[Asked] = []
        tasks: list[Task[Command]] = []
        for opinion_id in opinion_ids:
            one = Asked(
                step=step,
                opened=opened,
                province=province,
                opinion_id=opinion_id,
                row=read_model.one(step.connection, opinion_id),
            )
            asked.append(one)
            tasks += _tasks(one, make(one), expected, references)
            if one_by_one or opinion_id == opinion_ids[-1]:
                for outcome in execute(log, step.tx, OPINION, tasks):
                    versions[outcome.stream.removeprefix("opinion-")] = outcome.version
                tasks = []
        if after is not None:
            for one in asked:
                after(one)
        return 200, {
            "opinions": [
                {"opinion_id": opinion_id, "version": version}
                for opinion_id, version in versions.items()
            ]
        }

    return perform(opened, known, work)


def _tasks(
    asked: Asked, made: Plan | Command, expected: int | None, references: str
) -> Iterator[Task[Command]]:
    """Yield a task for each command; the version that the caller has seen is its opinion's."""
    opinion_id = asked.opinion_id
    plan: Plan = made if isinstance(made, list) else [(opinion_id, made)]
    for number, (target, command) in enumerate(plan):
        yield opinions.task_for(
            asked.step,
            target,
            command,
            expected_version=expected if (target, number) == (opinion_id, 0) else None,
            references=references,
            part=f"{opinion_id}/{number}",
        )
