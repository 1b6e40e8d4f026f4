"""The history on PostgreSQL and RabbitMQ, every process killed and the broker wiped meanwhile.

A smoke of it plays the first part of the history; with `--long` it is the whole one.
"""

import signal
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from deploy.cli.demo import SEED
from deploy.demo.history import History, history, totals
from deploy.demo.play import Play
from deploy.ending import DONE, INTERRUPTED, UNAVAILABLE
from deploy.running import settle, stop
from shared.settings import SERVICES, Settings
from tests.deploy.commands import called, ran, started
from tests.journeys.disturbances import (
    PARTS,
    Disturbed,
    await_events,
    command_of,
    disturbable,
)
from tests.journeys.figures import PERIOD, PUBLISHED, computed
from tests.journeys.planted import planted_in
from tests.journeys.small_history import first_part
from tests.servers.child import descendants, runs

pytestmark = [pytest.mark.timeout(3_600), pytest.mark.destructive]

SESSIONS_OF_A_SMOKE = 26


@pytest.fixture(scope="module")
def told(long_tier: bool) -> History:  # noqa: FBT001 - a fixture
    """Return the history, or its first part."""
    whole = history(SEED)
    return whole if long_tier else first_part(whole, SESSIONS_OF_A_SMOKE)


@pytest.fixture(scope="module")
def disturbed(told: History, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Disturbed]:
    """Yield a deployment on which the history was played while everything was killed once."""
    with disturbable(tmp_path_factory.mktemp("disturbed")) as run:
        play = Play(run.client, told, run.clock_file)
        with run.disturbed(step=3 * len(told.sessions)):
            play.perform()
        settle(run.client)
        run.hear()
        yield run


def test_the_figures_are_those_of_the_history_all_the_same(
    disturbed: Disturbed, told: History
) -> None:
    assert disturbed.blows == [*PARTS, "broker stopped", "broker wiped"]
    shown = called(disturbed.environment, "report", "sessions", *PERIOD, "--json", "--replay")
    assert shown.status == DONE, shown.err
    expected = {
        cell: (each.sessions, each.attendances, each.opinions, each.answered)
        for cell, each in totals(told).items()
    }
    assert computed(shown.json) == expected
    assert shown.json["replay"]["equal"] is True
    if len(told.sessions) == sum(sessions for sessions, *_ in PUBLISHED.values()):
        assert expected == PUBLISHED


@pytest.mark.parametrize("service", SERVICES)
def test_positions_have_no_gap_and_nothing_is_halted(disturbed: Disturbed, service: str) -> None:
    logs = sa.text(
        "SELECT origin, next_position, count(position), coalesce(max(position), -1) "
        "FROM log LEFT JOIN entry USING (log_no) GROUP BY origin, next_position"
    )
    store = disturbed.store(service)
    try:
        with store.read() as connection:
            sizes = list(connection.execute(logs))
            assert connection.scalar(sa.text("SELECT count(*) FROM follower_halt")) == 0
    finally:
        store.close()
    assert len(sizes) == len(list(Settings.from_environment({}).provinces.glob("*.toml")))
    for origin, size, entries, last in sizes:
        assert (entries, last) == (size, size - 1), origin


def test_no_planted_datum_went_over_the_broker(disturbed: Disturbed) -> None:
    assert disturbed.messages > 1_000
    assert disturbed.leaked == []


def test_the_processes_wrote_no_planted_datum_and_no_trace(disturbed: Disturbed) -> None:
    assert "starts again" in disturbed.log  # what was killed
    assert planted_in(disturbed.log.encode()) == []
    assert "Traceback" not in disturbed.log


def test_the_demo_keeps_away_from_a_deployment_that_is_somebody_elses(
    disturbed: Disturbed,
) -> None:
    url = disturbed.environment["DOITHOAI_DATABASE"]
    servers = ("--database", url, "--broker", disturbed.broker.url)
    folder = disturbed.folder / "another"
    ended = ran({}, "demo", *servers, "--data", str(folder), "--json", timeout_s=300)
    assert (ended.status, ended.out) == (UNAVAILABLE, "")
    assert ended.err.splitlines()[-1] == "(vault.key_wrong)"


def test_the_demo_plays_on_processes_of_its_own_and_takes_them_away_when_interrupted(
    disturbed: Disturbed,
) -> None:
    # Given the demo under way on the same servers, beside what is there
    disturbed.broker.ctl("add_vhost", "demo")
    disturbed.broker.ctl("set_permissions", "-p", "demo", "guest", ".*", ".*", ".*")
    database = disturbed.environment["DOITHOAI_DATABASE"].replace("/disturbed", "/demo")
    broker = f"{disturbed.broker.url.rstrip('/')}/demo"
    folder = disturbed.folder / "demo"
    options = ("--database", database, "--broker", broker, "--data", str(folder))
    process = started({}, "demo", *options, "--json", log=disturbed.folder / "demo.log")
    try:
        await_events(f"{database}_assignment", 5)
        family = descendants(process.pid)
        commands = " ".join(command_of(pid) for pid in family)
        assert all(words in commands for words in PARTS.values())
        # When it is interrupted
        process.send_signal(signal.SIGINT)
        assert process.wait(120) == INTERRUPTED
    finally:
        stop(process)
    # Then nothing of it runs on
    assert [pid for pid in family if runs(pid)] == []
    said = (disturbed.folder / "demo.log").read_text() + (folder / "doithoai.log").read_text()
    assert "Traceback" not in said
    assert planted_in(said.encode()) == []
