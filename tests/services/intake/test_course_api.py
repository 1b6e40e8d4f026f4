"""An opinion's further course over HTTP: what each address does, and how it refuses."""

from dataclasses import replace
from typing import Any

import pytest

from services.intake import erasure
from services.intake.decider import OPINION
from services.intake.states import state_name
from shared.access import Role
from shared.contracts.intake import (
    DenunciationStubKept,
    MembersLeft,
    NarrativeErased,
    OpinionMerged,
    OpinionRetargeted,
    OpinionUnmerged,
)
from shared.contracts.vocabulary import Outcome
from tests.services.intake.calling import OPINION as ENTERED
from tests.services.intake.calling import Caller, Cast, answer, refused
from tests.services.intake.hearing import (
    SESSION_SCHEDULED,
    Teller,
    concluded,
    issued,
    released,
    told,
)
from tests.services.intake.story import SESSION_ID
from tests.services.opened import Opened

CLASS = {"opinion_kind": "proposal", "field": "urban_order", "competent_level": "commune"}


@pytest.fixture
def cast(intake: Opened) -> Cast:
    return Cast(intake)


@pytest.fixture
def screener(cast: Cast) -> Caller:
    return cast.screener


@pytest.fixture
def teller(intake: Opened) -> Teller:
    return Teller(intake.runtime)


def do(who: Caller, what: str, *ids: str, **more: Any) -> dict[str, int]:
    """Return the versions after it was done."""
    response = who.post(f"/opinions/{what}", {"opinion_ids": list(ids), **more})
    assert response.status_code == 200, response.json
    return {each["opinion_id"]: each["version"] for each in answer(response)["opinions"]}


def row(cast: Cast, opinion_id: str) -> dict[str, Any]:
    return answer(cast.screener.get(f"/opinions/{opinion_id}"))


def eligible(cast: Cast, **changes: Any) -> str:
    opinion_id = cast.cadre.entered(**changes)
    do(cast.screener, "accept", opinion_id)
    return opinion_id


def answered(cast: Cast, teller: Teller, outcome: str = "resolved") -> str:
    """Return an opinion that was heard at a session and answered by a commitment."""
    opinion_id = eligible(cast)
    teller.sessions(SESSION_SCHEDULED)
    do(cast.screener, "schedule", opinion_id, session_id=SESSION_ID)
    teller.sessions(concluded(opinion_id))
    teller.assignment(issued(opinion_id))
    teller.assignment(replace(released(opinion_id), outcome=Outcome(outcome)))
    return opinion_id


# -- screening


def test_acknowledged_handed_over_and_classified(cast: Cast, screener: Caller) -> None:
    opinion_id = cast.cadre.entered()
    do(cast.cadre, "acknowledge", opinion_id)
    do(screener, "acknowledge-handover", opinion_id, receiver="mttq-ba-dinh")
    do(screener, "classify", opinion_id, **CLASS)
    found = row(cast, opinion_id)
    assert (found["acknowledged_on"], found["handed_over_on"]) == ("2019-05-20", "2019-05-20")
    assert (found["received_level"], found["competent_level"]) == ("commune", "commune")
    assert (found["skips_level"], found["field"]) == (False, "urban_order")
    response = screener.post(
        "/opinions/acknowledge-handover", {"opinion_ids": [opinion_id], "receiver": "nobody"}
    )
    refused(response, 422, "province.unknown_organisation")


def test_a_matter_brought_to_the_district_skips_the_ward(cast: Cast, screener: Caller) -> None:
    opinion_id = cast.cadre.entered(organisation="mttq-ba-dinh")
    do(screener, "classify", opinion_id, **CLASS)
    assert row(cast, opinion_id)["skips_level"] is True


def test_the_queue_tells_until_when_and_pauses_while_the_reporter_is_asked(
    cast: Cast, screener: Caller, intake: Opened
) -> None:
    early = cast.cadre.entered(received_on="2019-05-08")
    late = cast.cadre.entered(received_on="2019-05-15")
    first = answer(screener.get("/opinions/screening", province="ha-noi", limit=1))
    assert [each["opinion_id"] for each in first["opinions"]] == [early]
    due = first["opinions"][0]
    assert due["screening_due_on"] == "2019-05-15"
    assert due["screening_explanation"]["working_days"] == 5
    query = {"province": "ha-noi", "limit": 1, "after": first["next"]}
    assert answer(screener.get("/opinions/screening", **query))["opinions"][0]["opinion_id"] == late
    do(screener, "clarify", early, text="Rác ở đầu ngõ hay cuối ngõ?")
    intake.later(days=2)
    do(screener, "clarified", early, text="Ở cuối ngõ.")
    again = answer(screener.get("/opinions/screening", province="ha-noi"))["opinions"][0]
    assert (again["paused_working_days"], again["screening_due_on"]) == (2, "2019-05-17")
    bad = screener.get("/opinions/screening", province="ha-noi", after="yesterday")
    refused(bad, 400, "opinion.bad_cursor")


def test_silence_is_shown_by_organisation_and_step(
    cast: Cast, screener: Caller, intake: Opened
) -> None:
    silent = [cast.cadre.entered(received_on="2019-05-08") for _ in range(2)]
    cast.cadre.entered(received_on="2019-05-20")
    assert answer(screener.get("/opinions/late", province="ha-noi"))["late"] == [
        {
            "step": "screening",
            "organisation": "mttq-thanh-cong",
            "opinions": 2,
            "due_since": "2019-05-15",
        }
    ]
    intake.later(days=3)
    do(screener, "accept", silent[0])
    late = answer(screener.get("/opinions/late", province="ha-noi"))["late"]
    assert [(each["step"], each["opinions"]) for each in late] == [
        ("acknowledgement", 2),
        ("screening", 1),
    ]
    do(cast.cadre, "acknowledge", *silent)
    late = answer(screener.get("/opinions/late", province="ha-noi"))["late"]
    assert [each["step"] for each in late] == ["screening"]


def test_where_a_matter_belongs_is_told(cast: Cast, screener: Caller) -> None:
    opinion_id = cast.cadre.entered()
    body = {"opinion_ids": [opinion_id]}
    refused(cast.cadre.post("/opinions/notify-forwarding", body), 422, "opinion.not_redirected")
    do(screener, "decline", opinion_id, reason="not_competent", redirect="ubnd-ha-noi")
    do(cast.cadre, "notify-forwarding", opinion_id)
    assert row(cast, opinion_id)["forwarding_notified_on"] == "2019-05-20"


# -- denunciations


def test_of_a_denunciation_nothing_but_a_stub_is_recorded(cast: Cast, intake: Opened) -> None:
    body = {"province": "ha-noi", "unit": "thanh-cong", "redirect": "ubnd-ha-noi"}
    response = cast.cadre.post("/denunciations", body)
    assert response.status_code == 201
    (stub,) = told(intake.runtime)
    assert isinstance(stub, DenunciationStubKept)
    assert answer(response) == {"stub_id": stub.stub_id}
    refused(
        cast.cadre.post("/denunciations", {**body, "redirect": "nobody"}),
        422,
        "province.unknown_agency",
    )


@pytest.mark.parametrize("how", ["reason", "kind"])
def test_a_denunciation_that_screening_recognises_loses_its_text(
    cast: Cast, screener: Caller, intake: Opened, how: str
) -> None:
    opinion_id = cast.cadre.entered()
    text_id = row(cast, opinion_id)["text_id"]
    if how == "kind":
        do(screener, "classify", opinion_id, **{**CLASS, "opinion_kind": "denunciation"})
    reason = "denunciation" if how == "reason" else "not_competent"
    do(screener, "decline", opinion_id, reason=reason, redirect="ubnd-ha-noi")
    *_, erased, stub = told(intake.runtime)
    assert isinstance(erased, NarrativeErased)
    assert isinstance(stub, DenunciationStubKept)
    gone = screener.get(f"/texts/{text_id}", purpose="screening")
    refused(gone, 404, "vault.erased")


# -- merged, split, withdrawn


def test_merging_a_head_moves_its_members_and_undoing_is_traced(
    cast: Cast, screener: Caller, intake: Opened
) -> None:
    first, second, third = (eligible(cast, voices=number) for number in (1, 2, 4))
    do(screener, "merge", first, head_id=second, similarity_permille=770, algorithm="words-3")
    do(screener, "merge", second, head_id=third)
    found = row(cast, third)
    assert found["voices"] == 7
    assert {each["opinion_id"] for each in found["members"]} == {first, second}
    assert row(cast, first)["head_id"] == third
    do(screener, "unmerge", second)
    assert (row(cast, second)["state"], row(cast, second)["voices"]) == ("eligible", 2)
    assert (row(cast, third)["voices"], row(cast, first)["head_id"]) == (5, third)
    kinds = [type(event) for event in told(intake.runtime)]
    assert [kinds.count(each) for each in (OpinionMerged, OpinionRetargeted)] == [2, 1]
    assert kinds[-2:] == [OpinionUnmerged, MembersLeft]


def test_a_merge_that_can_not_be_leaves_nothing_behind(
    cast: Cast, screener: Caller, intake: Opened
) -> None:
    one, other = eligible(cast), eligible(cast)
    do(screener, "decline", other, reason="unclear")
    size = len(told(intake.runtime))
    for head_id, code in ((other, "opinion.head_not_live"), (one, "opinion.merged_into_itself")):
        body = {"opinion_ids": [one], "head_id": head_id}
        refused(screener.post("/opinions/merge", body), 422, code)
    nowhere = {"opinion_ids": [one], "head_id": SESSION_ID}
    refused(screener.post("/opinions/merge", nowhere), 422, "opinion.head_not_live")
    assert len(told(intake.runtime)) == size


def test_withdrawing_a_head_promotes_a_member(cast: Cast, screener: Caller) -> None:
    head, *others = (eligible(cast, voices=number) for number in (1, 2, 4, 8))
    do(screener, "merge", *others, head_id=head)
    assert row(cast, head)["voices"] == 15
    do(cast.cadre, "withdraw", head, reason="reporter_asked")
    promoted, *rest = others
    assert (row(cast, head)["state"], row(cast, head)["voices"]) == ("withdrawn", 1)
    assert (row(cast, promoted)["state"], row(cast, promoted)["voices"]) == ("eligible", 14)
    assert {row(cast, each)["head_id"] for each in rest} == {promoted}


def test_a_member_can_be_withdrawn_alone(cast: Cast, screener: Caller) -> None:
    head, member = eligible(cast), eligible(cast)
    do(screener, "merge", member, head_id=head)
    do(cast.cadre, "withdraw", member, reason="settled_elsewhere")
    assert row(cast, member)["state"] == "withdrawn"
    assert row(cast, head)["voices"] == ENTERED["voices"]


def test_parts_stand_for_the_whole_each_with_its_text(cast: Cast, screener: Caller) -> None:
    whole = cast.cadre.entered()
    parts = [
        {"field": "environment", "opinion_kind": "reflection", "text": "Thu gom rác."},
        {"field": "urban_order", "opinion_kind": "proposal", "text": "Kẻ vạch.", "voices": 2},
    ]
    response = screener.post(f"/opinions/{whole}/split", {"parts": parts})
    assert response.status_code == 200, response.json
    found = row(cast, whole)
    assert found["state"] == "split"
    (one, other) = sorted(row(cast, each["opinion_id"])["field"] for each in found["parts"])
    assert (one, other) == ("environment", "urban_order")
    part = row(cast, found["parts"][0]["opinion_id"])
    assert (part["state"], part["part_of"]) == ("received", whole)
    assert screener.get(f"/texts/{part['text_id']}", purpose="screening").status_code == 200
    again = screener.post(f"/opinions/{part['opinion_id']}/split", {"parts": parts})
    refused(again, 422, "opinion.is_part")
    refused(screener.post(f"/opinions/{whole}/split", {"parts": parts[:1]}), 422, "request.invalid")


# -- after the answer


def test_the_whole_way_from_the_answer_to_a_second_round(
    cast: Cast, screener: Caller, teller: Teller, intake: Opened
) -> None:
    opinion_id = answered(cast, teller)
    intake.later(days=32)  # after the answer of 2019-06-20
    do(cast.cadre, "notify", opinion_id)
    do(cast.cadre, "feedback", opinion_id, satisfaction="not_satisfied", reasons=["incomplete"])
    do(cast.cadre, "request-reopening", opinion_id, reasons=["not_carried_out"])
    do(screener, "decline-reopening", opinion_id, reason="nothing_new")
    do(cast.cadre, "request-reopening", opinion_id, reasons=["new_facts"])
    do(screener, "reopen", opinion_id)
    found = row(cast, opinion_id)
    assert (found["state"], found["round"]) == ("in_handling", 2)
    assert (found["answered_on"], found["satisfaction"]) == (None, None)


def test_the_daily_look_lapses_and_closes(
    cast: Cast, screener: Caller, teller: Teller, intake: Opened
) -> None:
    asked, done = cast.cadre.entered(), answered(cast, teller)
    do(screener, "clarify", asked)
    refused(screener.post("/opinions/close", {"opinion_ids": [done]}), 422, "opinion.feedback_open")
    operator = cast.role(Role.OPERATOR)
    nothing = {"clarifications_lapsed": 0, "feedback_lapsed": 0, "closed": 0}
    assert answer(operator.post("/timers/opinions", {"province": "ha-noi"})) == nothing
    intake.later(days=90)
    look = operator.post("/timers/opinions", {"province": "ha-noi"})
    assert answer(look) == {"clarifications_lapsed": 1, "feedback_lapsed": 1, "closed": 1}
    assert answer(operator.post("/timers/opinions", {"province": "ha-noi"})) == nothing
    assert (row(cast, asked)["state"], row(cast, asked)["decline_reason"]) == (
        "declined",
        "not_clarified",
    )
    assert row(cast, done)["state"] == "closed"


def test_a_plan_stays_open_when_its_commitment_was_dropped(
    cast: Cast, teller: Teller, intake: Opened
) -> None:
    kept = answered(cast, teller, "accepted_with_plan")
    operator = cast.role(Role.OPERATOR)
    teller.sessions(concluded(kept, commitment_id="commitment-9"))
    intake.later(days=90)
    operator.post("/timers/opinions", {"province": "ha-noi"})
    assert row(cast, kept)["state"] == "answered"
    body = {"opinion_ids": [kept]}
    refused(cast.screener.post("/opinions/close", body), 422, "opinion.plan_without_commitment")
    teller.sessions(concluded(kept))
    do(cast.screener, "close", kept)
    assert row(cast, kept)["state"] == "closed"


def test_a_recurrence_and_an_example_are_marked(
    cast: Cast, screener: Caller, teller: Teller
) -> None:
    earlier, again = answered(cast, teller), cast.cadre.entered()
    do(screener, "link-recurrence", again, earlier_id=earlier)
    do(screener, "mark-good-practice", earlier)
    assert row(cast, again)["recurs_to"] == earlier
    good = {"province": "ha-noi", "good_practice": True}
    listed = answer(screener.get("/opinions", **good))["opinions"]
    assert [each["opinion_id"] for each in listed] == [earlier]
    body = {"opinion_ids": [earlier], "earlier_id": again}
    refused(screener.post("/opinions/link-recurrence", body), 422, "opinion.not_answered")


# -- erased


def test_erasing_destroys_every_text_and_what_was_made_of_it(
    cast: Cast, screener: Caller, intake: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    opinion_id = cast.cadre.entered()
    do(screener, "clarify", opinion_id, text="Ở đâu?")
    do(screener, "clarified", opinion_id, text="Sau chợ.")
    purged: list[tuple[str, int]] = []
    monkeypatch.setattr(
        erasure, "PURGES", (lambda _, opinion_id, texts: purged.append((opinion_id, len(texts))),)
    )
    supervisor = cast.role(Role.SUPERVISOR)
    body = {"opinion_ids": [opinion_id]}
    refused(supervisor.post("/opinions/erase", body), 422, "opinion.erasure_not_granted")
    assert purged == [(opinion_id, 3)], "inside the transaction that was rolled back"
    do(cast.cadre, "request-erasure", opinion_id)
    assert row(cast, opinion_id)["erasure_due_on"] == "2019-05-22"
    do(supervisor, "decide-erasure", opinion_id)
    assert row(cast, opinion_id)["erasure_due_on"] == "2019-06-09"
    text_id = row(cast, opinion_id)["text_id"]
    assert screener.get(f"/texts/{text_id}", purpose="screening").status_code == 200
    do(supervisor, "erase", opinion_id)
    refused(screener.get(f"/texts/{text_id}", purpose="screening"), 404, "vault.erased")
    (erased,) = [each for each in told(intake.runtime) if isinstance(each, NarrativeErased)]
    assert erased.texts == 3
    again = cast.cadre.post("/opinions/request-erasure", body)
    refused(again, 422, "opinion.erased")


def test_the_table_says_of_every_opinion_what_its_events_say(
    cast: Cast, screener: Caller, teller: Teller, intake: Opened
) -> None:
    head, member = eligible(cast), eligible(cast)
    done = answered(cast, teller)
    do(screener, "merge", member, head_id=head)
    log = intake.runtime.ledger.log("ha-noi")
    with intake.runtime.store.read() as connection:
        streams = log.load(connection, [f"opinion-{each}" for each in (head, member, done)])
    for stream, entries in streams.items():
        state = OPINION.state_after(entry.recorded().event for entry in entries)  # type: ignore[misc]
        assert row(cast, stream.removeprefix("opinion-"))["state"] == state_name(state)
