"""Who sits on which seat, and how a person signs in: beside the tokens, in their database.

Events name seats, never persons. Who held a seat on a day, who acted for it and when, is
kept here, with names sealed in a vault of their own.
"""

from shared.access import METADATA
from shared.people.accounts import Accounts
from shared.people.holdings import Holding, Holdings
from shared.people.links import Links
from shared.people.opened import People, open_people
from shared.people.passwords import PASSWORD_MIN_CHARACTERS
from shared.people.persons import Person, Persons
from shared.people.seats import Seat, Seats
from shared.people.web_sessions import WebSession, WebSessions

__all__ = [
    "METADATA",
    "PASSWORD_MIN_CHARACTERS",
    "Accounts",
    "Holding",
    "Holdings",
    "Links",
    "People",
    "Person",
    "Persons",
    "Seat",
    "Seats",
    "WebSession",
    "WebSessions",
    "open_people",
]
