"""Two registrations of one agency at the same moment, by two operators."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import sqlalchemy as sa

from services.assignment import subscriptions
from services.assignment.tables import VAULT
from shared.eventlog import Ledger
from shared.kernel.clock import rfc3339, system_clock
from tests.services.assignment.hooks import register, state

RACES = 8


def at_once(ask: Callable[[], object]) -> list[object]:
    """Return what two get who `ask` at the same moment."""
    start = Barrier(2)

    def run(_: int) -> object:
        start.wait()
        return ask()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(run, range(2)))


def test_of_two_first_registrations_of_a_feed_both_get_the_one_there_is(ledger: Ledger) -> None:
    def ask(agency: str) -> subscriptions.Subscription:
        with ledger.store.write() as tx:
            at = rfc3339(system_clock())
            return subscriptions.register(
                tx.connection, province="ha-noi", agency=agency, at=at, after=None
            )

    for race in range(RACES):
        one, other = at_once(partial(ask, f"agency-{race}"))
        assert one == other


def test_of_two_first_registrations_of_a_webhook_one_is_shown_the_secret(ledger: Ledger) -> None:
    for race in range(RACES):
        agency = f"agency-{race}"
        url = f"https://{agency}.example/hook"
        shown = at_once(partial(register, ledger, agency, url))
        assert sorted(secret is None for secret in shown) == [False, True]
        assert state(ledger, agency).url == url
    with ledger.store.read() as connection:
        keys = connection.execute(sa.select(sa.func.count()).select_from(VAULT.key)).scalar_one()
    assert keys == RACES  # that of the registration which came second is destroyed
