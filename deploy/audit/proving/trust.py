"""Whose word an auditor takes about logs, and what the signed notes about one come to.

A log's key may be followed by another: a handover that a trusted key signed makes the key
that it names trusted. So the key that one was given years ago still proves today's log.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from deploy.audit.proving.findings import Findings
from deploy.audit.proving.tree_check import SignedRoot
from deploy.audit.verdict import Finding
from shared.eventlog.checkpoint import Checkpoint
from shared.eventlog.key_handover import KeyHandover, followed
from shared.eventlog.note import Note
from shared.eventlog.note_key import KeyKind, Signed, VerifierKey
from shared.kernel.errors import AppError, BadInput, ContractError, LogTampered, TooLarge

GIVEN_MAX = 1_000
"""Keys, and notes, that an auditor may name at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """What the auditor brings along."""

    keys: tuple[VerifierKey, ...] = ()
    """Of logs; without any, each log is taken at its own word."""
    witnesses: tuple[VerifierKey, ...] = ()
    witnesses_min: int = 0
    """How many witnesses must have signed the newest checkpoint, told apart by name."""

    def of(self, origin: str) -> "Trust":
        """Return what concerns the log called `origin`: the keys of that name."""
        mine = tuple(key for key in self.keys if key.name == origin)
        return Trust(keys=mine, witnesses=self.witnesses, witnesses_min=self.witnesses_min)


@dataclass(slots=True, kw_only=True)
class SignedHistory:
    """What was signed of one log."""

    roots: list[SignedRoot] = field(default_factory=list)
    """By size; only what a trusted key signed."""
    keys: list[VerifierKey] = field(default_factory=list)
    """Those that are trusted: given, or handed over to."""
    witnesses: tuple[Signed, ...] = ()
    """Who cosigned the newest checkpoint."""
    notes: int = 0

    @property
    def newest(self) -> SignedRoot | None:
        """The root over most entries."""
        return self.roots[-1] if self.roots else None


@dataclass(slots=True, kw_only=True)
class NoteReader:
    """Opens the notes about one log, the smallest size first."""

    origin: str
    trust: Trust
    stated: Sequence[str]
    """The keys that the log states itself."""
    handovers: Sequence[KeyHandover]
    """What is said to be its keys' word about those that follow them."""
    findings: Findings
    brought: Collection[bytes] = ()
    """The notes that the auditor brought: what is wrong with these says nothing of the log."""
    _is_taken_at_its_word: bool = False

    def read(self, notes: Iterable[bytes], *, must_be_given: bool) -> SignedHistory:
        """Return what `notes` come to; what is wrong with them is found.

        With `must_be_given` a log that no given key is of is not taken at its own word.
        """
        history = SignedHistory(keys=self._followed(self.trust.keys))
        stated = self._stated()
        self._is_taken_at_its_word = not history.keys and not must_be_given
        if not history.keys and must_be_given:
            self._add("proof.no_key_given", is_proof=False)
            return history
        newest: Note | None = None
        for content in notes:
            history.notes += 1
            opened = self._opened(content, history, stated)
            if opened is not None:
                checkpoint, note = opened
                if newest is not None and newest.text == note.text:
                    note = newest.also_signed(note.signatures)
                newest = note
                history.roots.append(SignedRoot(size=checkpoint.size, root=checkpoint.root))
        if newest is not None:
            self._cosigned(newest, history)
        elif history.notes == 0:
            self._add("proof.no_checkpoint", is_proof=False)
        return history

    def _opened(
        self, content: bytes, history: SignedHistory, stated: Sequence[VerifierKey]
    ) -> tuple[Checkpoint, Note] | None:
        is_proof = content not in self.brought
        try:
            note = Note.parse(content)
            checkpoint = Checkpoint.parse(note.text)
        except (ContractError, TooLarge) as error:
            self._add("proof.note_malformed", is_proof=is_proof, reason=error.code)
            return None
        if checkpoint.origin != self.origin:
            self._add("proof.note_of_another_log", is_proof=is_proof, size=checkpoint.size)
            return None
        try:
            if not history.keys and self._is_taken_at_its_word:
                history.keys = self._followed(signed.key for signed in note.verify(stated))
            if not note.verify(history.keys):
                self._add("proof.note_unsigned", is_proof=False, size=checkpoint.size)
                return None
        except LogTampered as error:
            code, size = "proof.signature_wrong", checkpoint.size
            self._add(code, is_proof=is_proof, size=size, reason=error.code)
            return None
        return checkpoint, note

    def _cosigned(self, note: Note, history: SignedHistory) -> None:
        try:
            history.witnesses = note.verify(self.trust.witnesses)
        except LogTampered as error:
            self._add("proof.cosignature_wrong", witness=error.facts.get("key"))
            return
        found = len({signed.key.name for signed in history.witnesses})
        if found < self.trust.witnesses_min:
            wanted = self.trust.witnesses_min
            self._add("proof.witnesses_missing", is_proof=False, wanted=wanted, found=found)

    def _followed(self, keys: Iterable[VerifierKey]) -> list[VerifierKey]:
        """Return `keys` and those that they handed over to; a forged handover is found."""
        given = tuple(keys)
        try:
            return list(followed(given, self.handovers))
        except LogTampered as error:
            self._add("proof.handover_forged", reason=error.code)
            return list(given)

    def _stated(self) -> list[VerifierKey]:
        keys = []
        for text in self.stated:
            try:
                key = VerifierKey.parse(text)
            except ContractError:
                self._add("proof.key_malformed")
                continue
            if key.kind is KeyKind.LOG:
                keys.append(key)
        return keys

    def _add(self, code: str, *, is_proof: bool = True, **facts: object) -> None:
        self.findings.add(Finding(code=code, origin=self.origin, is_proof=is_proof, facts=facts))


def read_key(text: str, kind: KeyKind) -> VerifierKey:
    """Return the key of `kind` that an auditor was given as `text`.

    Raises:
        ContractError: `eventlog.key_malformed`.
        BadInput: `audit.other_kind_of_key` for a witness's where a log's is wanted.

    """
    key = VerifierKey.parse(text)
    if key.kind is not kind:
        raise BadInput("audit.other_kind_of_key", key=key.name)
    return key


def is_signed(note: bytes, trust: Trust) -> bool:
    """Return whether a log's key that the auditor brought signed a note about that log."""
    origin = origin_of(note)
    try:
        return origin is not None and bool(Note.parse(note).verify(trust.of(origin).keys))
    except LogTampered:
        return False


def origin_of(note: bytes) -> str | None:
    """Return which log a note is about; None when it doesn't say."""
    try:
        return Checkpoint.parse(Note.parse(note).text).origin
    except AppError:
        return None


def size_of(note: bytes) -> int:
    """Return how many entries a note is about; -1 when it doesn't say."""
    try:
        return Checkpoint.parse(Note.parse(note).text).size
    except AppError:
        return -1
