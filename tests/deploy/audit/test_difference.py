"""What two states of a report differ by is said down to the events, and adds up exactly."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from deploy.audit import difference as module
from deploy.audit.deployment import of_provinces, owners
from deploy.audit.difference import COMPUTED, DECLARED, Change, Difference, difference
from deploy.audit.figures import counted_archives, report_over
from deploy.audit.point import sizes_to
from deploy.cli.audit_diff import _lines
from services.reporting.names import Names
from services.reporting.publishing import announcement, apply
from services.reporting.questions import Question, question
from services.reporting.statistics import statistic_called
from services.reporting.tables import LOG
from shared.eventlog import Draft, Ledger
from shared.kernel.clock import rfc3339, system_clock
from shared.kernel.ids import derived_id
from shared.provinces import load_provinces
from shared.store import Store
from shared.web.app import catalogue_of
from tests.deploy.audit.conftest import Audited
from tests.deploy.audit.story import Story, told
from tests.deploy.audit.tampering import PUBLISHED_AT
from tests.services.reporting.history import results

EARLY, LATE = "2019-04-09", "2019-12-31"


def asked(by: str = "level,session_kind", statistic: str = "sessions") -> Question:
    return question(
        statistic_called(statistic),
        provinces=["ha-noi"],
        period_from=date(2019, 1, 1),
        period_to=date(2019, 12, 31),
        by=[name for name in by.split(",") if name],
    )


def between(story: Story, first: str, second: str, by: str = "level,session_kind") -> Difference:
    states = (sizes_to(story.archives, [first]), sizes_to(story.archives, [second]))
    return difference(story.archives, asked(by), states, story.provinces)


def told_of(
    changes: Sequence[Change],
) -> dict[tuple[object, ...], tuple[int | None, int | None, int]]:
    return {
        (*each.row.values(), each.measure): (each.before, each.after, each.sum) for each in changes
    }


@pytest.mark.parametrize("by", ["", "level", "unit,session_kind", "month", "day,province"])
def test_every_difference_is_the_sum_of_its_events(by: str) -> None:
    result = between(told(), EARLY, LATE, by)
    assert result.changes
    assert list(result.findings()) == []
    for change in result.changes:
        assert change.sum == (change.after or 0) - (change.before or 0)
        assert change.parts


def test_each_event_is_named_with_its_place_and_what_it_adds() -> None:
    story = told()
    result = between(story, EARLY, LATE)
    changes = {(c.row["session_kind"], c.measure): c for c in result.changes}
    spot = changes["periodic", "answered_on_spot"]
    assert (spot.before or 0, spot.after) == (0, 1)
    (part,) = spot.parts
    (entry,) = [
        each
        for each in story.recorded("intake")
        if (each.origin, each.position) == (part.origin, part.position)
    ]
    assert (part.event_id, part.type, part.amount) == (entry.event_id, "OpinionAnswered", 1)


def test_the_other_way_round_every_amount_is_negated() -> None:
    story = told()
    forward, back = between(story, EARLY, LATE), between(story, LATE, EARLY)
    assert {k: (b, a, s) for k, (a, b, s) in told_of(back.changes).items()} == {
        key: (before, after, -total)
        for key, (before, after, total) in told_of(forward.changes).items()
    }


def test_two_equal_states_do_not_differ() -> None:
    assert between(told(), LATE, LATE).changes == []


def test_a_declared_figure_is_explained_by_its_declaration() -> None:
    story = told()
    row = results(
        unit_code="x",
        scope="sector:education",
        session_kind=None,
        sessions=8,
        period_from=date(2019, 1, 1),
        period_to=date(2019, 12, 31),
    )
    story.append("intake", row, stream=f"declaration-{row.declaration_id}")
    result = between(story, EARLY, LATE)
    (change,) = [each for each in result.changes if each.basis == DECLARED]
    assert (change.row["scope"], change.measure) == ("sector:education", "sessions")
    assert (change.before, change.after, change.sum) == (None, 8, 8)
    assert change.parts[0].type == "SessionResultsDeclared"
    names = Names(catalogue_of("reporting"), story.provinces)
    (line, *_) = _lines(change, names)  # what it doesn't state is not "without a session"
    assert line.startswith("cấp huyện, ngành Giáo dục, quận Ba Đình · ")
    assert list(result.findings()) == []


def test_a_new_row_lists_no_measure_that_is_still_none() -> None:
    result = between(told(), EARLY, LATE)
    computed = [each for each in result.changes if each.basis == COMPUTED]
    assert computed
    assert all((each.before or 0) != (each.after or 0) for each in computed)


def test_a_figure_that_no_event_explains_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_computed", lambda _asked, _between: {})
    result = between(told(), EARLY, LATE)
    findings = list(result.findings())
    assert {each.code for each in findings} == {"sum_differs"}
    assert all(each.is_proof for each in findings)
    assert {each.basis for each in result.changes} == {COMPUTED}


def publish(audited: Audited, day: str, statistic: str, sha256: str | None = None) -> str:
    """Publish the report as known on `day`, with another digest if one is given."""
    with owners(audited.settings) as found:
        archives = counted_archives(of_provinces(found, ["ha-noi"]))
        about = question(
            statistic_called(statistic),
            provinces=["ha-noi"],
            period_from=date(2017, 1, 1),
            period_to=date(2021, 12, 31),
            by=["unit"],
        )
        provinces = load_provinces(audited.settings.provinces)
        report = report_over(archives, sizes_to(archives, [day]), about, provinces)
    fact = announcement(about, report)
    if sha256 is not None:
        fact = replace(fact, report_sha256=sha256, report_id=derived_id("report", sha256))
    store = Store(audited.settings.database_url("reporting"))
    ledger = Ledger(
        service="reporting",
        deployment="doithoai.local",
        store=store,
        tables=LOG,
        read_model=apply,
        clock=system_clock,
        provinces=["ha-noi"],
    )
    draft = Draft(
        id=fact.report_id,
        stream=f"report-{fact.report_id}",
        event=fact,
        actor="ha-noi/lanh-dao",
        occurred_at=rfc3339(system_clock()),
    )
    with store.write() as tx:
        ledger.log("ha-noi").append(tx, [draft])
    store.close()
    return fact.report_id


@pytest.mark.parametrize("source", [(), ("--journal",)])
def test_two_published_reports_are_compared_by_what_they_name(
    audited: Audited, source: tuple[str, ...]
) -> None:
    first = publish(audited, "2017-02-01", "sessions")
    second = publish(audited, "2029-12-31", "sessions")
    ended = audited.audit("diff", first, second, "--json", *source)
    period = ("--period", "2017-01-01", "2021-12-31", "--by", "unit", "--province", "ha-noi")
    by_days = audited.audit("diff", "2017-02-01", "2029-12-31", *period, "--json", *source)
    assert (ended.status, by_days.status) == (0, 0)
    assert ended.json == by_days.json
    assert ended.json["changes"]
    # And for people every event is named with its place
    shown = audited.audit("diff", first, second, *source)
    assert "OpinionReceived  doithoai.local/ha-noi/intake [" in shown.out
    assert "ĐÚNG, có bằng chứng. / PROVEN." in shown.out


def test_a_published_report_that_is_not_what_its_logs_add_up_to_is_disproven(
    audited: Audited,
) -> None:
    forged = publish(audited, "2017-02-01", "fields", sha256="0" * 64)
    ended = audited.audit("diff", forged, "2029-12-31", "--json")
    assert ended.status == 1
    (finding,) = ended.json["findings"]
    assert (finding["code"], finding["position"]) == ("report_differs", PUBLISHED_AT)
    # Beside declared results the bytes depend on the province's file of then: nobody can tell
    compared = publish(audited, "2029-12-31", "sessions", sha256="1" * 64)
    assert audited.audit("diff", compared, "2029-12-31", "--json").status == 2
    # Two that ask different things can't be compared
    other = audited.audit("diff", forged, compared)
    assert (other.status, other.err.splitlines()[-1]) == (2, "(audit.not_comparable)")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("00000000-0000-0000-0000-000000000000", "2029-12-31"), "report.unknown"),
        (("2017-02-01", "2029-12-31"), "audit.period_missing"),
        (("2017-02-01", "someday"), "audit.bad_point"),
    ],
)
def test_what_can_not_be_compared_says_why(
    played: Audited, arguments: tuple[str, ...], code: str
) -> None:
    ended = played.audit("diff", *arguments)
    assert (ended.status, ended.err.splitlines()[-1]) == (2, f"({code})")
