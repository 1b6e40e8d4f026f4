"""RabbitMQ for the tests: virtual hosts on a broker, and a broker that may be killed."""

import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from typing import Self
from urllib.parse import quote, urlsplit

import amqp
import requests

from tests.servers.child import Child, Folder, ServerError, free_port, wait_until_open
from tests.servers.packages import rabbitmq_programs

STANDARD = "amqp://guest:guest@127.0.0.1:5672//"
START_TIMEOUT_S = 90.0


class PrivateBroker:
    """A RabbitMQ of one's own on free ports, with an epmd of its own.

    It may be stopped, killed, wiped (everything gone, as a fresh machine) and restarted;
    `url` stays the same. `ctl` runs `rabbitmqctl` on it, to raise an alarm for example.
    """

    def __init__(self) -> None:
        self._programs = rabbitmq_programs()
        self._folder = Folder("rabbitmq", "rabbitmq")
        self.port = free_port()
        self._epmd_port = free_port()
        self.url = f"amqp://guest:guest@127.0.0.1:{self.port}//"
        self._broker: Child | None = None
        self._epmd: Child | None = None
        path = self._folder.path
        self._environment = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "HOME": str(path),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self._epmd_port),
            "RABBITMQ_NODENAME": f"doithoai{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(path / "data"),
            "RABBITMQ_LOG_BASE": str(path / "logs"),
            "RABBITMQ_PID_FILE": str(path / "pid"),
            "RABBITMQ_CONFIG_FILE": str(path / "none"),
            "RABBITMQ_CONF_ENV_FILE": str(path / "none"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(path / "plugins"),
            # Two cores are shared with the tests: one scheduler that sleeps when idle.
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1 +sbwt none +sbwtdcpu none",
        }

    def __enter__(self) -> Self:
        """Start the broker."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End the broker and delete its data."""
        self.close()

    def start(self) -> None:
        """Start the broker and return once a client can open a channel."""
        if self._epmd is None:
            epmd = shutil.which("epmd") or "epmd"
            self._epmd = self._child([epmd, "-address", "127.0.0.1"])
            wait_until_open(self._epmd_port, timeout_s=START_TIMEOUT_S, child=self._epmd)
        self._broker = self._child([str(self._programs / "rabbitmq-server")])
        limit = time.monotonic() + START_TIMEOUT_S
        wait_until_open(self.port, timeout_s=START_TIMEOUT_S, child=self._broker)
        while not answers(self.url):
            if time.monotonic() > limit or not self._broker.alive:
                raise ServerError(self._broker.last_words())
            time.sleep(0.1)

    def stop(self) -> None:
        """End the broker politely; durable queues and persistent messages stay."""
        if self._broker:
            self._broker.stop()
            self._broker = None

    def kill9(self) -> None:
        """Kill the broker; what it had confirmed is there after `start`."""
        if self._broker:
            self._broker.kill9()
            self._broker = None

    def restart(self) -> None:
        """Stop and start; what is durable stays."""
        self.stop()
        self.start()

    def wipe(self) -> None:
        """Kill the broker and start it with nothing: no queue, exchange, message or user."""
        self.kill9()
        shutil.rmtree(self._folder.path / "data")
        self.start()

    def ctl(self, *arguments: str) -> str:
        """Return what `rabbitmqctl` prints about this broker."""
        return self._folder.run(
            [str(self._programs / "rabbitmqctl"), *arguments], self._environment
        )

    def close(self) -> None:
        """End the broker and its epmd, and delete everything."""
        self.stop()
        if self._epmd:
            self._epmd.stop()
            self._epmd = None
        self._folder.remove()

    def _child(self, command: Sequence[str]) -> Child:
        return Child(
            command,
            environment=self._environment,
            log=self._folder.path / "output",
            folder=self._folder,
        )


class BrokerServer:
    """A broker on which the tests make virtual hosts of their own, and delete them.

    `control` runs rabbitmqctl's words (`add_vhost NAME` and so on), whoever carries them out.
    """

    def __init__(self, url: str, control: Callable[..., object]) -> None:
        self._url = url
        self._control = control
        self._made: list[str] = []

    def create(self, purpose: str = "test") -> str:
        """Return the URL of a fresh virtual host that no other test run knows."""
        name = f"doithoai-{purpose}-{os.getpid()}-{secrets.token_hex(4)}"
        user = urlsplit(self._url).username or "guest"
        self._control("add_vhost", name)
        self._made.append(name)
        self._control("set_permissions", "-p", name, user, ".*", ".*", ".*")
        return f"{self._url.split('://')[0]}://{urlsplit(self._url).netloc}/{name}"

    def drop(self, url: str) -> None:
        """Delete a virtual host that `create` returned, with all that is in it."""
        name = urlsplit(url).path.removeprefix("/")
        self._made.remove(name)
        self._control("delete_vhost", name)

    def drop_all(self) -> None:
        """Delete what is left of all that was created."""
        for name in list(self._made):
            self.drop(f"{self._url.removesuffix('//')}/{name}")


def answers(url: str) -> bool:
    """Whether a client can open a channel on the broker now."""
    parts = urlsplit(url)
    connection = amqp.Connection(
        f"{parts.hostname}:{parts.port or 5672}",
        userid=parts.username or "guest",
        password=parts.password or "guest",
        virtual_host=parts.path[1:] or "/",
        connect_timeout=5,
        read_timeout=5,
    )
    try:
        connection.connect()
        connection.channel()
    except (OSError, amqp.AMQPError):
        return False
    finally:
        with suppress(OSError, amqp.AMQPError):
            connection.close()
    return True


def found_or_started(stack: ExitStack) -> BrokerServer:
    """Return the named broker, else the standard one, else a private one of this session.

    A shared broker serves when rabbitmqctl or its management interface lets us make
    virtual hosts. Raises `ServerError` when DOITHOAI_TEST_BROKER names one that does not.
    """
    named = os.environ.get("DOITHOAI_TEST_BROKER")
    server = _shared(named or STANDARD)
    if server is None:
        if named:
            message = (
                "DOITHOAI_TEST_BROKER names a broker that does not answer, or that lets us "
                "make no virtual hosts (by rabbitmqctl, or by its management on port 15672)."
            )
            raise ServerError(message)
        private = stack.enter_context(PrivateBroker())
        server = BrokerServer(private.url, private.ctl)

    def clean() -> None:
        with suppress(ServerError, requests.RequestException):
            server.drop_all()

    stack.callback(clean)
    return server


def _shared(url: str) -> BrokerServer | None:
    if not answers(url):
        return None
    for control in (_system_ctl, _management(url)):
        server = BrokerServer(url, control)
        with suppress(ServerError, requests.RequestException):
            probe = server.create("probe")
            usable = answers(probe)  # rabbitmqctl may speak to another broker than the URL
            server.drop(probe)
            if usable:
                return server
    return None


def _system_ctl(*arguments: str) -> None:
    """Run the system's rabbitmqctl, which root and the broker's account may use."""
    program = shutil.which("rabbitmqctl")
    if program is None:
        message = "There is no rabbitmqctl here."
        raise ServerError(message)
    done = subprocess.run(
        [program, "--quiet", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )
    if done.returncode:
        message = f"rabbitmqctl {arguments[0]} ended with {done.returncode}."
        raise ServerError(message)


def _management(url: str) -> Callable[..., None]:
    """Return what carries out the same words over the management interface."""
    parts = urlsplit(url)
    api = f"http://{parts.hostname}:15672/api"
    account = (parts.username or "guest", parts.password or "guest")

    def control(word: str, *arguments: str) -> None:
        method, path, body = "PUT", f"vhosts/{quote(arguments[0])}", None
        if word == "delete_vhost":
            method = "DELETE"
        elif word == "set_permissions":
            _, vhost, user, configure, write, read = arguments
            path = f"permissions/{quote(vhost)}/{quote(user)}"
            body = {"configure": configure, "write": write, "read": read}
        answer = requests.request(method, f"{api}/{path}", auth=account, json=body, timeout=10)
        answer.raise_for_status()

    return control
