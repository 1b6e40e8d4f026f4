"""The deep recount: every event decided again, by the rules of the day, from what was before.

It knows all four services. For each event it works out what must have been asked (by a
person, or by the event that caused it), asks the decider of its stream in the state that
the events before lead to, and compares what follows with what the event claims.
"""

from deploy.audit.recount.recounting import Recounted, recount

__all__ = ["Recounted", "recount"]
