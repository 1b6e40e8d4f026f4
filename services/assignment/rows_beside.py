"""What each event makes of the tables beside an assignment's own row."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from services.assignment import feed
from services.assignment.tables import (
    assignment_agency,
    assignment_leg,
    assignment_text,
    contribution,
    opinion_lead,
    triage,
)
from shared.contracts import Event
from shared.contracts.assignment import (
    AnswerReleased,
    AnswerReturned,
    AnswerSubmitted,
    AssignmentCancelled,
    AssignmentIssued,
    AssignmentSuperseded,
    FulfilmentClaimed,
    FulfilmentRejected,
)
from shared.contracts.assignment_course import (
    AssignmentRefused,
    AssignmentTriaged,
    ContributionMissed,
    ContributionSubmitted,
    CoordinationRequested,
    LeadTransferred,
    ReferralTriaged,
)
from shared.contracts.assignment_dimensions import AssignmentDimensions, Leg
from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import LegRole
from shared.eventlog import Recorded


def insert(connection: sa.Connection, issued: Sequence[AssignmentIssued]) -> None:
    """Insert who takes part in new assignments, and which opinions they lead."""
    parties = [
        {"assignment_id": event.assignment_id, "agency": agency, "place": place}
        for event in issued
        for place, agency in enumerate(feed.concerned(event))
    ]
    connection.execute(assignment_agency.insert(), parties)
    connection.execute(
        assignment_leg.insert(),
        [
            {
                **party,
                "role": LegRole.COOPERATING if party["place"] else LegRole.LEAD,
                "from_on": event.issued_on,
            }
            for event in issued
            for party in parties
            if party["assignment_id"] == event.assignment_id
        ],
    )
    said_in_triage = [event.assignment_id for event in issued]
    for table in (triage, opinion_lead):
        connection.execute(table.delete().where(table.c.assignment_id.in_(said_in_triage)))
    leads = [
        _lead(event.assignment_id, opinion_id, event.round, place)
        for event in issued
        for place, opinion_id in enumerate(event.opinion_ids)
    ]
    if leads:
        connection.execute(opinion_lead.insert(), leads)


def apply(connection: sa.Connection, each: Recorded) -> None:
    """Apply one event that is no issue."""
    event = each.event
    match event:
        case ReferralTriaged() | AssignmentTriaged():
            _triaged(connection, each, event)
        case LeadTransferred():
            _transferred(connection, event)
        case CoordinationRequested():
            _requested(connection, event)
        case ContributionSubmitted():
            text_id = event.text.text_id
            said = {"submitted_on": event.submitted_on, "text_id": text_id}
            _contribution(connection, event, event.cooperating_agency, said)
        case ContributionMissed():
            _contribution(connection, event, event.cooperating_agency, {"is_missed": True})
        case AnswerReleased():
            _replace_legs(connection, event.assignment_id, event.legs or ())
        case AssignmentCancelled() | AssignmentSuperseded():
            _replace_legs(connection, event.assignment_id, event.legs)
            for table in (opinion_lead, triage):
                _delete(connection, table, event.assignment_id)
        case _:
            pass
    _keep_text(connection, event)


def _triaged(
    connection: sa.Connection, each: Recorded, event: ReferralTriaged | AssignmentTriaged
) -> None:
    opinion_id = event.opinion_id if isinstance(event, ReferralTriaged) else None
    connection.execute(
        triage.insert().values(
            assignment_id=event.assignment_id,
            province=each.province,
            position=each.position,
            version=each.version,
            unit=event.unit,
            level=event.level,
            field=event.field,
            opinion_id=opinion_id,
            triaged_on=event.triaged_on,
            triage_due_on=event.triage_due_on,
            due_on=event.due_on,
            reason=event.reason,
            candidates=" ".join(event.candidates),
        )
    )
    if opinion_id is not None:
        lead = _lead(event.assignment_id, opinion_id, event.round, 0)
        connection.execute(opinion_lead.insert(), [lead])


def _transferred(connection: sa.Connection, event: LeadTransferred) -> None:
    leg, party, mine = assignment_leg.c, assignment_agency.c, event.assignment_id
    open_legs = assignment_leg.update().where(leg.assignment_id == mine, leg.to_on.is_(None))
    connection.execute(
        open_legs.where(leg.role == LegRole.LEAD).values(
            to_on=event.transferred_on, working_days=event.held_working_days
        )
    )
    connection.execute(
        open_legs.where(leg.role == LegRole.COOPERATING, leg.agency == event.agency).values(
            to_on=event.transferred_on
        )
    )
    _add_leg(connection, mine, event.agency, LegRole.LEAD, event.transferred_on)
    # Whoever has held the matter may go on seeing it; the new lead comes first.
    connection.execute(
        assignment_agency.delete().where(party.assignment_id == mine, party.agency == event.agency)
    )
    connection.execute(
        assignment_agency.update().where(party.assignment_id == mine).values(place=party.place + 1)
    )
    first = {"assignment_id": mine, "agency": event.agency, "place": 0}
    connection.execute(assignment_agency.insert(), [first])
    _delete(connection, triage, mine)


def _requested(connection: sa.Connection, event: CoordinationRequested) -> None:
    leg, party = assignment_leg.c, assignment_agency.c
    mine, agency = event.assignment_id, event.cooperating_agency
    connection.execute(
        contribution.insert().values(
            assignment_id=mine,
            agency=agency,
            requested_on=event.requested_on,
            due_on=event.contribution_due_on,
            is_missed=False,
        )
    )
    is_there = connection.scalar(
        sa.select(sa.func.count()).where(
            leg.assignment_id == mine,
            leg.agency == agency,
            leg.role == LegRole.COOPERATING,
            leg.to_on.is_(None),
        )
    )
    if not is_there:
        _add_leg(connection, mine, agency, LegRole.COOPERATING, event.requested_on)
    is_party = connection.scalar(
        sa.select(sa.func.count()).where(party.assignment_id == mine, party.agency == agency)
    )
    if not is_party:
        last = sa.select(sa.func.max(party.place)).where(party.assignment_id == mine)
        place = (connection.scalar(last) or 0) + 1
        connection.execute(
            assignment_agency.insert(),
            [{"assignment_id": mine, "agency": agency, "place": place}],
        )


def _contribution(
    connection: sa.Connection, event: AssignmentDimensions, agency: str, said: dict[str, object]
) -> None:
    columns = contribution.c
    connection.execute(
        contribution.update()
        .where(
            columns.assignment_id == event.assignment_id,
            columns.agency == agency,
            columns.submitted_on.is_(None),
        )
        .values(**said)
    )


def _add_leg(
    connection: sa.Connection, assignment_id: str, agency: str, role: LegRole, on: date
) -> None:
    leg = assignment_leg.c
    last = sa.select(sa.func.max(leg.place)).where(leg.assignment_id == assignment_id)
    connection.execute(
        assignment_leg.insert().values(
            assignment_id=assignment_id,
            place=(connection.scalar(last) or 0) + 1,
            agency=agency,
            role=role,
            from_on=on,
        )
    )


def _replace_legs(connection: sa.Connection, assignment_id: str, legs: Sequence[Leg]) -> None:
    if not legs:
        return
    _delete(connection, assignment_leg, assignment_id)
    connection.execute(
        assignment_leg.insert(),
        [
            {
                "assignment_id": assignment_id,
                "place": place,
                "agency": leg.agency,
                "role": leg.role,
                "from_on": leg.from_on,
                "to_on": leg.to_on,
                "working_days": leg.working_days,
            }
            for place, leg in enumerate(legs)
        ],
    )


def _keep_text(connection: sa.Connection, event: Event) -> None:
    """Remember whose text it is, so that those whom the assignment concerns can read it."""
    text: TextRef
    match event:
        case AnswerSubmitted() | ContributionSubmitted():
            text = event.text
        case AssignmentRefused():
            text = event.legal_basis
        case AnswerReturned() | FulfilmentRejected():
            text = event.note
        case FulfilmentClaimed():
            text = event.evidence
        case _:
            return
    connection.execute(
        assignment_text.insert().values(
            text_id=text.text_id,
            assignment_id=event.assignment_id,
            is_answer=isinstance(event, AnswerSubmitted),
        )
    )


def _delete(connection: sa.Connection, table: sa.Table, assignment_id: str) -> None:
    connection.execute(table.delete().where(table.c.assignment_id == assignment_id))


def _lead(assignment_id: str, opinion_id: str, number: int, place: int) -> dict[str, object]:
    return {
        "opinion_id": opinion_id,
        "round": number,
        "assignment_id": assignment_id,
        "place": place,
    }
