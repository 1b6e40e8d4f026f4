"""The append-only log: one per service and province, and its own outbox.

`execute` is the only write path; `Ledger` opens the logs of one service; `EventLog`
appends and reads one of them.

What proves a log stands beside them and knows no database: `proof` (trees and proofs),
`tiles` (their hashes in files), `note` and `note_key` (signed texts), `checkpoint` (what a
log says of itself, and whose word is taken), `tlog_proof` (a proof to keep).
"""

from shared.eventlog.entry import NOTHING, Appended, Draft, Entry, Recorded
from shared.eventlog.execute import Outcome, Task, actor_of, execute, reaction
from shared.eventlog.ledger import Ledger
from shared.eventlog.log import EventLog
from shared.eventlog.tables import LogTables, log_tables

__all__ = [
    "NOTHING",
    "Appended",
    "Draft",
    "Entry",
    "EventLog",
    "Ledger",
    "LogTables",
    "Outcome",
    "Recorded",
    "Task",
    "actor_of",
    "execute",
    "log_tables",
    "reaction",
]
