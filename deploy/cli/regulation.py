"""`doithoai regulation`: what the rules say, offline, and what if they said something else."""

import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from deploy.cli import regulation_replay
from deploy.cli.output import as_json, province, show_json, show_table
from deploy.ending import ANSWER_IS_BAD, catalogue, described, explain
from deploy.environment import settings_told
from shared.kernel.errors import RegulationError

if TYPE_CHECKING:
    from shared.provinces import Province
    from shared.regulations import Matter, Rule

DAY = click.DateTime(["%Y-%m-%d", "%d/%m/%Y"])
_VALUE_SHOWN_CHARS = 80


@click.group()
def regulation() -> None:
    """Quy chế, lịch, thời hạn / rules, days off, deadlines."""


@regulation.command()
@province
@click.option("--on", type=DAY, help="Ngày / day; mặc định hôm nay / today if left out.")
@as_json
def show(province: str, on: datetime | None, is_json: bool) -> None:  # noqa: FBT001
    """Quy định có hiệu lực ở một tỉnh vào một ngày, có căn cứ, là luật hay mặc định.

    The rules of a province in force on a day, each with its citation and who says so: the
    law, the province, a default of this system, or a document of the province whose number
    is not known, so that the national one holds.

    \b
    Ví dụ / Examples:
      doithoai regulation show --province ha-noi
      doithoai regulation show --province ha-nam --on 2022-05-12 --json
    """
    from deploy.regulations.stated import stated

    day = _today() if on is None else on.date()
    found = _province(province)
    rows = list(stated(found, day))
    if is_json:
        documents = [
            {"number": each.number, "issued_on": each.issued_on.isoformat(), "title": each.title}
            for each in found.regulation.documents
        ]
        show_json(
            {
                "province": province,
                "on": day.isoformat(),
                "file": f"{found.file}@{found.sha256}",
                "documents": documents,
                "rules": [each.as_json() for each in rows],
            }
        )
        return
    for document in found.regulation.documents:
        click.echo(f"{document.number}, {document.issued_on:%d/%m/%Y}: {document.title}")
    show_table(
        f"{found.name}, {day:%d/%m/%Y}",
        ["Quy định", "Nội dung", "Nguồn", "Căn cứ"],
        [
            [
                f"{catalogue().word('rule', each.rule.key)} ({each.rule.key})",
                _short(each.as_json()["value"]),
                catalogue().word("rule_origin", each.origin),
                each.rule.citation,
            ]
            for each in rows
        ],
        numbers_from=4,
    )


@regulation.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def check(file: Path, is_json: bool) -> None:  # noqa: FBT001
    """Kiểm tra một tệp tỉnh trước khi dùng; chỉ rõ chỗ sai.

    Reads a province file as a start would, and names what is wrong and where. Exit status 1
    when it would be refused.

    \b
    Ví dụ / Examples:
      doithoai regulation check deploy/provinces/ha-nam.toml
      doithoai regulation check /tmp/hai-phong.toml --json
    """
    from shared.provinces import load_province

    try:
        found = load_province(file)
    except RegulationError as error:
        if is_json:
            show_json({"is_right": False, **described(error)})
        else:
            explain(error)
        sys.exit(ANSWER_IS_BAD)
    counted = {
        "units": len(list(found.territory.units)),
        "organisations": len(list(found.organisations)),
        "agencies": len(list(found.agencies)),
        "routing": len(found.routing),
        "rules": len(list(found.regulation.provincial)),
    }
    if is_json:
        show_json({"is_right": True, "province": found.slug, "sha256": found.sha256, **counted})
        return
    click.echo(f"{found.file}: đúng / right ({found.name}, {found.sha256[:12]})")
    click.echo(", ".join(f"{name} {number}" for name, number in counted.items()))


@regulation.command()
@province
@click.option("--rule", "key", metavar="KEY", help="Quy định / a rule, e.g. resolution_due.")
@click.option("--working-days", type=click.IntRange(0, 3660), help="Số ngày làm việc.")
@click.option("--calendar-days", type=click.IntRange(0, 3660), help="Số ngày theo lịch.")
@click.option("--received", required=True, metavar="2026-02-10T15:00", help="Ngày (và giờ) gốc.")
@click.option(
    "--matter",
    "said",
    multiple=True,
    metavar="NAME=VALUE",
    help="Lặp lại được: kind=…, field=…, urgency=… / what a rule by cases depends on.",
)
@as_json
def due(  # noqa: PLR0917 - options of one command
    province: str,
    key: str | None,
    working_days: int | None,
    calendar_days: int | None,
    received: str,
    said: tuple[str, ...],
    is_json: bool,  # noqa: FBT001
) -> None:
    """Thời hạn kết thúc ngày nào, và vì sao; ai cũng kiểm lại được.

    When a limit ends and why: day zero, each day passed over and for what reason. RECEIVED
    is the day, with or without the hour in Viet Nam, that the limit counts from: of receipt,
    or whatever base the rule names.

    \b
    Ví dụ / Examples:
      doithoai regulation due --province ha-noi --rule resolution_due --received 2026-02-10T15:00
      doithoai regulation due --province ha-noi --working-days 10 --received 2026-02-10 --json
      doithoai regulation due --province ha-noi --rule resolution_due --received 2026-02-10 \
        --matter field=environment --matter urgency=urgent
    """
    from shared.deadlines import explanation

    if sum(each is not None for each in (key, working_days, calendar_days)) != 1:
        raise click.UsageError("--rule | --working-days | --calendar-days: chỉ một / exactly one")
    found = _province(province)
    instant = _instant(received)
    rule = _rule(found, instant.date(), key, working_days, calendar_days)
    deadline = found.due_by(
        rule,
        instant.date(),
        matter=_matter(said),
        received_at=None if _is_day(received) else instant.time(),
    )
    document = explanation(deadline, found.calendar)
    if is_json:
        show_json({"province": province, "rule": key, **document})
        return
    for language in ("vi", "en"):
        click.echo("\n".join(document["explanation"][language]) + "\n")


def _rule(
    found: "Province", on: date, key: str | None, working: int | None, calendar: int | None
) -> "Rule":
    """Return the rule asked for, or one that says the days asked for, from the receipt."""
    from shared.regulations import Limit, LimitBase, LimitUnit, Rule

    if key is not None:
        return found.regulation.rule(key, on)
    in_working_days = working is not None
    days = working if working is not None else calendar
    unit = LimitUnit.WORKING_DAYS if in_working_days else LimitUnit.CALENDAR_DAYS
    return Rule(
        key="as_asked",
        value=Limit(days=days or 0, unit=unit, base=LimitBase.RECEIPT),
        citation=catalogue().text("regulation.as_asked"),
        is_law=False,
        valid_from=on,
    )


def _matter(said: tuple[str, ...]) -> "Matter":
    from shared.contracts.vocabulary import OpinionKind
    from shared.regulations import Matter

    given = dict(each.partition("=")[::2] for each in said)
    kind = given.get("kind")
    is_understood = given.keys() <= {"kind", "field", "urgency"} and all(given.values())
    if not is_understood or kind not in {None, *OpinionKind}:
        raise click.BadParameter(
            f"kind=({'|'.join(OpinionKind)}) | field=… | urgency=…", param_hint="--matter"
        )
    return Matter(
        opinion_kind=None if kind is None else OpinionKind(kind),
        field=given.get("field"),
        urgency=given.get("urgency"),
    )


def _is_day(received: str) -> bool:
    return "T" not in received and " " not in received.strip()


def _instant(received: str) -> datetime:
    """Return the moment as Viet Nam's clocks show it."""
    from shared.kernel.clock import CIVIL_ZONE

    try:
        instant = datetime.fromisoformat(received.strip())
    except ValueError:
        raise click.BadParameter("2026-02-10T15:00 | 2026-02-10", param_hint="--received") from None
    if instant.tzinfo is not None:
        instant = instant.astimezone(CIVIL_ZONE)
    return instant.replace(tzinfo=None)


def _today() -> date:
    from shared.kernel.clock import civil_date

    return civil_date(settings_told().clock())


def _province(slug: str) -> "Province":
    from shared.provinces import load_provinces, province_of

    return province_of(load_provinces(settings_told().provinces), slug)


def _short(value: Any) -> str:
    import json

    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _VALUE_SHOWN_CHARS else f"{text[:_VALUE_SHOWN_CHARS]}…"


regulation.add_command(regulation_replay.explain)
regulation.add_command(regulation_replay.compare)
