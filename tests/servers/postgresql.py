"""PostgreSQL for the tests: databases on a server, and a server that may be killed."""

import os
import secrets
import signal
import time
from contextlib import ExitStack, suppress
from typing import Self

import psycopg2
import sqlalchemy as sa
from psycopg2 import sql

from tests.servers.child import Child, Folder, ServerError, free_port, wait_until_open
from tests.servers.packages import postgresql_programs

STANDARD = "postgresql+psycopg2://postgres@127.0.0.1:5432/postgres"
START_TIMEOUT_S = 60.0


class PrivatePostgres:
    """A PostgreSQL of one's own on a free port: it may be stopped, killed and restarted.

    `url` names its database `postgres`; `server.create()` makes others. Durability is on,
    as in production: what was committed before `kill9` is there after `start`.
    """

    def __init__(self) -> None:
        self._programs = postgresql_programs()
        self._folder = Folder("postgresql", "postgres")
        self._environment = {
            "HOME": str(self._folder.path),
            "LC_ALL": "C.UTF-8",
            "PATH": os.environ["PATH"],
        }
        self._child: Child | None = None
        self.port = free_port()
        self.url = f"postgresql+psycopg2://postgres@127.0.0.1:{self.port}/postgres"
        self.server = PostgresServer(self.url)
        initdb = [str(self._programs / "initdb"), "--pgdata=data", "--username=postgres"]
        initdb += ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
        self._folder.run(initdb, self._environment)

    def __enter__(self) -> Self:
        """Start the server."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End the server and delete its data."""
        self.close()

    def start(self) -> None:
        """Start the server and return once it accepts queries."""
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "shared_buffers": "64MB",
        }
        command = [str(self._programs / "postgres"), "-D", str(self._folder.path / "data")]
        command += [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
        self._child = Child(
            command,
            environment=self._environment,
            log=self._folder.path / "log",
            folder=self._folder,
        )
        limit = time.monotonic() + START_TIMEOUT_S
        wait_until_open(self.port, timeout_s=START_TIMEOUT_S, child=self._child)
        while not self.server.answers():  # it refuses while it recovers from a crash
            if time.monotonic() > limit:
                raise ServerError(self._child.last_words())
            time.sleep(0.05)

    def stop(self) -> None:
        """End the server and cut its sessions, after which nothing needs recovery."""
        if self._child:
            self._child.stop(signal.SIGINT)
            self._child = None

    def kill9(self) -> None:
        """Kill the server and all its sessions; the next `start` recovers."""
        if self._child:
            self._child.kill9()
            self._child = None

    def restart(self) -> None:
        """Stop and start; the port and the data stay."""
        self.stop()
        self.start()

    def close(self) -> None:
        """End the server and delete its data."""
        self.stop()
        self._folder.remove()


class PostgresServer:
    """A server on which the tests make databases of their own, and drop them."""

    def __init__(self, url: str) -> None:
        self._url = sa.make_url(url)
        self._made: list[str] = []

    def answers(self) -> bool:
        """Whether the server can be queried now."""
        try:
            self._run(sql.SQL("SELECT 1"))
        except psycopg2.OperationalError:
            return False
        return True

    def create(self, purpose: str = "test") -> str:
        """Return the URL of a fresh, empty database that no other test run knows."""
        return self._create(purpose, sql.SQL("CREATE DATABASE {}"))

    def copy(self, url: str, purpose: str = "test") -> str:
        """Return the URL of a fresh copy of the database at `url`, which nobody has open."""
        template = sql.Identifier(str(sa.make_url(url).database))
        return self._create(purpose, sql.SQL("CREATE DATABASE {} TEMPLATE {}"), template)

    def _create(self, purpose: str, statement: sql.SQL, *more: sql.Identifier) -> str:
        name = f"doithoai_{purpose}_{os.getpid()}_{secrets.token_hex(4)}"
        self._run(statement.format(sql.Identifier(name), *more))
        self._made.append(name)
        return self._url.set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        """Drop a database that `create` returned, with whoever is still connected to it."""
        name = sa.make_url(url).database or ""
        self._made.remove(name)
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        self._run(statement.format(sql.Identifier(name)))

    def drop_all(self) -> None:
        """Drop what is left of all that was created."""
        for name in list(self._made):
            self.drop(self._url.set(database=name).render_as_string(hide_password=False))

    def _run(self, statement: sql.Composable) -> None:
        plain = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        connection = psycopg2.connect(plain, connect_timeout=5)
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
        finally:
            connection.close()


def found_or_started(stack: ExitStack) -> PostgresServer:
    """Return the named server, else the standard one, else a private one of this session.

    Raises `ServerError` when DOITHOAI_TEST_DATABASE names one that does not answer.
    """
    named = os.environ.get("DOITHOAI_TEST_DATABASE")
    server = PostgresServer(named or STANDARD)
    if not server.answers():
        if named:
            message = "DOITHOAI_TEST_DATABASE names a server that does not answer."
            raise ServerError(message)
        server = stack.enter_context(PrivatePostgres()).server

    def clean() -> None:
        with suppress(psycopg2.OperationalError):
            server.drop_all()

    stack.callback(clean)
    return server
