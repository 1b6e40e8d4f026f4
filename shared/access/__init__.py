"""Who calls, and what they may do: seats with opaque tokens, roles, scopes.

A token belongs to a seat (`mttq-ba-dinh/can-bo-1`), never to a person's name. Tokens
live in a database of their own; services among themselves use stateless bearers.
"""

from shared.access.bearer import service_bearer, verify_service_bearer
from shared.access.caller import AGENCY_ROLES, Caller, Role
from shared.access.doorkeeper import Doorkeeper
from shared.access.permissions import PERMISSIONS, Action, allow, as_markdown, may
from shared.access.store import DEFAULT_LIFETIME, AccessStore
from shared.access.tables import METADATA
from shared.access.token import IssuedToken, Token

__all__ = [
    "AGENCY_ROLES",
    "DEFAULT_LIFETIME",
    "METADATA",
    "PERMISSIONS",
    "AccessStore",
    "Action",
    "Caller",
    "Doorkeeper",
    "IssuedToken",
    "Role",
    "Token",
    "allow",
    "as_markdown",
    "may",
    "service_bearer",
    "verify_service_bearer",
]
