"""The words of opinions: read by whoever now has to act on them, each reading logged."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from services.intake import read_model
from shared.access import AGENCY_ROLES, Action, Caller, allow
from shared.contracts.vocabulary import Visibility
from shared.kernel.errors import NotFound
from shared.runtime import Runtime
from shared.vault import Purpose
from shared.web.purposes import check_purpose


def of_text(opened: Runtime, caller: Caller, text_id: str, purpose: Purpose) -> str:
    """Return the narrative called `text_id`; as `of_opinion`.

    The vault says whose province it is, and not the opinion: an opinion raised in a session
    brings a reference that its sender wrote, and must not open another province's text.
    """
    with opened.store.write() as tx:
        try:
            province = opened.vault.find(tx.connection, text_id).province
        except NotFound:
            raise NotFound("opinion.unknown") from None
        row = read_model.narrated(tx.connection, text_id, province=province)
        is_handled = read_model.is_text_handled_by(
            tx.connection, text_id, caller.agency or "", province=province
        )
        told = {**row, "text_id": text_id}
        return _read(opened, tx.connection, caller, told, purpose, is_handled=is_handled)[1]


def of_opinion(
    opened: Runtime, caller: Caller, opinion_id: str, purpose: Purpose
) -> tuple[str, str]:
    """Return id and words of an opinion's narrative; the reading is logged with them.

    An agency may while it holds an open leg on the opinion.

    Raises:
        NotFound: `opinion.unknown`, also for what lies outside the caller's scope;
            `opinion.without_text`; `vault.erased`.
        Forbidden: `access.not_allowed`; `access.purpose_not_allowed`.

    """
    with opened.store.write() as tx:
        row = read_model.one(tx.connection, opinion_id)
        is_handled = read_model.is_handled_by(tx.connection, opinion_id, caller.agency or "")
        return _read(opened, tx.connection, caller, dict(row), purpose, is_handled=is_handled)


def _read(
    opened: Runtime,
    connection: sa.Connection,
    caller: Caller,
    row: Mapping[str, Any],
    purpose: Purpose,
    *,
    is_handled: bool,
) -> tuple[str, str]:
    province = row["province"]
    if caller.province not in (None, province):
        raise NotFound("opinion.unknown")
    allow(caller, Action.READ_TEXT, province=province, agency=caller.agency)
    if caller.role in AGENCY_ROLES and not is_handled:
        raise NotFound("opinion.unknown")
    text_id: str | None = row["text_id"]
    if text_id is None:
        raise NotFound("opinion.without_text")
    stored = opened.vault.find(connection, text_id)
    check_purpose(
        caller,
        purpose,
        is_own=_entered_by(opened, connection, row) == caller.seat,
        is_public=stored.ref.visibility is Visibility.PUBLIC,
    )
    text = opened.vault.read(connection, text_id=text_id, reader=caller.seat, purpose=purpose)
    return text_id, text


def _entered_by(opened: Runtime, connection: sa.Connection, row: Mapping[str, Any]) -> str:
    """Return who recorded the opinion: a seat, or the service for one raised in a session."""
    stream = f"opinion-{row['opinion_id']}"
    first = opened.ledger.log(row["province"]).load(connection, [stream])[stream][0]
    return str(first.document["actor"])
