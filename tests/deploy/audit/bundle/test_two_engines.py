"""Every statistic gives the same figures in SQLite, as the verifier runs it, as in DuckDB."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings

from deploy.audit.bundle.event_shapes import EventShapes
from deploy.audit.bundle.verify_bundle import Tables, parse
from services.reporting.counting import Cell, count
from services.reporting.event_tables import plain_columns
from services.reporting.statistics import Statistic, statistics
from shared.contracts import EVENT_TYPES, SCHEMA_VERSIONS
from shared.eventlog import Entry
from shared.kernel.errors import ContractError
from shared.wire import upcasters
from tests.services.reporting.histories import histories
from tests.services.reporting.history import of_types

EVERY = pytest.mark.parametrize(
    "statistic", [pytest.param(each, id=name) for name, each in statistics().items()]
)
LAW = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


@EVERY
@LAW
@given(entries=histories())
def test_both_engines_give_the_same_figures(statistic: Statistic, entries: list[Entry]) -> None:
    shapes = EventShapes(statistic)
    for entry in entries:
        shapes.see(entry.content)
    tables = Tables(shapes.as_json(), statistic.sql)
    for entry in entries:
        tables.add(parse(entry.content), entry.origin, entry.position)
    sums: Counter[Cell] = Counter()
    for province, day, *cell, measure, amount in tables.run(statistic.sql, statistic.cells):
        sums[Cell(province, date.fromisoformat(day), tuple(cell), measure)] += amount
    found = {cell: amount for cell, amount in sums.items() if amount}
    assert found == count(statistic, of_types(statistic, entries))


def test_every_type_has_plain_columns_and_every_list_a_table_of_its_own() -> None:
    assert all(set(plain_columns(name).values()) <= KINDS for name in EVENT_TYPES)
    promises = plain_columns("ConclusionIssued__commitments")
    assert promises["due_on"] == "date"
    assert "opinion_ids" not in promises
    assert plain_columns("ReportPublished__by") == {"value": "text"}
    assert plain_columns("ReportPublished__logs") == {"data_origin": "text", "size": "int"}
    assert "by" not in plain_columns("ReportPublished")


def test_lists_are_read_row_by_row() -> None:
    query = "SELECT position, value FROM ReportPublished__by"
    tables = Tables({"ReportPublished__by": {"versions": [1]}}, query)
    data = {"by": ["unit", "level"]}
    event = {"type": "ReportPublished", "schemaversion": 1, "id": "e", "data": data}
    tables.add(event, "d/p/reporting", 4)
    rows = tables.database.execute(query).fetchall()
    assert rows == [(4, "unit"), (4, "level")]


def test_an_older_version_is_named_only_while_the_upcast_changes_no_column_that_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    statistic = statistics()["fields"]
    old = b'{"type":"OpinionReceived","schemaversion":1,"data":{"unit":"a","field":"f"}}'
    monkeypatch.setitem(SCHEMA_VERSIONS, "OpinionReceived", 2)
    for step, versions in (
        (lambda data: {**data, "colour": "red"}, [1, 2]),
        (lambda data: {**data, "field": "g"}, [2]),
    ):
        monkeypatch.setitem(upcasters.STEPS, ("OpinionReceived", 1), step)
        shapes = EventShapes(statistic)
        shapes.see(old)
        assert shapes.as_json()["OpinionReceived"]["versions"] == versions
    with pytest.raises(ContractError, match=r"contract\.unknown_version"):
        EventShapes(statistic).see(old.replace(b":1,", b":3,"))


KINDS = {"text", "date", "int", "bool"}
