"""Carrying out the issue of a conclusion: resolve every fact, decide, warn, record."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa

from services.sessions import proposing, queries, sessions, written
from services.sessions.conclusion import Fault, tidy_number, vague_words
from services.sessions.conclusion_commands import (
    AmendConclusion,
    IssueConclusion,
    KeptCommitment,
)
from services.sessions.details import number_key
from services.sessions.proposing import Notice, proposed
from shared.access import Caller
from shared.contracts.vocabulary import ReferenceKind
from shared.eventlog import Outcome
from shared.kernel.clock import civil_date
from shared.kernel.document_number import is_document_number
from shared.kernel.errors import Conflict, Refused
from shared.kernel.ids import derived_id, new_id
from shared.provinces import Province
from shared.runtime import Runtime
from shared.texts import Catalogue
from shared.web.app import catalogue_of
from shared.web.perform import Body, Step

_RULES = (
    ReferenceKind.PROVINCE,
    ReferenceKind.REGULATION,
    ReferenceKind.CALENDAR,
    ReferenceKind.FIELDS,
)
"""What says which agency is competent, which field there is, what is late or too old."""


def conclude(
    opened: Runtime,
    session_id: str,
    body: dict[str, Any],
    step: Step,
    expected_version: int | None,
) -> tuple[int, Body]:
    """Issue the conclusion; return 201, or 200 for a repeat, with its ids and warnings.

    Raises:
        Refused: `session.conclusion_incomplete` with every fault and its texts;
            `session.not_ended`, `session.already_concluded`.

    """
    row = queries.one(step.connection, session_id)
    province = opened.province(row["province"])
    # Before the vault: whoever else issues a notice takes the locks in this order too, and
    # the number found free stays free until this is committed.
    opened.ledger.log(province.slug).lock(step.tx)
    command = _command(opened, province, row, body, step)
    # Here and not in the decider: notices of an older shape are in logs already.
    if command.number and not is_document_number(command.number):
        malformed = Fault(place="number", code="session.number_malformed").facts()
        raise _explained(Refused("session.conclusion_incomplete", count=1, faults=[malformed]))
    outcome = _carry_out(opened, province, session_id, command, step, expected_version)
    is_new = bool(outcome.appended) and not outcome.repeated
    return 201 if is_new else 200, {
        **sessions.standing(step.connection, session_id),
        "conclusion_id": command.conclusion_id,
        "number": command.number,
        "commitments": [
            {
                "commitment_id": commitment.commitment_id,
                "text_id": commitment.product.text_id if commitment.product else None,
            }
            for commitment in command.commitments
        ],
        "warnings": warnings([line["product"] for line in body["commitments"]]),
    }


class _NotToBeKept(Exception):  # noqa: N818 - no error: it takes a trial back
    """A conclusion could be issued, and was only to be checked."""


def check(opened: Runtime, session_id: str, body: dict[str, Any], known: Caller) -> Body:
    """Return what keeps a draft from being issued, and its warnings; nothing is recorded.

    Raises:
        Refused: as `conclude`, but for `session.conclusion_incomplete`.

    """
    now = opened.clock()
    faults: Any = []
    try:
        with opened.store.write() as tx:
            step = Step(tx=tx, command_id=new_id(now), actor=known.seat, at=now)
            conclude(opened, session_id, body, step, None)
            raise _NotToBeKept
    except _NotToBeKept:
        pass
    except Refused as refused:
        if "faults" not in refused.facts:
            raise
        faults = refused.facts["faults"]
    products = [line["product"] for line in body["commitments"]]
    return {"faults": faults, "warnings": warnings(products)}


def warnings(products: Sequence[str | None]) -> list[dict[str, Any]]:
    """Return what is said too vaguely in the products of commitments, in their order."""
    found: list[dict[str, Any]] = []
    for number, product in enumerate(products, start=1):
        words = vague_words(product or "")
        if words:
            code = "session.vague_wording"
            told = _catalogue()
            found.append(
                {
                    "place": f"commitments[{number}].product",
                    "code": code,
                    "words": list(words),
                    "texts": {
                        "vi": told.text(f"errors.{code}", "vi", words=words),
                        "en": told.text(f"errors.{code}", "en", words=words),
                    },
                }
            )
    return found


def amend(
    opened: Runtime,
    session_id: str,
    body: dict[str, Any],
    step: Step,
    expected_version: int | None,
) -> tuple[int, Body]:
    """Issue an amending notice; return 201 with the ids of all commitments that hold.

    Raises:
        Refused: `session.conclusion_incomplete` with every fault and its texts;
            `session.not_concluded`.

    """
    row = queries.one(step.connection, session_id)
    province = opened.province(row["province"])
    opened.ledger.log(province.slug).lock(step.tx)
    command = _amendment(opened, province, row, body, step)
    _carry_out(opened, province, session_id, command, step, expected_version)
    commitments = queries.commitments_of(step.connection, row["conclusion_id"])
    return 201, {
        **sessions.standing(step.connection, session_id),
        "conclusion_id": row["conclusion_id"],
        "number": command.number,
        "commitments": [
            {"commitment_id": each["commitment_id"], "text_id": each["text_id"]}
            for each in commitments
        ],
        "warnings": warnings([line["product"] for line in body["commitments"]]),
    }


def _carry_out(  # noqa: PLR0917 - as `sessions.carry_out`
    opened: Runtime,
    province: Province,
    session_id: str,
    command: IssueConclusion | AmendConclusion,
    step: Step,
    expected_version: int | None,
) -> Outcome:
    try:
        (outcome,) = sessions.carry_out(
            opened,
            province.slug,
            session_id,
            [command],
            step=step,
            expected_version=expected_version,
            rules=_RULES,
        )
    except Refused as refused:
        raise _explained(refused) from None
    return outcome


def _command(
    opened: Runtime, province: Province, row: sa.RowMapping, body: dict[str, Any], step: Step
) -> IssueConclusion:
    conclusion_id = derived_id("conclusion", province.slug, row["session_id"])
    number, issued_on = tidy_number(body["number"]), body["issued_on"]
    notice = Notice(conclusion_id=conclusion_id, issued_on=issued_on)
    lines = list(enumerate(body["commitments"], start=1))
    try:
        products = proposing.products(opened, step.connection, province.slug, notice, lines)
    except Conflict:
        # Only a notice that is out has products in the vault: a refused one is rolled back.
        issued = queries.conclusion_of(step.connection, row["session_id"])
        known = issued["number"] if issued else None
        raise Refused("session.already_concluded", number=known) from None
    today = civil_date(step.at)
    held_on = row["held_on"] or today
    return IssueConclusion(
        conclusion_id=conclusion_id,
        number=number,
        is_number_free=_holder(step, row, number, issued_on) in (None, row["session_id"]),
        issued_on=issued_on,
        signer=body["signer"] or step.actor,
        commitments=tuple(
            proposed(province, notice, place, line, products.get(place)) for place, line in lines
        ),
        today=today,
        backdating_max_days=_backdating(province, today),
        due=written.due_day(province, "conclusion_due", held_on),
        must_be_minuted=province.regulation.rule("session_formalities", held_on)
        .as_formalities()
        .minuted,
    )


def _amendment(
    opened: Runtime, province: Province, row: sa.RowMapping, body: dict[str, Any], step: Step
) -> AmendConclusion:
    if row["conclusion_id"] is None:
        raise Refused("session.not_concluded")
    number, issued_on = tidy_number(body["number"]), body["issued_on"]
    before = queries.amendments_of(step.connection, row["conclusion_id"])
    notice = Notice(
        conclusion_id=row["conclusion_id"], issued_on=issued_on, amendment=len(before) + 1
    )
    lines = list(enumerate(body["commitments"], start=1))
    changed = [(place, line) for place, line in lines if line["keep"] is None]
    products = proposing.products(opened, step.connection, province.slug, notice, changed)
    today = civil_date(step.at)
    return AmendConclusion(
        number=number,
        is_number_free=_holder(step, row, number, issued_on) is None,
        issued_on=issued_on,
        signer=body["signer"] or step.actor,
        reason=body["reason"],
        commitments=tuple(
            KeptCommitment(commitment_id=str(line["keep"]))
            if line["keep"] is not None
            else proposed(province, notice, place, line, products.get(place))
            for place, line in lines
        ),
        today=today,
        backdating_max_days=_backdating(province, today),
    )


def _holder(step: Step, row: sa.RowMapping, number: str, issued_on: date) -> str | None:
    return queries.holder_of_number(
        step.connection,
        province=row["province"],
        unit=row["unit"],
        year=issued_on.year,
        key=number_key(number),
    )


def _backdating(province: Province, today: date) -> int:
    return province.regulation.rule("backdating_max_days", today).as_count()


def _explained(refused: Refused) -> Refused:
    """Return the refusal with the texts of each of its faults."""
    faults = refused.facts.get("faults")
    if isinstance(faults, list):
        told = _catalogue()
        for fault in faults:
            key = f"errors.{fault['code']}"
            fault["texts"] = {
                "vi": told.text(key, "vi", **fault),
                "en": told.text(key, "en", **fault),
            }
    return refused


@cache
def _catalogue() -> Catalogue:
    return catalogue_of("sessions")
