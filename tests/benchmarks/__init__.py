"""Speed beside the library `eventsourcing`, on one PostgreSQL, in one run."""
