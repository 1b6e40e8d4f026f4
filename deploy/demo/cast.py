"""Who acts in the demo: a seat for each role, with a token of its own."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from deploy.client import Answered, Client
from shared.kernel.errors import Unavailable

PROVINCE = "ha-noi"
_PATIENCE_S = 120.0
_PAUSE_S = 0.02

T = TypeVar("T")


@dataclass(slots=True)
class Cast:
    """Clients by role; each is made when its role first acts."""

    operator: Client = field(repr=False)
    _clients: dict[tuple[str, str | None], Client] = field(default_factory=dict, repr=False)

    def role(self, role: str, agency: str | None = None) -> Client:
        """Return the client of `role`, of `agency` where the role is an agency's."""
        if (role, agency) not in self._clients:
            place = agency or "ba-dinh"
            self._clients[role, agency] = self.operator.as_role(
                role,
                seat=f"{place}/{role.replace('_', '-')}",
                province=PROVINCE,
                agency=agency,
            )
        return self._clients[role, agency]


def patiently(ask: Callable[[], T | None]) -> T:
    """Return what `ask` returns once it is not None: events take a moment to arrive.

    Raises:
        Unavailable: `deployment.not_settled` after two minutes.

    """
    end = time.monotonic() + _PATIENCE_S
    while time.monotonic() < end:
        answer = ask()
        if answer is not None:
            return answer
        time.sleep(_PAUSE_S)
    raise Unavailable("deployment.not_settled", timeout_s=_PATIENCE_S)


def once_known(code: str, do: Callable[[], T]) -> T:
    """Return what `do` returns, as soon as it is not refused with `code` any more.

    Raises:
        Answered: for any other refusal.
        Unavailable: as `patiently`.

    """

    def ask() -> tuple[T] | None:
        try:
            return (do(),)
        except Answered as error:
            if error.code != code:
                raise
            return None

    return patiently(ask)[0]
