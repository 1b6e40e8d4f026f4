"""The command line's way to a deployment: HTTP, as whoever the token says."""

import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests

from shared.kernel.errors import AppError, Unauthenticated, Unavailable
from shared.settings import SERVICES

TIMEOUT_S = 300
_CONNECT_S = 5
_PIECE_BYTES = 65_536
_PAUSES_S = (0.05, 0.1, 0.2, 0.5)
"""Before each next attempt; the last one again and again."""
_BRIEFLY_AWAY = (502, 503, 504)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Answered(AppError):  # noqa: N818 - as all of them
    """The deployment answered with a problem; its texts are as it sent them."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(str(problem.get("code", "internal")))
        self.status = status
        self.problem = problem


class _Bearer(requests.auth.AuthBase):
    """Sends our token, and never what a .netrc says instead."""

    def __init__(self, bearer: str | None) -> None:
        self._bearer = bearer

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """See requests."""
        if self._bearer:
            request.headers["Authorization"] = f"Bearer {self._bearer}"
        return request


@dataclass(slots=True)
class Client:
    """Calls the services of one deployment under its one address."""

    url: str
    bearer: str | None = field(default=None, repr=False)
    patience_s: float = 0.0
    """How long a request is repeated while what it needs is away; 0: it is asked once."""
    _session: requests.Session = field(default_factory=requests.Session, repr=False)

    def __post_init__(self) -> None:
        # No proxy stands between a machine and itself.
        self._session.trust_env = urlsplit(self.url).hostname not in _LOOPBACK

    def get(self, path: str, **query: Any) -> Any:
        """Return the JSON at `path`. Raises as `call`."""
        return self.json("GET", path, params=query)

    def post(self, path: str, body: Any = None) -> Any:
        """Return the JSON answer to `body`. Raises as `call`."""
        return self.json("POST", path, json=body)

    def json(self, method: str, path: str, **options: Any) -> Any:
        """Return the JSON answer to one request.

        Raises:
            Unavailable: `deployment.no_deployment` for an answer that is no JSON; as `call`.

        """
        response = self.call(method, path, **options)
        try:
            return response.json()
        except requests.JSONDecodeError:
            raise Unavailable("deployment.no_deployment", url=self.url) from None

    def content(self, path: str, limit: int) -> bytes:
        """Return the first `limit` bytes at `path`; no more is read. Raises as `call`."""
        with self.call("GET", path, stream=True) as response:
            pieces, left = [], limit
            try:
                for piece in response.iter_content(_PIECE_BYTES):
                    pieces.append(piece[:left])
                    left -= len(pieces[-1])
                    if not left:
                        break
            except requests.RequestException:
                raise Unavailable("deployment.away", url=self.url) from None
        return b"".join(pieces)

    def call(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **options: Any
    ) -> requests.Response:
        """Return the response to one request; repeat it while `patience_s` lasts.

        Whatever has an effect carries an idempotency key of its own, so that a repeat of
        what was done, but not answered, has its effect once.

        Raises:
            Answered: when the deployment answers with a problem.
            Unavailable: `deployment.away` when nothing answers, `deployment.no_deployment`
                when what answers sends us elsewhere.

        """
        named = dict(headers or {})
        if method != "GET":
            named["Idempotency-Key"] = secrets.token_hex(16)

        def ask() -> requests.Response:
            return self._once(method, path, named, options)

        return self._patiently(ask) if self.patience_s else ask()

    def is_alive(self, service: str = SERVICES[0]) -> bool:
        """Return whether `service` of a deployment answers at the address, just now."""
        try:
            answer = self._once("GET", f"/{service}/health/live", {}, {}).json()
        except (AppError, requests.JSONDecodeError):
            return False
        return isinstance(answer, dict) and answer.get("service") == service

    def as_role(
        self, role: str, *, seat: str, province: str | None = None, agency: str | None = None
    ) -> "Client":
        """Return a client with a token of its own for one day, issued by this operator.

        Raises:
            Unauthenticated: `access.token_missing` when this client has no token.

        """
        if self.bearer is None:
            raise Unauthenticated("access.token_missing")
        body = {"seat": seat, "role": role, "province": province, "agency": agency}
        issued = self.post("/intake/access/tokens", body | {"lifetime_days": 1})
        return Client(self.url, issued["bearer"], self.patience_s)

    def _patiently(self, ask: Callable[[], requests.Response]) -> requests.Response:
        end = time.monotonic() + self.patience_s
        attempts = 0
        while True:
            try:
                return ask()
            except (Answered, Unavailable) as error:
                if error.status not in _BRIEFLY_AWAY or time.monotonic() > end:
                    raise
            time.sleep(_PAUSES_S[min(attempts, len(_PAUSES_S) - 1)])
            attempts += 1

    def _once(
        self, method: str, path: str, headers: Mapping[str, str], options: Mapping[str, Any]
    ) -> requests.Response:
        try:
            response = self._session.request(
                method,
                f"{self.url}{path}",
                headers=dict(headers),
                auth=_Bearer(self.bearer),
                timeout=(_CONNECT_S, TIMEOUT_S),
                allow_redirects=False,
                **options,
            )
        except requests.RequestException:
            raise Unavailable("deployment.away", url=self.url) from None
        if response.is_redirect:
            raise Unavailable("deployment.no_deployment", url=self.url)
        if response.status_code >= 400:  # noqa: PLR2004 - HTTP's own border
            raise Answered(response.status_code, self._problem(response))
        return response

    def _problem(self, response: requests.Response) -> Mapping[str, Any]:
        """Return the problem in an answer; raise when no deployment can have sent it."""
        try:
            problem = response.json()
        except (json.JSONDecodeError, requests.JSONDecodeError):
            problem = None
        if isinstance(problem, dict) and "code" in problem:
            return problem
        raise Unavailable("deployment.no_deployment", url=self.url)
