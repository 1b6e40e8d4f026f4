"""The append-only log: one per service and province, and its own outbox.

`execute` is the only write path; `Ledger` opens the logs of one service; `EventLog`
appends and reads one of them.
"""

from shared.eventlog.entry import NOTHING, Appended, Draft, Entry, Recorded
from shared.eventlog.execute import Outcome, Task, execute
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
    "execute",
    "log_tables",
]
