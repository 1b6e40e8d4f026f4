"""One table: which role may do what. Scopes narrow it to a province and an agency."""

from collections.abc import Mapping
from enum import StrEnum

from shared.access.caller import AGENCY_ROLES, Caller, Role
from shared.kernel.errors import Forbidden


class Action(StrEnum):
    """Everything that needs permission."""

    IMPORT_DIGESTS = "import_digests"
    DECLARE_RESULTS = "declare_results"
    ENTER_OPINION = "enter_opinion"
    DEPOSIT_TEXT = "deposit_text"
    SCREEN_OPINION = "screen_opinion"
    """Ask back, classify, accept or decline."""
    ACKNOWLEDGE_OPINION = "acknowledge_opinion"
    """Say that it is here, to the reporter and to whoever handed it over; tell the answer."""
    MERGE_OPINIONS = "merge_opinions"
    """Let one opinion stand for another, or its parts for it, and undo that."""
    WITHDRAW_OPINION = "withdraw_opinion"
    GIVE_FEEDBACK = "give_feedback"
    """Record what a reporter says of an answer, and that he wants the matter taken up again."""
    REOPEN_OPINION = "reopen_opinion"
    """Decide whether a matter is taken up again."""
    CLOSE_OPINION = "close_opinion"
    LINK_OPINION = "link_opinion"
    """Say that a matter recurs, or that a case is an example."""
    REQUEST_ERASURE = "request_erasure"
    DECIDE_ERASURE = "decide_erasure"
    """Decide about erasing an opinion's texts, and do it."""
    REFER_OPINION = "refer_opinion"
    SCHEDULE_OPINION = "schedule_opinion"
    FIND_SIMILAR = "find_similar"
    """Ask which opinions may be the same, and read the words they share."""
    PROPOSE_TOPIC = "propose_topic"
    """Name one, and say which opinions are about it."""
    CONFIRM_TOPIC = "confirm_topic"
    """Confirm it, as hot or not, or dismiss it."""
    READ_TOPICS = "read_topics"
    REPORT_SENTIMENT = "report_sentiment"
    READ_SENTIMENTS = "read_sentiments"
    READ_OPINIONS = "read_opinions"
    READ_TEXT = "read_text"
    PLAN_SESSION = "plan_session"
    SCHEDULE_SESSION = "schedule_session"
    CHANGE_SESSION = "change_session"
    """Move, postpone or cancel it, delegate its chair."""
    SET_AGENDA = "set_agenda"
    CONVENE_SESSION = "convene_session"
    HOLD_SESSION = "hold_session"
    """Open it, record attendances, end it."""
    RAISE_OPINION = "raise_opinion"
    ANSWER_ON_SPOT = "answer_on_spot"
    ISSUE_CONCLUSION = "issue_conclusion"
    APPROVE_MINUTES = "approve_minutes"
    READ_MINUTES = "read_minutes"
    PUBLISH_RESULTS = "publish_results"
    READ_SESSIONS = "read_sessions"
    ACCEPT_ASSIGNMENT = "accept_assignment"
    SUBMIT_ANSWER = "submit_answer"
    RELEASE_ANSWER = "release_answer"
    REFUSE_ASSIGNMENT = "refuse_assignment"
    DECIDE_REFUSAL = "decide_refusal"
    REQUEST_COORDINATION = "request_coordination"
    CONTRIBUTE = "contribute"
    PAUSE_CLOCK = "pause_clock"
    """And let it go on."""
    REQUEST_EXTENSION = "request_extension"
    DECIDE_EXTENSION = "decide_extension"
    RETURN_ANSWER = "return_answer"
    CLAIM_FULFILMENT = "claim_fulfilment"
    VERIFY_FULFILMENT = "verify_fulfilment"
    CANCEL_ASSIGNMENT = "cancel_assignment"
    ASSIGN_FROM_TRIAGE = "assign_from_triage"
    READ_ASSIGNMENTS = "read_assignments"
    READ_FEED = "read_feed"
    READ_REPORTS = "read_reports"
    PUBLISH_REPORT = "publish_report"
    READ_LOG = "read_log"
    """Replay the stored entries."""
    READ_REFERENCES = "read_references"
    """Fetch a reference file by its hash: law and organisation, public in themselves."""
    READ_HEALTH_DETAIL = "read_health_detail"
    MANAGE_FOLLOW = "manage_follow"
    """Retry or skip an entry that halted a follower."""
    FREEZE_LOG = "freeze_log"
    """Close a province's logs for good, in favour of the province that succeeds it."""
    ADD_PROVINCE = "add_province"
    """Open the logs of a province whose file is in the folder."""
    MANAGE_ACCESS = "manage_access"
    RUN_TIMERS = "run_timers"
    SET_SIMULATED_CLOCK = "set_simulated_clock"


_FRONT = frozenset({Role.CADRE, Role.SCREENER})
_PODIUM = frozenset({Role.SECRETARY, Role.CHAIR})
_WATCH = frozenset({Role.SUPERVISOR, Role.AUDITOR})
_PEOPLE = frozenset(Role) - {Role.SERVICE}

PERMISSIONS: Mapping[Action, frozenset[Role]] = {
    # Gathering
    Action.IMPORT_DIGESTS: _FRONT,
    Action.DECLARE_RESULTS: frozenset({Role.SCREENER, Role.SECRETARY}),
    Action.ENTER_OPINION: _FRONT | {Role.SECRETARY},
    Action.DEPOSIT_TEXT: _FRONT | _PODIUM | AGENCY_ROLES | {Role.OPERATOR},
    Action.SCREEN_OPINION: frozenset({Role.SCREENER}),
    Action.ACKNOWLEDGE_OPINION: _FRONT,
    Action.MERGE_OPINIONS: frozenset({Role.SCREENER}),
    Action.WITHDRAW_OPINION: _FRONT,
    Action.GIVE_FEEDBACK: _FRONT,
    Action.REOPEN_OPINION: frozenset({Role.SCREENER, Role.SUPERVISOR}),
    Action.CLOSE_OPINION: frozenset({Role.SCREENER}),
    Action.LINK_OPINION: frozenset({Role.SCREENER, Role.SUPERVISOR}),
    Action.REQUEST_ERASURE: _FRONT,
    Action.DECIDE_ERASURE: frozenset({Role.SUPERVISOR}),
    Action.REFER_OPINION: frozenset({Role.SCREENER, Role.SECRETARY}),
    Action.SCHEDULE_OPINION: frozenset({Role.SCREENER, Role.SECRETARY}),
    Action.FIND_SIMILAR: _FRONT | {Role.SECRETARY},
    Action.PROPOSE_TOPIC: _FRONT | {Role.SECRETARY},
    Action.CONFIRM_TOPIC: _PODIUM | {Role.SCREENER},
    Action.READ_TOPICS: _FRONT | _PODIUM | _WATCH | {Role.LEADER},
    Action.REPORT_SENTIMENT: _FRONT,
    Action.READ_SENTIMENTS: _FRONT | _PODIUM | _WATCH | {Role.LEADER},
    Action.READ_OPINIONS: _FRONT | _PODIUM | _WATCH,
    Action.READ_TEXT: _FRONT | _PODIUM | AGENCY_ROLES | _WATCH,
    # Sessions
    Action.PLAN_SESSION: _PODIUM,
    Action.SCHEDULE_SESSION: _PODIUM,
    Action.CHANGE_SESSION: _PODIUM,
    Action.SET_AGENDA: _PODIUM,
    Action.CONVENE_SESSION: _PODIUM,
    Action.HOLD_SESSION: _PODIUM,
    Action.RAISE_OPINION: _PODIUM,
    Action.ANSWER_ON_SPOT: _PODIUM,
    Action.ISSUE_CONCLUSION: frozenset({Role.CHAIR}),
    Action.APPROVE_MINUTES: frozenset({Role.CHAIR}),
    Action.READ_MINUTES: _PODIUM | _WATCH,
    Action.PUBLISH_RESULTS: _PODIUM,
    Action.READ_SESSIONS: _FRONT | _PODIUM | _WATCH | {Role.LEADER},
    # Assignments
    Action.ACCEPT_ASSIGNMENT: AGENCY_ROLES,
    Action.SUBMIT_ANSWER: AGENCY_ROLES,
    Action.RELEASE_ANSWER: frozenset({Role.AGENCY_HEAD}),
    Action.REFUSE_ASSIGNMENT: AGENCY_ROLES,
    Action.DECIDE_REFUSAL: _PODIUM | {Role.SCREENER},
    Action.REQUEST_COORDINATION: AGENCY_ROLES,
    Action.CONTRIBUTE: AGENCY_ROLES,
    Action.PAUSE_CLOCK: AGENCY_ROLES,
    Action.REQUEST_EXTENSION: AGENCY_ROLES,
    Action.DECIDE_EXTENSION: _PODIUM | {Role.SCREENER},
    Action.RETURN_ANSWER: frozenset({Role.AGENCY_HEAD}),
    Action.CLAIM_FULFILMENT: AGENCY_ROLES,
    Action.VERIFY_FULFILMENT: frozenset({Role.SUPERVISOR}),
    Action.CANCEL_ASSIGNMENT: _PODIUM,
    Action.ASSIGN_FROM_TRIAGE: _PODIUM | {Role.SCREENER},
    Action.READ_ASSIGNMENTS: AGENCY_ROLES | _PODIUM | _WATCH | {Role.SCREENER, Role.LEADER},
    Action.READ_FEED: AGENCY_ROLES | {Role.AUDITOR, Role.OPERATOR},
    # Reports
    Action.READ_REPORTS: _PEOPLE,
    Action.PUBLISH_REPORT: frozenset({Role.SECRETARY, Role.SUPERVISOR}),
    # Running
    Action.READ_LOG: frozenset({Role.AUDITOR, Role.OPERATOR, Role.SERVICE}),
    Action.READ_REFERENCES: frozenset(Role),
    Action.READ_HEALTH_DETAIL: frozenset({Role.AUDITOR, Role.OPERATOR, Role.SERVICE}),
    Action.MANAGE_FOLLOW: frozenset({Role.OPERATOR}),
    Action.FREEZE_LOG: frozenset({Role.OPERATOR}),
    Action.ADD_PROVINCE: frozenset({Role.OPERATOR}),
    Action.MANAGE_ACCESS: frozenset({Role.OPERATOR}),
    Action.RUN_TIMERS: frozenset({Role.OPERATOR, Role.SERVICE}),
    Action.SET_SIMULATED_CLOCK: frozenset({Role.OPERATOR}),
}

AGENCY_ACTIONS = frozenset(
    {
        Action.READ_TEXT,
        Action.ACCEPT_ASSIGNMENT,
        Action.SUBMIT_ANSWER,
        Action.RELEASE_ANSWER,
        Action.REFUSE_ASSIGNMENT,
        Action.REQUEST_COORDINATION,
        Action.CONTRIBUTE,
        Action.PAUSE_CLOCK,
        Action.REQUEST_EXTENSION,
        Action.RETURN_ANSWER,
        Action.CLAIM_FULFILMENT,
        Action.READ_ASSIGNMENTS,
        Action.READ_FEED,
    }
)
"""What an agency's seat may do for its own agency only, so that one must be named."""


def may(role: Role, action: Action) -> bool:
    """Return whether `role` may do `action` at all, whatever the scope."""
    return role in PERMISSIONS[action]


def allow(
    caller: Caller, action: Action, *, province: str | None = None, agency: str | None = None
) -> None:
    """Return when `caller` may do `action` there.

    `province` None means in every province at once: only a caller whose scope is not
    limited may. `agency` None means that no single agency is concerned; an agency's seat
    then may not do what `AGENCY_ACTIONS` lists.

    Raises:
        Forbidden: `access.not_allowed`, then `access.other_province`, then
            `access.other_agency`.

    """
    if not may(caller.role, action):
        raise Forbidden("access.not_allowed", action=action.value, role=caller.role.value)
    if caller.province not in (None, province):
        raise Forbidden("access.other_province", province=caller.province)
    if caller.role in AGENCY_ROLES and not _is_of_own_agency(caller, action, agency):
        raise Forbidden("access.other_agency", agency=caller.agency)


def _is_of_own_agency(caller: Caller, action: Action, agency: str | None) -> bool:
    if agency is None:
        return action not in AGENCY_ACTIONS
    return agency == caller.agency


def as_markdown() -> str:
    """Return the table for the documentation: a line per action, a column per role."""
    header = ["action", *(role.value for role in Role)]
    lines = [header, ["---", *(":-:" for _ in Role)]]
    lines += [
        [action.value, *("✓" if may(role, action) else "" for role in Role)] for action in Action
    ]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
