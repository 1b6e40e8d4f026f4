"""Webhooks as a test registers, watches and serves them."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from services.assignment import webhooks
from services.assignment.tables import FOLLOW, VAULT
from services.assignment.webhook_dispatch import WebhookDispatch
from services.assignment.webhooks import Webhook
from shared.eventlog import Ledger
from shared.kernel.clock import system_clock
from shared.settings import Network, networks_of
from shared.vault import Vault

KEY = bytes(range(32))
LOOPBACK = networks_of("127.0.0.0/8,::1")
RETRY_S = (0.02, 0.05)


def vault() -> Vault:
    """Return the vault that keeps the secrets."""
    return Vault(VAULT, "assignment", KEY, system_clock)


def register(ledger: Ledger, agency: str, url: str, after: int | None = None) -> bytes | None:
    """Register a webhook; return its secret if it is new."""
    with ledger.store.write() as tx:
        _, key = webhooks.register(
            tx.connection,
            vault().signing_keys,
            province="ha-noi",
            agency=agency,
            url=url,
            at=system_clock(),
            after=after,
        )
    return key


def rotate(ledger: Ledger, agency: str, *, at_once: bool = False) -> bytes:
    """Give out a new secret."""
    with ledger.store.write() as tx:
        webhook = webhooks.find(tx.connection, "ha-noi", agency)
        keys = vault().signing_keys
        return webhooks.rotate(tx.connection, keys, webhook, at=system_clock(), at_once=at_once)


def resume(ledger: Ledger, agency: str) -> None:
    """Send again."""
    with ledger.store.write() as tx:
        webhook = webhooks.find(tx.connection, "ha-noi", agency)
        webhooks.resume(tx.connection, webhook, system_clock())


def state(ledger: Ledger, agency: str) -> Webhook:
    """Return how the webhook stands."""
    with ledger.store.read() as connection:
        return webhooks.find(connection, "ha-noi", agency)


def dispatch_of(
    ledger: Ledger,
    networks: Sequence[Network] = LOOPBACK,
    retry_s: tuple[float, float] = RETRY_S,
) -> WebhookDispatch:
    """Return a dispatch that tries again at once."""
    return WebhookDispatch(ledger, FOLLOW, vault(), networks, retry_s=retry_s)


@contextmanager
def running(dispatch: WebhookDispatch) -> Iterator[WebhookDispatch]:
    """Run `dispatch` for the block, and see it end."""
    thread = threading.Thread(target=dispatch.run)
    thread.start()
    try:
        yield dispatch
    finally:
        dispatch.stop()
        thread.join(20)
    assert not thread.is_alive()
