"""One suite for the log, run on SQLite and on PostgreSQL, and races on PostgreSQL."""
