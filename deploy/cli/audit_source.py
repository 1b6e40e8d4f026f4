"""Where a command of the auditor reads, and how its verdict is told."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import click

from deploy.audit.verdict import Finding, Verdict
from deploy.cli.output import show_json
from deploy.environment import settings_told

if TYPE_CHECKING:
    from deploy.audit.archive import Archive
    from shared.provinces import Province

SHOWN_MAX = 50
"""Findings that are printed for people; --json has them all."""

from_journal = click.option(
    "--journal",
    "is_journal",
    is_flag=True,
    help="Đọc bản sao của dịch vụ báo cáo / read Reporting's copies.",
)
provinces_asked = click.option(
    "--province", "provinces", multiple=True, metavar="SLUG", help="Lặp lại được; mặc định: tất cả."
)


@contextmanager
def archives(provinces: Sequence[str], *, is_journal: bool) -> Iterator["list[Archive]"]:
    """Yield the logs of the deployment of the environment, of `provinces` or of all.

    Raises:
        Unavailable: `audit.no_database`, `audit.started_meanwhile`.
        NotFound: `province.unknown`.

    """
    from deploy.audit.deployment import journals, of_provinces, owners

    opened = journals if is_journal else owners
    with opened(settings_told()) as found:
        yield of_provinces(found, provinces)


def province_files() -> "Mapping[str, Province]":
    """Return the province files in use. Raises RegulationError as `load_provinces`."""
    from shared.provinces import load_provinces

    return load_provinces(settings_told().provinces)


def conclude(
    verdict: Verdict,
    document: Mapping[str, Any],
    findings: Sequence[Finding],
    *,
    is_json: bool,
    told: str | None = None,
) -> NoReturn:
    """Print the verdict with what was found, and end with its status.

    What was printed before, for people, stays above it. With `is_json` only the document
    is printed, completed by verdict and findings. `told` is the key of other words than
    those of the verdict.
    """
    texts = verdict.told(told)
    if is_json:
        said = {"verdict": verdict.name.lower(), "texts": texts}
        show_json({**document, **said, "findings": [each.as_json() for each in findings]})
    else:
        for each in findings[:SHOWN_MAX]:
            place = each.origin if each.position is None else f"{each.origin} [{each.position}]"
            click.echo(f"{place}  {each.event_id or ''}\n  {each.text()}\n  {each.text('en')}")
        if len(findings) > SHOWN_MAX:
            left = len(findings) - SHOWN_MAX
            click.echo(f"… và {left} điều nữa, xem với --json / and {left} more, see --json.")
        click.echo(f"{texts['vi']} / {texts['en']}")
    sys.stdout.flush()
    sys.exit(verdict)
