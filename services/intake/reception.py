"""How an opinion comes in: reported by an organisation, or raised in a session. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from services.intake.commands import ReceiveOpinion, ReceiveRaised
from services.intake.evolving import OpinionEvent
from services.intake.states import Known, State, values_of
from shared.contracts.intake import OpinionAccepted, OpinionReceived
from shared.contracts.vocabulary import OpinionKind
from shared.kernel.errors import Refused


def receive(command: ReceiveOpinion, state: State) -> Sequence[OpinionEvent]:
    """Return that an organisation reported an opinion; nothing, if it did before.

    Raises:
        Refused: `opinion.reported_differently`, `opinion.denunciation_not_stored`,
            `opinion.voices_missing`, `opinion.received_in_future`,
            `opinion.received_too_long_ago`.

    """
    received = OpinionReceived(
        **values_of(command.dimensions),
        receipt=command.receipt,
        text=command.text,
        entered_by=command.entered_by,
        digest_id=command.digest_id,
        row=command.row,
        part_of=command.part_of,
        received_level=command.received_level,
        gathering_days=None
        if command.part_of
        else (command.today - command.dimensions.received_on).days,
    )
    opinion_id = received.opinion_id
    if isinstance(state, Known):
        if _is_repeated(received, state.reception):
            return ()
        raise Refused("opinion.reported_differently", opinion=opinion_id)
    if received.opinion_kind is OpinionKind.DENUNCIATION:
        raise Refused("opinion.denunciation_not_stored")
    if received.voices < 1:
        raise Refused("opinion.voices_missing")
    if received.received_on > command.today:
        raise Refused("opinion.received_in_future", received_on=received.received_on)
    if command.part_of is not None:
        return (received,)  # as old as the opinion that it is a part of
    oldest_on = command.today - timedelta(days=command.backdating_max_days)
    if received.received_on < oldest_on:
        raise Refused("opinion.received_too_long_ago", oldest_on=oldest_on)
    return (received,)


def _is_repeated(received: OpinionReceived, before: OpinionReceived) -> bool:
    """Whether the same is reported again: at another row, by another seat, on another day."""
    told = {
        name: getattr(received, name)
        for name in ("row", "entered_by", "received_level", "gathering_days")
    }
    return replace(before, **told) == received


def receive_raised(command: ReceiveRaised) -> Sequence[OpinionEvent]:
    """Return that an opinion was raised in a session, which is fit for dialogue by that."""
    values = values_of(command.dimensions)
    received = OpinionReceived(
        **values,
        receipt=command.receipt,
        text=None if command.text_refused else command.text,
        text_refused=command.text_refused,
    )
    return (received, OpinionAccepted(**values))
