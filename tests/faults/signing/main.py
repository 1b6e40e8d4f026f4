"""Signs or appends until it is killed: `python -m tests.faults.signing.main URL`.

Imports once and forks for each line on its input, so that a process costs milliseconds:

    sign FOLDER WITNESS EVENTS APPENDS   a checkpointer that signs without a pause; killed at
                                         its EVENTS-th call or return, 0 for not by itself;
                                         APPENDS 1: the process appends as well
    append COUNT NAME                    a writer of batches of one to COUNT entries

It answers with the process's id once that is at work. Nothing is waited for.
"""

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import sqlalchemy as sa

from shared.eventlog.checkpointer import Checkpointer
from shared.eventlog.signing_keys import SigningKeys
from shared.projections.faults import is_outage
from shared.store import Store
from tests.stores.logs import draft, open_ledger

PROVINCE = "ha-noi"
PAUSE_S = 0.01


def main(url: str) -> None:
    """Serve the lines of standard input until it ends."""
    logging.basicConfig(level=logging.CRITICAL)  # that keys are in use is no fault
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are nobody's business
    for line in sys.stdin:
        what, *arguments = line.split()
        read, write = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(read)
            work = sign if what == "sign" else append
            try:
                work(url, lambda at=write: os.write(at, b"."), *arguments)  # type: ignore[misc]
            except BaseException as error:  # noqa: BLE001 - the child ends here, whatever it was
                sys.stderr.write(f"{what}: {error!r}\n")
                sys.stderr.flush()
                os._exit(1)
        os.close(write)
        os.read(read, 1)
        os.close(read)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def sign(url: str, at_work: Callable[[], int], *told: str) -> None:
    """Sign without a pause, and leave every note in `witness` before it is kept."""
    folder, witness, events, appends = told
    store = Store(url)
    checkpointer = Checkpointer(open_ledger(store), Path(folder))
    _tell(Path(witness))
    if int(appends):
        name = f"own-{os.getpid()}-{time.monotonic_ns()}"
        threading.Thread(target=_append, args=(store, 10, name), daemon=True).start()
    at_work()
    if int(events):
        sys.setprofile(_Killer(int(events)))
    while True:
        checkpointer.turn(at_once=True)


def append(url: str, at_work: Callable[[], int], count: str, name: str) -> None:
    """Append batches, without end."""
    store = Store(url)
    at_work()
    _append(store, int(count), name)


def _append(store: Store, count: int, name: str) -> None:
    dice = Random(name)
    log = open_ledger(store).log(PROVINCE)
    number = 0
    while True:
        drafts = [draft(f"{name}-{number + at}") for at in range(dice.randint(1, count))]
        try:
            with store.write() as tx:
                log.append(tx, drafts)
        except sa.exc.OperationalError as error:
            if not is_outage(error):
                raise
        else:
            number += len(drafts)
        time.sleep(PAUSE_S)


def _tell(witness: Path) -> None:
    """Make whatever is signed be written to `witness` first, whole notes one after the other."""
    keep = SigningKeys.note_signed

    def tell_and_keep(self: SigningKeys, note: bytes) -> None:
        if self.origin.split("/")[1] == PROVINCE:
            descriptor = os.open(witness, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
            os.write(descriptor, note + b"\0")
            os.close(descriptor)
        keep(self, note)

    SigningKeys.note_signed = tell_and_keep  # type: ignore[method-assign]


class _Killer:
    """Kills its process at a call or return that was drawn before: anywhere in its work."""

    def __init__(self, events: int) -> None:
        self._left = events

    def __call__(self, *_: object) -> None:
        self._left -= 1
        if not self._left:
            os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1])
