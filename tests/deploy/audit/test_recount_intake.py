"""Intake's own log, made over HTTP: the recount decides all of it again, and catches lies."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from deploy.audit.recount import Recounted, recount
from deploy.audit.verdict import Finding
from services.intake.definition import DEFINITION
from services.reporting import statistics as reporting_statistics
from services.reporting.counting import count
from shared.access import Role
from shared.contracts.vocabulary import Outcome
from tests.deploy.audit.story import MemoryArchive
from tests.services.intake.calling import Cast
from tests.services.intake.hearing import (
    SESSION_SCHEDULED,
    Teller,
    concluded,
    issued,
    missed,
    released,
)
from tests.services.intake.story import SESSION_ID
from tests.services.intake.test_course_api import CLASS, answered, do, eligible
from tests.services.opened import Opened, opened
from tests.services.reporting.history import of_types

ORIGIN = "test.local/ha-noi/intake"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Opened, Teller]]:
    """Yield Intake after every deed that people and time can do to opinions."""
    service = opened(DEFINITION, Path(tmp_path_factory.mktemp("intake")))
    teller, cast = Teller(service.runtime), Cast(service)
    _screened(cast, service)
    _merged(cast)
    _handled(cast, teller, service)
    yield service, teller
    service.runtime.close()


def _screened(cast: Cast, service: Opened) -> None:
    screener, cadre = cast.screener, cast.cadre
    first, second, third = (cadre.entered() for _ in range(3))
    do(cadre, "acknowledge", first, second)
    do(screener, "acknowledge-handover", first, receiver="mttq-ba-dinh")
    do(screener, "clarify", first, second, text="Ở đâu?")
    service.later(days=2)
    do(screener, "clarified", first, text="Sau chợ.")
    do(screener, "classify", first, **CLASS)
    do(screener, "decline", first, reason="not_competent", redirect="ubnd-ha-noi")
    service.later(days=12)
    do(cadre, "notify-forwarding", first)
    do(screener, "classify", third, **{**CLASS, "opinion_kind": "denunciation"})
    do(screener, "decline", third, reason="denunciation", redirect="ubnd-ha-noi")
    body = {"province": "ha-noi", "unit": "thanh-cong", "redirect": "ubnd-ha-noi"}
    assert cadre.post("/denunciations", body).status_code == 201
    fourth = cadre.entered()
    supervisor = cast.role(Role.SUPERVISOR)
    do(cadre, "request-erasure", fourth)
    do(supervisor, "decide-erasure", fourth, refusal="in_handling")
    do(cadre, "request-erasure", fourth)
    service.later(days=5)
    do(supervisor, "decide-erasure", fourth)
    do(supervisor, "erase", fourth)


def _merged(cast: Cast) -> None:
    screener, cadre = cast.screener, cast.cadre
    one, two, three, four, five = (eligible(cast, voices=number) for number in range(1, 6))
    do(screener, "merge", one, head_id=two, similarity_permille=700, algorithm="words-3")
    do(screener, "merge", two, head_id=three)
    do(screener, "merge", four, head_id=three)
    do(screener, "unmerge", one)
    do(cadre, "withdraw", three, reason="reporter_asked")
    do(cadre, "withdraw", four, reason="entered_in_error")
    part = {"field": "environment", "opinion_kind": "reflection", "text": "Thu gom rác."}
    response = screener.post(f"/opinions/{five}/split", {"parts": [part, part]})
    assert response.status_code == 200


def _handled(cast: Cast, teller: Teller, service: Opened) -> None:
    screener, cadre = cast.screener, cast.cadre
    done = answered(cast, teller)
    open_ = eligible(cast)
    do(screener, "schedule", open_, session_id=SESSION_ID)
    teller.sessions(SESSION_SCHEDULED, concluded(open_, commitment_id="commitment-7"))
    again: dict[str, Any] = {"assignment_id": "assignment-7"}
    told = replace(issued(open_, commitment_id="commitment-7"), **again)
    teller.assignment(told, replace(missed(open_, commitment_id="commitment-7"), **again))
    over = replace(
        released(open_, commitment_id="commitment-7"),
        outcome=Outcome.ACCEPTED_WITH_PLAN,
        **again,
    )
    teller.assignment(over)
    service.later(days=20)
    do(cadre, "notify", done)
    do(cadre, "feedback", done, satisfaction="partly", reasons=["late"])
    do(cadre, "request-reopening", done, reasons=["came_back"])
    do(screener, "decline-reopening", done, reason="answer_stands")
    do(cadre, "request-reopening", done, reasons=["new_facts"])
    do(screener, "mark-good-practice", done)
    do(screener, "link-recurrence", cadre.entered(received_on="2019-06-20"), earlier_id=done)
    do(screener, "reopen", done)
    service.later(days=40)
    operator = cast.role(Role.OPERATOR)
    assert operator.post("/timers/opinions", {"province": "ha-noi"}).status_code == 200


def judged(world: tuple[Opened, Teller], contents: list[bytes]) -> Recounted:
    service, teller = world
    told = teller.contents.items()
    archives = [MemoryArchive(f"test.local/ha-noi/{name}", entries) for name, entries in told]
    archives.append(MemoryArchive(ORIGIN, contents))
    return recount(archives, service.runtime.provinces)


def mine(result: Recounted) -> list[Finding]:
    """Return what was found in Intake's log: the others were made up for it."""
    return [each for each in result.findings if each.origin == ORIGIN]


def contents_of(service: Opened) -> list[bytes]:
    log = service.runtime.ledger.log("ha-noi")
    return [entry.content for entry in log.read(-1)]


def test_every_deed_is_decided_again_and_follows(world: tuple[Opened, Teller]) -> None:
    contents = contents_of(world[0])
    assert len({json.loads(each)["type"] for each in contents}) > 30
    result = judged(world, contents)
    assert mine(result) == []
    balance = result.balances["ha-noi"]
    assert balance.pop("cases") == sum(balance.values())


LIES: dict[str, tuple[str, dict[str, Any]]] = {
    "a merge that moved more voices": ("OpinionMerged", {"voices_moved": 99}),
    "a head that got more voices": ("MembersJoined", {"voices_moved": 99}),
    "a head that gave fewer back": ("MembersLeft", {"voices_moved": 0}),
    "an acknowledgement in time": ("ForwardingNotified", {"days_late": 0}),
    "a clock that stood for longer": ("ClarificationProvided", {"paused_working_days": 9}),
    "a level that was not skipped": ("OpinionClassified", {"skips_level": True}),
    "a miss that was none": ("OpinionAnswered", {"was_overdue": False}),
    "a round that was another": ("OpinionReopened", {"round": 3}),
    "a level up": ("OpinionReopened", {"level_up": True}),
    "a window that was over earlier": ("FeedbackWindowLapsed", {"due_on": "2019-06-25"}),
    "an erasure in time": ("ErasureDecided", {"days_late": 0}),
    "an earlier answer": ("RecurrenceLinked", {"earlier_answered_on": "2018-01-01"}),
}


@pytest.mark.parametrize("name", LIES)
def test_a_lie_is_found(world: tuple[Opened, Teller], name: str) -> None:
    form, changed = LIES[name]
    contents = contents_of(world[0])
    place = max(
        number
        for number, each in enumerate(contents)
        if json.loads(each)["type"] == form
        and any(json.loads(each)["data"].get(key) != value for key, value in changed.items())
    )
    document = json.loads(contents[place])
    document["data"] |= changed
    lied = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    found = mine(judged(world, [*contents[:place], lied.encode(), *contents[place + 1 :]]))
    assert (place, *changed) in {(each.position, each.facts.get("field")) for each in found}


def test_erasing_changes_no_figure(tmp_path: Path) -> None:
    service = opened(DEFINITION, tmp_path)
    cast = Cast(service)
    ids = [cast.cadre.entered(voices=number) for number in (1, 2, 3)]
    before = _figures(service)
    do(cast.cadre, "request-erasure", *ids)
    supervisor = cast.role(Role.SUPERVISOR)
    do(supervisor, "decide-erasure", *ids)
    do(supervisor, "erase", *ids)
    assert _figures(service) == before
    result = recount([MemoryArchive(ORIGIN, contents_of(service))], service.runtime.provinces)
    assert result.findings == []
    service.runtime.close()


def _figures(service: Opened) -> dict[str, dict[Any, int]]:
    entries = service.runtime.ledger.log("ha-noi").read(-1)
    return {
        name: count(statistic, of_types(statistic, entries))
        for name, statistic in reporting_statistics.statistics().items()
    }
