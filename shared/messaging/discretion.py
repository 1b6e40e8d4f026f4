"""nameko logs exceptions with their words and their trace; here only code and place remain.

A database quotes the offending row in its errors, and so perhaps a person.
"""

import logging

from shared.projections.faults import code_of, place_of

_TALKERS = ("nameko.containers", "nameko.runners", "nameko.extensions")


class Discreet(logging.Filter):
    """Replaces every exception in a record by its code and its place."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return True always; the record is kept, without the words of any exception."""
        if isinstance(record.args, tuple):
            record.args = tuple(
                f"{code_of(each)} at {place_of(each)}" if isinstance(each, BaseException) else each
                for each in record.args
            )
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            record.msg = f"{record.msg} [{code_of(error)} at {place_of(error)}]"
        record.exc_info = None
        record.exc_text = None
        return True


_DISCREET = Discreet()


def be_discreet() -> None:
    """Filter what nameko logs, once for the process."""
    for name in _TALKERS:
        logging.getLogger(name).addFilter(_DISCREET)
