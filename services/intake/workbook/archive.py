"""An uploaded zip archive that can't explode: every limit is checked before and while inflating."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from shared.kernel.errors import BadInput, TooLarge

INFLATED_LIMIT_BYTES = 200 * 2**20
MEMBER_LIMIT = 2_000
RATIO_LIMIT = 200
RATIO_EXEMPT_BYTES = 100 * 2**10
"""A member this small is no bomb, however well it packs."""
CHUNK_BYTES = 64 * 2**10

_CENTRAL_ENTRY = b"PK\x01\x02"
_ENCRYPTED_FLAG = 0x1
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    LookupError,
    OSError,
    OverflowError,
    RuntimeError,  # also NotImplementedError: a method or version it can't read
    ValueError,
)


class Archive:
    """The members of one archive, found by name whatever its case, inflated within bounds.

    Raises `workbook.damaged`, `workbook.encrypted` (BadInput), `workbook.too_many_parts`,
    `workbook.inflates_too_much` (TooLarge).
    """

    def __init__(self, data: bytes) -> None:
        # Counted before the directory is parsed, which costs memory for every entry.
        if data.count(_CENTRAL_ENTRY) > MEMBER_LIMIT:
            raise TooLarge("workbook.too_many_parts", limit=MEMBER_LIMIT)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            infos = self._zip.infolist()
        except _ZIP_ERRORS as error:
            raise BadInput("workbook.damaged", part="zip") from error
        self._members = {info.filename.lower(): info for info in infos}
        if len(self._members) != len(infos):
            raise BadInput("workbook.damaged", part="zip")
        if any(info.flag_bits & _ENCRYPTED_FLAG for info in infos):
            raise BadInput("workbook.encrypted")
        _refuse_bombs(infos)
        self.inflated_bytes = sum(info.file_size for info in infos)
        """What the directory claims; no member gives more than it claims."""
        self._left_bytes = INFLATED_LIMIT_BYTES

    @property
    def names(self) -> frozenset[str]:
        """The names of all members, in lower case."""
        return frozenset(self._members)

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._members

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of a member, a chunk at a time; what comes out is counted.

        The budget is the whole archive's, so reading a part twice is paid twice.
        """
        try:
            with self._zip.open(self._members[name.lower()]) as member:
                while chunk := member.read(CHUNK_BYTES):
                    self._left_bytes -= len(chunk)
                    if self._left_bytes < 0:
                        break
                    yield chunk
        except _ZIP_ERRORS as error:
            raise BadInput("workbook.damaged", part="zip") from error
        if self._left_bytes < 0:
            raise TooLarge("workbook.inflates_too_much", limit_mb=INFLATED_LIMIT_BYTES // 2**20)


def _refuse_bombs(infos: list[zipfile.ZipInfo]) -> None:
    """Judge by what the directory claims; a directory that lies is caught while inflating."""
    if sum(info.file_size for info in infos) > INFLATED_LIMIT_BYTES:
        raise TooLarge("workbook.inflates_too_much", limit_mb=INFLATED_LIMIT_BYTES // 2**20)
    for info in infos:
        ratio_reached = info.file_size > RATIO_LIMIT * info.compress_size
        if ratio_reached and info.file_size > RATIO_EXEMPT_BYTES:
            raise TooLarge("workbook.inflates_too_much", limit_mb=INFLATED_LIMIT_BYTES // 2**20)
