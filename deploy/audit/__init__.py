"""What an auditor asks of the logs: read-only, without a running deployment, offline.

Nothing here appends an event, starts a service or changes a file. Every question is asked
of *archives*: one log each, wherever it lies.
"""
