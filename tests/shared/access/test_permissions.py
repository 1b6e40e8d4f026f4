"""Every cell of the table, and the scopes that narrow it."""

import pytest

from shared.access import AGENCY_ROLES, PERMISSIONS, Action, Caller, Role, allow, as_markdown, may
from shared.access.permissions import AGENCY_ACTIONS
from shared.kernel.errors import Forbidden
from shared.texts import Catalogue
from shared.texts.catalogue import Language
from tests.architecture.tree import ROOT

# Written out once more, a line per action in the order of the roles: a slip in the table
# must not go unseen because the test reads the same table.
# cadre screener secretary chair clerk head supervisor leader auditor operator service
EXPECTED = {
    "import_digests": "x x . . . . . . . . .",
    "declare_results": ". x x . . . . . . . .",
    "enter_opinion": "x x x . . . . . . . .",
    "deposit_text": "x x x x x x . . . x .",
    "screen_opinion": ". x . . . . . . . . .",
    "acknowledge_opinion": "x x . . . . . . . . .",
    "merge_opinions": ". x . . . . . . . . .",
    "withdraw_opinion": "x x . . . . . . . . .",
    "give_feedback": "x x . . . . . . . . .",
    "reopen_opinion": ". x . . . . x . . . .",
    "close_opinion": ". x . . . . . . . . .",
    "link_opinion": ". x . . . . x . . . .",
    "request_erasure": "x x . . . . . . . . .",
    "decide_erasure": ". . . . . . x . . . .",
    "refer_opinion": ". x x . . . . . . . .",
    "schedule_opinion": ". x x . . . . . . . .",
    "find_similar": "x x x . . . . . . . .",
    "propose_topic": "x x x . . . . . . . .",
    "confirm_topic": ". x x x . . . . . . .",
    "read_topics": "x x x x . . x x x . .",
    "report_sentiment": "x x . . . . . . . . .",
    "read_sentiments": "x x x x . . x x x . .",
    "read_opinions": "x x x x . . x . x . .",
    "read_text": "x x x x x x x . x . .",
    "plan_session": ". . x x . . . . . . .",
    "schedule_session": ". . x x . . . . . . .",
    "change_session": ". . x x . . . . . . .",
    "set_agenda": ". . x x . . . . . . .",
    "convene_session": ". . x x . . . . . . .",
    "hold_session": ". . x x . . . . . . .",
    "raise_opinion": ". . x x . . . . . . .",
    "answer_on_spot": ". . x x . . . . . . .",
    "issue_conclusion": ". . . x . . . . . . .",
    "approve_minutes": ". . . x . . . . . . .",
    "read_minutes": ". . x x . . x . x . .",
    "publish_results": ". . x x . . . . . . .",
    "read_sessions": "x x x x . . x x x . .",
    "accept_assignment": ". . . . x x . . . . .",
    "submit_answer": ". . . . x x . . . . .",
    "release_answer": ". . . . . x . . . . .",
    "refuse_assignment": ". . . . x x . . . . .",
    "decide_refusal": ". x x x . . . . . . .",
    "request_coordination": ". . . . x x . . . . .",
    "contribute": ". . . . x x . . . . .",
    "pause_clock": ". . . . x x . . . . .",
    "request_extension": ". . . . x x . . . . .",
    "decide_extension": ". x x x . . . . . . .",
    "return_answer": ". . . . . x . . . . .",
    "claim_fulfilment": ". . . . x x . . . . .",
    "verify_fulfilment": ". . . . . . x . . . .",
    "cancel_assignment": ". . x x . . . . . . .",
    "assign_from_triage": ". x x x . . . . . . .",
    "read_assignments": ". x x x x x x x x . .",
    "read_feed": ". . . . x x . . x x .",
    "read_reports": "x x x x x x x x x x .",
    "publish_report": ". . x . . . x . . . .",
    "read_log": ". . . . . . . . x x x",
    "read_references": "x x x x x x x x x x x",
    "read_health_detail": ". . . . . . . . x x x",
    "manage_follow": ". . . . . . . . . x .",
    "freeze_log": ". . . . . . . . . x .",
    "add_province": ". . . . . . . . . x .",
    "manage_access": ". . . . . . . . . x .",
    "run_timers": ". . . . . . . . . x x",
    "set_simulated_clock": ". . . . . . . . . x .",
}
CELLS = [
    (Action(action), role, mark == "x")
    for action, marks in EXPECTED.items()
    for role, mark in zip(Role, marks.split(), strict=True)
]


def caller(role: Role, province: str | None = "ha-noi") -> Caller:
    agency = "so-xay-dung" if role in AGENCY_ROLES else None
    return Caller(
        token_id="0" * 16, seat="ha-noi/ghe-1", role=role, province=province, agency=agency
    )


def test_every_action_stands_in_the_table() -> None:
    assert set(PERMISSIONS) == set(Action) == {Action(action) for action in EXPECTED}


@pytest.mark.parametrize(("action", "role", "is_allowed"), CELLS)
def test_a_role_may_do_what_the_table_says_and_nothing_else(
    action: Action, role: Role, *, is_allowed: bool
) -> None:
    assert may(role, action) is is_allowed
    if is_allowed:
        allow(caller(role), action, province="ha-noi", agency="so-xay-dung")
        return
    with pytest.raises(Forbidden) as caught:
        allow(caller(role), action, province="ha-noi", agency="so-xay-dung")
    assert str(caught.value) == f"access.not_allowed action={action} role={role}"


@pytest.mark.parametrize(("action", "role", "is_allowed"), CELLS)
@pytest.mark.parametrize("province", ["hai-duong", None])
def test_a_seat_of_one_province_may_do_nothing_in_another_nor_in_all_at_once(
    action: Action, role: Role, province: str | None, *, is_allowed: bool
) -> None:
    with pytest.raises(Forbidden) as caught:
        allow(caller(role), action, province=province, agency="so-xay-dung")
    if is_allowed:
        assert str(caught.value) == "access.other_province province=ha-noi"
    else:
        assert caught.value.code == "access.not_allowed"


@pytest.mark.parametrize("province", ["ha-noi", "hai-duong", None])
def test_a_seat_without_a_province_may_act_in_each_and_in_all(province: str | None) -> None:
    allow(caller(Role.OPERATOR, None), Action.MANAGE_FOLLOW, province=province)


@pytest.mark.parametrize("role", sorted(AGENCY_ROLES))
@pytest.mark.parametrize("action", [action for action in Action if may(Role.AGENCY_HEAD, action)])
def test_an_agencys_seat_may_do_nothing_of_another_agency(role: Role, action: Action) -> None:
    expected = "access.other_agency" if may(role, action) else "access.not_allowed"

    with pytest.raises(Forbidden, match=f"^{expected}"):
        allow(caller(role), action, province="ha-noi", agency="so-tai-chinh")


@pytest.mark.parametrize("action", sorted(AGENCY_ACTIONS))
def test_an_agencys_seat_needs_an_agency_named_for_what_belongs_to_one(action: Action) -> None:
    with pytest.raises(Forbidden, match=r"^access\.other_agency agency=so-xay-dung$"):
        allow(caller(Role.AGENCY_HEAD), action, province="ha-noi")


def test_an_agencys_seat_reads_reports_which_belong_to_no_agency() -> None:
    allow(caller(Role.AGENCY_CLERK), Action.READ_REPORTS, province="ha-noi")


def test_a_supervisor_reads_every_agencys_assignments() -> None:
    for agency in ("so-xay-dung", "so-tai-chinh", None):
        allow(caller(Role.SUPERVISOR), Action.READ_ASSIGNMENTS, province="ha-noi", agency=agency)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_role_and_action_has_a_word(language: Language) -> None:
    texts = Catalogue.load(ROOT / "shared" / "access", ROOT / "shared" / "vault")
    for vocabulary, values in (("role", Role), ("action", Action)):
        words = [texts.word(vocabulary, value, language) for value in values]
        assert len(set(words)) == len(words)
        assert not any("_" in word for word in words)


def test_a_refusal_names_role_and_action_in_words() -> None:
    texts = Catalogue.load(ROOT / "shared" / "access", ROOT / "shared" / "vault")
    with pytest.raises(Forbidden) as refused:
        allow(caller(Role.LEADER), Action.SCREEN_OPINION, province="ha-noi")
    said = texts.error(refused.value)
    assert said["vi"] == "Vai trò lãnh đạo không được phép thực hiện thao tác sàng lọc ý kiến."
    assert said["en"] == "The role leader may not do this: screen opinions."


def test_the_table_is_rendered_with_a_line_per_action_and_a_column_per_role() -> None:
    lines = as_markdown().splitlines()

    assert lines[0] == "| action | " + " | ".join(Role) + " |"
    assert {line.count("|") for line in lines} == {len(Role) + 2}
    rendered = {
        line.split(" | ")[0].removeprefix("| "): [
            "x" if "✓" in cell else "." for cell in line.split("|")[2:-1]
        ]
        for line in lines[2:]
    }
    assert rendered == {action: marks.split() for action, marks in EXPECTED.items()}
