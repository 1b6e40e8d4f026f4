"""A bundle that is open: its members, and the beginnings of logs that lie in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.audit.bundle import members
from deploy.audit.bundle.verify_bundle import Bundle as Zip
from deploy.audit.bundle.verify_bundle import Unknown
from shared.eventlog.tiles import WIDTH, bundles_of, decode_bundle
from shared.kernel.errors import AppError, ContractError, Unavailable


@contextmanager
def opened(path: Path) -> Iterator[Zip]:
    """Yield the members of the bundle at `path`.

    Raises:
        Unavailable: `audit.bundle_unreadable` when there is no such file.
        ContractError: `audit.bundle_malformed`, naming the member, for a zip that is none,
            could be a trap, or lacks what is asked for in this block.

    """
    bundle: Zip | None = None
    try:
        if not path.is_file():  # a pipe or a device may have no end
            raise Unavailable("audit.bundle_unreadable", file=path.name)
        with path.open("rb") as file:
            bundle = Zip(file)
            yield bundle
    except AppError:
        raise
    except PermissionError:
        raise Unavailable("audit.bundle_unreadable", file=path.name) from None
    except Unknown as reason:
        raise ContractError(
            "audit.bundle_malformed", member=path.name, reason=str(reason)
        ) from None
    except Exception as fault:  # noqa: BLE001 - whatever a bundle holds ends in a verdict
        name = bundle.name if bundle else path.name
        raise ContractError(
            "audit.bundle_malformed", member=name, reason=type(fault).__name__
        ) from None


@dataclass(frozen=True, slots=True)
class BundledLog:
    """The first `end` entries of a log."""

    origin: str
    end: int
    bundle: Zip

    def size(self) -> int:
        """Return how many entries are here."""
        return self.end

    def entries(self, first: int, end: int) -> Iterator[bytes]:
        """Yield the bytes at positions from `first` to before `end`.

        Raises:
            ContractError: `eventlog.bundle_malformed`.

        """
        for each in bundles_of(self.end):
            start = each.positions.start
            if first < start + WIDTH and start < end:
                content = self.bundle.read(members.entries(self.origin, each))
                contents = decode_bundle(each, content)
                yield from contents[max(0, first - start) : max(0, end - start)]

    def checkpoint(self) -> bytes | None:
        """Return the signed note that proves these entries to be the log's beginning."""
        return self.bundle.read(members.checkpoint(self.origin))
