"""A service with people who sign in by browser."""

from dataclasses import dataclass
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.intake.api import create_app
from services.intake.definition import DEFINITION
from shared.access import Role
from shared.kernel.clock import civil_date, system_clock
from shared.people import Holding, People, Seat
from tests.services.conftest import Open, open_service
from tests.services.opened import Opened

__all__ = ["open_service"]

PASSWORD = "một mật khẩu đủ dài"
SCREENER, SUPERVISOR = "mttq-ba-dinh/sang-loc-1", "mttq-ba-dinh/giam-sat-1"


class _Fields(HTMLParser):
    """The hidden fields of a page, by name; of several, the first."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("type") == "hidden":
            self.found.setdefault(given["name"] or "", given.get("value") or "")


def hidden_fields(response: TestResponse) -> dict[str, str]:
    """Return the hidden fields of a page."""
    parser = _Fields()
    parser.feed(response.get_data(as_text=True))
    return parser.found


@dataclass(frozen=True, slots=True)
class Desk:
    """A browser at the service's pages."""

    service: Opened
    client: FlaskClient

    @property
    def people(self) -> People:
        """Persons, seats, accounts."""
        return self.service.runtime.people

    def person(self, login: str, *seats: tuple[str, Role]) -> str:
        """Return a new person with a password, on `seats` since yesterday."""
        yesterday = civil_date(system_clock()) - timedelta(days=1)
        person_id = self.people.persons.add("Người Thử", province="ha-noi", login=login)
        self.people.accounts.set_password(person_id, PASSWORD)
        for number, (key, role) in enumerate(seats):
            self.people.seats.add(
                Seat(
                    seat=key,
                    role=role,
                    province="ha-noi",
                    agency=None,
                    unit=None,
                    valid_from=yesterday,
                )
            )
            self.people.holdings.add(
                Holding(
                    holding_id=f"{login}-{number}",
                    seat=key,
                    person_id=person_id,
                    valid_from=yesterday,
                    valid_to=None,
                )
            )
        return person_id

    def sign_in(self, login: str, password: str = PASSWORD, **more: str) -> TestResponse:
        """Send the form."""
        form = {"login": login, "password": password, **more}
        return self.client.post("/account/sign-in", data=form)

    def csrf(self) -> str:
        """Return what proves that a form comes from a page of ours."""
        return hidden_fields(self.client.get("/account"))["csrf"]

    def cookie(self) -> str | None:
        """Return what the browser keeps of the session."""
        kept = self.client.get_cookie("dt_session")
        return kept.value if kept is not None else None


@pytest.fixture
def desk(open_service: Open) -> Desk:
    """Return a browser that nobody is signed in at."""
    service = open_service(DEFINITION)
    return Desk(service=service, client=service.client(create_app))
