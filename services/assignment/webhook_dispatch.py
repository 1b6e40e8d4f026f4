"""Sending each agency's feed to its webhook, one agency never waiting for another.

The feed itself is the outbox, and every webhook has a cursor. An entry is one POST of its
stored bytes; an answer of 2xx moves the cursor, in a short transaction of its own, and
only then the next entry goes out. Whoever does not receive is held, and tried again more
and more rarely; the agency can read on over HTTP meanwhile. So delivery is at least once.
"""

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus

from services.assignment import feed, webhooks
from services.assignment.feed import FeedEntry
from services.assignment.webhook_address import Address
from services.assignment.webhook_post import post
from services.assignment.webhook_signature import signed
from services.assignment.webhooks import Webhook
from shared.eventlog import Ledger
from shared.kernel.clock import system_clock
from shared.kernel.errors import AppError
from shared.messaging.broker import pauses_s
from shared.messaging.naming import CONTENT_TYPE
from shared.projections import FollowTables, Lease
from shared.projections.faults import code_of, place_of
from shared.settings import Network
from shared.vault import Vault

_log = logging.getLogger(__name__)

BATCH = 64
"""Entries that one webhook is sent before the others have their turn."""
DELIVERIES_MAX = 12
"""Webhooks that are served at once."""
RETRIES_MAX = 4
"""Of them, those that failed last: slow to fail, they leave the rest to the others."""
IDLE_S = 0.5
LEASE_S = 6.0
RENEW_S = 2.0
RETRY_S = (1.0, 600.0)
"""Pause before the first retry of a held webhook, doubled up to the second."""
FORGET_EVERY_S = 60.0
STOP_S = 5.0
"""Longest wait at the end for deliveries under way; they are repeated by the next."""


class WebhookDispatch:
    """Serves all registered webhooks, until it is told to stop."""

    def __init__(
        self,
        ledger: Ledger,
        tables: FollowTables,
        vault: Vault,
        networks: Sequence[Network],
        *,
        retry_s: tuple[float, float] = RETRY_S,
    ) -> None:
        self._ledger = ledger
        self._keys = vault.signing_keys
        self._networks = networks
        self._retry_s = retry_s
        self._lease = Lease(ledger.store, tables, "relay:agency-webhooks", lasts_s=LEASE_S)
        self._renew_at = 0.0
        self._mine_until = 0.0
        self._forget_at = 0.0
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._served: dict[tuple[str, str], tuple[Webhook, threading.Thread]] = {}
        ledger.on_append(self._wake.set)

    @property
    def stopping(self) -> bool:
        """Whether `run` was asked to return."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Ask `run` to return once the deliveries under way are answered."""
        self._stop.set()
        self._wake.set()

    def run(self) -> None:
        """Deliver until stopped. Whatever fails costs a pause."""
        pauses = pauses_s()
        while not self.stopping:
            try:
                self._wake.clear()  # before looking: what comes now wakes the wait below
                self._turn()
                pauses = pauses_s()
                self._wake.wait(IDLE_S)
            except Exception as error:  # noqa: BLE001 - a dispatch that ends stops every webhook
                _log.warning("the webhooks start again: %s at %s", code_of(error), place_of(error))
                self._stop.wait(next(pauses))
        self._end()

    def _turn(self) -> None:
        """Have somebody serve each webhook that has something to send, within limits."""
        self._served = {
            key: (webhook, thread)
            for key, (webhook, thread) in self._served.items()
            if thread.is_alive()
        }
        if not self._holds_lease():
            return
        self._forget_former()
        with self._ledger.store.read() as connection:
            waiting = webhooks.to_serve(connection, system_clock().timestamp())
        for webhook in waiting:
            if len(self._served) >= DELIVERIES_MAX:
                return
            self._start(webhook)

    def _start(self, webhook: Webhook) -> None:
        key = (webhook.province, webhook.agency)
        retried = sum(each.attempts > 0 for each, _thread in self._served.values())
        if key in self._served or webhook.province not in self._ledger.logs:
            return
        if webhook.attempts and retried >= RETRIES_MAX:
            return
        thread = threading.Thread(target=self._serve, args=(webhook,), daemon=True)
        self._served[key] = webhook, thread
        thread.start()

    def _serve(self, webhook: Webhook) -> None:
        """Send one webhook its next entries, in order, until one is not received."""
        try:
            self._send(webhook)
        except Exception as error:  # noqa: BLE001 - the cursor stands; the next turn goes on there
            _log.warning(
                "the webhook of %s is left for now: %s at %s",
                webhook.name,
                code_of(error),
                place_of(error),
            )
        else:
            self._wake.set()

    def _send(self, webhook: Webhook) -> None:
        with self._ledger.store.read() as connection:
            page = feed.read(
                connection,
                self._ledger.log(webhook.province),
                webhook.agency,
                after=webhook.delivered_seq,
                limit=BATCH,
            )
            try:
                key_ids = (webhook.key_id, webhook.former_key_id)
                keys = [self._keys.get(connection, each) for each in key_ids if each]
            except AppError:
                keys = []
        if not keys:
            self._hold(webhook, "webhook.secret_lost", None)
            return
        for entry in page:
            if self.stopping or time.monotonic() >= self._mine_until:
                return
            status, code = self._delivered(webhook, entry, keys)
            if code is not None:
                self._hold(webhook, code, status)
                return
            now_s = system_clock().timestamp()
            with self._ledger.store.write() as tx:
                if not webhooks.move(tx.connection, webhook, entry.feed_seq, now_s):
                    return
            webhook = replace(
                webhook, delivered_seq=entry.feed_seq, attempts=0, held_code=None, held_status=None
            )

    def _delivered(
        self, webhook: Webhook, entry: FeedEntry, keys: Sequence[bytes]
    ) -> tuple[int | None, str | None]:
        """Return the status that was answered, and why the entry was not received, if so."""
        try:
            status = post(
                Address.of(webhook.url),
                entry.content,
                {
                    "Content-Type": CONTENT_TYPE,
                    "User-Agent": "doithoai-webhook/1",
                    "X-Feed-Seq": str(entry.feed_seq),
                    "X-Origin": entry.origin,
                    "X-Position": str(entry.position),
                    "X-Leaf": entry.leaf.hex(),
                    **signed(
                        keys,
                        message_id=webhook.message_id(entry.feed_seq),
                        timestamp_s=int(system_clock().timestamp()),
                        body=entry.content,
                    ),
                },
                networks=self._networks,
            )
        except AppError as error:
            return None, error.code
        return status, _refusal(status)

    def _hold(self, webhook: Webhook, code: str, status: int | None) -> None:
        first_s, longest_s = self._retry_s
        pause_s = min(longest_s, first_s * 2 ** min(webhook.attempts, 16))
        with self._ledger.store.write() as tx:
            webhooks.hold(
                tx.connection,
                webhook,
                code=code,
                status=status,
                now_s=system_clock().timestamp(),
                pause_s=None if status == HTTPStatus.GONE else pause_s,
            )
        if webhook.held_code != code:
            _log.warning("the webhook of %s is held: %s", webhook.name, code)

    def _forget_former(self) -> None:
        if time.monotonic() < self._forget_at:
            return
        with self._ledger.store.write() as tx:
            webhooks.forget_former(tx.connection, self._keys, system_clock().timestamp())
        self._forget_at = time.monotonic() + FORGET_EVERY_S

    def _holds_lease(self) -> bool:
        now = time.monotonic()
        if now >= self._renew_at:
            is_mine = self._lease.take()
            self._renew_at = now + (RENEW_S if is_mine else RENEW_S / 2)
            self._mine_until = now + LEASE_S if is_mine else 0.0
        return now < self._mine_until

    def _end(self) -> None:
        ends_at = time.monotonic() + STOP_S
        for _webhook, thread in self._served.values():
            thread.join(max(0.0, ends_at - time.monotonic()))
        try:
            self._lease.give_up()
        except Exception as error:  # noqa: BLE001 - it ends by itself soon
            _log.info("the webhooks' lease was kept: %s", code_of(error))


def _refusal(status: int) -> str | None:
    """Return why an answer of `status` means that the entry was not received; None for 2xx."""
    match status // 100:
        case 2:
            return None
        case 3:
            return "webhook.redirected"
        case _:
            return "webhook.gone" if status == HTTPStatus.GONE else "webhook.not_received"
