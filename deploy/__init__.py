"""The composition root: starts the four services, migrates, commands, demonstrates.

The only place that knows all of them.
"""
