"""Whoever asks that a text be forgotten is found by no likeness any more."""

import sqlalchemy as sa

from services.intake.indexing import catch_up
from services.intake.tables import likeness_band, likeness_sketch
from shared.access import Role
from tests.services.intake.calling import Cast, answer
from tests.services.opened import Opened


def test_an_erased_text_leaves_the_index_of_like_opinions(intake: Opened) -> None:
    cast = Cast(intake)
    kept, erased = cast.cadre.entered(), cast.cadre.entered()
    catch_up(intake.runtime)
    supervisor = cast.role(Role.SUPERVISOR)
    for step, caller in (
        ("request-erasure", cast.cadre),
        ("decide-erasure", supervisor),
        ("erase", supervisor),
    ):
        answer(caller.post(f"/opinions/{step}", {"opinion_ids": [erased]}))
    catch_up(intake.runtime)
    with intake.runtime.store.read() as connection:
        sketched = connection.execute(sa.select(likeness_sketch.c.opinion_id)).scalars().all()
        places = connection.execute(sa.select(likeness_band.c.position).distinct()).scalars().all()
    assert sketched == [kept]
    assert len(places) == 1
