"""The signed logs of a service in another process, over HTTP."""

from urllib.parse import quote

import requests

from shared.eventlog.key_handover import HANDOVERS_MAX_BYTES
from shared.eventlog.note import NOTE_MAX_BYTES
from shared.eventlog.proof import HASH_BYTES
from shared.eventlog.tiles import WIDTH, Tile
from shared.projections import OwnerAway

CONNECT_TIMEOUT_S = 2.0
READ_TIMEOUT_S = 10.0
KEYS_MAX_BYTES = 262_144
_CHUNK_BYTES = 16 * 1024
_OK, _NOT_FOUND = 200, 404


class HttpLogs:
    """What is served at `<url>/<service>/log`. Not for two threads at once."""

    def __init__(self, url: str, service: str) -> None:
        self._log = f"{url.rstrip('/')}/{service}/log"
        self._service = service
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy, and no .netrc

    def checkpoint(self, origin: str) -> bytes | None:
        """Return the newest note about a log; None when there is none.

        Raises:
            OwnerAway: `follower.owner_away`.

        """
        return self._content(origin, "checkpoint", NOTE_MAX_BYTES)

    def keys(self, origin: str) -> tuple[str, ...]:
        """Return the verifier keys that the owner states. Raises as `checkpoint`."""
        content = self._content(origin, "keys", KEYS_MAX_BYTES) or b""
        return tuple(content.decode(errors="replace").splitlines())

    def handovers(self, origin: str) -> bytes:
        """Return what the owner's keys said of those that follow them. Raises as `checkpoint`."""
        return self._content(origin, "handovers", HANDOVERS_MAX_BYTES) or b""

    def tile(self, origin: str, tile: Tile) -> bytes | None:
        """Return the content of a tile; None when it isn't there. Raises as `checkpoint`."""
        return self._content(origin, tile.path, WIDTH * HASH_BYTES)

    def _content(self, origin: str, path: str, limit: int) -> bytes | None:
        """Return what is served, at most a piece more than `limit`."""
        away = OwnerAway("follower.owner_away", service=self._service)
        try:
            with self._session.get(
                f"{self._log}/{quote(origin, safe='/')}/{path}",
                headers={"Cache-Control": "no-cache"},  # an older answer would be held against it
                timeout=(CONNECT_TIMEOUT_S, READ_TIMEOUT_S),
                allow_redirects=False,
                stream=True,
            ) as response:
                if response.status_code == _NOT_FOUND:
                    return None
                if response.status_code != _OK:
                    raise away
                body = bytearray()
                for chunk in response.iter_content(_CHUNK_BYTES):
                    body += chunk
                    if len(body) > limit:
                        break  # it is no such file then, and seen to be none
                return bytes(body)
        except requests.RequestException:
            raise away from None
