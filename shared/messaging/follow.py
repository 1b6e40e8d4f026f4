"""`@follow`: an entrypoint that applies all logs of another service, one worker at a time.

nameko acknowledges what raised, loses acknowledgements at SIGTERM, and drops what it can't
decode. So nothing of its consumers is used: it gives the workers and an orderly end.
"""

import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import eventlet.event
from nameko.extensions import Entrypoint

from shared.messaging.broker import pauses_s
from shared.messaging.inbox import Inbox, entries_in
from shared.messaging.opened import Opened, Running
from shared.projections import Follower, Handler, OwnerAway
from shared.projections.cursors import consumer_name
from shared.projections.faults import code_of, place_of

_log = logging.getLogger(__name__)

LOOK_EVERY_S = 2.0
AIM_EVERY_S = 0.5
"""How often the owner is asked for its heads while there is no broker."""
PATIENCE_S = 0.25
"""How long the queue is listened to at a time; also the grain of retries and of stopping."""


class NothingApplied(RuntimeError):  # noqa: N818 - what happened
    """A service method was given a step and did not apply it."""


class Step:
    """One turn of a follower, for the service method to apply."""

    def __init__(self, runtime: Running, follower: Follower, work: Callable[[], None]) -> None:
        self.runtime: Any = runtime
        self.error: Exception | None = NothingApplied()
        self._follower = follower
        self._work = work

    def apply(self, handler: Handler) -> None:
        """Take the turn here, with all its transactions: no other greenlet is waited for.

        `handler(tx, recorded)` applies checked entries of one log; `AsStored(keep)` has
        them as they are stored. What fails is kept for the follower's loop, not raised:
        nameko would log it with its words.
        """
        self._follower.handler = handler
        try:
            self._work()
        except Exception as error:  # noqa: BLE001 - see above
            self.error = error
        else:
            self.error = None


def _refuse(*_: Any) -> None:
    raise NothingApplied


class Follow(Entrypoint):
    """Entrypoint: follow `owner`. The decorated method gets a `Step` and applies it.

    The worker contains the transaction, never the other way round: a greenlet that waits
    inside a write transaction would stop every writer of the database.
    """

    opened = Opened()

    def __init__(self, owner: str, **options: Any) -> None:
        self._owner = owner
        self._stopping = False
        self._owner_was_away = False
        super().__init__(**options)

    def start(self) -> None:
        """See nameko."""
        runtime = self.opened.runtime
        self._consumer = consumer_name(runtime.name, self._owner)
        self._thread = self.container.spawn_managed_thread(self._run, self._consumer)

    def stop(self) -> None:
        """See nameko. Returns when the batch under way is committed and acknowledged."""
        self._stopping = True
        self._thread.wait()

    def kill(self) -> None:
        """See nameko."""
        self._thread.kill()

    # -- the loop

    def _run(self) -> None:
        pauses = pauses_s()
        follower: Follower | None = None
        while not self._stopping:
            inbox: Inbox | None = None
            try:
                follower = follower or self._open_follower()
                inbox = Inbox(
                    self.opened.runtime.settings.broker,
                    consumer=self._consumer,
                    owner=self._owner,
                )
                pauses = pauses_s()
                self._pump(follower, inbox)
                inbox.close()
            except Exception as error:  # noqa: BLE001 - a follower that ends stops all effects
                if inbox:
                    inbox.drop()
                pause_s = next(pauses)
                _log.warning(
                    "%s starts again in %.1f s: %s at %s",
                    self._consumer,
                    pause_s,
                    code_of(error),
                    place_of(error),
                )
                self._go_on_without(follower, pause_s)

    def _open_follower(self) -> Follower:
        runtime = self.opened.runtime
        follower = Follower(
            self._consumer,
            runtime.store,
            runtime.definition.follow,
            self.opened.owner(self._owner),
            _refuse,
        )
        self.opened.followers[self._owner] = follower
        return follower

    def _pump(self, follower: Follower, inbox: Inbox) -> None:
        """First what the queue holds, then what only the owner has.

        The other way round everything in the queue would come twice.
        """
        look_at, drained = time.monotonic() + LOOK_EVERY_S, False
        while not self._stopping:
            idle = (drained or follower.owner_is_away) and not follower.has_aims
            messages = inbox.take(PATIENCE_S if idle else 0.02)
            if messages:
                entries = entries_in(messages, self._owner)
                self._work(follower, partial(follower.receive, entries))
                inbox.ack(messages)  # whatever became of them: the cursor knows
            elif not drained and not follower.owner_is_away:
                drained = self._ask_owner(follower, follower.aim_at_heads)
            self._tend(follower)
            if time.monotonic() >= look_at:
                self._ask_owner(follower, follower.look_after)
                look_at = time.monotonic() + LOOK_EVERY_S

    def _go_on_without(self, follower: Follower | None, pause_s: float) -> None:
        """Apply what the owner has, page by page, until it is time to try the broker again."""
        end, aim_at = time.monotonic() + pause_s, 0.0
        while not self._stopping and (time.monotonic() < end or (follower and follower.has_aims)):
            if follower and follower.has_aims and self._try_owner(follower, follower.step):
                continue
            if follower and not follower.owner_is_away and time.monotonic() >= aim_at:
                self._try_owner(follower, follower.look_after)
                self._try_owner(follower, follower.aim_at_heads)
                aim_at = time.monotonic() + AIM_EVERY_S
            eventlet.sleep(0.05)

    def _try_owner(self, follower: Follower, work: Callable[[], None]) -> bool:
        """Return whether `work` went well; the database may be what is away."""
        try:
            return self._ask_owner(follower, work)
        except Exception as error:  # noqa: BLE001 - the loop reports it when it comes back
            _log.info("%s waits: %s", self._consumer, code_of(error))
            return False

    def _tend(self, follower: Follower) -> None:
        """Fetch one page that is missing, and try again what is due."""
        if follower.has_aims:
            self._ask_owner(follower, follower.step)
        if follower.has_due:
            self._ask_owner(follower, follower.retry_due)

    def _ask_owner(self, follower: Follower, work: Callable[[], None]) -> bool:
        """Do `work`, which needs the owner; say whether it answered.

        When it is away, what the broker brings still counts.
        """
        try:
            self._work(follower, work)
        except OwnerAway as error:
            if not self._owner_was_away:
                _log.warning("%s goes on without its owner: %s", self._consumer, code_of(error))
            self._owner_was_away = True
            return False
        if self._owner_was_away:
            _log.warning("%s hears its owner again", self._consumer)
        self._owner_was_away = False
        return True

    def _work(self, follower: Follower, work: Callable[[], None]) -> None:
        """Do `work` in a nameko worker and wait for it; raise what it met."""
        step = Step(self.opened.runtime, follower, work)
        over = eventlet.event.Event()

        def finished(_context: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
            over.send(exc_info[1] if exc_info else None)
            return result, exc_info

        self.container.spawn_worker(self, (step,), {}, handle_result=finished)
        error = over.wait() or step.error
        if error is not None:
            raise error


follow = Follow.decorator
