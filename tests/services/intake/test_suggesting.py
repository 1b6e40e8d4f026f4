"""Opinions that may be the same: suggested, explained, never merged; nothing readable is kept."""

import json
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from services.intake import indexing, likeness_index
from services.intake.similarity import ALGORITHM
from services.intake.suggesting import PERMILLE_MIN_ELSEWHERE, PERMILLE_MIN_IN_UNIT
from services.intake.tables import (
    METADATA,
    VAULT,
    likeness_band,
    likeness_cursor,
    likeness_sketch,
    opinion,
)
from shared.access import PERMISSIONS, Action, Role
from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import Visibility
from shared.eventlog import NOTHING
from shared.vault import Purpose, Vault
from tests.services.intake.calling import OPINION, Cast, answer, refused
from tests.services.intake.hearing import RAISED, Teller
from tests.services.opened import Opened

FLOODED = (
    "Ngõ 12 phố Đội Cấn ngập úng mỗi khi mưa lớn, kính đề nghị phường nạo vét cống thoát nước."
)
AGAIN = "kinh de nghi phuong nao vet cong thoat nuoc, ngo 12 pho Doi Can ngap ung moi khi mua lon"
LIKE = "Mưa lớn là ngõ 12 phố Đội Cấn ngập úng, phường nạo vét cống đi, bà con khổ lắm."
HALF = "Ngõ 12 phố Đội Cấn ngập úng, xe chết máy, trẻ em lội nước. Đề nghị phường nạo vét cống."
OTHER = "Học phí mầm non tăng mà cơ sở vật chất xuống cấp, thiếu cô giáo trông lớp."
NAMED = "Bà Trần Thị Mai Hương, số máy 0987654321, kể việc ở ngõ 5."


@pytest.fixture
def cast(intake: Opened) -> Cast:
    return Cast(intake)


def draft(text: str, **changes: str) -> dict[str, str]:
    return {
        "province": "ha-noi",
        "unit": "thanh-cong",
        "field": "environment",
        "text": text,
        **changes,
    }


def similar(cast: Cast, text: str, **changes: str) -> list[dict[str, Any]]:
    response = cast.cadre.post("/opinions/similar", draft(text, **changes))
    assert response.status_code == 200, response.json
    body = answer(response)
    assert body["algorithm"] == ALGORITHM
    found: list[dict[str, Any]] = body["similar"]
    return found


def readings(cast: Cast, purpose: Purpose) -> list[str]:
    query = sa.select(VAULT.access.c.reader).where(VAULT.access.c.purpose == purpose.value)
    with cast.service.runtime.store.read() as connection:
        return list(connection.scalars(query))


def rows(cast: Cast, table: sa.Table) -> list[Any]:
    with cast.service.runtime.store.read() as connection:
        return list(connection.execute(sa.select(table).order_by(*table.primary_key)))


def entries(cast: Cast) -> int:
    return len(cast.service.runtime.ledger.log("ha-noi").read(NOTHING))


def text_of(cast: Cast, opinion_id: str) -> str:
    with cast.service.runtime.store.read() as connection:
        query = sa.select(opinion.c.text_id).where(opinion.c.opinion_id == opinion_id)
        return str(connection.scalar(query))


def erase(cast: Cast, text_id: str) -> None:
    runtime = cast.service.runtime
    with runtime.store.write() as tx:
        runtime.vault.erase(tx.connection, text_id, runtime.clock())


def test_while_it_is_entered_an_opinion_told_before_is_shown_with_what_both_say(
    cast: Cast,
) -> None:
    opinion_id = cast.cadre.entered(text=FLOODED)
    cast.cadre.entered(text=OTHER)
    (found,) = similar(cast, AGAIN)
    assert found["opinion"]["opinion_id"] == opinion_id
    assert found["opinion"]["state"] == "received"
    assert found["similarity_permille"] >= 850
    assert "Ngõ 12 phố Đội Cấn ngập úng mỗi khi mưa lớn" in found["phrases"]
    assert (found["same_unit"], found["same_field"]) == (True, True)


def test_while_it_is_screened_others_like_it_are_shown_and_not_itself(cast: Cast) -> None:
    first, second = cast.cadre.entered(text=FLOODED), cast.cadre.entered(text=LIKE)
    cast.cadre.entered(text=OTHER)
    found = answer(cast.screener.get(f"/opinions/{second}/similar"))["similar"]
    assert [each["opinion"]["opinion_id"] for each in found] == [first]
    back = answer(cast.screener.get(f"/opinions/{first}/similar"))["similar"]
    assert [each["opinion"]["opinion_id"] for each in back] == [second]
    assert back[0]["similarity_permille"] == found[0]["similarity_permille"]


def test_asking_records_nothing_in_the_log_and_merges_nothing(cast: Cast) -> None:
    cast.cadre.entered(text=FLOODED)
    opinion_id = cast.cadre.entered(text=FLOODED)
    before = entries(cast)
    similar(cast, FLOODED)
    cast.screener.get(f"/opinions/{opinion_id}/similar")
    assert entries(cast) == before
    assert {row.state for row in rows(cast, opinion)} == {"received"}


def test_the_same_question_has_the_same_answer_in_any_order_of_reception(cast: Cast) -> None:
    for text in (LIKE, FLOODED, AGAIN, OTHER):
        cast.cadre.entered(text=text)
    first = similar(cast, FLOODED)
    assert similar(cast, FLOODED) == first
    permilles = [each["similarity_permille"] for each in first]
    assert permilles == sorted(permilles, reverse=True)
    assert len(permilles) == 3


def test_more_must_be_the_same_at_another_unit(cast: Cast) -> None:
    cast.cadre.entered(text=HALF)
    (here,) = similar(cast, FLOODED)
    assert PERMILLE_MIN_IN_UNIT <= here["similarity_permille"] < PERMILLE_MIN_ELSEWHERE
    assert similar(cast, FLOODED, unit="ba-dinh") == []
    cast.cadre.entered(text=FLOODED)
    (there,) = similar(cast, FLOODED, unit="ba-dinh", field="education")
    assert (there["same_unit"], there["same_field"]) == (False, False)


def test_another_number_makes_another_place(cast: Cast) -> None:
    cast.cadre.entered(text="Ngõ 12 phố Đội Cấn đèn hỏng.")
    assert similar(cast, "Ngõ 47 phố Đội Cấn đèn hỏng.") == []


def test_an_opinion_raised_in_a_room_is_found_too(cast: Cast) -> None:
    kept = cast.role(Role.SECRETARY).post("/narratives", {"province": "ha-noi", "texts": [FLOODED]})
    (ref,) = answer(kept)["texts"]
    told = TextRef(**{**ref, "visibility": Visibility(ref["visibility"])})
    Teller(cast.service.runtime).sessions(replace(RAISED, text=told))
    (found,) = similar(cast, AGAIN)
    assert found["opinion"]["opinion_id"] == RAISED.opinion_id
    assert found["opinion"]["state"] == "scheduled"


def test_an_opinion_without_a_text_here_cannot_be_compared(cast: Cast) -> None:
    Teller(cast.service.runtime).sessions(RAISED)
    response = cast.screener.get(f"/opinions/{RAISED.opinion_id}/similar")
    refused(response, 404, "opinion.without_text")
    assert similar(cast, FLOODED) == []


def test_another_provinces_opinions_are_never_compared(cast: Cast) -> None:
    there = cast.role(Role.CADRE, province="ha-nam")
    there.entered(province="ha-nam", unit="phu-ly", organisation="mttq-phu-ly", text=FLOODED)
    indexing.catch_up(cast.service.runtime)
    assert similar(cast, FLOODED) == []


def test_every_text_that_is_opened_is_logged_with_reader_and_purpose(cast: Cast) -> None:
    cast.cadre.entered(text=FLOODED)
    indexing.catch_up(cast.service.runtime)
    assert readings(cast, Purpose.INDEXING) == ["service:intake"]
    assert readings(cast, Purpose.COMPARISON) == []
    similar(cast, FLOODED)
    assert readings(cast, Purpose.COMPARISON) == ["test/cadre"]
    similar(cast, OTHER)  # nothing like it: nothing is opened
    assert readings(cast, Purpose.COMPARISON) == ["test/cadre"]


def test_only_so_many_are_opened_and_shown(cast: Cast) -> None:
    for number in range(14):
        cast.cadre.entered(text=f"{FLOODED} Lần {number}.")
    assert len(similar(cast, FLOODED)) == 5
    assert len(readings(cast, Purpose.COMPARISON)) == 10


# -- who may


def test_whoever_may_ask_may_read_the_texts_anyway() -> None:
    assert PERMISSIONS[Action.FIND_SIMILAR] <= PERMISSIONS[Action.READ_TEXT]


OTHERS = sorted(set(Role) - PERMISSIONS[Action.FIND_SIMILAR] - {Role.SERVICE})


@pytest.mark.parametrize("role", OTHERS)
def test_others_may_not_ask(cast: Cast, role: Role) -> None:
    opinion_id = cast.cadre.entered(text=FLOODED)
    agency = "tnmt-ba-dinh" if "agency" in role else None
    other = cast.role(role, agency=agency)
    refused(other.post("/opinions/similar", draft(FLOODED)), 403, "access.not_allowed")
    refused(other.get(f"/opinions/{opinion_id}/similar"), 403, "access.not_allowed")


def test_a_question_about_nothing_is_refused(cast: Cast) -> None:
    refused(cast.cadre.post("/opinions/similar", draft("")), 422, "request.invalid")
    refused(cast.cadre.post("/opinions/similar", draft("x" * 20_001)), 422, "request.invalid")
    refused(cast.cadre.post("/opinions/similar", draft(" ")), 400, "vault.text_empty")
    assert similar(cast, "Kính đề nghị.") == []


# -- what the index holds


def test_the_index_holds_nothing_that_can_be_read(cast: Cast) -> None:
    cast.cadre.entered(text=NAMED)
    similar(cast, NAMED)
    tables = [likeness_band, likeness_cursor, likeness_sketch]
    assert {table.name for table in METADATA.tables.values() if "likeness" in table.name} == {
        table.name for table in tables
    }
    held = "\n".join(repr(row) for table in tables for row in rows(cast, table))
    assert len(rows(cast, likeness_band)) == 32
    for word in ("Trần", "Thị", "Mai", "Hương", "tran", "huong", "0987654321", "mai huong"):
        assert word not in held
        assert json.dumps(word)[1:-1] not in held


def test_another_key_of_the_vault_makes_another_index(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.cadre.entered(text=FLOODED)
    similar(cast, FLOODED)
    before = rows(cast, likeness_sketch)
    monkeypatch.setattr(Vault, "derived_key", lambda *_: b"o" * 32)
    (found,) = similar(cast, AGAIN)
    after = rows(cast, likeness_sketch)
    assert [row.opinion_id for row in after] == [found["opinion"]["opinion_id"]]
    assert after[0].sketch != before[0].sketch
    assert len(rows(cast, likeness_band)) == 32


def test_an_index_made_anew_is_the_same(cast: Cast) -> None:
    for text in (FLOODED, LIKE, OTHER):
        cast.cadre.entered(text=text)
    indexing.catch_up(cast.service.runtime)
    before = [rows(cast, table) for table in (likeness_sketch, likeness_band, likeness_cursor)]
    with cast.service.runtime.store.write() as tx:
        tx.connection.execute(likeness_cursor.delete())
    indexing.catch_up(cast.service.runtime)
    tables = (likeness_sketch, likeness_band, likeness_cursor)
    assert [rows(cast, table) for table in tables] == before


def test_what_was_taken_in_is_not_taken_in_again(cast: Cast) -> None:
    runtime = cast.service.runtime
    cast.cadre.entered(text=FLOODED)
    while indexing.take_page(runtime, "ha-noi"):
        pass
    assert not indexing.take_page(runtime, "ha-noi")
    assert len(rows(cast, likeness_sketch)) == 1


def test_forgetting_a_text_leaves_nothing_of_it_and_the_others(cast: Cast) -> None:
    gone, kept = cast.cadre.entered(text=FLOODED), cast.cadre.entered(text=FLOODED)
    indexing.catch_up(cast.service.runtime)
    with cast.service.runtime.store.write() as tx:
        assert likeness_index.forget(tx.connection, text_of(cast, gone))
        assert not likeness_index.forget(tx.connection, text_of(cast, gone))
    assert [row.opinion_id for row in rows(cast, likeness_sketch)] == [kept]
    assert len(rows(cast, likeness_band)) == 32


def test_a_text_that_was_erased_is_neither_shown_nor_indexed_and_leaves_the_index(
    cast: Cast,
) -> None:
    opinion_id = cast.cadre.entered(text=FLOODED)
    late = cast.cadre.entered(text=FLOODED)
    erase(cast, text_of(cast, late))
    assert len(similar(cast, FLOODED)) == 1
    erase(cast, text_of(cast, opinion_id))
    assert similar(cast, FLOODED) == []
    assert rows(cast, likeness_sketch) == rows(cast, likeness_band) == []
    refused(cast.screener.get(f"/opinions/{opinion_id}/similar"), 404, "vault.erased")


def test_it_works_on_postgresql_alike(postgresql_intake: Opened) -> None:
    cast = Cast(postgresql_intake)
    opinion_id = cast.cadre.entered(**{**OPINION, "text": FLOODED})
    (found,) = similar(cast, AGAIN)
    assert found["opinion"]["opinion_id"] == opinion_id
    with cast.service.runtime.store.write() as tx:
        assert likeness_index.forget(tx.connection, text_of(cast, opinion_id))
    assert similar(cast, AGAIN) == []
