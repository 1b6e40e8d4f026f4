"""Verifying logs: every entry, the tree over them, and all that was ever signed of it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from deploy.audit.proving.entry_rules import EntryRules, Predecessor
from deploy.audit.proving.findings import Findings
from deploy.audit.proving.provable import Provable
from deploy.audit.proving.tree_check import SignedRoot, TreeCheck
from deploy.audit.proving.trust import (
    NoteReader,
    SignedHistory,
    Trust,
    is_signed,
    origin_of,
    size_of,
)
from deploy.audit.verdict import Finding
from services.reporting.mirror import NOWHERE
from shared.eventlog.key_handover import KeyHandover, handovers_in
from shared.eventlog.proof import leaf_hashes
from shared.kernel.errors import AppError, ContractError, LogTampered, NotFound, TooLarge

PAGE_ENTRIES = 1_024
"""Entries that are hashed at a time; a page of the largest takes 64 MiB."""

Advance = Callable[[int], None]
"""Told of every page how many entries it had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedLog:
    """What became of one log."""

    origin: str
    size: int
    """Its entries now."""
    signed: int
    """How many of them a trusted key signed."""
    proven: int
    """How many of these lead to the roots that were signed."""
    root: str | None
    """Of the newest checkpoint, hexadecimal."""
    notes: int
    keys: tuple[str, ...]
    """Those that are trusted, by given ones or by the log's own word."""
    witnesses: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(slots=True, kw_only=True)
class Verification:
    """Logs on their way through all checks."""

    trust: Trust
    old: Sequence[bytes] = ()
    """Notes that the auditor kept from before."""
    advance: Advance = lambda _entries: None
    findings: Findings = field(default_factory=Findings)
    logs: list[VerifiedLog] = field(default_factory=list)
    _predecessors: list[Predecessor] = field(default_factory=list)
    _roots: dict[str, list[SignedRoot]] = field(default_factory=dict)

    def verify(self, archives: Sequence[Provable], *, are_all: bool) -> None:
        """Verify each of `archives`; with `are_all` there should be no others.

        A log that an old note is about, signed by a given key, and that isn't there, then has
        disappeared. An old note that is none, or that no known key signed, proves nothing.
        """
        names = {archive.origin for archive in archives}
        for note in self.old:
            origin = origin_of(note)
            if origin is None:
                reason = "eventlog.checkpoint_malformed"
                self._add("proof.note_malformed", "", is_proof=False, reason=reason)
            elif origin not in names:
                is_proof = are_all and is_signed(note, self.trust)
                self._add("proof.log_missing", origin, is_proof=is_proof, size=size_of(note))
        for archive in archives:
            self.verify_log(archive)
        self._judge_predecessors()

    def verify_log(self, archive: Provable) -> VerifiedLog:
        """Verify one of our own logs: its entries by all rules as well."""
        rules = EntryRules(archive.origin)
        must_be_given = bool(self.trust.keys)
        verified = self._verify(
            archive, self.trust.of(archive.origin), rules, must_be_given=must_be_given
        )
        self._predecessors += rules.predecessors
        return verified

    def verify_foreign(self, archive: Provable) -> VerifiedLog:
        """Verify a log of anybody's by its hashes and signatures: its entries are any bytes."""
        return self._verify(archive, self.trust, None, must_be_given=True)

    def _verify(
        self, archive: Provable, trust: Trust, rules: EntryRules | None, *, must_be_given: bool
    ) -> VerifiedLog:
        history = self._history(archive, trust, must_be_given=must_be_given)
        size = archive.size()
        check = TreeCheck(
            origin=archive.origin,
            signed=history.roots,
            stored=archive.tile,
            is_whole=archive.is_whole,
            findings=self.findings,
        )
        try:
            for leaves in self._leaves(archive, size, rules):
                check.feed(leaves)
        except LogTampered as error:
            self._add("proof.hole", archive.origin, check.tiles.size, reason=error.code)
        except (NotFound, ContractError, TooLarge) as error:
            is_there = not isinstance(error, NotFound)
            self._add(
                "proof.file_malformed" if is_there else "proof.file_missing",
                archive.origin,
                check.tiles.size,
                is_proof=is_there,
                path=error.facts.get("path"),
            )
        else:
            check.end()
        verified = VerifiedLog(
            origin=archive.origin,
            size=size,
            signed=history.newest.size if history.newest else 0,
            proven=check.proven,
            root=history.newest.root.hex() if history.newest else None,
            notes=history.notes,
            keys=tuple(map(str, history.keys)),
            witnesses=tuple(sorted({signed.key.name for signed in history.witnesses})),
        )
        self.logs.append(verified)
        if trust.keys or not must_be_given:  # without a key nothing is known of its roots
            self._roots[archive.origin] = history.roots
        return verified

    def _history(self, archive: Provable, trust: Trust, *, must_be_given: bool) -> SignedHistory:
        try:
            stated = archive.stated_keys()
        except (ContractError, TooLarge):
            stated = []
            self._add("proof.key_malformed", archive.origin)
        reader = NoteReader(
            origin=archive.origin,
            trust=trust,
            stated=stated,
            handovers=self._handovers(archive),
            findings=self.findings,
            brought=self.old,
        )
        mine = [note for note in self.old if origin_of(note) == archive.origin]
        refusal = archive.refusal()
        if refusal is not None:
            self._add(
                "proof.signing_refused",
                archive.origin,
                is_proof=False,
                reason=refusal.reason,
                refused_at=refusal.refused_at,
            )
            mine += [refusal.signed_note] if refusal.signed_note else []
        mine += self._witnessed(archive)
        notes = sorted([*archive.notes(), *mine], key=size_of) if mine else archive.notes()
        if archive.size() == 0 and not mine and archive.checkpoint() is None:
            return SignedHistory()  # nothing happened, so there is nothing to sign
        return reader.read(notes, must_be_given=must_be_given)

    def _handovers(self, archive: Provable) -> list[KeyHandover]:
        try:
            return handovers_in(archive.handovers())
        except (ContractError, TooLarge) as error:
            self._add("proof.handover_malformed", archive.origin, is_proof=False, reason=error.code)
            return []

    def _witnessed(self, archive: Provable) -> list[bytes]:
        """Return what the deployment's own witness has signed, and both notes of a dispute."""
        cosigned, dispute = archive.cosigned(), archive.dispute()
        found = [] if cosigned is None else [cosigned]
        if dispute is not None:
            self._add(
                "proof.disputed",
                archive.origin,
                dispute.position if dispute.position != NOWHERE else None,
                is_proof=False,
                reason=dispute.reason,
                found_at=dispute.found_at,
            )
            found += [note for note in (dispute.known, dispute.other) if note]
        return found

    def _leaves(
        self, archive: Provable, size: int, rules: EntryRules | None
    ) -> Iterator[list[bytes]]:
        position = 0
        entries = archive.entries(0, size)
        is_over = False
        failure: AppError | None = None
        while not is_over and failure is None:
            page: list[bytes] = []
            try:
                page.extend(islice(entries, PAGE_ENTRIES))
            except AppError as error:  # told once what came before it has been looked at
                failure = error
            is_over = len(page) < PAGE_ENTRIES
            if rules is not None:
                for number, content in enumerate(page, position):
                    for finding in rules.broken_by(number, content):
                        self.findings.add(finding)
            position += len(page)
            yield leaf_hashes(page)
            self.advance(len(page))
        if failure is not None:
            raise failure

    def _judge_predecessors(self) -> None:
        for each in self._predecessors:
            roots = self._roots.get(each.predecessor)
            if roots is None:
                self._add("proof.predecessor_absent", each.origin, each.position, is_proof=False)
            elif SignedRoot(size=each.size, root=each.root) not in roots:
                self._add("proof.predecessor_differs", each.origin, each.position, size=each.size)

    def _add(
        self,
        code: str,
        origin: str,
        position: int | None = None,
        *,
        is_proof: bool = True,
        **facts: object,
    ) -> None:
        self.findings.add(
            Finding(code=code, origin=origin, position=position, is_proof=is_proof, facts=facts)
        )
