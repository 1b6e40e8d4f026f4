"""The tests' own servers behave: a rule that rests on a broken one proves nothing."""

import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import amqp
import pytest
import sqlalchemy as sa

from tests.servers import PrivateBroker, PrivatePostgres, rabbitmq
from tests.servers.child import ServerError, runs


def query(url: str, statement: str) -> list[tuple[object, ...]]:
    engine = sa.create_engine(url)
    try:
        with engine.begin() as connection:
            rows = connection.execute(sa.text(statement))
            return [tuple(row) for row in rows] if rows.returns_rows else []
    finally:
        engine.dispose()


def open_channel(broker: PrivateBroker) -> tuple[amqp.Connection, amqp.Channel]:
    connection = amqp.Connection(f"127.0.0.1:{broker.port}", confirm_publish=True)
    connection.connect()
    return connection, connection.channel()


def test_each_database_is_fresh_and_its_own(postgresql_database: Callable[[str], str]) -> None:
    first, second = postgresql_database("one"), postgresql_database("one")
    query(first, "CREATE TABLE here (a int)")
    tables = "SELECT count(*) FROM pg_tables WHERE tablename = 'here'"
    assert query(first, tables) == [(1,)]
    assert query(second, tables) == [(0,)]


def test_the_session_has_a_database_and_a_virtual_host(
    postgresql_url: str, rabbitmq_url: str
) -> None:
    assert query(postgresql_url, "SELECT 1") == [(1,)]
    assert rabbitmq.answers(rabbitmq_url)


def test_a_virtual_host_is_gone_once_it_is_dropped(
    rabbitmq_server: rabbitmq.BrokerServer,
) -> None:
    url = rabbitmq_server.create("gone")
    assert rabbitmq.answers(url)
    rabbitmq_server.drop(url)
    assert not rabbitmq.answers(url)


@pytest.mark.destructive
def test_a_private_broker_keeps_durable_messages_over_a_kill_and_loses_all_when_wiped(
    private_broker: PrivateBroker,
) -> None:
    connection, channel = open_channel(private_broker)
    channel.queue_declare("kept", durable=True, auto_delete=False)
    channel.basic_publish(amqp.Message("a", delivery_mode=2), routing_key="kept")
    connection.collect()

    private_broker.kill9()
    assert not rabbitmq.answers(private_broker.url)
    private_broker.start()
    connection, channel = open_channel(private_broker)
    assert channel.queue_declare("kept", passive=True).message_count == 1
    connection.collect()

    private_broker.wipe()
    connection, channel = open_channel(private_broker)
    with pytest.raises(amqp.NotFound):
        channel.queue_declare("kept", passive=True)
    connection.collect()
    assert private_broker.ctl("--quiet", "list_queues", "name").split() == []


@pytest.mark.destructive
def test_a_private_database_keeps_what_was_committed_before_it_was_killed(
    private_postgres: PrivatePostgres,
) -> None:
    url = private_postgres.server.create("kept")
    query(url, "CREATE TABLE kept AS SELECT 7 AS a")
    private_postgres.kill9()
    with pytest.raises(sa.exc.OperationalError):
        query(url, "SELECT a FROM kept")
    private_postgres.start()
    assert query(url, "SELECT a FROM kept") == [(7,)]


def test_a_server_that_is_named_and_does_not_answer_is_an_error_and_never_replaced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DOITHOAI_TEST_BROKER", "amqp://guest:guest@127.0.0.1:1//")
    with ExitStack() as stack, pytest.raises(ServerError, match="DOITHOAI_TEST_BROKER"):
        rabbitmq.found_or_started(stack)


DIES_WITHOUT_CLEANING = """
import os, signal, sys
from tests.servers.child import Child, Folder
folder = Folder("orphan")
child = Child(["sleep", "600"], environment={"PATH": os.environ["PATH"]},
              log=folder.path / "log", folder=folder)
print(child.pid, folder.path, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_server_ends_and_its_folder_goes_even_when_the_tests_are_killed() -> None:
    done = subprocess.run(
        [sys.executable, "-c", DIES_WITHOUT_CLEANING],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    pid, folder = done.stdout.split()
    limit = time.monotonic() + 10
    while (runs(int(pid)) or Path(folder).exists()) and time.monotonic() < limit:
        time.sleep(0.02)
    assert not runs(int(pid))
    assert not Path(folder).exists()
