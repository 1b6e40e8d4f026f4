"""Digests, declarations, stubs of denunciations: small deciders beside the opinion's."""

from collections.abc import Sequence

from services.intake.commands import NoteDigest
from services.intake.commands_screening import KeepStub
from shared.contracts.intake import (
    DenunciationStubKept,
    DigestImported,
    SessionResultsDeclared,
)
from shared.kernel.decider import Decider
from shared.kernel.errors import Refused


def note_digest(command: NoteDigest, files: frozenset[str]) -> Sequence[DigestImported]:
    """Return that the digest was read, unless this very file had been read before."""
    if command.file_sha256 in files:
        return ()
    return (
        DigestImported(
            digest_id=command.digest_id,
            organisation=command.organisation,
            number=command.number,
            file_sha256=command.file_sha256,
            rows=command.rows,
            rows_received=command.rows_received,
            rows_repeated=command.rows_repeated,
            rows_rejected=command.rows_rejected,
        ),
    )


DIGEST: Decider[NoteDigest, frozenset[str], DigestImported] = Decider(
    frozenset(), note_digest, lambda files, event: files | {event.file_sha256}
)
"""State: digests (SHA-256) of the files read."""


def declare(
    command: SessionResultsDeclared, declared: SessionResultsDeclared | None
) -> Sequence[SessionResultsDeclared]:
    """Return the declaration, unless it stands already.

    Raises:
        Refused: `declaration.changed` when the same source said something else before.

    """
    if declared is None:
        return (command,)
    if declared == command:
        return ()
    raise Refused("declaration.changed", declaration=declared.declaration_id)


DECLARATION: Decider[
    SessionResultsDeclared, SessionResultsDeclared | None, SessionResultsDeclared
] = Decider(None, declare, lambda _before, event: event)
"""A declaration is its own command: it carries nothing but what the paper says."""


def keep_stub(
    command: KeepStub, kept: DenunciationStubKept | None
) -> Sequence[DenunciationStubKept]:
    """Return that there was a denunciation, once. Nothing says whose, or what about.

    Source: Luật Tố cáo: the denouncer's identity is a state secret.
    """
    if kept is not None:
        return ()
    stub = DenunciationStubKept(
        stub_id=command.stub_id,
        unit=command.unit,
        level=command.level,
        redirect=command.redirect,
        kept_on=command.on,
    )
    return (stub,)


STUB: Decider[KeepStub, DenunciationStubKept | None, DenunciationStubKept] = Decider(
    None, keep_stub, lambda _before, event: event
)
