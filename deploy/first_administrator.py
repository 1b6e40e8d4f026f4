"""The first person of an embedded deployment: who may let in all others."""

from shared.access import Role
from shared.kernel.clock import civil_date, system_clock
from shared.kernel.ids import new_id
from shared.people import Holding, People, Seat

LOGIN = "quan-tri"
SEAT = "quan-tri/1"
_NAME = "Người quản trị"


def first_link(people: People, address: str) -> str | None:
    """Return the address at which the first administrator chooses a password.

    `address` is that of the deployment. None as soon as anybody can sign in.
    """
    if people.accounts.are_used():
        return None
    person_id = people.accounts.owner(LOGIN) or _seated(people)
    return f"{address}/intake/account/welcome/{people.links.make(person_id)}"


def _seated(people: People) -> str:
    now = system_clock()
    today = civil_date(now)
    people.seats.add(
        Seat(seat=SEAT, role=Role.OPERATOR, province=None, agency=None, unit=None, valid_from=today)
    )
    person_id = people.persons.add(_NAME, province=None, login=LOGIN)
    people.holdings.add(
        Holding(
            holding_id=new_id(now),
            seat=SEAT,
            person_id=person_id,
            valid_from=today,
            valid_to=None,
        )
    )
    return person_id
