"""Figures over archives are those that Reporting would give, at any state of the logs."""

from datetime import date

import pytest

from deploy.audit.figures import report_over
from deploy.audit.point import sizes_to
from services.reporting.questions import Question, question
from services.reporting.statistics import statistic_called
from shared.kernel.errors import LogTampered, NotFound
from tests.deploy.audit.conftest import Audited
from tests.deploy.audit.story import told
from tests.deploy.commands import called

PERIOD = ("2017-01-01", "2021-12-31")


def asked(name: str = "sessions", by: str = "level") -> Question:
    return question(
        statistic_called(name),
        provinces=["ha-noi"],
        period_from=date(2017, 1, 1),
        period_to=date(2021, 12, 31),
        by=by.split(","),
    )


@pytest.mark.parametrize("source", [(), ("--journal",)])
def test_at_the_newest_the_replay_is_the_live_report_byte_for_byte(
    audited: Audited, source: tuple[str, ...]
) -> None:
    options = ("--province", "ha-noi", "--by", "unit,session_kind", "--json")
    period = ("--from", PERIOD[0], "--to", PERIOD[1])
    # First: opened by today's clock, services record what time has done meanwhile.
    live = called(audited.environment, "report", "sessions", *period, *options)
    replayed = audited.audit("replay", "--to", "2029-12-31", "--period", *PERIOD, *options, *source)
    assert replayed.status == 0
    assert replayed.json["report"] == live.json
    assert live.json["totals"]["opinions"] > 0
    assert any(row["declared"] for row in live.json["rows"])


def test_nothing_recorded_later_changes_a_report_as_known_on_a_day() -> None:
    story = told()
    before = sizes_to(story.archives, ["2019-04-11"])
    shown = report_over(story.archives, before, asked(), story.provinces)
    story.receive("o-99")
    story.accept("o-99")
    again = sizes_to(story.archives, ["2019-04-11"])
    assert report_over(story.archives, again, asked(), story.provinces).content == shown.content


def test_figures_grow_with_what_was_known() -> None:
    story = told()
    sums = []
    for day in ("2019-03-03", "2019-03-04", "2019-04-10", "2019-12-31"):
        sizes = sizes_to(story.archives, [day])
        totals = report_over(story.archives, sizes, asked(), story.provinces).document["totals"]
        sums.append((totals["opinions"], totals["answered"], totals["sessions"]))
    assert sums == [(0, 0, 0), (5, 0, 0), (6, 2, 1), (6, 3, 1)]


def test_an_entry_of_another_log_or_of_none_is_tampering() -> None:
    story = told()
    intake = story.logs["intake"]
    sizes = {intake.origin: intake.size()}
    true = intake.contents[2]
    for wrong, code in (
        (true.replace(b"ha-noi/intake", b"ha-nam/intake"), "journal.foreign_entry"),
        (b"{}", "journal.not_canonical"),
        (b"\xff", "journal.not_canonical"),
    ):
        intake.contents[2] = wrong
        with pytest.raises(LogTampered) as caught:
            report_over(story.archives, sizes, asked(), story.provinces)
        assert caught.value.code == code
        assert caught.value.facts["position"] == 2


def test_a_log_that_is_not_there_is_named() -> None:
    with pytest.raises(NotFound, match="journal.unknown_log"):
        report_over(told().archives, {"test.local/x/intake": 1}, asked(), {})
