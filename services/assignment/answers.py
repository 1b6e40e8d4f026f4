"""Who may read an answer's text: those at work on it, and once released its receivers."""

from services.assignment import read_model
from services.assignment.scope import may_know
from shared.access import AGENCY_ROLES, Action, Caller, Role, allow
from shared.kernel.errors import Forbidden, NotFound
from shared.kernel.ids import derived_id
from shared.runtime import Runtime
from shared.vault import Purpose

_WATCHERS = frozenset({Role.SUPERVISOR, Role.AUDITOR})


def answer_text_id(assignment_id: str, number: int) -> str:
    """Return the id of the text by which round `number` of an assignment is answered."""
    return derived_id("assignment", "answer", assignment_id, str(number))


def read_answer(runtime: Runtime, caller: Caller, text_id: str, purpose: Purpose) -> str:
    """Return the text; the reading is logged in the same transaction.

    The lead and the cooperating agencies may, and supervisors; everybody else to whom
    texts are open may once the answer is released.

    Raises:
        NotFound: `assignment.unknown_text`, also for an assignment outside the caller's
            scope; `vault.erased`.
        Forbidden: `access.not_allowed`; `assignment.answer_not_released`.

    """
    allow(caller, Action.READ_TEXT, province=caller.province, agency=caller.agency)
    with runtime.store.write() as tx:
        row = read_model.of_text(tx.connection, text_id)
        assignment_id = row["assignment_id"]
        parties = read_model.agencies(tx.connection, [assignment_id])[assignment_id]
        if not may_know(caller, row, parties):
            raise NotFound("assignment.unknown_text")
        may_always = caller.role in AGENCY_ROLES | _WATCHERS
        if row["state"] != "released" and not may_always:
            raise Forbidden("assignment.answer_not_released")
        return runtime.vault.read(
            tx.connection, text_id=text_id, reader=caller.seat, purpose=purpose
        )
