"""People over a database of each kind, at a time that the test sets."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest

from shared.access import Role
from shared.people import METADATA, Holding, People, Seat, open_people
from shared.store import Store
from tests.servers import PostgresServer

KEY = bytes(range(32))
NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
PASSWORD = "một mật khẩu đủ dài"


@dataclass(slots=True)
class House:
    """People, the store they are in, and a clock to turn."""

    store: Store
    now: datetime = NOON
    people: People = field(init=False)

    def __post_init__(self) -> None:
        self.people = open_people(self.store, KEY, lambda: self.now)

    def person(self, login: str = "can-bo-1", *seats: str, password: str | None = None) -> str:
        """Return a new person with an account, on each of `seats` from today on."""
        person_id = self.people.persons.add("Người Thử", province="ha-noi")
        self.people.accounts.add(person_id, login)
        if password is not None:
            self.people.accounts.set_password(person_id, password)
        for key in seats:
            self.people.seats.add(seat(key))
            self.people.holdings.add(holding(key, person_id))
        return person_id

    def sign_in(self, login: str = "can-bo-1", password: str = PASSWORD, code: str = "") -> str:
        """Return who signs in."""
        return self.people.accounts.recognise(login, password, code, address="192.0.2.7")


def seat(key: str, role: Role = Role.SCREENER, last_day: date | None = None) -> Seat:
    """Return a seat of Hà Nội, there from today on."""
    return Seat(
        seat=key,
        role=role,
        province="ha-noi",
        agency=None,
        unit=None,
        valid_from=TODAY,
        valid_to=last_day,
    )


def holding(
    key: str, person_id: str, first_day: date = TODAY, last_day: date | None = None
) -> Holding:
    """Return a holding."""
    return Holding(
        holding_id=f"{person_id[:20]}:{first_day:%m%d}:{key[-4:]}",
        seat=key,
        person_id=person_id,
        valid_from=first_day,
        valid_to=last_day,
    )


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    """Yield a database with the tables."""
    server: PostgresServer | None = None
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql_server")
        url = server.create("people")
    else:
        url = f"sqlite:///{tmp_path_factory.mktemp('people')}/access.db"
    store = Store(url)
    METADATA.create_all(store.engine)
    yield store
    store.close()
    if server is not None:
        server.drop(url)


@pytest.fixture
def house(store: Store) -> House:
    """Return people, of whom there are none yet."""
    with store.write() as tx:
        for table in METADATA.sorted_tables:
            tx.connection.execute(table.delete())
    return House(store=store)
