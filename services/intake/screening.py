"""Sorting an opinion: acknowledged, classified, accepted or declined. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from services.intake.commands import AcceptOpinion, DeclineOpinion
from services.intake.commands_screening import (
    AcknowledgeHandover,
    AcknowledgeReceipt,
    ClassifyOpinion,
    NotifyForwarding,
)
from services.intake.evolving import OpinionEvent
from services.intake.states import (
    Clarifying,
    Declined,
    Eligible,
    Known,
    Received,
    State,
    state_name,
    values_of,
)
from shared.contracts.intake import (
    ForwardingNotified,
    HandoverAcknowledged,
    OpinionAccepted,
    OpinionClassified,
    OpinionDeclined,
    ReceiptAcknowledged,
)
from shared.contracts.vocabulary import LEAVES_THE_FLOW, DeclineReason, Level
from shared.kernel.errors import Refused

Events = Sequence[OpinionEvent]

NAMES_WHO_IS_COMPETENT = (
    DeclineReason.COMPLAINT,
    DeclineReason.DENUNCIATION,
    DeclineReason.NOT_COMPETENT,
)
"""Reasons to decline that must say where the matter belongs instead."""


def accept(command: AcceptOpinion, state: State) -> Events:
    """Return that the opinion is fit for dialogue.

    It is classified since its reception, which states kind and field; `OpinionClassified`
    corrects them. Raises Refused: see `decide`.
    """
    match state:
        case Received(dimensions=dimensions, reception=reception):
            if dimensions.opinion_kind in LEAVES_THE_FLOW:
                raise Refused("opinion.must_be_declined", opinion=dimensions.opinion_id)
            if command.by_another_seat and command.seat == reception.entered_by:
                raise Refused("opinion.same_seat", seat=command.seat)
            accepted = OpinionAccepted(
                **values_of(dimensions),
                accepted_on=command.on,
                screening_days=(command.on - dimensions.received_on).days,
            )
            return (accepted,)
        case Eligible():
            return ()
        case _:
            raise Refused("opinion.not_in_screening", state=state_name(state))


def decline(command: DeclineOpinion, state: State) -> Events:
    """Return that the opinion leaves the flow. Raises Refused: see `decide`."""
    match state:
        case Received() | Clarifying() | Eligible():
            dimensions = state.dimensions
            leads_elsewhere = (
                dimensions.opinion_kind in LEAVES_THE_FLOW
                or command.reason in NAMES_WHO_IS_COMPETENT
            )
            if leads_elsewhere and command.redirect is None:
                raise Refused("opinion.redirect_missing", opinion=dimensions.opinion_id)
            declined = OpinionDeclined(
                **values_of(dimensions),
                reason=command.reason,
                redirect=command.redirect,
                declined_on=command.on,
                state_before=state_name(state),
                screening_days=(command.on - dimensions.received_on).days,
            )
            return (declined,)
        case Declined(reason=reason, redirect=redirect) if (reason, redirect) == (
            command.reason,
            command.redirect,
        ):
            return ()
        case _:
            raise Refused("opinion.not_in_screening", state=state_name(state))


def notify_forwarding(command: NotifyForwarding, state: State) -> Events:
    """Return that the reporter was told who is competent. Raises Refused: see `decide`."""
    if not isinstance(state, Declined) or state.redirect is None or state.declined_on is None:
        raise Refused("opinion.not_redirected", state=state_name(state))
    if state.is_notified:
        return ()
    notified = ForwardingNotified(
        **values_of(state.dimensions),
        redirect=state.redirect,
        declined_on=state.declined_on,
        notified_on=command.on,
        due_on=command.deadline.due_on,
        days_late=max(0, (command.on - command.deadline.due_on).days),
        deadline_citation=command.deadline.citation,
    )
    return (notified,)


def classify(command: ClassifyOpinion, state: State) -> Events:
    """Return what the opinion is about; nothing when it is known. Raises Refused: see `decide`."""
    if not isinstance(state, Received | Eligible):
        raise Refused("opinion.not_in_screening", state=state_name(state))
    before = state.dimensions
    now = replace(before, field=command.field, opinion_kind=command.opinion_kind)
    classified = OpinionClassified(
        **values_of(now),
        competent_level=command.competent_level,
        urgency=command.urgency,
        field_before=before.field,
        opinion_kind_before=before.opinion_kind,
        skips_level=_skips(state.reception.received_level, command.competent_level),
        again=state.course.is_classified,
        skips_level_before=state.course.skips_level,
    )
    return (classified,)


_FROM_ABOVE = tuple(Level)
"""Levels, the highest first."""


def _skips(received: Level | None, competent: Level) -> bool | None:
    """Return whether it came to a level above the competent one; None when nobody knows."""
    if received is None:
        return None
    return _FROM_ABOVE.index(received) < _FROM_ABOVE.index(competent)


def acknowledge_receipt(command: AcknowledgeReceipt, state: State) -> Events:
    """Return that the reporter knows; nothing when he was told before.

    Raises Refused: see `decide`.
    """
    known = _known(state)
    if known.course.is_acknowledged:
        return ()
    return (ReceiptAcknowledged(**values_of(known.dimensions), **_in_time(command, known)),)


def acknowledge_handover(command: AcknowledgeHandover, state: State) -> Events:
    """Return that `receiver` has the opinion; nothing when it said so before.

    Raises Refused: see `decide`.
    """
    known = _known(state)
    if command.receiver == known.dimensions.organisation:
        raise Refused("opinion.handed_to_itself", organisation=command.receiver)
    if command.receiver in known.course.receivers:
        return ()
    acknowledged = HandoverAcknowledged(
        **values_of(known.dimensions), receiver=command.receiver, **_in_time(command, known)
    )
    return (acknowledged,)


def _in_time(command: AcknowledgeReceipt | AcknowledgeHandover, state: Known) -> dict[str, Any]:
    return {
        "acknowledged_on": command.on,
        "due_on": command.deadline.due_on,
        "days_taken": (command.on - state.dimensions.received_on).days,
        "days_late": max(0, (command.on - command.deadline.due_on).days),
        "deadline_citation": command.deadline.citation,
    }


def _known(state: State) -> Known:
    if not isinstance(state, Known):
        raise Refused("opinion.not_known", state=state_name(state))
    return state
