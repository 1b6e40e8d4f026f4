"""The chain from outside: its processes, its HTTP, and the verdict over its databases."""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from shared.eventlog import Recorded
from tests.faults.chain.record import (
    PEERS,
    PROVINCES,
    ChainRuntime,
    effects,
    open_service,
    opinion_of,
)
from tests.servers import Child, free_port

ROOT = Path(__file__).parents[3]
START_TIMEOUT_S = 30.0


@dataclass(slots=True)
class World:
    """Everything that one run of the chain needs."""

    folder: Path
    broker: str
    databases: dict[str, str]
    ticks: Path | None = None
    broken: str = ""
    """A log whose pages its owner can't give."""
    ports: dict[str, int] = field(default_factory=lambda: {name: free_port() for name in PEERS})
    processes: list["Process"] = field(default_factory=list)

    def start(self, *names: str, serves: bool = True) -> "Process":
        """Start a process with the named services; one that serves takes their ports."""
        config = self.folder / "config.json"
        if not config.exists():
            for name, url in self.databases.items():
                open_service(name, url).store.close()  # tables first, as migrations would
            config.write_text(
                json.dumps(
                    {
                        "broker": self.broker,
                        "databases": self.databases,
                        "ports": self.ports,
                        "ticks": str(self.ticks) if self.ticks else None,
                        "broken": self.broken,
                    }
                )
            )
        process = Process(self, names, serves=serves)
        self.processes.append(process)
        process.wait_until_ready()
        return process

    def close(self) -> None:
        """End every process."""
        for process in self.processes:
            process.child.kill9()

    def ask(self, province: str, opinion_ids: Sequence[str], *, timeout_s: float = 5.0) -> bool:
        """Record questions; return whether that was acknowledged."""
        url = f"http://127.0.0.1:{self.ports['questions']}/questions/questions"
        body = {"province": province, "opinion_ids": list(opinion_ids)}
        try:
            answer = requests.post(url, json=body, timeout=timeout_s)
        except requests.RequestException:
            return False
        if answer.status_code not in {201, 503}:
            message = f"unexpected answer {answer.status_code}: {answer.text[:200]}"
            raise AssertionError(message)
        return answer.status_code == 201

    def state(self, name: str) -> dict[str, Any]:
        """Return effects, heads and halted logs of a service, as it tells them."""
        url = f"http://127.0.0.1:{self.ports[name]}/{name}/state"
        found: dict[str, Any] = requests.get(url, timeout=5).json()
        return found

    def effects(self, name: str) -> int:
        """Return how many effects a service has had, -1 when it does not answer."""
        try:
            return int(self.state(name)["effects"])
        except (requests.RequestException, KeyError):
            return -1

    def settle(self, count: int, timeout_s: float) -> float:
        """Return after how many seconds `count` questions had both their effects."""
        began = time.monotonic()
        wait_until(
            lambda: all(self.effects(name) >= count for name in PEERS),
            timeout_s,
            lambda: f"{count} wanted, effects: { ({name: self.effects(name) for name in PEERS}) }",
        )
        return time.monotonic() - began

    def effects_of(self, name: str) -> list[tuple[str, int, str]]:
        """Return the effects of a service from its database, also when it is down."""
        runtime = open_service(name, self.databases[name])
        try:
            return effects(runtime)
        finally:
            runtime.store.close()

    def verdict(self, acknowledged: Iterable[str]) -> list[str]:
        """Return what is wrong: lost, doubled, out of order, holes. Empty when all is well."""
        opened = {name: open_service(name, url) for name, url in self.databases.items()}
        try:
            return _verdict(opened, set(acknowledged))
        finally:
            for runtime in opened.values():
                runtime.store.close()

    @property
    def output(self) -> str:
        """All that the processes have logged."""
        return "".join(process.log.read_text() for process in self.processes)


class Process:
    """One process of the chain."""

    def __init__(self, world: World, names: Sequence[str], *, serves: bool) -> None:
        self.names = names
        self.log = world.folder / f"{'+'.join(names)}-{len(world.processes)}.log"
        command = ["-m", "tests.faults.chain.main", str(world.folder / "config.json"), *names]
        self.child = Child(
            [sys.executable, *command],
            environment={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "PYTHONUNBUFFERED": "1",
                "CHAIN_SERVES": "yes" if serves else "",
            },
            log=self.log,
        )

    def wait_until_ready(self) -> None:
        """Return once the services have started; fail when the process ends instead."""
        wait_until(
            lambda: "ready\n" in self.log.read_text() or not self.child.alive,
            START_TIMEOUT_S,
            self.child.last_words,
        )
        if not self.child.alive:
            raise AssertionError(self.child.last_words())

    def terminate(self, timeout_s: float = 15.0) -> float:
        """End the process politely; return how long that took, in seconds."""
        began = time.monotonic()
        self.child.send(signal.SIGTERM)
        status = self.child.wait(timeout_s)
        assert status == 0, self.child.last_words()
        return time.monotonic() - began


def wait_until(
    condition: Callable[[], bool], timeout_s: float, complaint: Callable[[], str]
) -> None:
    """Return once `condition()` is true; fail with `complaint()` when it never is."""
    limit = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > limit:
            raise AssertionError(complaint())
        time.sleep(0.05)


def _verdict(opened: dict[str, ChainRuntime], acknowledged: set[str]) -> list[str]:
    wrong: list[str] = []
    for name, peer in PEERS.items():
        followed, follower = opened[name], opened[peer]
        recorded = []
        for log in followed.ledger.logs.values():
            entries = _all_entries(followed, log.province)
            if [entry.position for entry in entries] != list(range(log.size())):
                wrong.append(f"{log.origin} has holes")
            recorded += [(log.origin, entry.position, opinion_of(entry)) for entry in entries]
        if sorted(recorded) != effects(follower):
            wrong.append(f"{peer} did not have exactly the effects of {name}")
        if name == "questions":
            lost = acknowledged - {opinion for _, _, opinion in recorded}
            if lost:
                wrong.append(f"{len(lost)} acknowledged questions are lost")
    for province in PROVINCES:
        order = [
            [opinion_of(entry) for entry in _all_entries(runtime, province)]
            for runtime in opened.values()
        ]
        if order[0] != order[1]:
            wrong.append(f"the order of {province} was not kept")
    return wrong


def _all_entries(runtime: ChainRuntime, province: str) -> list[Recorded]:
    log = runtime.ledger.log(province)
    found: list[Recorded] = []
    while page := log.read(len(found) - 1):
        found += [entry.recorded() for entry in page]
    return found
