"""What a bundle's members are called, and how they are written: the same bytes every time."""

import stat
import zipfile
from types import TracebackType
from typing import BinaryIO, Self

from shared.eventlog.tiles import Bundle
from shared.kernel.errors import TooLarge

README, VERIFIER = "README.md", "verify_bundle.py"
REPORT, STATISTIC, SHAPES = "report.json", "definition.sql", "events.json"
PUBLISHED = "published.tlog-proof"
SIZE_MAX_BYTES = 0xFFFFFFFF
MEMBERS_MAX = 65_534

_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3


def reference(sha256: str) -> str:
    """Return where a province file lies that the report names."""
    return f"references/{sha256}.toml"


def entries(origin: str, bundle: Bundle) -> str:
    """Return where entries of a log lie."""
    return f"logs/{origin}/{bundle.path}"


def checkpoint(origin: str) -> str:
    """Return where the signed checkpoint of a log lies."""
    return f"logs/{origin}/checkpoint"


def consistency(origin: str) -> str:
    """Return where the proof lies that the entries are the beginning of the checkpoint's log."""
    return f"logs/{origin}/consistency"


def keys(origin: str) -> str:
    """Return where the keys lie that the log itself states."""
    return f"logs/{origin}/keys"


class BundleWriter:
    """Writes members one after the other, as they are: nothing is compressed, nothing dated.

    What isn't compressed can't unpack to more than it is, and is the same with every zlib.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=False)
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()

    def add(self, name: str, content: bytes) -> None:
        """Write one member.

        Raises:
            TooLarge: `audit.bundle_too_large` beyond 4 GB or 65,534 members.

        """
        self._count += 1
        member = zipfile.ZipInfo(name, _EPOCH)
        member.create_system = _UNIX
        member.external_attr = (stat.S_IFREG | 0o644) << 16
        try:
            if self._count > MEMBERS_MAX:
                raise zipfile.LargeZipFile
            self._zip.writestr(member, content)
        except zipfile.LargeZipFile:
            raise TooLarge("audit.bundle_too_large", limit_bytes=SIZE_MAX_BYTES) from None
