"""A token as it is kept and listed, and the form of what it is issued for."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from shared.access.caller import AGENCY_ROLES, Caller, Role
from shared.kernel.errors import BadInput

_SEAT = re.compile(r"(?=.{1,80}\Z)[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)*")
_SLUG = re.compile(r"(?=.{1,80}\Z)[a-z0-9]+([-_][a-z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token without its secret, which nobody knows but its holder."""

    token_id: str
    seat: str
    role: Role
    province: str | None
    agency: str | None
    unit: str | None
    issued_at: datetime
    expires_at: datetime
    """First instant at which the token is no longer taken."""
    revoked_at: datetime | None

    def caller(self) -> Caller:
        """Return who the token stands for."""
        return Caller(
            token_id=self.token_id,
            seat=self.seat,
            role=self.role,
            province=self.province,
            agency=self.agency,
            unit=self.unit,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedToken:
    """A new token with its bearer, which is shown this once."""

    token: Token
    bearer: str = field(repr=False)


def check_issue(
    *, seat: str, role: Role, province: str | None, agency: str | None, unit: str | None
) -> None:
    """Return when a token may be issued for this seat and scope.

    Raises:
        BadInput: `access.seat_malformed`, `access.scope_malformed` for what isn't a key;
            `access.role_not_issued` for services; `access.scope_incomplete` for an
            agency's seat without agency or province, a unit without province;
            `access.scope_unfitting` for an agency on another role.

    """
    if not _SEAT.fullmatch(seat):
        raise BadInput("access.seat_malformed")
    for name, value in (("province", province), ("agency", agency), ("unit", unit)):
        if value is not None and not _SLUG.fullmatch(value):
            raise BadInput("access.scope_malformed", name=name)
    if role is Role.SERVICE:
        raise BadInput("access.role_not_issued", role=role.value)
    if role in AGENCY_ROLES and (agency is None or province is None):
        raise BadInput("access.scope_incomplete", role=role.value)
    if unit is not None and province is None:
        raise BadInput("access.scope_incomplete", role=role.value)
    if role not in AGENCY_ROLES and agency is not None:
        raise BadInput("access.scope_unfitting", role=role.value)
