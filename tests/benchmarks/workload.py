"""What both sides record: the same event, of the same size, for a stream of its own."""

import json
from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from shared import wire
from shared.contracts.intake import OpinionReceived
from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import Channel, Level, OpinionKind, Visibility
from shared.eventlog import Recorded
from shared.kernel.decider import Decider

DEPLOYMENT = "doithoai.bench"
PROVINCES = ("bac-giang", "ha-nam", "ha-noi", "ninh-binh")
_LEVELS = tuple(Level)
_KINDS = (OpinionKind.RECOMMENDATION, OpinionKind.PROPOSAL, OpinionKind.REFLECTION)


def received(number: int, opinion_id: str) -> OpinionReceived:
    """Return the event called `number` of the workload."""
    return OpinionReceived(
        opinion_id=opinion_id,
        unit=f"phuong-{number % 14}",
        level=_LEVELS[number % 3],
        field="moi-truong",
        opinion_kind=_KINDS[number % 3],
        channel=Channel.BRANCH_MEETING,
        organisation="mttq-ba-dinh",
        voices=1 + number % 9,
        received_on=date(2017 + number % 5, 1 + number % 12, 1 + number % 28),
        receipt=f"BĐ-{number:07d}",
        text=TextRef(
            text_id=opinion_id,
            owner="intake",
            commitment=f"{number:064x}",
            visibility=Visibility.RESTRICTED,
        ),
    )


def encoded(number: int, opinion_id: str) -> bytes:
    """Return the same event as JSON, for a store that takes bytes as they are."""
    document = wire.encode(received(number, opinion_id))
    return json.dumps(document, ensure_ascii=False).encode()


def _decide(command: OpinionReceived, state: int) -> Sequence[OpinionReceived]:
    return [command] if state == 0 else []


def _evolve(state: int, _event: OpinionReceived) -> int:
    return state + 1


DECIDER: Decider[OpinionReceived, int, OpinionReceived] = Decider(
    initial=0, decide=_decide, evolve=_evolve
)
"""Records what it is told, once for each stream: what is measured is the log."""


def keep_nothing(_connection: sa.Connection, _recorded: Sequence[Recorded]) -> None:
    """Be the read model of a service that has none."""
