"""The words of answers: kept once for each round, read by those whom they concern.

Those at work on an answer may read it, and once it is released its receivers.
"""

from services.assignment import read_model
from services.assignment.read_model import Row
from services.assignment.scope import may_know
from shared.access import AGENCY_ROLES, Action, Caller, Role, allow
from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import Visibility
from shared.kernel.errors import Conflict, Forbidden, NotFound, Refused
from shared.kernel.ids import derived_id
from shared.runtime import Runtime
from shared.vault import Purpose
from shared.web.perform import Step
from shared.web.purposes import check_purpose

RELEASED = frozenset({"released", "claimed", "fulfilled"})
"""States in which the people have the answer."""
_WATCHERS = frozenset({Role.SUPERVISOR, Role.AUDITOR})


def answer_text_id(assignment_id: str, number: int, returns: int = 0) -> str:
    """Return the id of the text by which round `number` of an assignment is answered.

    Each time the answer was handed back, the next one is a text of its own.
    """
    again = (str(returns),) if returns else ()
    return derived_id("assignment", "answer", assignment_id, str(number), *again)


def keep_answer(runtime: Runtime, step: Step, assignment: Row, words: str) -> TextRef:
    """Return the reference to `words`, the answer of the assignment's present round.

    The same words again give the same reference. What is refused afterwards leaves no words.

    Raises:
        BadInput: `vault.text_*`.
        Refused: `assignment.answer_differs` where other words await release: until the
            second pair of eyes hands them back, they are what it is reading;
            `assignment.released_final`.

    """
    # Before the vault, in the order of every writer's locks: the state below is the last.
    runtime.ledger.log(assignment["province"]).lock(step.tx)
    row = read_model.one(step.connection, assignment["assignment_id"])
    try:
        return runtime.vault.put(
            step.connection,
            text_id=answer_text_id(row["assignment_id"], row["round"], row["returns"]),
            text=words,
            province=row["province"],
            visibility=Visibility.RESTRICTED,
        )
    except Conflict:
        # Only an answer that was submitted has words in the vault.
        is_final = row["state"] in RELEASED
        code = "assignment.released_final" if is_final else "assignment.answer_differs"
        raise Refused(code) from None


def keep_text(runtime: Runtime, step: Step, assignment: Row, words: str, *what: str) -> TextRef:
    """Return the reference to `words`, which `what` tells apart from the assignment's other texts.

    The caller holds the log's lock. Raises BadInput `vault.text_*`; Refused
    `assignment.text_differs` where other words were kept for the same.
    """
    try:
        return runtime.vault.put(
            step.connection,
            text_id=derived_id("assignment", "text", assignment["assignment_id"], *what),
            text=words,
            province=assignment["province"],
            visibility=Visibility.RESTRICTED,
        )
    except Conflict:
        raise Refused("assignment.text_differs") from None


def read_answer(runtime: Runtime, caller: Caller, text_id: str, purpose: Purpose) -> str:
    """Return the text; the reading is logged in the same transaction.

    The lead and the cooperating agencies may, and supervisors; everybody else to whom
    texts are open may once the answer is released.

    Raises:
        NotFound: `assignment.unknown_text`, also for an assignment outside the caller's
            scope; `vault.erased`.
        Forbidden: `access.not_allowed`; `assignment.answer_not_released`;
            `access.purpose_not_allowed`.

    """
    allow(caller, Action.READ_TEXT, province=caller.province, agency=caller.agency)
    with runtime.store.write() as tx:
        row, is_answer = read_model.of_text(tx.connection, text_id)
        assignment_id = row["assignment_id"]
        parties = read_model.agencies(tx.connection, [assignment_id])[assignment_id]
        if not may_know(caller, row, parties):
            raise NotFound("assignment.unknown_text")
        may_always = caller.role in AGENCY_ROLES | _WATCHERS
        if is_answer and row["state"] not in RELEASED and not may_always:
            raise Forbidden("assignment.answer_not_released")
        check_purpose(caller, purpose, is_public=row["state"] == "released")
        return runtime.vault.read(
            tx.connection, text_id=text_id, reader=caller.seat, purpose=purpose
        )
