"""The two forms of a bearer: `dt_<token id>_<secret>` and `dts_<service>_<hmac>`."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field

from shared.access.caller import Caller, Role
from shared.kernel.errors import RegulationError, Unauthenticated

SERVICE_PREFIX = "dts_"
SERVICE_SECRET_BYTES_MIN = 32
_TOKEN = re.compile(r"dt_(?P<token_id>[0-9a-f]{16})_(?P<secret>[0-9a-f]{64})")
_SERVICE = re.compile(r"dts_(?P<service>[a-z][a-z0-9-]{0,39})_(?P<mac>[0-9a-f]{64})")
_SERVICE_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenBearer:
    """An opaque token taken apart."""

    token_id: str
    secret: str = field(repr=False)

    def __str__(self) -> str:
        """Return the bearer as it travels."""
        return f"dt_{self.token_id}_{self.secret}"

    @property
    def secret_sha256(self) -> str:
        """What is stored of the secret: it has 256 random bits, so no salt is needed."""
        return hashlib.sha256(self.secret.encode("ascii")).hexdigest()


def new_bearer() -> TokenBearer:
    """Return a bearer with a fresh id and 256 random bits."""
    return TokenBearer(token_id=secrets.token_hex(8), secret=secrets.token_hex(32))


def parsed_bearer(bearer: str | None) -> TokenBearer:
    """Return `bearer` taken apart.

    Raises:
        Unauthenticated: `access.token_missing`; `access.token_invalid`.

    """
    if not bearer:
        raise Unauthenticated("access.token_missing")
    match = _TOKEN.fullmatch(bearer)
    if match is None:
        raise Unauthenticated("access.token_invalid")
    return TokenBearer(token_id=match["token_id"], secret=match["secret"])


def service_bearer(secret: bytes, service: str) -> str:
    """Return the bearer by which `service` is known to whoever shares `secret`.

    It has no expiry: a new secret for the deployment ends all of them.

    Raises:
        RegulationError: `access.service_secret_short` below 32 bytes;
            `access.service_unnamable` for a name that isn't a slug.

    """
    _check_secret(secret)
    if not _SERVICE_NAME.fullmatch(service):
        raise RegulationError("access.service_unnamable")
    return f"{SERVICE_PREFIX}{service}_{_mac(secret, service)}"


def verify_service_bearer(secret: bytes, bearer: str) -> Caller:
    """Return the service that `bearer` names, as a caller with no limit of scope.

    Raises:
        Unauthenticated: `access.token_invalid`.
        RegulationError: `access.service_secret_short`.

    """
    _check_secret(secret)
    match = _SERVICE.fullmatch(bearer)
    if match is None or not hmac.compare_digest(match["mac"], _mac(secret, match["service"])):
        raise Unauthenticated("access.token_invalid")
    return Caller(
        token_id=f"service:{match['service']}",
        seat=f"service/{match['service']}",
        role=Role.SERVICE,
        province=None,
        agency=None,
    )


def _mac(secret: bytes, service: str) -> str:
    return hmac.new(secret, f"doithoai.service.1\0{service}".encode(), hashlib.sha256).hexdigest()


def _check_secret(secret: bytes) -> None:
    if len(secret) < SERVICE_SECRET_BYTES_MIN:
        raise RegulationError("access.service_secret_short", bytes_min=SERVICE_SECRET_BYTES_MIN)
