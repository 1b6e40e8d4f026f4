"""`docs/access.md`: the roles, what each may do, and the purposes of reading a text."""

from enum import StrEnum

from deploy.documents.sources import attribute_docs
from shared.access import Action, Role, as_markdown
from shared.access.permissions import AGENCY_ACTIONS
from shared.vault import Purpose
from shared.web.purposes import PURPOSES

HEAD = """# Quyền truy cập · Access

Mã truy cập thuộc về một ghế (chức danh), không thuộc về một người; có vai trò, phạm vi tỉnh
và cơ quan, có ngày hết hạn và thu hồi được ngay.

Generated from `shared/access` and `shared/vault` by `python -m deploy.documents`. A token
belongs to a seat such as `mttq-ba-dinh/can-bo-1`, never to a person's name. Its scope, a
province and for agencies' roles an agency, narrows what its role may do; without a province
it counts everywhere. Of a token only the SHA-256 of its secret is kept.
"""


def access_page() -> str:
    """Return the page."""
    own = ", ".join(f"`{action}`" for action in Action if action in AGENCY_ACTIONS)
    return (
        f"{HEAD}\n## Vai trò · Roles\n\n{_table('role', Role)}"
        f"\n## Việc được làm · Permissions\n\n{as_markdown()}"
        f"\nAn agency's seat does these for its own agency only: {own}.\n"
        f"\n{_table('action', Action)}"
        "\n## Mục đích đọc văn bản · Purposes of reading a text\n\n"
        "Whoever reads a text names one; the reading is logged with seat, purpose and time.\n\n"
        f"{_table('purpose', Purpose)}"
        "\nThe purpose must be the role's own:\n\n"
        f"{_purposes()}"
    )


def _purposes() -> str:
    """Return what each role may read texts for."""
    rows = [
        f"| `{role}` | {', '.join(f'`{purpose}`' for purpose in Purpose if purpose in its)} |"
        for role, its in PURPOSES.items()
    ]
    return "\n".join(["| role | purposes |", "|---|---|", *rows]) + "\n"


def _table(heading: str, vocabulary: type[StrEnum]) -> str:
    """Return the described members of a vocabulary."""
    docs = attribute_docs(vocabulary)
    rows = [f"| `{member}` | {docs[member.name]} |" for member in vocabulary if member.name in docs]
    return "\n".join([f"| {heading} | meaning |", "|---|---|", *rows]) + "\n"
