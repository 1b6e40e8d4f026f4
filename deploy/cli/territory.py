"""`doithoai territory`: the official lists of units and what became of them, offline."""

import sys
from collections.abc import Sequence
from typing import Any

import click

from deploy.cli.output import as_json, show_json, show_table
from deploy.ending import ANSWER_IS_BAD
from shared.contracts.vocabulary import Level
from shared.territory import (
    History,
    ListedUnit,
    OfficialCode,
    Scheme,
    Succession,
    find,
    history,
    line_of,
    restate,
    unit_of,
)
from shared.texts.formats import ngay, so

FOUND_MAX = 100
"""Units that one command shows."""
_LEVELS = {2: Level.PROVINCE, 3: Level.DISTRICT, 5: Level.COMMUNE}
"""By the digits of a code."""

_scheme = click.option(
    "--scheme",
    type=click.Choice([scheme.value for scheme in Scheme]),
    help="Bộ mã: 2025-01 (đến 30/06/2025) hoặc 2025-07; mặc định cả hai / list; both if left out.",
)
_limit = click.option(
    "--limit",
    default=20,
    show_default=True,
    type=click.IntRange(1, FOUND_MAX),
    help="Nhiều nhất bao nhiêu đơn vị / at most so many units.",
)


@click.group()
def territory() -> None:
    """Đơn vị hành chính theo danh mục chính thức / units of the official lists."""


@territory.command("find")
@click.argument("text", nargs=-1, required=True)
@_scheme
@_limit
@as_json
def find_command(text: Sequence[str], scheme: str | None, limit: int, is_json: bool) -> None:  # noqa: FBT001
    """Tìm đơn vị theo tên, có dấu hay không dấu, có hay không có chữ chỉ loại.

    Finds units by name, with or without diacritics and the kind word; after a comma comes
    what it lies in. The best comes first. Exit status 1 when there is none.

    \b
    Ví dụ / Examples:
      doithoai territory find phuong Giang Vo
      doithoai territory find "Giảng Võ, Ba Đình" --scheme 2025-01
      doithoai territory find TP Hà Tĩnh --json
    """
    found = find(" ".join(text), scheme=Scheme(scheme) if scheme else None, limit=limit)
    if is_json:
        hits = [_unit(hit.unit) | {"match": hit.match.name.lower()} for hit in found.hits]
        show_json({"hits": hits, "left_off": found.left_off})
    elif found.hits:
        show_table(
            "Đơn vị hành chính / units",
            ["Đơn vị", "Thuộc", "Mã (bộ mã/cấp/mã)"],
            [
                [
                    hit.unit.full_name,
                    ", ".join(above.full_name for above in line_of(hit.unit)[1:]),
                    hit.unit.official,
                ]
                for hit in found.hits
            ],
            numbers_from=3,
        )
    _tell_rest(len(found.hits), found.left_off)
    sys.exit(0 if found.hits else ANSWER_IS_BAD)


@territory.command("history")
@click.argument("unit", nargs=-1, required=True)
@_scheme
@_limit
@as_json
def history_command(unit: Sequence[str], scheme: str | None, limit: int, is_json: bool) -> None:  # noqa: FBT001
    """Đơn vị đã thành đơn vị nào, từ đơn vị nào mà có, ngày nào, căn cứ nào.

    What a unit was before, what it became, when and by which act. UNIT is a name, a full
    code (2025-01/commune/00031), or a code with --scheme: codes were re-used and mean
    nothing alone. A name that several units have shows all of them. Only a part of a
    split unit went to each successor; how much is not stated, so nothing is shared out.

    \b
    Ví dụ / Examples:
      doithoai territory history 00031 --scheme 2025-01
      doithoai territory history "phường Giảng Võ, quận Ba Đình"
      doithoai territory history 2025-07/commune/00025 --json
    """
    units, left_off = _meant(" ".join(unit), Scheme(scheme) if scheme else None, limit)
    histories = [history(each.official) for each in units]
    if is_json:
        show_json({"units": [_history(each) for each in histories], "left_off": left_off})
    else:
        for each in histories:
            _show(each)
    _tell_rest(len(histories), left_off)
    sys.exit(0 if histories else ANSWER_IS_BAD)


def _meant(text: str, scheme: Scheme | None, limit: int) -> tuple[list[ListedUnit], int]:
    """Return the units that a code or a whole name means, and how many more there are."""
    official = _coded(text, scheme)
    if official is None:
        found = find(text, scheme=scheme, limit=limit, is_whole=True)
        return [hit.unit for hit in found.hits], found.left_off
    unit = unit_of(official)
    return [] if unit is None else [unit], 0


def _coded(text: str, scheme: Scheme | None) -> OfficialCode | None:
    if "/" in text:
        try:
            return OfficialCode.parse(text)
        except ValueError:
            raise click.BadParameter("bộ mã/cấp/mã: 2025-01/commune/00031") from None
    level = _LEVELS.get(len(text)) if text.isascii() and text.isdecimal() else None
    if level is None:
        return None
    if scheme is None:
        raise click.UsageError("mã phải đi cùng --scheme / a code needs --scheme")
    return OfficialCode(scheme, level, text)


def _unit(unit: ListedUnit) -> dict[str, Any]:
    scheme, level, code = unit.official
    return {
        "unit": str(unit.official),
        "scheme": scheme,
        "level": level,
        "code": code,
        "kind": unit.kind,
        "name": unit.full_name,
        "lies_in": [above.full_name for above in line_of(unit)[1:]],
    }


def _history(found: History) -> dict[str, Any]:
    document = _unit(found.unit) | {
        "predecessors": [_change(each, each.old) for each in found.predecessors],
        "successors": [_change(each, each.new) for each in found.successors],
        "ended_by": found.ended_by,
    }
    if found.unit.official.scheme is Scheme.FROM_2025_07:
        return document
    level = Level.PROVINCE if found.unit.official.level is Level.PROVINCE else Level.COMMUNE
    restated = restate(found.unit.official, level)
    return document | {
        "restated": None if restated.unit is None else _unit(restated.unit),
        "not_allocated_among": [_unit(unit) for unit in restated.candidates],
    }


def _change(succession: Succession, other: ListedUnit) -> dict[str, Any]:
    return _unit(other) | {
        "is_partial": succession.is_partial,
        "since": succession.since.isoformat(),
        "citation": succession.citation,
    }


def _show(found: History) -> None:
    rows = [
        [_named(each.old), _named(each.new), _part(each), ngay(each.since), each.citation]
        for each in (*found.predecessors, *found.successors)
    ]
    title = f"{_named(found.unit)}, {found.unit.official}"
    if rows:
        heads = ["Trước", "Sau", "Phần", "Từ ngày", "Căn cứ"]
        show_table(title, heads, rows, numbers_from=len(heads))
    else:
        click.echo(title)
    if found.ended_by is not None:
        day = ngay(found.unit.official.scheme.listed_on)
        click.echo(f"Kết thúc ngày {day}, không có đơn vị kế thừa / ended: {found.ended_by}")
        places = ", ".join(unit.full_name for unit in restate(found.unit.official).candidates)
        click.echo(f"Địa bàn nay thuộc / its area is now in: {places}")
    if any(each.is_partial for each in found.successors):
        click.echo(
            "Đơn vị đã chia: số liệu không phân bổ được cho đơn vị mới "
            "/ was split: figures can't be allocated to the new units."
        )


def _named(unit: ListedUnit) -> str:
    return ", ".join(each.full_name for each in line_of(unit))


def _part(succession: Succession) -> str:
    return "một phần / in part" if succession.is_partial else "toàn bộ / whole"


def _tell_rest(shown: int, left_off: int) -> None:
    if not shown:
        click.echo("Không tìm thấy đơn vị nào / no such unit.", err=True)
    elif left_off:
        click.echo(f"Còn {so(left_off)} đơn vị nữa / more; --limit.", err=True)
