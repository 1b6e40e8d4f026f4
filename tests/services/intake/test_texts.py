"""A narrative is read by whoever may now, for a purpose, and every reading is on record."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from services.intake.tables import VAULT
from shared.access import Role
from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import Visibility
from shared.kernel.ids import derived_id
from shared.vault import Purpose
from tests.services.intake.calling import OPINION, Caller, Cast, answer, refused
from tests.services.intake.hearing import RAISED, Teller, issued, released
from tests.services.opened import Opened

NOWHERE = derived_id("no such text")


@pytest.fixture
def cast(intake: Opened) -> Cast:
    return Cast(intake)


@pytest.fixture
def opinion_id(cast: Cast) -> str:
    return cast.cadre.entered()


@pytest.fixture
def text_id(cast: Cast, opinion_id: str) -> str:
    return str(answer(cast.screener.get(f"/opinions/{opinion_id}"))["text_id"])


def readings(cast: Cast) -> list[tuple[str, str]]:
    with cast.service.runtime.store.read() as connection:
        rows = connection.execute(sa.select(VAULT.access.c.reader, VAULT.access.c.purpose))
        return [(row.reader, row.purpose) for row in rows]


def agency(cast: Cast, key: str = "tnmt-ba-dinh", province: str = "ha-noi") -> Caller:
    return cast.role(Role.AGENCY_CLERK, agency=key, province=province)


@pytest.mark.parametrize(
    ("role", "purpose"),
    [
        (Role.CADRE, "own_entry"),
        (Role.SCREENER, "screening"),
        (Role.SECRETARY, "handling"),
        (Role.CHAIR, "handling"),
        (Role.SUPERVISOR, "supervision"),
        (Role.AUDITOR, "audit"),
    ],
)
def test_a_text_is_read_for_a_purpose_and_the_reading_is_logged(
    cast: Cast, opinion_id: str, text_id: str, role: Role, purpose: str
) -> None:
    for path in (f"/texts/{text_id}", f"/opinions/{opinion_id}/text"):
        response = cast.role(role).get(path, purpose=purpose)
        assert response.status_code == 200
        assert answer(response) == {"text_id": text_id, "text": OPINION["text"]}
        assert response.headers["Cache-Control"] == "no-store"
    assert readings(cast) == [(f"test/{role.value}", purpose)] * 2


@pytest.mark.parametrize(
    ("role", "purpose"),
    [
        (Role.CADRE, "screening"),
        (Role.CADRE, "publication"),
        (Role.CHAIR, "own_entry"),
        (Role.SCREENER, "own_entry"),
        (Role.SCREENER, "handling"),
        (Role.SECRETARY, "supervision"),
        (Role.SUPERVISOR, "own_entry"),
        (Role.SUPERVISOR, "audit"),
        (Role.AUDITOR, "handling"),
    ],
)
def test_a_purpose_that_is_not_the_seats_own_opens_nothing(
    cast: Cast, opinion_id: str, text_id: str, role: Role, purpose: str
) -> None:
    for path in (f"/texts/{text_id}", f"/opinions/{opinion_id}/text"):
        response = cast.role(role).get(path, purpose=purpose)
        refused(response, 403, "access.purpose_not_allowed")
    assert readings(cast) == []


def test_another_cadre_did_not_enter_it(cast: Cast, opinion_id: str) -> None:
    other = Caller(cast.client, cast.service.bearer(Role.CADRE, seat="mttq/can-bo-khac"))
    response = other.get(f"/opinions/{opinion_id}/text", purpose="own_entry")
    refused(response, 403, "access.purpose_not_allowed")


def test_an_opinion_without_a_text_says_so(cast: Cast) -> None:
    unkept = replace(RAISED.text, text_id=derived_id("nowhere"))
    Teller(cast.service.runtime).sessions(replace(RAISED, text=unkept))
    response = cast.screener.get(f"/opinions/{RAISED.opinion_id}/text", purpose="screening")
    refused(response, 404, "opinion.without_text")


@pytest.mark.parametrize("query", [{}, {"purpose": "curiosity"}, {"purpose": ""}])
def test_without_a_purpose_nothing_is_read(cast: Cast, text_id: str, query: dict[str, str]) -> None:
    refused(cast.screener.get(f"/texts/{text_id}", **query), 422, "request.invalid")
    assert readings(cast) == []


@pytest.mark.parametrize("role", [Role.LEADER, Role.OPERATOR])
def test_who_may_read_no_text_learns_not_even_whether_there_is_one(
    cast: Cast, text_id: str, role: Role
) -> None:
    for each in (text_id, NOWHERE):
        response = cast.role(role).get(f"/texts/{each}", purpose="screening")
        refused(response, 403, "access.not_allowed")
    assert readings(cast) == []


def test_an_agency_reads_while_it_has_to_act_and_neither_before_nor_after(
    cast: Cast, opinion_id: str, text_id: str
) -> None:
    lead, helper = agency(cast), agency(cast, "ubnd-thanh-cong")
    stranger = agency(cast, "ubnd-ba-dinh")
    teller = Teller(cast.service.runtime)

    def statuses() -> list[int]:
        by_text, by_opinion = (
            [each.get(path, purpose="handling").status_code for each in (lead, helper, stranger)]
            for path in (f"/texts/{text_id}", f"/opinions/{opinion_id}/text")
        )
        assert by_text == by_opinion
        return by_text

    assert statuses() == [404, 404, 404]
    teller.assignment(issued(opinion_id, commitment_id=None))
    assert statuses() == [200, 200, 404]
    response = lead.get(f"/texts/{text_id}", purpose="screening")
    refused(response, 403, "access.purpose_not_allowed")
    teller.assignment(released(opinion_id, commitment_id=None))
    assert statuses() == [404, 404, 404]
    response = lead.get(f"/texts/{text_id}", purpose="handling")
    refused(response, 404, "opinion.unknown")
    assert readings(cast) == [("test/agency-clerk", "handling")] * 4


def test_an_agency_of_the_same_name_elsewhere_reads_nothing(
    cast: Cast, opinion_id: str, text_id: str
) -> None:
    Teller(cast.service.runtime).assignment(issued(opinion_id, commitment_id=None))
    namesake = agency(cast, "tnmt-ba-dinh", province="ha-nam")
    refused(namesake.get(f"/texts/{text_id}", purpose="handling"), 404, "opinion.unknown")


def test_another_provinces_text_is_as_unknown_as_none(cast: Cast, text_id: str) -> None:
    stranger = cast.role(Role.SCREENER, province="ha-nam")
    for each in (text_id, NOWHERE, "no key at all"):
        response = stranger.get(f"/texts/{each}", purpose="screening")
        assert refused(response, 404, "opinion.unknown")["facts"] == {}
    assert (
        cast.role(Role.SUPERVISOR, province=None)
        .get(f"/texts/{text_id}", purpose="supervision")
        .status_code
        == 200
    )


def test_a_reference_written_into_another_provinces_session_opens_nothing(
    cast: Cast, text_id: str
) -> None:
    stolen = TextRef(
        text_id=text_id, owner="intake", commitment="0" * 64, visibility=Visibility.RESTRICTED
    )
    there = Teller(cast.service.runtime, "ha-nam")
    there.sessions(replace(RAISED, text=stolen, unit="phu-ly"))
    there.assignment(issued())
    for thief in (
        cast.role(Role.SECRETARY, province="ha-nam"),
        agency(cast, "tnmt-ba-dinh", province="ha-nam"),
    ):
        refused(thief.get(f"/texts/{text_id}", purpose="handling"), 404, "opinion.unknown")
    assert readings(cast) == []


def test_a_text_that_no_opinion_tells_is_not_served(cast: Cast) -> None:
    kept = cast.role(Role.SECRETARY).post(
        "/narratives", {"province": "ha-noi", "texts": ["Chưa thành ý kiến."]}
    )
    (ref,) = answer(kept)["texts"]
    response = cast.screener.get(f"/texts/{ref['text_id']}", purpose="screening")
    refused(response, 404, "opinion.unknown")


def test_an_erased_text_is_gone_and_its_opinion_still_counts(
    cast: Cast, opinion_id: str, text_id: str
) -> None:
    runtime = cast.service.runtime
    with runtime.store.write() as tx:
        runtime.vault.erase(tx.connection, text_id, runtime.clock())
    response = cast.screener.get(f"/texts/{text_id}", purpose=Purpose.SCREENING.value)
    refused(response, 404, "vault.erased")
    assert cast.screener.get(f"/opinions/{opinion_id}").status_code == 200
