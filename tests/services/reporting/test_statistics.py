"""A statistic is one file; a wrong one stops the start and names its place."""

from pathlib import Path

import pytest

from services.reporting.counting import Counted, count, loaded
from services.reporting.event_tables import table
from services.reporting.statistics import read_statistic, statistics
from shared.contracts import EVENT_TYPES
from shared.contracts.sessions import Commitment, ConclusionIssued
from shared.kernel.errors import RegulationError
from shared.texts import Catalogue, Language
from shared.web.app import catalogue_of
from tests.services.reporting.history import (
    HELD_ON,
    TEXT,
    History,
    ended,
    kept,
    of_types,
    session,
    values_of,
)

HEAD = """-- name = "held"
-- revision = 1
-- cells = ["unit"]
-- measures = ["sessions"]

"""
QUERY = """SELECT province, origin, position, event_id, held_on AS day, unit,
    'sessions' AS measure, 1 AS amount FROM SessionEnded"""


def written(folder: Path, text: str, name: str = "held.sql") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_new_file_is_a_new_statistic(tmp_path: Path) -> None:
    statistic = read_statistic(written(tmp_path, HEAD + QUERY))
    assert statistic.types == ("SessionEnded",)
    rows = of_types(statistic, History().record(ended(session())).entries)
    (cell,) = count(statistic, rows)
    assert cell == ("ha-noi", HELD_ON, ("phuong-thanh-cong",), "sessions")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_statistic_and_measure_has_words(language: Language) -> None:
    catalogue: Catalogue = catalogue_of("reporting")
    for statistic in statistics().values():
        assert catalogue.text(f"statistics.{statistic.name}", language)
        for name in (*statistic.measures, *statistic.shares):
            assert catalogue.word("measure", name, language)
        for name in statistic.cells:
            assert catalogue.word("dimension", name, language)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (HEAD.replace('"held"', '"other"') + QUERY, "name"),
        (HEAD.replace('["unit"]', '["day"]') + QUERY, "cells"),
        (HEAD.replace('["sessions"]', '["unit"]') + QUERY, "measures"),
        (HEAD.replace("\n\n", '\n-- declared = ["opinions"]\n\n') + QUERY, "declared"),
        (HEAD.replace("\n\n", '\n-- declared = ["sessions"]\n\n') + QUERY, "declared"),
        (HEAD.replace("\n\n", '\n-- [shares]\n-- x = ["sessions", "y"]\n\n') + QUERY, "shares"),
        (HEAD + "SELECT 1", "query"),
    ],
)
def test_a_wrong_head_is_refused_and_named(tmp_path: Path, text: str, key: str) -> None:
    with pytest.raises(RegulationError, match=r"statistic\.wrong_head") as caught:
        read_statistic(written(tmp_path, text))
    assert caught.value.facts == {"file": "held.sql", "key": key}


def test_an_unknown_key_in_a_head_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RegulationError, match=r"reference\.unknown_key"):
        read_statistic(written(tmp_path, HEAD.replace("\n\n", "\n-- colour = 1\n\n") + QUERY))


@pytest.mark.parametrize(
    "query",
    [
        QUERY.replace("held_on AS day", "CAST(NULL AS DATE) AS day"),
        QUERY.replace("1 AS amount", "NULL AS amount"),
        QUERY.replace("'sessions'", "'meetings'"),
    ],
)
def test_a_contribution_without_day_amount_or_known_measure_is_refused(
    tmp_path: Path, query: str
) -> None:
    statistic = read_statistic(written(tmp_path, HEAD + query))
    with pytest.raises(RegulationError, match=r"statistic\.wrong_contribution") as caught:
        count(statistic, of_types(statistic, History().record(ended(session())).entries))
    assert caught.value.facts["position"] == 0


@pytest.mark.parametrize("query", ["SELECT nonsense FROM SessionEnded", QUERY + " WHERE"])
def test_a_query_that_fails_is_named_without_the_databases_own_words(
    tmp_path: Path, query: str
) -> None:
    statistic = read_statistic(written(tmp_path, HEAD + query))
    with pytest.raises(RegulationError, match=r"statistic\.cannot_count") as caught:
        count(statistic, [])
    assert set(caught.value.facts) == {"statistic", "reason"}


def test_a_query_reaches_no_file_and_no_network(tmp_path: Path) -> None:
    secret = written(tmp_path, "a\n1\n", "secret.csv")
    query = f"{QUERY} UNION ALL SELECT * FROM read_csv('{secret}')"  # noqa: S608 - the point
    statistic = read_statistic(written(tmp_path, HEAD + query))
    with pytest.raises(RegulationError, match="PermissionException"):
        count(statistic, [])


def test_every_event_type_of_the_contracts_can_be_queried() -> None:
    with loaded([]) as counted:
        for name in EVENT_TYPES:
            _make(counted, name)
            assert counted.database.table(name).fetchall() == []


def test_a_list_of_an_event_is_a_table_of_its_own() -> None:
    promise = Commitment(
        commitment_id="c-1",
        field="environment",
        opinion_ids=("o-1", "o-2"),
        lead_agency="ubnd-ba-dinh",
        cooperating_agencies=(),
        product=TEXT,
        due_on=HELD_ON,
    )
    issued = ConclusionIssued(
        **values_of(session()),
        held_on=HELD_ON,
        conclusion_id="k-1",
        number="1",
        issued_on=HELD_ON,
        signer="ubnd-ba-dinh/chu-tich",
        commitments=(promise,),
    )
    with loaded(kept(History().record(issued).entries)) as counted:
        _make(counted, "ConclusionIssued__commitments")
        rows = counted.database.execute(
            "SELECT position, commitment_id, opinion_ids, due_on FROM ConclusionIssued__commitments"
        ).fetchall()
    assert rows == [(0, "c-1", ["o-1", "o-2"], HELD_ON)]


def _make(counted: Counted, name: str) -> None:
    counted.database.execute(table(name))
