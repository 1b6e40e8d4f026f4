"""Reporting's pages for people: figures, the events behind each, what was published."""

from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"
