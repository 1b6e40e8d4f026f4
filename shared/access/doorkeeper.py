"""Takes any bearer, of a seat or of a service, and tells who calls."""

from dataclasses import dataclass, field

from shared.access.bearer import SERVICE_PREFIX, verify_service_bearer
from shared.access.caller import Caller
from shared.access.store import AccessStore
from shared.kernel.clock import Clock
from shared.kernel.errors import Unauthenticated


@dataclass(frozen=True, slots=True, kw_only=True)
class Doorkeeper:
    """What the edge of a service asks; without a `service_secret` no service is let in."""

    tokens: AccessStore
    clock: Clock
    service_secret: bytes | None = field(default=None, repr=False)

    def authenticate(self, bearer: str | None) -> Caller:
        """Return who calls.

        Raises: as `AccessStore.authenticate` and `verify_service_bearer`.
        """
        if bearer is None or not bearer.startswith(SERVICE_PREFIX):
            return self.tokens.authenticate(bearer, self.clock())
        if self.service_secret is None:
            raise Unauthenticated("access.token_invalid")
        return verify_service_bearer(self.service_secret, bearer)
