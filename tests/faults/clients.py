"""Clients that ask without a break, and repeat a question until it is acknowledged."""

import threading
import time
from types import TracebackType
from typing import Self

from tests.faults.chain.record import PROVINCES
from tests.faults.chain.world import World


class Clients:
    """Several threads that ask; `acknowledged` is what must be found in the end."""

    def __init__(self, world: World, count: int = 4, pause_s: float = 0.02) -> None:
        self.acknowledged: set[str] = set()
        self.slowest_s = 0.0
        self.complaints: list[str] = []
        self._world = world
        self._pause_s = pause_s
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._ask, args=(number,)) for number in range(count)
        ]

    def __enter__(self) -> Self:
        """Begin to ask."""
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop once what is under way is acknowledged, or can't be any more."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, client: int) -> None:
        number = 0
        while not self._stop.is_set():
            number += 1
            opinion_ids = [f"c{client}-{number}-{part}" for part in range(3)]
            province = PROVINCES[(client + number) % len(PROVINCES)]
            began = time.monotonic()
            try:
                while not self._world.ask(province, opinion_ids):
                    if self._stop.is_set():
                        return
                    time.sleep(0.05)
            except AssertionError as error:
                self.complaints.append(str(error))
                return
            self.slowest_s = max(self.slowest_s, time.monotonic() - began)
            self.acknowledged.update(opinion_ids)
            time.sleep(self._pause_s)
