"""Which purposes of reading a text are whose: a purpose is no free choice."""

from collections.abc import Mapping

from shared.access import Caller, Role
from shared.kernel.errors import Forbidden
from shared.vault import Purpose

PURPOSES: Mapping[Role, frozenset[Purpose]] = {
    Role.CADRE: frozenset({Purpose.OWN_ENTRY, Purpose.PUBLICATION}),
    Role.SCREENER: frozenset({Purpose.SCREENING, Purpose.OWN_ENTRY, Purpose.PUBLICATION}),
    Role.SECRETARY: frozenset({Purpose.HANDLING, Purpose.OWN_ENTRY, Purpose.PUBLICATION}),
    Role.CHAIR: frozenset({Purpose.HANDLING, Purpose.PUBLICATION}),
    Role.AGENCY_CLERK: frozenset({Purpose.HANDLING}),
    Role.AGENCY_HEAD: frozenset({Purpose.HANDLING}),
    Role.SUPERVISOR: frozenset({Purpose.SUPERVISION}),
    Role.AUDITOR: frozenset({Purpose.AUDIT}),
}
"""What each role that may read texts at all may read them for."""


def check_purpose(
    caller: Caller, purpose: Purpose, *, is_own: bool = False, is_public: bool = False
) -> None:
    """Return when `caller` may read a text for `purpose`.

    `is_own` says that the caller's seat entered it, `is_public` that the people may see it.

    Raises:
        Forbidden: `access.purpose_not_allowed`.

    """
    match purpose:
        case Purpose.OWN_ENTRY:
            is_fit = is_own
        case Purpose.PUBLICATION:
            is_fit = is_public
        case _:
            is_fit = True
    if not is_fit or purpose not in PURPOSES.get(caller.role, frozenset()):
        raise Forbidden("access.purpose_not_allowed", purpose=purpose.value)
