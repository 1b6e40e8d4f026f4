"""A raised opinion is received whatever its sender wrote; a text that isn't its own is not."""

from dataclasses import replace
from typing import Any

import pytest

from services.intake import read_model
from shared.access import Role
from shared.contracts.intake import OpinionAccepted, OpinionReceived
from shared.contracts.sessions import OpinionRaised
from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import TextRefusal, Visibility
from shared.kernel.ids import derived_id
from tests.services.intake.calling import Cast, answer, refused
from tests.services.intake.hearing import RAISED, Teller, issued, told
from tests.services.intake.story import OPINION_ID
from tests.services.opened import Opened

OTHER_ID = "0b7a5f0e-0000-5000-8000-0000000000b2"
WORDS = "Ngõ 84 ngập mỗi khi mưa lớn, đề nghị nạo vét cống."


@pytest.fixture
def cast(intake: Opened) -> Cast:
    return Cast(intake)


@pytest.fixture
def teller(cast: Cast) -> Teller:
    return Teller(cast.service.runtime)


def deposited(cast: Cast, province: str = "ha-noi", text: str = WORDS) -> TextRef:
    response = cast.role(Role.SECRETARY, province=province).post(
        "/narratives", {"province": province, "texts": [text]}
    )
    (ref,) = answer(response)["texts"]
    return TextRef(**{**ref, "visibility": Visibility(ref["visibility"])})


def raised(text: TextRef, opinion_id: str = OPINION_ID) -> OpinionRaised:
    return replace(RAISED, opinion_id=opinion_id, text=text)


def received(teller: Teller, *events: OpinionRaised) -> list[OpinionReceived]:
    """Return the receptions that follow from `events`, each accepted as ever."""
    recorded = teller.sessions(*events)
    assert [type(event) for event in recorded[1::2]] == [OpinionAccepted] * (len(recorded) // 2)
    return [event for event in recorded if isinstance(event, OpinionReceived)]


def shown(cast: Cast, opinion_id: str = OPINION_ID) -> tuple[Any, Any, Any]:
    opinion = answer(cast.screener.get(f"/opinions/{opinion_id}"))
    return opinion["state"], opinion["text_id"], opinion["text_refused"]


def test_a_text_deposited_for_it_is_taken_and_served(cast: Cast, teller: Teller) -> None:
    text = deposited(cast)
    (reception,) = received(teller, raised(text))
    assert (reception.text, reception.text_refused) == (text, None)
    assert shown(cast) == ("scheduled", text.text_id, None)
    response = cast.screener.get(f"/texts/{text.text_id}", purpose="screening")
    assert answer(response)["text"] == WORDS


def test_a_text_that_nobody_deposited_is_unknown(cast: Cast, teller: Teller) -> None:
    nowhere = replace(deposited(cast), text_id=derived_id("nowhere"))
    (reception,) = received(teller, raised(nowhere))
    assert (reception.text, reception.text_refused) == (None, TextRefusal.UNKNOWN)
    assert shown(cast) == ("scheduled", None, "unknown")


@pytest.mark.parametrize("text_id", ["", "không phải mã", "x" * 80, "../../etc"])
def test_an_id_that_no_vault_gives_is_unknown(teller: Teller, text_id: str) -> None:
    (reception,) = received(teller, raised(replace(RAISED.text, text_id=text_id)))
    assert reception.text_refused is TextRefusal.UNKNOWN


def test_another_services_text_is_unknown(cast: Cast, teller: Teller) -> None:
    (reception,) = received(teller, raised(replace(deposited(cast), owner="sessions")))
    assert reception.text_refused is TextRefusal.UNKNOWN


def test_another_provinces_text_is_unknown_and_stays_unread(cast: Cast, teller: Teller) -> None:
    foreign = deposited(cast, "ha-nam")
    (reception,) = received(teller, raised(foreign))
    assert (reception.text, reception.text_refused) == (None, TextRefusal.UNKNOWN)
    teller.assignment(issued())
    thief = cast.role(Role.AGENCY_CLERK, agency="tnmt-ba-dinh")
    response = thief.get(f"/texts/{foreign.text_id}", purpose="handling")
    refused(response, 404, "opinion.unknown")


@pytest.mark.parametrize(
    "change", [{"commitment": "0" * 64}, {"visibility": Visibility.PUBLIC}], ids=str
)
def test_a_reference_that_commits_to_something_else_differs(
    cast: Cast, teller: Teller, change: dict[str, Any]
) -> None:
    (reception,) = received(teller, raised(replace(deposited(cast), **change)))
    assert (reception.text, reception.text_refused) == (None, TextRefusal.DIFFERS)


@pytest.mark.parametrize("together", [True, False], ids=["one batch", "two batches"])
def test_the_text_of_another_raised_opinion_is_taken(
    cast: Cast, teller: Teller, *, together: bool
) -> None:
    first, second = raised(deposited(cast)), raised(deposited(cast), OTHER_ID)
    second = replace(second, text=first.text)
    if together:
        receptions = received(teller, first, second)
    else:
        receptions = [*received(teller, first), *received(teller, second)]
    assert [each.text_refused for each in receptions] == [None, TextRefusal.TAKEN]
    assert shown(cast, OTHER_ID) == ("scheduled", None, "taken")


def test_the_text_of_a_reported_opinion_opens_to_no_agency_of_another(
    cast: Cast, teller: Teller
) -> None:
    reported_id = cast.cadre.entered()
    runtime = cast.service.runtime
    with runtime.store.read() as connection:
        text_id = read_model.one(connection, reported_id)["text_id"]
        text = runtime.vault.find(connection, text_id).ref
    (reception,) = received(teller, raised(text))
    assert (reception.text, reception.text_refused) == (None, TextRefusal.TAKEN)
    teller.assignment(issued())
    thief = cast.role(Role.AGENCY_CLERK, agency="tnmt-ba-dinh")
    response = thief.get(f"/texts/{text_id}", purpose="handling")
    refused(response, 404, "opinion.unknown")


def test_an_erased_text_is_still_the_opinions_own(cast: Cast, teller: Teller) -> None:
    text = deposited(cast)
    runtime = cast.service.runtime
    with runtime.store.write() as tx:
        runtime.vault.erase(tx.connection, text.text_id, runtime.clock())
    (reception,) = received(teller, raised(text))
    assert (reception.text, reception.text_refused) == (text, None)
    response = cast.screener.get(f"/texts/{text.text_id}", purpose="screening")
    refused(response, 404, "vault.erased")


@pytest.mark.parametrize("believed", [True, False])
def test_an_opinion_raised_again_is_received_once(
    cast: Cast, teller: Teller, *, believed: bool
) -> None:
    text = deposited(cast) if believed else RAISED.text
    first = received(teller, raised(text), raised(text))
    assert received(teller, raised(text)) == []
    assert first == [event for event in told(cast.service.runtime) if event in first]
    assert (first[0].text is None) is not believed


def test_what_is_made_up_keeps_no_other_opinion_from_its_text(cast: Cast, teller: Teller) -> None:
    text = deposited(cast)
    made_up = replace(text, commitment="0" * 64)
    receptions = received(teller, raised(made_up, OTHER_ID), raised(text))
    assert [each.text_refused for each in receptions] == [TextRefusal.DIFFERS, None]
