"""Heavy work, done where it holds nothing else up."""

from collections.abc import Callable
from typing import Protocol, TypeVar

T = TypeVar("T")


class Aside(Protocol):
    """Does a heavy call and returns what it returns; others get their turn meanwhile.

    In a process patched by eventlet the call runs in a thread of the system's, so it may
    use plain values only: no database of a service, no lock, no log.
    """

    def __call__(self, call: Callable[[], T], /) -> T:
        """Return what `call` returns, or raise what it raises."""


def here(call: Callable[[], T], /) -> T:
    """Return what `call` returns: in a process of threads it holds up nobody but the caller."""
    return call()
