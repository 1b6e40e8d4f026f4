"""The log that is signed, seen from outside: its processes, and what must hold of every note."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from shared.eventlog import EventLog, Ledger
from shared.eventlog.checkpoint import Checkpoint, Policy
from shared.eventlog.checkpoints import Checkpoints
from shared.eventlog.proof import Tree
from shared.eventlog.signing_keys import SigningKeys
from shared.eventlog.tiles import verify_tiles
from shared.store import Store
from tests.faults.signing.main import PROVINCE
from tests.servers.child import runs
from tests.stores.logs import METADATA, open_ledger

ROOT = Path(__file__).parents[3]
DEAD_WITHIN_S = 30.0


class World:
    """One log in the database at `url`, its keys and all notes ever signed below `folder`."""

    def __init__(self, url: str, folder: Path) -> None:
        self.keys = folder / "keys"
        self.witness = folder / "witness"
        self.store = Store(url)
        METADATA.create_all(self.store.engine)
        self.ledger: Ledger = open_ledger(self.store)
        self.log: EventLog = self.ledger.log(PROVINCE)
        self.notes: dict[int, bytes] = {}
        """Every note ever signed, by size."""
        self.unpublished = 0
        """Kills that left a note beside the key, but not in the database."""
        self._tree = Tree()
        self._leaves: list[bytes] = []
        self._told = 0
        self._errors = (folder / "errors").open("wb+")
        self._nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.signing.main", url],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            start_new_session=True,
        )

    def close(self) -> None:
        """End everything."""
        with suppress(ProcessLookupError):
            os.killpg(self._nursery.pid, signal.SIGKILL)
        self._nursery.wait()
        for stream in (self._nursery.stdin, self._nursery.stdout):
            if stream:
                stream.close()
        self._errors.close()
        self.store.close()

    def sign(self, *, events: int = 0, appends: bool = False, keys: Path | None = None) -> int:
        """Return the id of a checkpointer at work; see `main`."""
        return self._start("sign", keys or self.keys, self.witness, events, int(appends))

    def append(self, count: int, name: str) -> int:
        """Return the id of a writer at work."""
        return self._start("append", count, name)

    def kill(self, pid: int) -> None:
        """Kill a process, unless it has done so itself."""
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        self.await_death(pid)

    def await_death(self, pid: int) -> None:
        """Return once the process is gone."""
        end = time.monotonic() + DEAD_WITHIN_S
        while runs(pid):
            assert time.monotonic() < end, self.errors()
            time.sleep(0.002)

    def errors(self) -> str:
        """Return what the processes have complained of."""
        self._errors.seek(0)
        return self._errors.read().decode()

    @property
    def checkpoints(self) -> Checkpoints:
        """What is published."""
        return self.ledger.checkpoints(self.log)

    def finish(self) -> None:
        """Let the next process sign what is left."""
        size = self.log.size()
        pid = self.sign()
        end = time.monotonic() + DEAD_WITHIN_S
        while (newest := self.checkpoints.newest()) is None or newest.size < size:
            assert time.monotonic() < end, self.errors()
            time.sleep(0.02)
        self.kill(pid)

    def check(self) -> None:
        """Return when everything that was ever signed, or published, is of one growing log."""
        assert self.errors() == ""
        assert self.checkpoints.refusal() is None
        self._take_up(self._fresh_notes())
        newest = self.checkpoints.newest()
        kept = SigningKeys(self.keys, self.log.origin).last_signed()
        if newest is not None:
            assert kept is not None, "published, but not kept beside the key"
            assert self.notes[newest.size] == newest.note
            verify_tiles(self.log.origin, newest.size, newest.root, self.checkpoints.tile)
        if kept is not None:
            size = self._opened(kept).size
            assert self.notes[size] == kept
            assert newest is None or newest.size <= size
            self.unpublished += newest is None or newest.size < size

    def check_published(self) -> None:
        """Return when what is published is of one log, whoever signed it, in any order."""
        assert self.errors() == ""
        assert self.checkpoints.refusal() is None
        for note in self._fresh_notes():
            self._hold(note)
        newest = self.checkpoints.newest()
        assert newest is not None
        assert self.notes[newest.size] == newest.note
        verify_tiles(self.log.origin, newest.size, newest.root, self.checkpoints.tile)

    def _take_up(self, notes: list[bytes]) -> None:
        """Hold each note, in the order of signing, against the entries and all before it."""
        for note in notes:
            size = self._opened(note).size
            before = max(self.notes, default=0)
            assert size >= before, "a smaller size was signed after a larger one"
            self._hold(note)

    def _hold(self, note: bytes) -> None:
        checkpoint = self._opened(note)
        assert self.notes.setdefault(checkpoint.size, note) == note, "two notes of one size"
        while self._tree.size < checkpoint.size:
            page = self.log.read(self._tree.size - 1, checkpoint.size - self._tree.size)
            self._leaves += [entry.leaf for entry in page]
            self._tree.extend(self._leaves[self._tree.size :])
        then = self._tree
        if checkpoint.size < then.size:
            then = Tree()
            then.extend(self._leaves[: checkpoint.size])
        assert then.root() == checkpoint.root, "signed what the log never was"

    def _fresh_notes(self) -> list[bytes]:
        """Return the notes that were signed since the last look."""
        if not self.witness.exists():
            return []
        content = self.witness.read_bytes()[self._told :]
        self._told += len(content)
        assert content == b"" or content.endswith(b"\0")
        return content.split(b"\0")[:-1]

    def _opened(self, note: bytes) -> Checkpoint:
        keys = tuple(each.key for each in SigningKeys(self.keys, self.log.origin).signers())
        return Policy(origin=self.log.origin, log_keys=keys).open(note).checkpoint

    def _start(self, *arguments: object) -> int:
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.write(" ".join(str(each) for each in arguments) + "\n")
        self._nursery.stdin.flush()
        return int(self._nursery.stdout.readline())


@contextmanager
def signing_world(url: str, folder: Path) -> Iterator[World]:
    """Yield the log, and end its processes."""
    world = World(url, folder)
    try:
        yield world
    finally:
        world.close()


def copy_of(keys: Path, to: Path) -> Path:
    """Return a copy of a folder of keys, as a careless restore makes it."""
    return Path(shutil.copytree(keys, to))
