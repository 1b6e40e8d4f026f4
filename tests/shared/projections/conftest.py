"""Two services of the chain in this process, on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from shared.eventlog import Entry
from shared.projections import LocalOwner, OwnerAway
from tests.faults.chain.record import ChainRuntime, open_service


class Port(LocalOwner):
    """An owner whose replay port can be taken away, and that counts what it is asked."""

    def __init__(self, runtime: ChainRuntime) -> None:
        super().__init__(runtime.ledger)
        self.is_away = False
        self.failing: set[str] = set()
        """Logs whose pages fail although the owner answers."""
        self.asked: list[tuple[str, int, int]] = []

    def heads(self) -> dict[str, int]:
        if self.is_away:
            raise OwnerAway("follower.owner_away", service="questions")
        return dict(super().heads())

    def entries(self, origin: str, after: int, limit: int) -> Sequence[Entry]:
        if self.is_away:
            raise OwnerAway("follower.owner_away", service="questions")
        self.asked.append((origin, after, limit))
        if origin in self.failing:
            raise OwnerAway("follower.owner_away", service="questions")
        return super().entries(origin, after, limit)


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    postgresql_database: Callable[[str], str],
) -> Callable[[str], str]:
    """Return a function that names a fresh database of the kind under test."""
    if request.param == "sqlite":
        return lambda name: f"sqlite:///{tmp_path / name}.db"
    return postgresql_database


@pytest.fixture
def questions(databases: Callable[[str], str]) -> Iterator[ChainRuntime]:
    """Yield the service that is followed."""
    runtime = open_service("questions", databases("questions"))
    yield runtime
    runtime.store.close()


@pytest.fixture
def replies(databases: Callable[[str], str]) -> Iterator[ChainRuntime]:
    """Yield the service that follows."""
    runtime = open_service("replies", databases("replies"))
    yield runtime
    runtime.store.close()


@pytest.fixture
def port(questions: ChainRuntime) -> Port:
    """Return the replay port of `questions`."""
    return Port(questions)
