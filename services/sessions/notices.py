"""Carrying out the issue of a conclusion: resolve every fact, decide, warn, record."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa

from services.sessions import queries, sessions
from services.sessions.conclusion import tidy_number, vague_words
from services.sessions.conclusion_commands import (
    IssueConclusion,
    NamedAgency,
    ProposedCommitment,
    Standing,
)
from services.sessions.details import number_key
from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import ReferenceKind, Visibility
from shared.kernel.clock import civil_date
from shared.kernel.document_number import is_document_number
from shared.kernel.errors import Conflict, Refused
from shared.kernel.ids import derived_id
from shared.provinces import Province
from shared.runtime import Runtime
from shared.texts import Catalogue
from shared.vault import NewText
from shared.web.app import catalogue_of
from shared.web.perform import Body, Step

_RULES = (ReferenceKind.PROVINCE, ReferenceKind.REGULATION, ReferenceKind.FIELDS)
"""What says which agency is competent, which field there is, and how late it may be noted."""


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


def _command(
    opened: Runtime, province: Province, row: sa.RowMapping, body: dict[str, Any], step: Step
) -> IssueConclusion:
    conclusion_id = derived_id("conclusion", province.slug, row["session_id"])
    number, issued_on = tidy_number(body["number"]), body["issued_on"]
    products = _products(opened, row, body, step, conclusion_id)
    today = civil_date(step.at)
    holder = queries.holder_of_number(
        step.connection,
        province=province.slug,
        unit=row["unit"],
        year=issued_on.year,
        key=number_key(number),
    )
    return IssueConclusion(
        conclusion_id=conclusion_id,
        number=number,
        is_number_free=holder in (None, row["session_id"]),
        issued_on=issued_on,
        signer=body["signer"] or step.actor,
        commitments=tuple(
            _commitment(
                province,
                line,
                issued_on=issued_on,
                commitment_id=derived_id("commitment", conclusion_id, str(place)),
                product=products.get(place),
            )
            for place, line in enumerate(body["commitments"], start=1)
        ),
        today=today,
        backdating_max_days=province.regulation.rule("backdating_max_days", today).as_count(),
    )


def _products(
    opened: Runtime, row: sa.RowMapping, body: dict[str, Any], step: Step, conclusion_id: str
) -> dict[int, TextRef]:
    """Put the products into the vault; return their references by place in the notice."""
    stated = {
        place: NewText(
            text_id=derived_id("product", conclusion_id, str(place)),
            text=line["product"],
            province=row["province"],
            visibility=Visibility.PUBLIC,
        )
        for place, line in enumerate(body["commitments"], start=1)
        if line["product"] and line["product"].strip()
    }
    try:
        refs = opened.vault.put_many(step.connection, list(stated.values()))
    except Conflict:
        # Only a notice that is out has products in the vault: a refused one is rolled back.
        issued = queries.conclusion_of(step.connection, row["session_id"])
        number = issued["number"] if issued else None
        raise Refused("session.already_concluded", number=number) from None
    return dict(zip(stated, refs, strict=True))


def _commitment(
    province: Province,
    line: dict[str, Any],
    *,
    issued_on: date,
    commitment_id: str,
    product: TextRef | None,
) -> ProposedCommitment:
    lead = line["lead_agency"]
    return ProposedCommitment(
        commitment_id=commitment_id,
        field=line["field"],
        is_field_known=province.fields.on(line["field"], issued_on) is not None,
        opinion_ids=tuple(str(opinion_id) for opinion_id in line["opinion_ids"]),
        lead=_named(province, lead, issued_on) if lead else None,
        cooperating=tuple(_named(province, key, issued_on) for key in line["cooperating_agencies"]),
        product=product,
        due_on=line["due_on"],
    )


def _named(province: Province, key: str, issued_on: date) -> NamedAgency:
    agencies = province.agencies
    if agencies.on(key, issued_on) is not None:
        return NamedAgency(key=key, standing=Standing.COMPETENT)
    is_known = bool(agencies.ever(key))
    return NamedAgency(key=key, standing=Standing.NOT_COMPETENT if is_known else Standing.UNKNOWN)


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
