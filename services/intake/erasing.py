"""Erasing an opinion's texts: asked, decided, done. No figure changes by it. Pure.

Source: Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15; Nghị định số 356/2025/NĐ-CP.
"""

from collections.abc import Sequence

from services.intake.commands_course import DecideErasure, EraseNarrative, RequestErasure
from services.intake.evolving import OpinionEvent
from services.intake.states import Declined, Known, State, state_name, values_of
from shared.contracts.intake import ErasureDecided, ErasureRequested, NarrativeErased
from shared.contracts.vocabulary import DeclineReason, OpinionKind
from shared.kernel.errors import Refused

Events = Sequence[OpinionEvent]


def request(command: RequestErasure, state: State) -> Events:
    """Return that the person asked; nothing while a request waits. Raises as `decide`."""
    known = _not_erased(state)
    if known.course.erasure_request is not None:
        return ()
    requested = ErasureRequested(
        **values_of(known.dimensions),
        requested_on=command.on,
        answer_due_on=command.deadline.due_on,
        answer_citation=command.deadline.citation,
    )
    return (requested,)


def decide_erasure(command: DecideErasure, state: State) -> Events:
    """Return the answer to the request. Raises as `decide`."""
    known = _not_erased(state)
    asked = known.course.erasure_request
    if asked is None:
        raise Refused("opinion.no_erasure_asked", opinion=known.dimensions.opinion_id)
    granted = command.refusal is None
    decided = ErasureDecided(
        **values_of(known.dimensions),
        requested_on=asked.requested_on,
        decided_on=command.on,
        granted=granted,
        days_late=max(0, (command.on - asked.answer_due_on).days),
        refusal=command.refusal,
        erase_due_on=command.deadline.due_on if granted else None,
        erase_citation=command.deadline.citation if granted else None,
    )
    return (decided,)


def erase(command: EraseNarrative, state: State) -> Events:
    """Return that the texts are gone: as was granted, or since it was a denunciation.

    Raises as `decide`.
    """
    if not isinstance(state, Known):
        raise Refused("opinion.not_known", state=state_name(state))
    if state.course.is_erased:
        return ()
    decision = state.course.erasure
    granted = decision is not None and decision.granted
    if not granted and not _is_denunciation(state):
        raise Refused("opinion.erasure_not_granted", opinion=state.dimensions.opinion_id)
    due_on = decision.erase_due_on if decision is not None else None
    erased = NarrativeErased(
        **values_of(state.dimensions),
        erased_on=command.on,
        texts=command.texts,
        due_on=due_on,
        days_late=0 if due_on is None else max(0, (command.on - due_on).days),
    )
    return (erased,)


def _is_denunciation(state: Known) -> bool:
    return isinstance(state, Declined) and (
        state.reason is DeclineReason.DENUNCIATION
        or state.dimensions.opinion_kind is OpinionKind.DENUNCIATION
    )


def _not_erased(state: State) -> Known:
    if not isinstance(state, Known):
        raise Refused("opinion.not_known", state=state_name(state))
    if state.course.is_erased:
        raise Refused("opinion.erased", opinion=state.dimensions.opinion_id)
    return state
