"""The replay port of a service in another process, over HTTP."""

import json
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

import requests

from shared.eventlog import Entry
from shared.projections import OwnerAway

CONNECT_TIMEOUT_S = 2.0
READ_TIMEOUT_S = 10.0
ANSWER_MAX_BYTES = 16 * 1024 * 1024
"""Pages are far smaller; what exceeds this is no page."""
_CHUNK_BYTES = 256 * 1024
_OK = 200


class HttpOwner:
    """An `Owner` at `<url>/<service>/log`. Not for two threads at once."""

    def __init__(self, url: str, service: str, bearer: Callable[[], str]) -> None:
        self._log = f"{url.rstrip('/')}/{service}/log"
        self._service = service
        self._bearer = bearer
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy, and no .netrc in place of the bearer

    def heads(self) -> Mapping[str, int]:
        """See `Owner.heads`."""
        _, body = self._get("heads", {})
        try:
            heads = json.loads(body)
            return {str(origin): int(position) for origin, position in heads.items()}
        except (AttributeError, TypeError, ValueError):
            raise self._wrong("", 0) from None

    def entries(self, origin: str, after: int, limit: int) -> Sequence[Entry]:
        """See `Owner.entries`. Each line is an entry: canonical JSON has no line break."""
        first = after + 1
        headers, body = self._get(
            f"{quote(origin, safe='/')}/entries", {"from": first, "limit": limit}
        )
        if headers.get("X-First-Position") != str(first):
            raise self._wrong(origin, first)
        lines = body.split(b"\n")
        if lines.pop():  # the answer was cut: every entry ends its line
            raise self._wrong(origin, first)
        return [Entry(origin, position, line) for position, line in enumerate(lines, first)]

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _get(self, path: str, query: Mapping[str, int]) -> tuple[Mapping[str, str], bytes]:
        away = OwnerAway("follower.owner_away", service=self._service)
        try:
            with self._session.get(
                f"{self._log}/{path}",
                params=dict(query),
                headers={"Authorization": f"Bearer {self._bearer()}"},
                timeout=(CONNECT_TIMEOUT_S, READ_TIMEOUT_S),
                allow_redirects=False,
                stream=True,
            ) as response:
                if response.status_code != _OK:
                    raise away
                body = bytearray()
                for chunk in response.iter_content(_CHUNK_BYTES):
                    body += chunk
                    if len(body) > ANSWER_MAX_BYTES:
                        break  # it is cut then, and seen to be no page
                return response.headers, bytes(body)
        except requests.RequestException:
            raise away from None

    def _wrong(self, origin: str, position: int) -> OwnerAway:
        return OwnerAway(
            "follower.owner_answers_wrongly", origin=origin or self._service, position=position
        )
