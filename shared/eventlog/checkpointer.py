"""The checkpointer: signs how each log of a service stands, and nothing that contradicts it.

Alone with the keys. A log is signed when it has grown by 256 entries, or has grown at all
and ten seconds have passed; and only when what was signed last is a beginning of what it
is now, by the bytes of its entries. Otherwise somebody restored, shortened or rewrote the
log: it is signed no more, loudly, until people have looked.
"""

import logging
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from shared.eventlog.ledger import Ledger
from shared.eventlog.signing import Signing
from shared.eventlog.signing_keys import KeysState, SigningKeys
from shared.eventlog.standing import LogState, Standing
from shared.kernel.clock import Clock, rfc3339, system_clock
from shared.kernel.errors import AppError, Unavailable

_log = logging.getLogger(__name__)

ENTRIES_MAX = 256
"""Entries that a log grows by before it is signed at once."""
PAUSE_S = 10.0
"""Longest time for which entries stay unsigned; and until a refused log is looked at again."""
LOOK_S = 1.0
"""Pause between two looks at the sizes of the logs."""

_Seen = tuple[int, bool, KeysState]
"""Size of a log, whether it is frozen, and the state of its keys."""


class Checkpointer:
    """Signs the logs of `ledger` with the keys below `folder`.

    What was signed last is kept below `notes`, beside the keys unless told otherwise. What
    is `beside` is done after each turn, whatever became of it.
    """

    def __init__(
        self,
        ledger: Ledger,
        folder: Path,
        clock: Clock = system_clock,
        *,
        notes: Path | None = None,
        beside: Sequence[Callable[[], object]] = (),
    ) -> None:
        self.refused: dict[str, AppError] = {}
        """Logs that are not signed, and why."""
        self._ledger = ledger
        self._folder = folder
        self._notes = notes or folder
        self._clock = clock
        self._beside = beside
        self._seen: dict[str, _Seen] = {}
        """What was signed last of each log that is well."""
        self._due_at: dict[str, float] = {}
        self._said: dict[str, str] = {}
        """What was logged last of each log that is not."""

    def turn(self, *, at_once: bool = False) -> int:
        """Sign each log that is due, with `at_once` each that has grown; return how many.

        What keeps one log from being signed is logged, and doesn't keep back the others.
        """
        return sum(
            self._advance(each)
            for each in self._ledger.standings()
            if self._is_due(each, at_once=at_once)
        )

    def run(self, pause: Callable[[float], bool]) -> None:
        """Sign what is due until `pause(seconds)` says that it is over; then what is left.

        Whatever fails is tried again: without a checkpointer the logs go on unsigned.
        """
        is_over = False
        while not is_over:
            is_over = pause(LOOK_S)
            _do("logs are signed later", partial(self.turn, at_once=is_over))
            for work in self._beside:
                _do("logs are cosigned later", work)

    def _is_due(self, standing: Standing, *, at_once: bool) -> bool:
        origin, now_s = standing.origin, time.monotonic()
        keys = self._keys(origin).state()
        seen = self._seen.get(origin)
        if seen == (standing.size, _is_frozen(standing), keys):
            return False
        if at_once:
            return True
        if seen is None:
            return now_s >= self._due_at.get(origin, 0.0)
        size = seen[0]
        has_grown_a_little = 0 < size < standing.size < size + ENTRIES_MAX
        if seen[1:] != (_is_frozen(standing), keys) or not has_grown_a_little:
            return True
        return now_s >= self._due_at.setdefault(origin, now_s + PAUSE_S)

    def _advance(self, standing: Standing) -> bool:
        """Sign the log up to its end; tell whether a note came of it."""
        origin = standing.origin
        log, keys = self._ledger.by_origin(origin), self._keys(origin)
        signing = Signing(
            log=log,
            keys=keys,
            checkpoints=self._ledger.checkpoints(log),
            signed_at=rfc3339(self._clock()),
            is_frozen=_is_frozen(standing),
        )
        self._due_at.pop(origin, None)
        try:
            with keys.held():
                size, notes = signing.sign()
                seen = (size, signing.is_frozen, keys.state())
        except Unavailable as error:
            self._seen.pop(origin, None)
            self._say(logging.WARNING, "%s is signed later: %s", origin, error)
            return False
        except AppError as error:
            self._seen.pop(origin, None)
            self._refuse(standing, signing, error)
            return False
        if standing.refusal is not None:
            signing.checkpoints.end_refusal()
            _log.warning("%s is signed again", origin)
        self.refused.pop(origin, None)
        self._said.pop(origin, None)
        self._seen[origin] = seen
        return notes > 0

    def _refuse(self, standing: Standing, signing: Signing, error: AppError) -> None:
        """Say that the log is signed no more; keep both sides where people will look."""
        origin = standing.origin
        self._say(logging.CRITICAL, "%s is signed no more: %s", origin, error)
        self.refused[origin] = error
        self._due_at[origin] = time.monotonic() + PAUSE_S
        if standing.refusal is None:
            try:
                signed = signing.keys.last_signed() or b""
            except Unavailable:
                signed = b""
            signing.checkpoints.refuse(str(error), signed, refused_at=signing.signed_at)

    def _say(self, level: int, form: str, origin: str, error: AppError) -> None:
        """Log `error`, once and not each second."""
        if self._said.get(origin) != str(error):
            _log.log(level, form, origin, error)
        self._said[origin] = str(error)

    def _keys(self, origin: str) -> SigningKeys:
        return SigningKeys(self._folder, origin, self._notes)


def _do(work_failed: str, work: Callable[[], object]) -> None:
    try:
        work()
    except Exception as error:  # noqa: BLE001 - it is tried again; its words may quote a row
        _log.warning("%s: %s", work_failed, type(error).__name__)


def _is_frozen(standing: Standing) -> bool:
    return standing.state is LogState.FROZEN
