"""What a conclusion notice, or one that amends it, says in words: from its own events."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa

from services.sessions.notice_document import Item, Words
from services.sessions.reactions import stream_of
from shared.contracts.sessions import Commitment, ConclusionAmended, ConclusionIssued
from shared.kernel.errors import NotFound
from shared.provinces import Province
from shared.provinces.bodies import OrganisationKind
from shared.runtime import Runtime
from shared.territory import UnitKind
from shared.texts import Catalogue
from shared.texts.formats import NOT_STATED
from shared.vault import Purpose

Notice = ConclusionIssued | ConclusionAmended


def notices(opened: Runtime, connection: sa.Connection, row: sa.RowMapping) -> Sequence[Notice]:
    """Return the conclusion of a session, then its amendments."""
    stream = stream_of(row["session_id"])
    entries = opened.ledger.log(row["province"]).load(connection, [stream])[stream]
    events = (entry.recorded().event for entry in entries)
    return [each for each in events if isinstance(each, ConclusionIssued | ConclusionAmended)]


def words(
    opened: Runtime,
    connection: sa.Connection,
    row: sa.RowMapping,
    *,
    amendment: int | None,
    reader: str,
    purpose: Purpose,
    texts: Catalogue,
) -> Words:
    """Return what the notice says; `amendment` 0 is the conclusion, None the latest.

    The products are read from the vault, and each reading is logged.

    Raises:
        NotFound: `session.no_such_notice`.

    """
    issued = notices(opened, connection, row)
    place = len(issued) - 1 if amendment is None else amendment
    if not 0 <= place < len(issued):
        raise NotFound("session.no_such_notice")
    notice, province = issued[place], opened.province(row["province"])
    products = {
        each.commitment_id: opened.vault.read(
            connection, text_id=each.product.text_id, reader=reader, purpose=purpose
        )
        for each in notice.commitments
    }
    before = issued[place - 1].commitments if place else ()
    return Words(
        issuer=_issuer(province, notice),
        number=notice.number,
        place=_bare(_unit_name(province, notice)),
        issued_on=notice.issued_on,
        title=_title(province, issued[0], notice, texts),
        opening=_opening(province, row, issued[0], notice, texts),
        items=[
            _item(province, each, notice.issued_on, products, _standing(each, before, texts, place))
            for each in notice.commitments
        ],
        recipients=_recipients(province, notice, texts),
        signer=_seat(notice.signer, texts),
    )


def _item(
    province: Province,
    made: Commitment,
    on: date,
    products: Mapping[str, str],
    standing: str | None,
) -> Item:
    return Item(
        product=products[made.commitment_id],
        lead=_agency(province, made.lead_agency, on),
        cooperating=tuple(_agency(province, key, on) for key in made.cooperating_agencies),
        due_on=made.due_on,
        opinions=len(made.opinion_ids),
        standing=standing,
    )


def _standing(
    made: Commitment, before: Sequence[Commitment], texts: Catalogue, place: int
) -> str | None:
    if not place:
        return None
    if made in before:
        return texts.text("documents.kept")
    return texts.text("documents.changed" if made.supersedes else "documents.added")


def _title(province: Province, first: Notice, notice: Notice, texts: Catalogue) -> str:
    name = _unit_name(province, notice)
    if isinstance(notice, ConclusionIssued):
        return texts.text("documents.title", unit=name, day=first.held_on)
    return texts.text(
        "documents.amending_title",
        number=first.number,
        issued_on=first.issued_on,
        unit=name,
        day=first.held_on,
    )


def _opening(
    province: Province, row: sa.RowMapping, first: Notice, notice: Notice, texts: Catalogue
) -> Sequence[str]:
    if isinstance(notice, ConclusionAmended):
        return [
            texts.text("documents.amending", number=first.number, reason=notice.reason),
            texts.text("documents.holding_now"),
        ]
    opinions = row["opinions_covered"] + row["opinions_answered_on_spot"]
    return [
        texts.text(
            "documents.held",
            day=notice.held_on,
            unit=_unit_name(province, notice),
            kind=notice.session_kind,
        ),
        texts.text(
            "documents.figures",
            attendances=NOT_STATED if row["attendances"] is None else row["attendances"],
            opinions=opinions,
            answered=row["opinions_answered_on_spot"],
        ),
        texts.text("documents.concluded"),
    ]


def _recipients(province: Province, notice: Notice, texts: Catalogue) -> Sequence[str]:
    keys = dict.fromkeys(
        key for each in notice.commitments for key in (each.lead_agency, *each.cooperating_agencies)
    )
    front = next(
        (
            organisation.name
            for organisation in province.organisations
            if organisation.unit == notice.unit
            and organisation.organisation_kind is OrganisationKind.FRONT
            and organisation.includes(notice.issued_on)
        ),
        None,
    )
    supervisor = (texts.text("documents.for_supervision", front=front),) if front else ()
    agencies = (_agency(province, key, notice.issued_on) for key in keys)
    return [*agencies, *supervisor, texts.text("documents.filed")]


def _issuer(province: Province, notice: Notice) -> str:
    """Return the body that the signer's seat is of, or else the unit."""
    body = province.agencies.on(notice.signer.partition("/")[0], notice.issued_on)
    name = body.name if body is not None else _unit_name(province, notice)
    return re.sub(r"^UBND\b", "Ủy ban nhân dân", name)  # the decree wants names in full


def _agency(province: Province, key: str, on: date) -> str:
    agency = province.agencies.on(key, on)
    return agency.name if agency is not None else key


def _unit_name(province: Province, notice: Notice) -> str:
    unit = province.territory.on(notice.unit, notice.held_on)
    return unit.name if unit is not None else notice.unit


def _bare(name: str) -> str:
    """Return a unit's name without the word for its kind: "Thành Công"."""
    for kind in UnitKind:
        if name.lower().startswith(f"{kind.vi} "):
            return name[len(kind.vi) + 1 :]
    return name


def _seat(seat: str, texts: Catalogue) -> str:
    """Return the seat's office in words; the person on it signs by hand."""
    return texts.text("documents.signer", office=seat.rpartition("/")[2].replace("-", "_"))
