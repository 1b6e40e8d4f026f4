"""Somebody who was recognised: a seat in a role, within a scope."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a seat is there for (vai trò)."""

    CADRE = "cadre"
    """Cán bộ Mặt trận: gathers and enters what people say."""
    SCREENER = "screener"
    """Người sàng lọc."""
    SECRETARY = "secretary"
    """Thư ký hội nghị."""
    CHAIR = "chair"
    """Chủ trì: answers in the room, issues conclusions."""
    AGENCY_CLERK = "agency_clerk"
    """Chuyên viên của cơ quan được giao."""
    AGENCY_HEAD = "agency_head"
    """Thủ trưởng cơ quan được giao: the second pair of eyes, who releases answers."""
    SUPERVISOR = "supervisor"
    """Người giám sát, of the Fatherland Front."""
    LEADER = "leader"
    """Lãnh đạo: reads reports."""
    AUDITOR = "auditor"
    """Người kiểm tra: replays the logs."""
    OPERATOR = "operator"
    """Người vận hành: runs the system and reads no text of anybody."""
    SERVICE = "service"
    """Another service of this deployment; no token of this role is ever issued."""


AGENCY_ROLES = frozenset({Role.AGENCY_CLERK, Role.AGENCY_HEAD})
"""Roles that act for one agency, and see of others' work nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who calls. A scope that is None is not limited."""

    token_id: str
    seat: str
    role: Role
    province: str | None
    agency: str | None
    unit: str | None = None
