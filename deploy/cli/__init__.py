"""The command `doithoai`. Commands import what they need when they run."""

from deploy.cli.root import main

__all__ = ["main"]
