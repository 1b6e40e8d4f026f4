"""What does not fit between a log's adoptions, the files in use and the copies kept of them."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

from shared.contracts.operations import ReferenceAdopted
from shared.kernel.errors import LogTampered
from shared.references.adoption import adopted
from shared.references.file import ReferenceFile


def findings(
    adoptions: Sequence[ReferenceAdopted],
    in_use: Iterable[ReferenceFile],
    copies: Mapping[str, bytes],
) -> Iterator[LogTampered]:
    """Yield every contradiction; nothing when all three say the same.

    `adoptions` are all of one log, oldest first; `in_use` the files as they are now, none
    to leave that out; `copies` the bytes kept, by the SHA-256 they are kept under. Codes:
    `reference.never_adopted`, `reference.exchanged` for a file in use that is not the
    version adopted last; `reference.copy_missing`, `reference.copy_differs`.
    """
    last = adopted(adoptions)
    for file in in_use:
        known = last.get(file.name)
        if known is None:
            yield LogTampered("reference.never_adopted", file=file.name, found=file.version)
        elif known.version != file.version:
            yield LogTampered(
                "reference.exchanged", file=file.name, found=file.version, adopted=known.version
            )
    files = {each.sha256: each.file for each in adoptions}
    for sha256, name in files.items():
        if sha256 not in copies:
            yield LogTampered("reference.copy_missing", file=name, sha256=sha256)
    for sha256, content in copies.items():
        if hashlib.sha256(content).hexdigest() != sha256:
            yield LogTampered("reference.copy_differs", sha256=sha256)
