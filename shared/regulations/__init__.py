"""Regulations as dated data: every rule has a period, a citation and says if it is law."""

from shared.regulations.regulation import NATIONAL_FILE, Regulation
from shared.regulations.rules import Document, Rule
from shared.regulations.values import (
    EscalationStep,
    Extension,
    Limit,
    LimitBase,
    LimitUnit,
    MonthsPerLevel,
    OpinionsCutoff,
    PerLevel,
    ReportingPeriods,
    SessionFormalities,
    Term,
    Value,
)

__all__ = [
    "NATIONAL_FILE",
    "Document",
    "EscalationStep",
    "Extension",
    "Limit",
    "LimitBase",
    "LimitUnit",
    "MonthsPerLevel",
    "OpinionsCutoff",
    "PerLevel",
    "Regulation",
    "ReportingPeriods",
    "Rule",
    "SessionFormalities",
    "Term",
    "Value",
]
