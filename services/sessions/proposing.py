"""Commitments as they are written, resolved: who is competent, until when, which words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from services.sessions.conclusion_commands import NamedAgency, ProposedCommitment, Standing
from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import Visibility
from shared.kernel.ids import derived_id
from shared.provinces import Province
from shared.runtime import Runtime
from shared.vault import NewText

Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """The notice that commitments are written in."""

    conclusion_id: str
    issued_on: date
    amendment: int = 0
    """0 for the conclusion itself."""

    def part_id(self, kind: str, place: int) -> str:
        """Return the id of what stands at a place of it, 1-based."""
        at = f"{self.amendment}.{place}" if self.amendment else str(place)
        return derived_id(kind, self.conclusion_id, at)


def proposed(
    province: Province, notice: Notice, place: int, line: Line, product: TextRef | None
) -> ProposedCommitment:
    """Return the commitment that stands at `place`."""
    lead, on = line["lead_agency"], notice.issued_on
    supersedes = line.get("supersedes")
    return ProposedCommitment(
        commitment_id=notice.part_id("commitment", place),
        field=line["field"],
        is_field_known=province.fields.on(line["field"], on) is not None,
        opinion_ids=tuple(str(opinion_id) for opinion_id in line["opinion_ids"]),
        lead=named(province, lead, on) if lead else None,
        cooperating=tuple(named(province, key, on) for key in line["cooperating_agencies"]),
        product=product,
        due_on=_due_on(province, line, on),
        supersedes=str(supersedes) if supersedes else None,
    )


def products(
    opened: Runtime,
    connection: sa.Connection,
    province: str,
    notice: Notice,
    lines: Sequence[tuple[int, Line]],
) -> dict[int, TextRef]:
    """Put the products into the vault; return their references by place in the notice.

    Raises:
        Conflict: `vault.text_differs` when the notice is out with other words.

    """
    stated = {
        place: NewText(
            text_id=notice.part_id("product", place),
            text=line["product"],
            province=province,
            visibility=Visibility.PUBLIC,
        )
        for place, line in lines
        if line["product"] and line["product"].strip()
    }
    return dict(zip(stated, opened.vault.put_many(connection, list(stated.values())), strict=True))


def named(province: Province, key: str, issued_on: date) -> NamedAgency:
    """Return an agency with its standing on the day of issue."""
    agencies = province.agencies
    if agencies.on(key, issued_on) is not None:
        return NamedAgency(key=key, standing=Standing.COMPETENT)
    is_known = bool(agencies.ever(key))
    return NamedAgency(key=key, standing=Standing.NOT_COMPETENT if is_known else Standing.UNKNOWN)


def _due_on(province: Province, line: Line, issued_on: date) -> date | None:
    """Return the due date as stated, or as a number of days after the issue makes it."""
    working, calendar = line["due_working_days"], line["due_calendar_days"]
    if working is not None:
        return province.calendar.add_working_days(issued_on, working)
    if calendar is not None:
        return issued_on + timedelta(days=calendar)
    due_on: date | None = line["due_on"]
    return due_on
