"""Reference files: those in the folders and the copies kept are what the logs adopted."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from deploy.audit.archive import DatabaseArchive, province_of, service_of
from deploy.audit.fsck.check import ROWS_AT_ONCE, Check
from deploy.audit.logged import skim
from deploy.directory import definition_of
from shared.adoption import copies
from shared.contracts.operations import ReferenceAdopted
from shared.kernel.errors import LogTampered
from shared.provinces import Province
from shared.references import ReferenceFile, findings
from shared.runtime import Definition

_NEVER_ADOPTED = "reference.never_adopted"
_CODES = {
    _NEVER_ADOPTED: "fsck.never_adopted",
    "reference.exchanged": "fsck.exchanged",
    "reference.copy_missing": "fsck.reference_copy_missing",
    "reference.copy_differs": "fsck.reference_copy_differs",
}


def check_reference_files(
    check: Check, log: DatabaseArchive, provinces: Mapping[str, Province]
) -> None:
    """Compare what `log` adopted with the files in use and with the copies kept of them.

    A log that takes no more entries adopts nothing either, whatever becomes of the files.
    """
    adoptions: list[ReferenceAdopted] = []
    positions: dict[str, int] = {}
    try:
        for logged in skim(log, log.size(), {ReferenceAdopted.__name__}):
            if logged is not None and isinstance(logged.event, ReferenceAdopted):
                adoptions.append(logged.event)
                for known_as in (logged.event.file, logged.event.sha256):
                    positions[known_as] = logged.recorded.position
    except LogTampered:
        return  # a hole, which is found where the index is looked at
    definition = definition_of(service_of(log))
    in_use = () if _is_frozen(log) else _in_use(definition, provinces.get(province_of(log)))
    kept = _kept(log, definition, [each.sha256 for each in adoptions])
    for fault in findings(adoptions, in_use, kept):
        sha256, file = fault.facts.get("sha256"), fault.facts.get("file")
        known_as = str(sha256 or file)
        check.found(
            _CODES[fault.code],
            log.origin,
            positions.get(known_as),
            # Nothing has happened since the file came, or since this release did.
            is_proof=fault.code != _NEVER_ADOPTED,
            **fault.facts,
        )


def _in_use(definition: Definition, province: Province | None) -> Sequence[ReferenceFile]:
    """Return the files that the next event would rest on; none for a province without file."""
    return () if province is None else (*province.files, *definition.own_files())


def _is_frozen(log: DatabaseArchive) -> bool:
    table = log.tables.log.c
    with log.store.read() as connection:
        state = connection.scalar(sa.select(table.state).where(table.log_no == log.log_no))
    return state == "frozen"


def _kept(log: DatabaseArchive, definition: Definition, hashes: Sequence[str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    with log.store.read() as connection:
        for start in range(0, len(hashes), ROWS_AT_ONCE):
            some = hashes[start : start + ROWS_AT_ONCE]
            found |= copies(connection, definition.references, some)
    return found
