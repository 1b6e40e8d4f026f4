"""Having the checkpoints of our logs cosigned by a witness elsewhere, beside all signing.

In a thread of its own for each witness: one that is dead, slow or lies delays nothing but its
own cosignatures, which stand in the served checkpoint once they have been verified.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from shared.eventlog.checkpoints import Checkpoints, KeptCheckpoint
from shared.eventlog.ledger import Ledger
from shared.eventlog.note import Note
from shared.eventlog.note_key import Signature
from shared.eventlog.proof import consistency_proof
from shared.eventlog.standing import Standing
from shared.kernel.errors import AppError, Refused, Unavailable
from shared.witness.asking import WitnessAddress, ask
from shared.witness.submission import Submission
from shared.witness.witness import OtherSize

_log = logging.getLogger(__name__)

PAUSE_FIRST_S, PAUSE_MAX_S = 2.0, 300.0
"""Until a witness that was away, or refused a log, is asked again: doubled each time."""

Ask = Callable[[WitnessAddress, Submission], Signature]


class Submitter:
    """Asks the witness at `address` about the logs of `ledger`."""

    def __init__(self, ledger: Ledger, address: WitnessAddress, ask: Ask = ask) -> None:
        self._ledger = ledger
        self._address = address
        self._ask = ask
        self._cosigned: dict[str, int] = {}
        """What it cosigned last of each log, as far as we know."""
        self._done: dict[str, tuple[int | None, str | None]] = {}
        """The newest checkpoint of each log that carries its cosignature."""
        self._pauses: dict[str, _Pause] = {}
        self._wanted = threading.Event()
        self._thread: threading.Thread | None = None

    def begin_turn(self) -> None:
        """Ask about what is new, in a thread of its own; return at once."""
        if self._thread is None:
            name = f"witness {self._address.key.name}"
            self._thread = threading.Thread(target=self._run, name=name, daemon=True)
            self._thread.start()
        self._wanted.set()

    def turn(self) -> int:
        """Ask about each log whose newest checkpoint isn't cosigned; return how many now are.

        What keeps one log from being cosigned is logged, and doesn't keep back the others,
        unless the witness itself is away.
        """
        cosigned = 0
        for standing in self._ledger.standings():
            if not self._is_due(standing):
                continue
            try:
                cosigned += self._advance(standing)
            except Unavailable as error:
                self._wait(_WITNESS, error, logging.WARNING)
                break
            except AppError as error:
                level = logging.CRITICAL if _is_alarming(error) else logging.WARNING
                self._wait(standing.origin, error, level)
        return cosigned

    def _run(self) -> None:
        while True:
            self._wanted.wait()
            self._wanted.clear()
            try:
                self.turn()
            except Exception as error:  # noqa: BLE001 - tried again; its words may quote a row
                _log.warning("logs are witnessed later: %s", type(error).__name__)

    def _is_due(self, standing: Standing) -> bool:
        if not standing.signed_size or self._done.get(standing.origin) == _signed(standing):
            return False
        now_s = time.monotonic()
        pauses = (self._pauses.get(name) for name in (_WITNESS, standing.origin))
        return all(pause is None or now_s >= pause.until for pause in pauses)

    def _advance(self, standing: Standing) -> bool:
        origin = standing.origin
        checkpoints = self._ledger.checkpoints(self._ledger.by_origin(origin))
        newest = checkpoints.newest()
        if newest is None:
            return False
        note = Note.parse(newest.note)
        is_there = any(self._address.key.claims(each) for each in note.signatures)
        if not is_there:
            signature = self._cosignature(origin, newest, checkpoints)
            self._address.key.verify(note.text, signature)
            checkpoints.add_cosignature(newest, signature)
        self._cosigned[origin] = newest.size
        self._done[origin] = (newest.size, newest.root.hex())
        for name in (_WITNESS, origin):
            self._pauses.pop(name, None)
        return not is_there

    def _cosignature(
        self, origin: str, newest: KeptCheckpoint, checkpoints: Checkpoints
    ) -> Signature:
        """Return the cosignature, asked for a second time where the witness is elsewhere.

        Raises:
            Refused: `witness.refuses`; `witness.knows_more` when it has cosigned more of
                the log than there is.
            Unavailable: `witness.away`.

        """
        old = min(self._cosigned.get(origin, 0), newest.size)
        try:
            return self._ask(self._address, _submission(old, newest, checkpoints))
        except OtherSize as told:
            if told.size > newest.size:
                name = self._address.key.name
                raise Refused(
                    "witness.knows_more", witness=name, origin=origin, size=told.size
                ) from None
            self._cosigned[origin] = told.size
            return self._ask(self._address, _submission(told.size, newest, checkpoints))

    def _wait(self, name: str, error: AppError, level: int) -> None:
        """Ask again later; say why, once and not each time."""
        before = self._pauses.get(name)
        pause_s = PAUSE_FIRST_S if before is None else min(2 * before.seconds, PAUSE_MAX_S)
        if before is None or before.code != error.code:
            about = self._address.key.name if name == _WITNESS else name
            _log.log(level, "%s is witnessed later: %s", about, error)
        self._pauses[name] = _Pause(pause_s, time.monotonic() + pause_s, error.code)


_WITNESS = ""
"""Stands for all logs, where the witness itself is away."""


@dataclass(frozen=True, slots=True)
class _Pause:
    """How long nothing is asked, until when, and why."""

    seconds: float
    until: float
    code: str


def _signed(standing: Standing) -> tuple[int | None, str | None]:
    return standing.signed_size, standing.signed_root


def _submission(old: int, newest: KeptCheckpoint, checkpoints: Checkpoints) -> Submission:
    proof = consistency_proof(old, newest.size, checkpoints.hashes(newest.size)) if old else []
    return Submission(old=old, proof=tuple(proof), note=newest.note)


def _is_alarming(error: AppError) -> bool:
    """Return whether a witness says that the log isn't what it was: people must look."""
    return error.code == "witness.knows_more" or error.facts.get("status") in (409, 422)
