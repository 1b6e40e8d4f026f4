"""The README's table of states is the one that follows from the decider."""

from typing import get_args

from shared.contracts.sessions import SessionEvent
from tests.services.sessions.state_table import README, renewed, table


def test_the_readme_says_what_the_decider_does() -> None:
    page = README.read_text(encoding="utf-8")
    assert page == renewed(page)


def test_every_event_of_a_session_stands_in_the_table() -> None:
    for form in get_args(SessionEvent):
        assert f"| {form.__name__} |" in table()
