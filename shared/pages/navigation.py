"""The one navigation over all services: by task, and only what the seat may do."""

from collections.abc import Iterator
from dataclasses import dataclass

from shared.access import Action, Role, may


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An entry. Its words are `pages.place.<key>`."""

    key: str
    address: str
    icon: str
    action: Action | None = None
    """What its visitor must be allowed to do; None: everybody."""

    def address_from(self, service: str) -> str:
        """Return the address, for a page of `service`: what every service has is there too."""
        return f"/{service}{self.address}" if self.address.startswith("/account") else self.address


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Entries under one heading, `pages.group.<key>`."""

    key: str
    places: tuple[Place, ...]


GROUPS = (
    Group(
        key="figures",
        places=(
            Place(
                key="report",
                address="/reporting/pages/report",
                icon="chart",
                action=Action.READ_REPORTS,
            ),
            Place(
                key="published",
                address="/reporting/pages/published",
                icon="doc",
                action=Action.READ_REPORTS,
            ),
        ),
    ),
    Group(
        key="mine",
        places=(Place(key="account", address="/account", icon="user"),),
    ),
)


def groups_for(role: Role | None) -> Iterator[Group]:
    """Yield the groups in which a seat of `role` finds something, with what it finds."""
    for group in GROUPS:
        places = tuple(
            place
            for place in group.places
            if place.action is None or (role is not None and may(role, place.action))
        )
        if places:
            yield Group(key=group.key, places=places)
