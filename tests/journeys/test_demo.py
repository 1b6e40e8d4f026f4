"""The main job on the embedded default: from what people said to the published figures."""

import csv
import json
from contextlib import closing

import pytest
import sqlalchemy as sa

from deploy.audit.verdict import Verdict
from deploy.cli.demo import SEED
from deploy.demo.evidence import BUNDLE
from deploy.demo.history import history, totals
from deploy.ending import DONE, USED_WRONGLY
from shared.settings import SERVICES
from shared.store import Store
from tests.deploy.commands import ran
from tests.journeys.conftest import Played
from tests.journeys.figures import MEASURES, PERIOD, PUBLISHED, TOTAL, assert_published, computed
from tests.journeys.planted import needles, planted_in

pytestmark = pytest.mark.timeout(1_500)


def test_every_computed_figure_equals_the_published_one(demo: Played) -> None:
    assert demo.ended.status == DONE, demo.ended.err
    assert_published(demo.document)


def test_the_table_ends_with_the_total_and_keeps_what_is_not_stated_apart(demo: Played) -> None:
    total, education = demo.document["rows"][-2:]
    assert tuple(total["computed"][name] for name in MEASURES) == TOTAL
    assert total["computed"] == total["published"]
    assert (education["published"]["sessions"], education["published"]["attendances"]) == (
        236,
        18_150,
    )
    assert education["published"]["opinions"] is None  # speaking turns are no opinions
    assert education["published"]["answered"] is None
    assert set(education["computed"].values()) == {None}


def test_every_event_of_the_demo_follows_from_those_before_it(demo: Played) -> None:
    ended = demo.call("audit", "recount", "--json")
    assert ended.status == Verdict.PROVEN, ended.out[:2_000]
    assert ended.json["findings"] == []
    assert ended.json["awaited_in_all"] == 0
    assert ended.json["entries"] >= sum(log["size"] for log in demo.document["logs"])


def test_the_demo_ends_with_its_logs_verified_and_a_figure_proven_from_its_bundle(
    demo: Played,
) -> None:
    evidence = demo.document["evidence"]
    assert evidence["logs_verified"] is True
    assert {log["origin"] for log in evidence["logs"]} >= {
        f"doithoai.local/ha-noi/{service}" for service in SERVICES
    }
    assert evidence["figure_proven"] is True, evidence["said"]
    assert (demo.folder / BUNDLE).stat().st_size == evidence["bundle_bytes"]


def test_the_demo_says_how_long_it_took(demo: Played) -> None:
    assert demo.document["seconds"] > 0


def test_every_service_has_its_log_and_the_kept_data_has_the_same_sizes(demo: Played) -> None:
    sizes = {log["origin"]: log["size"] for log in demo.document["logs"]}
    assert set(sizes) == {f"doithoai.local/ha-noi/{service}" for service in SERVICES}
    assert all(sizes[f"doithoai.local/ha-noi/{name}"] > 2_000 for name in SERVICES[:3])
    kept = {log["origin"]: log["size"] for log in demo.call("log", "status", "--json").json["logs"]}
    # Opened by a later clock, services find what time has done meanwhile: windows are over,
    # agencies with open matters are no more. Nothing is ever lost.
    assert all(kept[origin] >= size for origin, size in sizes.items())


@pytest.mark.parametrize("service", SERVICES)
def test_no_event_names_a_version_that_its_log_has_not_adopted_before(
    demo: Played, service: str
) -> None:
    query = sa.text("SELECT origin, entry FROM entry JOIN log USING (log_no) ORDER BY 1, position")
    store = Store(f"sqlite:///{demo.folder}/{service}.db")
    with closing(store), store.read() as connection:
        entries = [(origin, json.loads(entry)) for origin, entry in connection.execute(query)]
    adopted: set[tuple[str, str]] = set()
    named: set[tuple[str, str]] = set()
    for origin, entry in entries:
        here = {(origin, version) for version in entry.get("references", "").split()}
        assert here <= adopted, (origin, entry["type"])
        named |= here
        if entry["type"] == "ReferenceAdopted":
            adopted.add((origin, f"{entry['data']['file']}@{entry['data']['version']}"))
    assert {origin.split("/")[1] for origin, _version in adopted} >= {"ha-noi", "ha-nam"}
    assert named


def test_a_report_on_the_kept_data_shows_the_same_recounted_from_the_first_event(
    demo: Played,
) -> None:
    by = ("--by", "level,session_kind", "--json", "--replay")
    shown = demo.call("report", "sessions", *PERIOD, *by)
    assert shown.status == DONE
    assert computed(shown.json) == PUBLISHED
    assert shown.json["replay"]["equal"] is True
    for row in shown.json["rows"]:
        if row["session_kind"]:
            declared = tuple(row["declared"][measure] for measure in MEASURES)
            assert declared == PUBLISHED[row["level"], row["session_kind"]]
            assert row["differences"] == []
    (late,) = [row for row in shown.json["rows"] if row["overdue"]]
    assert (late["level"], late["session_kind"], late["overdue"]) == ("commune", "periodic", 12)


def test_the_units_add_up_to_the_whole(demo: Played) -> None:
    shown = demo.call("report", "sessions", *PERIOD, "--by", "unit", "--json").json
    counted = [row for row in shown["rows"] if row["unit"] and row["sessions"]]
    assert len(counted) >= 15  # the district and its wards
    sums = tuple(sum(row[measure] for row in counted) for measure in MEASURES[:2])
    assert sums == TOTAL[:2]


def test_a_declared_row_is_not_shown_for_another_period(demo: Played) -> None:
    period = ("--province", "ha-noi", "--from", "2018-01-01", "--to", "2021-12-31")
    shown = demo.call("report", "sessions", *period, "--json").json
    assert [row for row in shown["rows"] if row["declared"]] == []
    assert 0 < shown["totals"]["sessions"] < TOTAL[0]


def test_the_table_and_the_csv_show_the_figures_of_the_json(demo: Played) -> None:
    table = demo.call("report", "sessions", *PERIOD).out
    for figure in ("10.089", "1.448", "1.436", "99,17", "13.841"):
        assert figure in table
    text = demo.call("report", "sessions", *PERIOD, "--csv").out
    rows = list(csv.DictReader(text.splitlines()))
    (wards,) = [r for r in rows if r["level"] == "commune" and r["session_kind"] == "periodic"]
    assert [wards[measure] for measure in MEASURES] == ["89", "10089", "1448", "1436"]


def test_an_agency_sees_its_work_in_a_feed_without_gaps(demo: Played) -> None:
    agency = next(
        each.lead_agency for session in history(SEED).sessions for each in session.commitments
    )
    feed = ("agency", "feed", agency, "--province", "ha-noi", "--limit", "200", "--json")
    entries = demo.call(*feed).json["entries"]
    assert [each["feed_seq"] for each in entries] == list(range(1, len(entries) + 1))
    assert "AssignmentIssued" in {each["entry"]["type"] for each in entries}


def test_no_planted_datum_and_no_text_is_in_any_file_or_output(demo: Played) -> None:
    assert len(needles()) > 300
    files = [file for file in demo.folder.rglob("*") if file.is_file()]
    assert {f"{name}.db" for name in (*SERVICES, "access")} <= {file.name for file in files}
    for file in files:
        assert planted_in(file.read_bytes()) == [], file.name
    assert planted_in((demo.ended.out + demo.ended.err).encode()) == []
    tail = demo.call("log", "tail", "doithoai.local/ha-noi/intake", "--count", "1000", "--json")
    assert len(tail.json["entries"]) == 1_000
    assert planted_in(tail.out.encode()) == []


def test_the_log_of_the_server_has_no_trace_and_no_halt(demo: Played) -> None:
    log = (demo.folder / "doithoai.log").read_text(encoding="utf-8")
    assert "Traceback" not in log
    followed = demo.call("follow", "status", "--json").json["followed"]
    assert followed
    assert [each for each in followed if each["halted"] or each["code"]] == []


def test_another_seed_tells_another_history_with_the_same_totals() -> None:
    ours, other = history(SEED), history(SEED + 1)
    assert totals(other) == totals(ours)
    assert other.opinions[0].text != ours.opinions[0].text


def test_the_demo_wants_an_empty_folder(demo: Played) -> None:
    ended = ran({}, "demo", "--data", str(demo.folder), "--json")
    assert ended.status == USED_WRONGLY
    assert ended.out == ""


def test_what_was_exported_for_another_deployment_does_not_reach_the_demo(demo: Played) -> None:
    assert demo.exported["DOITHOAI_DATABASE"].endswith("/production")  # it would not answer
    assert demo.ended.status == DONE
