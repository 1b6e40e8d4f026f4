"""Topics and moods over HTTP: proposed, ranked with reasons, confirmed; names in the vault."""

import json
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.intake.tables import METADATA, VAULT
from shared.access import Role
from shared.contracts.intake import TopicConfirmed, TopicProposed
from shared.vault import Purpose
from tests.services.intake.calling import Cast, answer, refused
from tests.services.opened import Opened, since_opened

NOWHERE = str(UUID(int=0))
NAME = "Ngập úng khu Thành Công"
TOPIC = {"province": "ha-noi", "unit": "ba-dinh", "field": "environment", "name": NAME}
MOOD = {
    "province": "ha-noi",
    "unit": "thanh-cong",
    "field": "environment",
    "organisation": "mttq-thanh-cong",
    "period_from": "2019-05-01",
    "period_to": "2019-05-15",
    "stance": "outrage",
    "intensity": "strong",
    "breadth": "many",
    "text": "Bà Trần Thị Mai Hương nói cả tổ dân phố rất bức xúc.",
}


@pytest.fixture
def cast(intake: Opened) -> Cast:
    return Cast(intake)


def proposed(cast: Cast, *opinion_ids: str, **changes: Any) -> str:
    response = cast.cadre.post("/topics", {**TOPIC, "opinion_ids": opinion_ids, **changes})
    assert response.status_code == 201, response.json
    return str(answer(response)["topic_id"])


def ranking(cast: Cast, **query: str) -> list[dict[str, Any]]:
    response = cast.role(Role.LEADER).get("/topics/ranking", province="ha-noi", **query)
    assert response.status_code == 200, response.json
    found: list[dict[str, Any]] = answer(response)["topics"]
    return found


def by_both(cast: Cast) -> list[str]:
    """Return opinions that both organisations of the test's province report."""
    return [
        cast.cadre.entered(organisation=organisation, text=f"Ngập {organisation}.")
        for organisation in ("mttq-thanh-cong", "mttq-ba-dinh")
    ]


def events(cast: Cast) -> list[Any]:
    return [each.recorded().event for each in since_opened(cast.service.runtime)]


def test_a_topic_is_a_proposal_until_a_person_confirms_it(cast: Cast) -> None:
    topic_id = proposed(cast, *by_both(cast))
    listed = answer(cast.screener.get("/topics", province="ha-noi"))["topics"]
    assert [(each["topic_id"], each["state"], each["is_hot"]) for each in listed] == [
        (topic_id, "proposed", None)
    ]
    confirmed = cast.role(Role.CHAIR).post(f"/topics/{topic_id}/confirm", {"is_hot": True})
    assert confirmed.status_code == 200
    (one,) = answer(cast.screener.get("/topics", province="ha-noi", state="confirmed"))["topics"]
    assert (one["is_hot"], one["decided_on"]) == (True, "2019-05-20")
    event = events(cast)[-1]
    assert isinstance(event, TopicConfirmed)
    assert (event.is_hot, event.is_hot_by_rule, event.opinions) == (True, False, 2)
    assert (event.heat.reports, event.heat.organisations) == (2, 2)


def test_by_the_rule_two_organisations_are_not_enough(cast: Cast) -> None:
    topic_id = proposed(cast, *by_both(cast))
    cast.screener.post(f"/topics/{topic_id}/confirm", {})
    event = events(cast)[-1]
    assert isinstance(event, TopicConfirmed)
    assert (event.is_hot, event.is_hot_by_rule) == (False, False)
    assert "không phải quy định của pháp luật" in event.citation


def test_the_ranking_says_why_in_figures_and_in_words(cast: Cast) -> None:
    proposed(cast, *by_both(cast))
    proposed(cast, name="Việc khác")
    hotter, colder = ranking(cast)
    assert (hotter["name"], colder["name"]) == (NAME, "Việc khác")
    assert [each["code"] for each in hotter["reasons"]] == ["new", "few_organisations"]
    assert [each["code"] for each in colder["reasons"]] == ["silent", "few_organisations"]
    told = hotter["reasons"][1]
    assert told["facts"]["organisations"] == 2
    assert told["texts"]["vi"] == "Mới có 2 tổ chức báo cáo, chưa đủ 3."
    assert told["texts"]["en"] == "Only 2 organisations report, fewer than 3."
    assert hotter["is_hot_by_rule"] is False
    assert ranking(cast, unit="thanh-cong") == []
    assert len(ranking(cast, limit="1")) == 1


def test_the_ranking_names_the_rule_and_whether_it_is_law(cast: Cast) -> None:
    rule = answer(cast.screener.get("/topics/ranking", province="ha-noi"))["rule"]
    assert (rule["window_days"], rule["organisations_min"], rule["is_law"]) == (14, 3, False)


def test_more_organisations_than_the_rule_wants_make_it_hot(cast: Cast) -> None:
    raised = [
        cast.cadre.entered(organisation="mttq-thanh-cong", received_on=f"2019-05-{day:02}")
        for day in (10, 11)
    ]
    topic_id = proposed(cast, *raised, *by_both(cast))
    with cast.service.runtime.store.write() as tx:
        rows = tx.connection.execute(sa.text("SELECT count(*) FROM topic_opinion")).scalar()
        tx.connection.execute(
            sa.text(
                "INSERT INTO topic_opinion (topic_id, opinion_id, unit, organisation, received_on) "
                "VALUES (:topic_id, 'x', 'thanh-cong', 'hoi-phu-nu', '2019-05-12')"
            ),
            {"topic_id": topic_id},
        )
    assert rows == 4
    (hot,) = ranking(cast)
    assert hot["is_hot_by_rule"] is True
    codes = [each["code"] for each in hot["reasons"]]
    assert codes == ["new", "enough_organisations", "hot_unit"]
    assert hot["hot_units"][0]["unit"] == "thanh-cong"
    words = hot["reasons"][-1]["texts"]["vi"]
    assert words.startswith("Riêng phường Thành Công: 4 lượt báo cáo của 3 tổ chức")


def test_opinions_join_once_and_stand_in_the_topics_list(cast: Cast) -> None:
    first, second = by_both(cast)
    topic_id = proposed(cast, first)
    for _ in range(2):
        joined = cast.cadre.post(f"/topics/{topic_id}/join", {"opinion_ids": [first, second]})
        assert joined.status_code == 200
    one = answer(cast.screener.get(f"/topics/{topic_id}"))
    assert {each["opinion_id"] for each in one["opinions"]} == {first, second}
    assert one["name"] == NAME
    assert one["version"] == 2
    page = answer(cast.screener.get(f"/topics/{topic_id}", limit=1))
    rest = answer(cast.screener.get(f"/topics/{topic_id}", limit=1, after=page["next"]))
    assert [page["opinions"][0]["opinion_id"], rest["opinions"][0]["opinion_id"]] == sorted(
        [first, second]
    )


def test_declined_opinions_and_those_of_another_province_do_not_join(cast: Cast) -> None:
    topic_id = proposed(cast)
    declined = cast.cadre.entered()
    cast.screener.post("/opinions/decline", {"opinion_ids": [declined], "reason": "unclear"})
    joining = {"opinion_ids": [declined]}
    response = cast.cadre.post(f"/topics/{topic_id}/join", joining)
    refused(response, 422, "topic.opinion_declined")
    there = cast.role(Role.CADRE, province="ha-nam").entered(
        province="ha-nam", unit="phu-ly", organisation="mttq-phu-ly"
    )
    for unknown in (there, NOWHERE):
        response = cast.cadre.post(f"/topics/{topic_id}/join", {"opinion_ids": [unknown]})
        refused(response, 404, "opinion.unknown")


def test_a_dismissed_topic_is_ranked_and_joined_no_more(cast: Cast) -> None:
    topic_id = proposed(cast, *by_both(cast))
    dismissing = {"reason": "not_shared"}
    assert cast.screener.post(f"/topics/{topic_id}/dismiss", dismissing).status_code == 200
    assert ranking(cast) == []
    response = cast.cadre.post(f"/topics/{topic_id}/join", {"opinion_ids": by_both(cast)[:1]})
    refused(response, 422, "topic.dismissed")
    refused(cast.screener.post(f"/topics/{topic_id}/confirm", {}), 422, "topic.dismissed")
    mood = {**MOOD, "topic_id": topic_id}
    refused(cast.cadre.post("/sentiments", mood), 422, "topic.dismissed")


def test_confirming_what_somebody_else_has_changed_meanwhile_is_a_conflict(cast: Cast) -> None:
    first, second = by_both(cast)
    topic_id = proposed(cast, first)
    seen = cast.screener.get(f"/topics/{topic_id}").headers["ETag"]
    cast.cadre.post(f"/topics/{topic_id}/join", {"opinion_ids": [second]})
    response = cast.screener.post(f"/topics/{topic_id}/confirm", {}, If_Match=seen)
    refused(response, 409, "eventlog.stream_moved")


def test_the_same_request_proposes_one_topic(cast: Cast) -> None:
    cadre = cast.cadre
    once, again = (cadre.post("/topics", TOPIC, Idempotency_Key="k-1") for _ in range(2))
    assert answer(once) == answer(again)
    assert len([each for each in events(cast) if isinstance(each, TopicProposed)]) == 1


def test_a_cadre_proposes_and_does_not_confirm(cast: Cast) -> None:
    topic_id = proposed(cast, *by_both(cast))
    for path, body in (("confirm", {}), ("dismiss", {"reason": "settled"})):
        response = cast.cadre.post(f"/topics/{topic_id}/{path}", body)
        refused(response, 403, "access.not_allowed")


def test_another_provinces_topic_is_as_unknown_as_none(cast: Cast) -> None:
    topic_id = proposed(cast, *by_both(cast))
    stranger = cast.role(Role.SCREENER, province="ha-nam")
    for each in (topic_id, NOWHERE):
        refused(stranger.get(f"/topics/{each}"), 404, "topic.unknown")
        for path, body in (
            ("confirm", {}),
            ("dismiss", {"reason": "settled"}),
            ("join", {"opinion_ids": [NOWHERE]}),
        ):
            refused(stranger.post(f"/topics/{each}/{path}", body), 404, "topic.unknown")


def test_an_erased_name_is_gone_and_the_topic_stays(cast: Cast) -> None:
    topic_id, runtime = proposed(cast, *by_both(cast)), cast.service.runtime
    row = answer(cast.screener.get(f"/topics/{topic_id}"))
    with runtime.store.write() as tx:
        runtime.vault.erase(tx.connection, row["name_id"], runtime.clock())
    assert ranking(cast)[0]["name"] is None


# -- moods


def test_a_mood_is_listed_without_its_words_which_are_read_for_a_purpose(cast: Cast) -> None:
    topic_id = proposed(cast, *by_both(cast))
    response = cast.cadre.post("/sentiments", {**MOOD, "topic_id": topic_id})
    assert response.status_code == 201, response.json
    report_id = answer(response)["report_id"]
    listed = answer(cast.role(Role.LEADER).get("/sentiments", province="ha-noi"))["sentiments"]
    (one,) = listed
    assert (one["report_id"], one["stance"], one["breadth"]) == (report_id, "outrage", "many")
    of_topic = cast.screener.get("/sentiments", province="ha-noi", topic_id=topic_id)
    assert answer(of_topic)["sentiments"] == listed
    elsewhere = cast.screener.get("/sentiments", province="ha-noi", topic_id=NOWHERE)
    assert answer(elsewhere)["sentiments"] == []
    refused(cast.screener.get(f"/sentiments/{report_id}/text"), 422, "request.invalid")
    read = cast.screener.get(f"/sentiments/{report_id}/text", purpose="supervision")
    assert answer(read)["text"] == MOOD["text"]
    query = sa.select(VAULT.access.c.reader).where(
        VAULT.access.c.purpose == Purpose.SUPERVISION.value
    )
    with cast.service.runtime.store.read() as connection:
        assert list(connection.scalars(query)) == ["test/screener"]
    stranger = cast.role(Role.SCREENER, province="ha-nam")
    for each in (report_id, NOWHERE):
        response = stranger.get(f"/sentiments/{each}/text", purpose="supervision")
        refused(response, 404, "sentiment.unknown")


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"period_from": "2019-05-16"}, 422, "sentiment.period_reversed"),
        ({"period_to": "2019-05-21"}, 422, "sentiment.period_in_future"),
        ({"topic_id": NOWHERE}, 404, "topic.unknown"),
        ({"breadth": "73 %"}, 422, "request.invalid"),
        ({"voices": 100}, 422, "request.invalid"),
        ({"text": " "}, 400, "vault.text_empty"),
    ],
)
def test_a_mood_that_does_not_hold_together_is_refused(
    cast: Cast, changes: dict[str, Any], status: int, code: str
) -> None:
    refused(cast.cadre.post("/sentiments", {**MOOD, **changes}), status, code)


# -- nothing personal


def test_neither_names_nor_narratives_stand_in_events_or_tables(cast: Cast) -> None:
    proposed(cast, *by_both(cast), name="Việc của bà Mai Hương 0987654321")
    cast.cadre.post("/sentiments", MOOD)
    with cast.service.runtime.store.read() as connection:
        cells = "\n".join(
            repr(row)
            for table in METADATA.tables.values()
            for row in connection.execute(sa.select(table))
        )
    for word in ("Mai Hương", "0987654321", "bức xúc"):
        for form in (word, json.dumps(word)[1:-1], word.encode().hex()):
            assert form not in cells
