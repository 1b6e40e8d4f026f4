"""When a version of a file comes into use, a log records it: once, and again when it returns."""

from collections.abc import Iterable, Sequence

from shared.contracts import Event
from shared.contracts.operations import ReferenceAdopted
from shared.kernel.decider import Decider


def adopt(command: ReferenceAdopted, last: ReferenceAdopted | None) -> Sequence[ReferenceAdopted]:
    """Return the adoption, unless this version is the one adopted last."""
    return () if last is not None and last.version == command.version else (command,)


ADOPTION: Decider[ReferenceAdopted, ReferenceAdopted | None, ReferenceAdopted] = Decider(
    None, adopt, lambda _last, event: event
)
"""One file in one log; its state is what was adopted last."""


def stream_of(file: str) -> str:
    """Return the stream that a file's adoptions stand in."""
    return f"reference-{file}"


def adopted(events: Iterable[Event]) -> dict[str, ReferenceAdopted]:
    """Return, by file, what is in use after `events` of one log, oldest first."""
    return {event.file: event for event in events if isinstance(event, ReferenceAdopted)}
