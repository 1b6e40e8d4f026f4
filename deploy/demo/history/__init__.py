"""Ba Đình 2017–2021 as invented, seeded data, equal in its totals to what was published."""

from deploy.demo.history.chronicle import digests, history
from deploy.demo.history.place import Cell, Published, published_figures
from deploy.demo.history.records import (
    Declined,
    DigestRow,
    Fate,
    HistoricAnswer,
    HistoricDigest,
    HistoricOpinion,
    History,
    PlannedCommitment,
    PlannedSession,
    Referral,
    RowFault,
    Via,
)
from deploy.demo.history.totals import Totals, totals
from deploy.demo.history.workbook import digest_workbook

__all__ = [
    "Cell",
    "Declined",
    "DigestRow",
    "Fate",
    "HistoricAnswer",
    "HistoricDigest",
    "HistoricOpinion",
    "History",
    "PlannedCommitment",
    "PlannedSession",
    "Published",
    "Referral",
    "RowFault",
    "Totals",
    "Via",
    "digest_workbook",
    "digests",
    "history",
    "published_figures",
    "totals",
]
