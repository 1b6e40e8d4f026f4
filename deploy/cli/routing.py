"""`doithoai routing`: the tables that say which agency is competent."""

from collections import Counter
from datetime import datetime
from pathlib import Path

import click

from deploy.cli.audit_source import archives, province_files
from deploy.cli.output import as_json, show_json, show_table
from deploy.cli.report import DAY
from shared.texts.formats import so

SHOWN_MAX = 50
"""Matters that are printed for people; --json has them all."""


@click.group()
def routing() -> None:
    """Bảng phân công cơ quan chủ trì / which agency is competent for what."""


@routing.command("test")
@click.option("--province", required=True, metavar="SLUG", help="Tỉnh, thành phố / whose table.")
@click.option(
    "--with",
    "file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Tệp tỉnh đã sửa, cùng tên / the changed province file, of the same name.",
)
@click.option(
    "--period",
    nargs=2,
    required=True,
    type=DAY,
    metavar="FROM TO",
    help="Ngày chuyển đầu và cuối / first and last day of referral.",
)
@as_json
def test(
    province: str,
    file: Path,
    period: tuple[datetime, datetime],
    is_json: bool,  # noqa: FBT001
) -> None:
    """Chạy lại ý kiến đã chuyển qua bảng phân công đã sửa, cho biết việc nào đổi cơ quan.

    Replays what was referred in the period through a changed table and shows what would go
    to another agency, or to a person. Nothing is recorded. Reads the logs themselves, so an
    embedded deployment has to be stopped.

    \b
    Ví dụ / Examples:
      doithoai routing test --province ha-noi --with ha-noi.toml --period 2021-01-01 2021-12-31
    """
    from deploy.routing_bench import referrals, replay
    from shared.provinces import load_province, province_of

    before, after = province_of(province_files(), province), load_province(file)
    first, last = (day.date() for day in period)
    with archives((province,), is_journal=False) as found:
        bench = replay(referrals(found, first, last), before, after)
    ways = Counter((each.before, each.after) for each in bench.moved)
    if is_json:
        show_json(
            {
                "routed": len(bench.replayed),
                "by_hand": bench.by_hand,
                "moved": [
                    {
                        "opinion_id": each.referral.opinion_id,
                        "unit": each.referral.unit,
                        "field": each.referral.field,
                        "before": each.before,
                        "after": each.after,
                        "citation": each.citation,
                    }
                    for each in bench.moved
                ],
            }
        )
        return
    show_table(
        "Chuyển sang cơ quan khác / would move",
        ["từ / from", "sang / to", "ý kiến / opinions"],
        [[was, would, so(number)] for (was, would), number in sorted(ways.items())],
        numbers_from=2,
    )
    show_table(
        "Từng ý kiến / opinion by opinion",
        ["ý kiến / opinion", "đơn vị / unit", "lĩnh vực / field", "từ / from", "sang / to"],
        [
            [
                each.referral.opinion_id,
                each.referral.unit,
                each.referral.field,
                each.before,
                each.after,
            ]
            for each in bench.moved[:SHOWN_MAX]
        ],
        numbers_from=5,
    )
    click.echo(
        f"{so(len(bench.moved))} / {so(len(bench.replayed))} ý kiến đổi cơ quan; "
        f"{so(bench.by_hand)} do người chọn / would move; chosen by hand."
    )
