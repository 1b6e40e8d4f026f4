"""The index of like opinions: sketches by band. Its queries, none of which grows with it.

It holds ids and keyed bytes only, is derived from the log and the vault, and can be made
anew from them at any time (see `indexing`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from services.intake.sketch import BANDS, bands, estimated_permille
from services.intake.tables import likeness_band, likeness_sketch

NEWEST_PER_BAND = 100
"""Opinions looked at in one band, newest first: a phrase of thousands costs no more."""
SKETCHES_COMPARED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketched:
    """An opinion as the index has it."""

    position: int
    """Of its reception in the log."""
    opinion_id: str
    text_id: str
    sketch: bytes = field(repr=False)


def add(connection: sa.Connection, log_no: int, sketched: Sequence[Sketched]) -> None:
    """Add opinions of one log that are not there yet."""
    if not sketched:
        return
    connection.execute(
        likeness_sketch.insert(),
        [
            {
                "log_no": log_no,
                "position": each.position,
                "opinion_id": each.opinion_id,
                "text_id": each.text_id,
                "sketch": each.sketch,
            }
            for each in sketched
        ],
    )
    connection.execute(
        likeness_band.insert(),
        [
            {"log_no": log_no, "band": band, "position": each.position}
            for each in sketched
            for band in bands(each.sketch)
        ],
    )


def forget(connection: sa.Connection, text_id: str) -> bool:
    """Erase what the index holds of a text; return whether it held anything.

    To be called in the transaction in which the text itself is erased.
    """
    of_text = likeness_sketch.c.text_id == text_id
    rows = connection.execute(sa.select(likeness_sketch).where(of_text)).all()
    for row in rows:
        connection.execute(
            likeness_band.delete().where(
                likeness_band.c.log_no == row.log_no,
                likeness_band.c.band.in_(list(bands(row.sketch))),
                likeness_band.c.position == row.position,
            )
        )
    connection.execute(likeness_sketch.delete().where(of_text))
    return bool(rows)


def forget_log(connection: sa.Connection, log_no: int) -> None:
    """Erase what the index holds of one log, to make it anew."""
    for table in (likeness_band, likeness_sketch):
        connection.execute(table.delete().where(table.c.log_no == log_no))


def likest(
    connection: sa.Connection, log_no: int, sketch: bytes, *, limit: int, but: str | None = None
) -> list[Sketched]:
    """Return the opinions of one log that seem most like `sketch`, at most `limit`.

    By what the sketches estimate, then newest first; `but` is the opinion asked about. It
    looks at no more than `BANDS` × `NEWEST_PER_BAND` places, and compares `SKETCHES_COMPARED`.
    """
    asked = {f"band_{number}": band for number, band in enumerate(bands(sketch))}
    rows = connection.execute(_CANDIDATES, {**asked, "log_no": log_no})
    found = [
        Sketched(
            position=row.position, opinion_id=row.opinion_id, text_id=row.text_id, sketch=row.sketch
        )
        for row in rows
        if row.opinion_id != but
    ]
    found.sort(key=lambda each: (-estimated_permille(sketch, each.sketch), -each.position))
    return found[:limit]


def _candidates() -> sa.Select[tuple[int, str, str, bytes]]:
    """Return the query for those that have most bands in common, newest first."""
    log_no = sa.bindparam("log_no", type_=sa.Integer)
    of_each_band = []
    for number in range(BANDS):
        here = (
            sa.select(likeness_band.c.position)
            .where(
                likeness_band.c.log_no == log_no,
                likeness_band.c.band == sa.bindparam(f"band_{number}", type_=sa.Integer),
            )
            .order_by(likeness_band.c.position.desc())
            .limit(NEWEST_PER_BAND)
            .subquery()
        )
        of_each_band.append(sa.select(here.c.position))
    place = sa.union_all(*of_each_band).subquery("place")
    in_common = sa.func.count()
    most = (
        sa.select(place.c.position, in_common.label("in_common"))
        .group_by(place.c.position)
        .order_by(in_common.desc(), place.c.position.desc())
        .limit(SKETCHES_COMPARED)
        .subquery("most")
    )
    of = likeness_sketch.c
    return sa.select(of.position, of.opinion_id, of.text_id, of.sketch).join_from(
        most,
        likeness_sketch,
        sa.and_(of.log_no == log_no, of.position == most.c.position),
    )


_CANDIDATES = _candidates()
