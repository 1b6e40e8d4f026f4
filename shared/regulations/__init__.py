"""Regulations as dated data: every rule has a period, a citation and says if it is law."""

from shared.regulations.keys import KEYS, LOCAL_KEYS
from shared.regulations.regulation import NATIONAL_FILE, Regulation
from shared.regulations.rules import Document, Rule
from shared.regulations.values import (
    EscalationStep,
    EscalationTarget,
    Extension,
    HotTopic,
    Limit,
    LimitBase,
    LimitCase,
    LimitUnit,
    Matter,
    MonthsPerLevel,
    OpinionsCutoff,
    PerLevel,
    Reopening,
    ReportingPeriods,
    SeparateDuty,
    SessionFormalities,
    Term,
    Value,
)

__all__ = [
    "KEYS",
    "LOCAL_KEYS",
    "NATIONAL_FILE",
    "Document",
    "EscalationStep",
    "EscalationTarget",
    "Extension",
    "HotTopic",
    "Limit",
    "LimitBase",
    "LimitCase",
    "LimitUnit",
    "Matter",
    "MonthsPerLevel",
    "OpinionsCutoff",
    "PerLevel",
    "Regulation",
    "Reopening",
    "ReportingPeriods",
    "Rule",
    "SeparateDuty",
    "SessionFormalities",
    "Term",
    "Value",
]
