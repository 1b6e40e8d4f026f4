"""Everything about people, over one open database."""

from dataclasses import dataclass

from shared.kernel.clock import Clock
from shared.people.accounts import Accounts
from shared.people.holdings import Holdings
from shared.people.links import Links
from shared.people.persons import Persons
from shared.people.seats import Seats
from shared.people.tables import VAULT
from shared.people.web_sessions import WebSessions
from shared.store import Store
from shared.vault import Vault

OWNER = "access"
"""Whose the sealed names are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Persons, their seats and how they sign in."""

    persons: Persons
    seats: Seats
    holdings: Holdings
    accounts: Accounts
    links: Links
    sessions: WebSessions


def open_people(store: Store, vault_key: bytes, clock: Clock) -> People:
    """Return what `store`, the database of tokens, holds of people."""
    vault = Vault(VAULT, OWNER, vault_key, clock)
    return People(
        persons=Persons(store, vault, clock),
        seats=Seats(store),
        holdings=Holdings(store),
        accounts=Accounts(store, vault.signing_keys, clock),
        links=Links(store, clock),
        sessions=WebSessions(store, clock),
    )
