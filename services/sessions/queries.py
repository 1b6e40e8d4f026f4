"""What the API asks of the read model: each query one function, every list limited."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from services.sessions.clashes import Engaged
from services.sessions.tables import (
    amendment,
    attendance,
    commitment,
    conclusion,
    minutes,
    session,
    session_opinion,
    session_topic,
    stated_commitment,
)
from shared.kernel.errors import NotFound

PAGE_MAX_ROWS = 200
GROUPS_MAX = 200
OPINIONS_MAX = 2_000
COMMITMENTS_MAX = 200
ENGAGED_MAX = 2_000
CORRECTIONS_MAX = 200
TOPICS_MAX = 500

Rows = Sequence[sa.RowMapping]


def one(
    connection: sa.Connection, session_id: str, *, province: str | None = None
) -> sa.RowMapping:
    """Return the session, of `province` where one is given.

    Raises:
        NotFound: `session.not_planned`.

    """
    query = sa.select(session).where(session.c.session_id == session_id)
    row = connection.execute(query).mappings().one_or_none()
    if row is None or province not in (None, row["province"]):
        raise NotFound("session.not_planned")
    return row


def page(
    connection: sa.Connection,
    *,
    province: str,
    unit: str | None = None,
    state: str | None = None,
    from_on: date | None = None,
    to_on: date | None = None,
    after: tuple[date, str] | None = None,
    limit: int,
) -> Rows:
    """Return up to `limit` sessions by their place in the calendar, those after `after`.

    `from_on` and `to_on` are inclusive; a session without a day stands on the last day of
    its planned year.
    """
    columns = session.c
    query = sa.select(session).where(columns.province == province)
    if unit is not None:
        query = query.where(columns.unit == unit)
    if state is not None:
        query = query.where(columns.state == state)
    if from_on is not None:
        query = query.where(columns.calendar_on >= from_on)
    if to_on is not None:
        query = query.where(columns.calendar_on <= to_on)
    if after is not None:
        day, session_id = after
        query = query.where(
            (columns.calendar_on > day)
            | ((columns.calendar_on == day) & (columns.session_id > session_id))
        )
    query = query.order_by(columns.calendar_on, columns.session_id)
    return connection.execute(query.limit(min(limit, PAGE_MAX_ROWS))).mappings().all()


def attendances_of(connection: sa.Connection, session_id: str) -> Rows:
    """Return the latest statement of each group, by group."""
    columns = attendance.c
    query = (
        sa.select(columns.group, columns.attendances, columns.basis)
        .where(columns.session_id == session_id)
        .order_by(columns.group)
        .limit(GROUPS_MAX)
    )
    return connection.execute(query).mappings().all()


def opinions_of(connection: sa.Connection, session_id: str) -> Rows:
    """Return the opinions of a session, by id, each with its disposition."""
    columns = session_opinion.c
    query = (
        sa.select(
            columns.opinion_id,
            columns.source,
            columns.field,
            columns.disposition,
            columns.outcome,
            columns.commitment_id,
        )
        .where(columns.session_id == session_id)
        .order_by(columns.opinion_id)
        .limit(OPINIONS_MAX)
    )
    return connection.execute(query).mappings().all()


def conclusion_of(connection: sa.Connection, session_id: str) -> sa.RowMapping | None:
    """Return the conclusion of a session, or None."""
    query = sa.select(conclusion).where(conclusion.c.session_id == session_id)
    return connection.execute(query).mappings().one_or_none()


def commitments_of(connection: sa.Connection, conclusion_id: str) -> Rows:
    """Return the commitments of a conclusion, in the order of the notice."""
    query = (
        sa.select(commitment)
        .where(commitment.c.conclusion_id == conclusion_id)
        .order_by(commitment.c.place)
        .limit(COMMITMENTS_MAX)
    )
    return connection.execute(query).mappings().all()


def holder_of_number(
    connection: sa.Connection, *, province: str, unit: str, year: int, key: str
) -> str | None:
    """Return the session whose conclusion bears this number, or None.

    True for as long as the log is locked: nobody else can issue one meanwhile.
    """
    given = [
        sa.select(table.c.conclusion_id).where(
            table.c.province == province,
            table.c.unit == unit,
            table.c.year == year,
            table.c.number_key == key,
        )
        for table in (conclusion, amendment)
    ]
    query = sa.select(conclusion.c.session_id).where(
        conclusion.c.conclusion_id.in_(sa.union_all(*given))
    )
    holder: str | None = connection.execute(query).scalar_one_or_none()
    return holder


def engaged_on(
    connection: sa.Connection, province: str, day: date, *, but: str
) -> Sequence[Engaged]:
    """Return what the sessions of `day` need, but for the session `but`, by id.

    True for as long as the log is locked.
    """
    columns = session.c
    query = (
        sa.select(columns.session_id, columns.venue, columns.chair, columns.required_agencies)
        .where(
            columns.province == province,
            columns.calendar_on == day,
            columns.held_on == day,
            columns.state != "cancelled",
            columns.session_id != but,
        )
        .order_by(columns.session_id)
        .limit(ENGAGED_MAX)
    )
    return [
        Engaged(
            session_id=row["session_id"],
            venue=row["venue"],
            chair=row["chair"],
            required_agencies=tuple((row["required_agencies"] or "").split()),
        )
        for row in connection.execute(query).mappings()
    ]


def minutes_of(connection: sa.Connection, session_id: str) -> Rows:
    """Return the minutes as approved, then each correction."""
    query = (
        sa.select(minutes).where(minutes.c.session_id == session_id).order_by(minutes.c.correction)
    )
    return connection.execute(query.limit(CORRECTIONS_MAX)).mappings().all()


def amendments_of(connection: sa.Connection, conclusion_id: str) -> Rows:
    """Return the amending notices of a conclusion, in their order."""
    query = (
        sa.select(amendment)
        .where(amendment.c.conclusion_id == conclusion_id)
        .order_by(amendment.c.amendment)
    )
    return connection.execute(query.limit(CORRECTIONS_MAX)).mappings().all()


def topics_of(connection: sa.Connection, session_id: str) -> Rows:
    """Return what became of hot topics at a session, by topic."""
    columns = session_topic.c
    query = (
        sa.select(columns.topic_id, columns.omitted)
        .where(columns.session_id == session_id)
        .order_by(columns.topic_id)
    )
    return connection.execute(query.limit(TOPICS_MAX)).mappings().all()


def stated_of(connection: sa.Connection, session_id: str) -> Rows:
    """Return what the chair promised in the room, by statement."""
    query = (
        sa.select(stated_commitment)
        .where(stated_commitment.c.session_id == session_id)
        .order_by(stated_commitment.c.statement_id)
    )
    return connection.execute(query.limit(COMMITMENTS_MAX)).mappings().all()


def latest_of_unit(connection: sa.Connection, province: str, unit: str) -> Rows:
    """Return the sessions of a unit that stand last in the calendar, the last first."""
    columns = session.c
    query = (
        sa.select(session)
        .where(columns.province == province, columns.unit == unit)
        .order_by(columns.calendar_on.desc(), columns.session_id.desc())
    )
    return connection.execute(query.limit(PAGE_MAX_ROWS)).mappings().all()
