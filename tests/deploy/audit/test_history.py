"""The history of one subject: every event that concerns it, in order, with who and why."""

from collections.abc import Iterator, Sequence

import pytest

from deploy.audit.archive import Archive
from deploy.audit.basis import Basis
from deploy.audit.deployment import owners
from deploy.audit.history import Happened, history
from deploy.audit.logged import Logged, skim
from deploy.audit.subject import find_subject, state_at
from deploy.audit.telling import Telling
from deploy.ending import catalogue
from services.assignment.terms import referral_assignment_id
from services.intake.receipt import receipt_number
from shared.contracts import EVENT_TYPES
from shared.contracts.assignment_dimensions import AssignmentDimensions
from shared.contracts.intake import OpinionDimensions
from shared.contracts.sessions import OpinionRaised, SessionDimensions
from shared.contracts.vocabulary import ReferenceKind, TextRefusal
from shared.kernel.errors import NotFound
from shared.texts.catalogue import LANGUAGES
from tests.deploy.audit.conftest import Audited
from tests.deploy.audit.lies import begin, release_late
from tests.deploy.audit.story import CLERK, HEAD, SCREENER, Story, text_of, told
from tests.journeys.planted import planted_in


@pytest.fixture(scope="module")
def story() -> Story:
    return told()


def skim_of(log: Archive, event_type: str) -> Iterator[Logged]:
    for logged in skim(log, log.size(), {event_type}):
        if logged is not None:
            yield logged


def happened(story: Story, name: str) -> Sequence[Happened]:
    subject = find_subject(story.archives, name)
    return history(story.archives, subject, story.province).events


def types(story: Story, name: str) -> list[str]:
    return [each.logged.type for each in happened(story, name)]


def test_a_referred_opinion_leads_to_its_assignment_and_answer(story: Story) -> None:
    assert types(story, "o-1") == [
        "OpinionReceived",
        "OpinionAccepted",
        "OpinionReferred",
        "AssignmentIssued",
        "AssignmentAccepted",
        "AnswerSubmitted",
        "DeadlineMissed",
        "AnswerReleased",
        "OpinionBecameOverdue",
        "OpinionAnswered",
    ]


def test_an_opinion_of_a_session_leads_to_the_session_its_conclusion_and_what_came_of_it(
    story: Story,
) -> None:
    assert types(story, "o-2") == [
        "OpinionReceived",
        "OpinionAccepted",
        "SessionPlanned",
        "SessionScheduled",
        "OpinionScheduled",
        "AgendaItemPlaced",
        "SessionOpened",
        "SessionEnded",
        "ConclusionIssued",
        "AssignmentIssued",
        "AssignmentAccepted",
        "AnswerSubmitted",
        "OpinionCoveredByCommitment",
        "AnswerReleased",
        "OpinionAnswered",
    ]


def test_an_opinion_has_nothing_of_another_in_its_history(story: Story) -> None:
    for name in ("o-1", "o-2", "o-3"):
        others = {f"o-{number}" for number in range(1, 7)} - {name}
        streams = {each.logged.recorded.stream for each in happened(story, name)}
        assert not {f"opinion-{other}" for other in others} & streams


def test_a_session_has_all_that_names_it(story: Story) -> None:
    found = happened(story, "s-1")
    kinds = {each.logged.type for each in found}
    assert kinds >= {"SessionPlanned", "AttendanceRecorded", "OpinionRaised", "AnswerGivenOnSpot"}
    assert kinds >= {"OpinionScheduled", "AssignmentIssued", "AnswerReleased", "OpinionAnswered"}
    assert all(each.logged.data.get("session_id") == "s-1" for each in found)


def test_an_assignment_has_its_cause_before_and_its_effect_after_it(story: Story) -> None:
    found = types(story, referral_assignment_id("o-1", 1))
    assert found[:2] == ["OpinionReferred", "AssignmentIssued"]
    assert found[-3:] == ["AnswerReleased", "OpinionBecameOverdue", "OpinionAnswered"]


@pytest.mark.parametrize("name", ["o-1", "o-2", "o-3", "s-1"])
def test_events_are_told_in_the_order_of_time_and_causes_first(story: Story, name: str) -> None:
    found = happened(story, name)
    instants = [each.logged.recorded.time for each in found]
    assert instants == sorted(instants)
    seen: set[str] = set()
    for each in found:
        assert each.cause is None or each.cause.recorded.event_id in seen
        seen.add(each.logged.recorded.event_id)
    for origin in {each.logged.recorded.origin for each in found}:
        positions = [
            each.logged.recorded.position for each in found if each.logged.recorded.origin == origin
        ]
        assert positions == sorted(positions)


def test_a_circle_of_causes_is_told_all_the_same() -> None:
    story = told()
    like = story.last("intake", EVENT_TYPES["OpinionReferred"])
    for number in (1, 2):
        story.forge(
            like, like.event, event_id=f"circle-{number}", causation_id=f"circle-{3 - number}"
        )
    ids = [each.logged.recorded.event_id for each in happened(story, "o-6")]
    assert {"circle-1", "circle-2"} < set(ids)
    assert len(ids) == len(set(ids))


def test_an_opinion_is_found_by_its_receipt_however_it_is_typed(story: Story) -> None:
    receipt = receipt_number("o-2")
    for typed in (receipt, receipt.lower()):
        subject = find_subject(story.archives, typed)
        assert (subject.kind, subject.id) == ("opinion", "o-2")


@pytest.mark.parametrize("name", ["", "o", "o-99", "0000-0000-0000", "opinion-o-2", "%"])
def test_what_is_not_there_is_said_to_be_unknown(story: Story, name: str) -> None:
    with pytest.raises(NotFound, match="audit.unknown_subject"):
        find_subject(story.archives, name)


def test_who_acted_is_a_seat_and_a_reaction_names_its_cause(story: Story) -> None:
    by_type = {each.logged.type: each for each in happened(story, "o-2")}
    assert by_type["AnswerSubmitted"].logged.recorded.actor == CLERK
    assert by_type["AnswerReleased"].logged.recorded.actor == HEAD
    assert by_type["OpinionAccepted"].logged.recorded.actor == SCREENER
    answered = by_type["OpinionAnswered"]
    assert answered.logged.recorded.actor == "service:intake"
    assert answered.cause == by_type["AnswerReleased"].logged
    assert by_type["OpinionReceived"].cause is None


def test_a_deadline_rests_on_the_provision_that_the_assignment_quotes() -> None:
    story = told()
    release_late(story)
    by_type = {each.logged.type: each for each in happened(story, "o-9")}
    version = story.province.references(*ReferenceKind)
    rule = story.province.regulation.rule(
        "resolution_due", by_type["OpinionReferred"].logged.occurred_on
    )
    limit = Basis(rule="resolution_due", citation=rule.citation, version=version, is_stated=True)
    issued = by_type["AssignmentIssued"].basis
    assert issued[0] == limit
    assert [(each.rule, each.is_stated) for each in issued] == [
        ("resolution_due", True),
        ("routing", True),
    ]
    assert by_type["DeadlineMissed"].basis == (limit,)
    assert [each.rule for each in by_type["AnswerReleased"].basis] == ["resolution_due", "calendar"]


def test_a_promised_answer_rests_on_the_conclusion_and_no_file(story: Story) -> None:
    by_type = {each.logged.type: each for each in happened(story, "o-2")}
    (promise,) = by_type["AssignmentIssued"].basis
    assert promise == Basis(
        rule="conclusion",
        citation="Thông báo kết luận 12/TB ngày 12/04/2019",
        version=None,
        is_stated=True,
    )
    (backdating,) = by_type["OpinionReceived"].basis
    assert (backdating.rule, backdating.is_stated) == ("backdating_max_days", False)
    assert backdating.citation
    (roles,) = by_type["OpinionAccepted"].basis
    assert (roles.rule, roles.is_stated) == ("roles", False)


def test_every_event_about_a_subject_has_a_sentence_in_each_language(story: Story) -> None:
    subjects = (OpinionDimensions, SessionDimensions, AssignmentDimensions)
    for name, form in EVENT_TYPES.items():
        if issubclass(form, subjects):
            for language in LANGUAGES:
                assert catalogue().text(f"happened.{name}", language)


def test_no_sentence_lacks_a_fact(story: Story) -> None:
    telling = Telling(catalogue(), story.provinces)
    for name in ("o-1", "o-2", "o-3", "s-1"):
        for each in happened(story, name):
            assert "…" not in telling.sentence(each.logged)
            assert "{" not in telling.sentence(each.logged, "en")


def test_names_stand_for_keys_and_words_for_codes(story: Story) -> None:
    telling = Telling(catalogue(), story.provinces)
    sentences = [telling.sentence(each.logged) for each in happened(story, "o-2")]
    assert (
        "Giao Phòng Tài nguyên và Môi trường quận Ba Đình chủ trì; hạn trả lời 10/05/2019."
        in sentences
    )
    assert "Lập kế hoạch phiên đối thoại định kỳ của phường Thành Công trong năm 2019." in sentences
    english = [telling.sentence(each.logged, "en") for each in happened(story, "o-2")]
    assert any(text.startswith("Received a reflection, field Environment") for text in english)


def test_an_opinion_whose_text_was_not_believed_says_why() -> None:
    story = told()
    begin(story)
    story.quiet = True
    story.raise_("s-9", "o-8", text=text_of("o-4"))
    story.hear("intake", story.last("sessions", OpinionRaised), text_refused=TextRefusal.TAKEN)
    telling = Telling(catalogue(), story.provinces)
    (received,) = (e.logged for e in happened(story, "o-8") if e.logged.type == "OpinionReceived")
    assert "không có nội dung, vì nội dung này thuộc ý kiến khác;" in telling.sentence(received)
    assert "because the text tells another opinion;" in telling.sentence(received, "en")


def test_a_state_is_what_the_decider_remembers_at_that_point(story: Story) -> None:
    opinion = find_subject(story.archives, "o-2")
    log = story.logs["intake"]
    states: list[tuple[str, int]] = []
    for size in range(log.size() + 1):
        found = state_at(story.archives, opinion, {log.origin: size})
        if not states or states[-1][0] != found["state"]:
            states.append((found["state"], found["version"]))
    assert states == [
        ("unknown", -1),
        ("received", 0),
        ("eligible", 1),
        ("scheduled", 2),
        ("in_handling", 3),
        ("answered", 4),
    ]
    session = find_subject(story.archives, "s-1")
    sizes = {each.origin: each.size() for each in story.archives}
    known = state_at(story.archives, session, sizes)["known"]
    assert known["agenda"] == ["o-2"]
    assert known["attendances"]["residents"]["attendances"] == 80


def test_a_real_history_is_told_without_a_narrative_or_a_person(played: Audited) -> None:
    # Given an opinion of a real deployment that was promised an answer in a session
    with owners(played.settings) as found:
        (log,) = (each for each in found if each.origin == "doithoai.local/ha-noi/sessions")
        concluded = next(skim_of(log, "ConclusionIssued"))
    opinion_id = concluded.data["commitments"][0]["opinion_ids"][0]
    # When its history is asked for, for people and for programs
    people, programs = (played.audit("history", opinion_id, *how) for how in ((), ("--json",)))
    assert (people.status, programs.status) == (0, 0)
    # Then it leads through all services
    document = programs.json
    assert document["subject"] == {"kind": "opinion", "id": opinion_id}
    services = {each["origin"].rpartition("/")[2] for each in document["events"]}
    assert services == {"intake", "sessions", "assignment"}
    assert all(each["texts"]["vi"] and each["seat"] for each in document["events"])
    assert "Ban hành thông báo kết luận số" in people.out
    assert "Căn cứ, thông báo kết luận: Thông báo kết luận" in people.out
    # And no word of it is anybody's
    assert planted_in((people.out + programs.out).encode()) == []
    # The copy that Reporting keeps tells the same
    assert played.audit("history", opinion_id, "--json", "--journal").json == document


def test_a_state_of_a_real_deployment_is_shown_as_it_was(played: Audited) -> None:
    with owners(played.settings) as found:
        (log,) = (each for each in found if each.origin == "doithoai.local/ha-noi/intake")
        answered = next(skim_of(log, "OpinionAnswered"))
    subject = ("--subject", answered.data["opinion_id"])
    position = answered.recorded.position
    before = played.audit("replay", "--to", str(position - 1), "--log", log.origin, *subject)
    after = played.audit("replay", "--to", f"{log.origin}={position}", *subject, "--json")
    assert (before.status, after.status) == (0, 0)
    assert after.json["subject"]["state"] == "answered"
    assert "đã trả lời" not in before.out
    assert played.audit("replay", "--to", "2020-01-01").status == 2
