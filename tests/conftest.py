"""What every test may ask for: real servers of its own, and the rules of the run.

The rule about eventlet: **this process is never monkey-patched.** Patching is global and
for good, so one folder's patch would change every test after it. Whatever needs a green
world (the nameko shells, the followers under load) is started as a process of its own,
through the same entry points as in production, and watched from outside. The end of the
run fails if something patched this process all the same.

The rule about servers: nothing is skipped. Without a PostgreSQL or a RabbitMQ the tests
that need one fail, and say how to get one (`tests/servers`). A skipped test is a failure.
"""

import signal
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack

import pytest

from tests.servers import (
    BrokerServer,
    PostgresServer,
    PrivateBroker,
    PrivatePostgres,
    postgresql,
    rabbitmq,
)

BROKERS = ("tests/broker/", "tests/faults/", "tests/journeys/", "tests/test_servers.py")
"""Two private brokers that start at once disturb each other."""
ID_MAX_CHARACTERS = 60
"""Longest value that stands in a test's name."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--long",
        action="store_true",
        help="run the long tier: `make faults` does; the default is a smoke of it",
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let one process run a file, and one alone everything that starts a broker of its own."""
    for item in items:
        file = item.nodeid.partition("::")[0]
        alone = file.startswith(BROKERS)
        item.add_marker(pytest.mark.xdist_group("brokers" if alone else file))


def pytest_configure() -> None:
    """Let SIGTERM end the run as Ctrl-C does, so that what was started is ended."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a long value by its argument: a fresh key in a test's name would differ each time."""
    return argname if isinstance(val, str | bytes) and len(val) > ID_MAX_CHARACTERS else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure: what is not tested is not known to work."""
    report = yield
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = f"Skipped, which counts as failed: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn a skipped module into a failure as well."""
    report = yield
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = f"Skipped, which counts as failed: {report.longrepr}"
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    patcher = sys.modules.get("eventlet.patcher")
    if patcher is not None and patcher.already_patched:
        message = "Something monkey-patched the tests' own process (see tests/conftest.py)."
        raise pytest.UsageError(message)


@pytest.fixture(scope="session")
def long_tier(request: pytest.FixtureRequest) -> bool:
    """Whether to run as long as `make faults` wants, instead of a short smoke."""
    return bool(request.config.getoption("--long"))


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresServer]:
    """Yield the server to make databases on: `create(purpose) -> url`, `drop(url)`."""
    with ExitStack() as stack:
        yield postgresql.found_or_started(stack)


@pytest.fixture(scope="session")
def postgresql_url(postgresql_server: PostgresServer) -> str:
    """Return the URL of a database of this run, shared by its tests."""
    return postgresql_server.create("session")


@pytest.fixture
def postgresql_database(postgresql_server: PostgresServer) -> Iterator[Callable[[str], str]]:
    """Yield a function that returns the URL of a fresh database, dropped after the test."""
    made: list[str] = []

    def create(purpose: str) -> str:
        made.append(postgresql_server.create(purpose))
        return made[-1]

    yield create
    for url in made:
        postgresql_server.drop(url)


@pytest.fixture(scope="session")
def rabbitmq_server() -> Iterator[BrokerServer]:
    """Yield the broker to make virtual hosts on: `create(purpose) -> url`, `drop(url)`."""
    with ExitStack() as stack:
        yield rabbitmq.found_or_started(stack)


@pytest.fixture(scope="session")
def rabbitmq_url(rabbitmq_server: BrokerServer) -> str:
    """Return the URL of a virtual host of this run, shared by its tests."""
    return rabbitmq_server.create("session")


@pytest.fixture
def rabbitmq_vhost(rabbitmq_server: BrokerServer) -> Iterator[str]:
    """Yield the URL of a fresh virtual host, deleted after the test."""
    url = rabbitmq_server.create("vhost")
    yield url
    rabbitmq_server.drop(url)


@pytest.fixture
def private_broker() -> Iterator[PrivateBroker]:
    """Yield a running RabbitMQ of this test alone, which it may kill, wipe and restart."""
    with PrivateBroker() as broker:
        yield broker


@pytest.fixture
def private_postgres() -> Iterator[PrivatePostgres]:
    """Yield a running PostgreSQL of this test alone, which it may kill and restart."""
    with PrivatePostgres() as server:
        yield server
