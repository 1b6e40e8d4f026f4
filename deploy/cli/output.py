"""What the command line prints: JSON for programs, tables and sentences for people."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from shared.kernel.clock import CIVIL_ZONE

ABSENT = "—"
WIDTH_ELSEWHERE = 200
"""Columns of a table that goes into a file or another program: nothing is cut there."""

IS_JSON = "deploy.cli.output.is_json"
"""Where the context of a command, and so its group, says that `--json` was asked for."""


def _told(ctx: click.Context, _option: click.Parameter, is_json: bool) -> bool:  # noqa: FBT001
    ctx.meta[IS_JSON] = is_json
    return is_json


as_json = click.option(
    "--json", "is_json", is_flag=True, callback=_told, help="In JSON cho máy đọc / JSON."
)
province = click.option(
    "--province", required=True, metavar="SLUG", help="Tỉnh, thành phố, ví dụ ha-noi."
)


def moment(instant: str | None) -> str | None:
    """Return an instant as people in Viet Nam read it, to the minute; None stays None."""
    if instant is None:
        return None
    return f"{datetime.fromisoformat(instant).astimezone(CIVIL_ZONE):%d/%m/%Y %H:%M}"


def show_json(document: Any) -> None:
    """Print `document` as JSON, sorted, readable."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True))


def show_table(
    title: str, headings: Sequence[str], rows: Sequence[Sequence[object]], numbers_from: int = 1
) -> None:
    """Print a table; columns from `numbers_from` on are right-aligned numbers."""
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    for place, heading in enumerate(headings):
        is_number = place >= numbers_from
        table.add_column(heading, justify="right" if is_number else "left", no_wrap=is_number)
    for row in rows:
        table.add_row(*(ABSENT if cell is None else str(cell) for cell in row))
    console = Console(markup=False, emoji=False, highlight=False)
    if not console.is_terminal:
        console.width = WIDTH_ELSEWHERE
    console.print(table)


def progress() -> Progress:
    """Return a progress bar on standard error, silent where that is no terminal."""
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )


@contextmanager
def waiting(what: str) -> Iterator[None]:
    """Show on a terminal that something of unknown length goes on."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(what):
        yield
