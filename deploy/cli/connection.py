"""Reaching the deployment a command is for, running or stopped."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from deploy.cli.output import waiting
from deploy.client import Client
from deploy.datafolder import is_locked, read_address, read_operator_token
from deploy.ending import explain
from deploy.environment import settings_told
from deploy.running import Running, running
from shared.kernel.errors import Unavailable
from shared.settings import Settings

SEAT = "quan-tri/dong-lenh"
"""Seat of what the command line does with the operator's own token."""


@dataclass(frozen=True, slots=True)
class Connection:
    """A deployment that answers, and who we are there."""

    client: Client
    is_operator: bool
    """Whether we hold the machine's own operator token and may take other roles."""

    @contextmanager
    def as_role(self, role: str, province: str) -> Iterator[Client]:
        """Yield the client for work of `role`: the given token, or one for this block."""
        if not self.is_operator:
            yield self.client
            return
        body = {"seat": SEAT, "role": role, "province": province, "lifetime_days": 1}
        issued = self.client.post("/intake/access/tokens", body)
        try:
            yield Client(self.client.url, issued["bearer"])
        finally:
            self.client.json("DELETE", f"/intake/access/tokens/{issued['token_id']}")


@contextmanager
def connected() -> Iterator[Connection]:
    """Yield a connection to the deployment of the environment.

    With DOITHOAI_URL it is the one there. Else it is the one that holds the data folder;
    an embedded one that is stopped is started on a free port, and stopped again once its
    followers have applied everything. This machine's operator token is never shown to
    any address but the one that its own deployment has noted.

    Raises:
        Unavailable: `deployment.away` when it does not run and is not embedded.
        Unavailable: `deployment.in_use` when its data folder is in use, but it does not answer.

    """
    settings = settings_told()
    given = os.environ.get("DOITHOAI_TOKEN") or None
    noted = read_address(settings) if is_locked(settings) else None
    if "DOITHOAI_URL" in os.environ:
        yield _at(settings, settings.url, given, noted)
    elif is_locked(settings):
        if noted is None or not Client(noted).is_alive():
            raise Unavailable("deployment.in_use", data=str(settings.data))
        yield _at(settings, noted, given, noted)
    elif settings.is_embedded:
        yield from _started(settings, given)
    else:
        yield _at(settings, settings.url, given, noted)


def _at(settings: Settings, url: str, given: str | None, noted: str | None) -> Connection:
    own = read_operator_token(settings) if noted == url else None
    client = Client(url, given or own)
    if not client.is_alive():
        raise Unavailable("deployment.away", url=url)
    return Connection(client, is_operator=given is None and own is not None)


def _started(settings: Settings, given: str | None) -> Iterator[Connection]:
    with running(settings) as deployment:
        _settle(deployment)  # what the last run left, when it was cut off
        client = Client(deployment.client.url, given) if given else deployment.client
        yield Connection(client, is_operator=given is None)
        _settle(deployment)


def _settle(deployment: Running) -> None:
    with waiting("Chờ xử lý hết sự kiện / applying what is left"):
        try:
            deployment.settle()
        except Unavailable as error:
            if error.code != "deployment.halted":
                raise
            explain(error)  # the command may be the very one that mends it
