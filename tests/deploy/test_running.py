"""The command line on a deployment that runs."""

import json
import re
import time
from pathlib import Path

import pytest

from deploy.client import Client
from deploy.datafolder import read_operator_token
from deploy.ending import ANSWER_IS_BAD, DONE, REFUSED, UNAVAILABLE
from deploy.environment import settings_told
from shared.provinces import load_provinces
from shared.settings import SERVICES, Settings
from tests.deploy.commands import ran
from tests.deploy.conftest import Embedded
from tests.deploy.digests import BAD, GOOD, SECRET, digest_csv
from tests.servers import free_port
from tests.servers.child import runs

PERIOD = ("--province", "ha-noi", "--from", "2021-01-01", "--to", "2021-12-31")
COSIGNED_WITHIN_S = 60.0
DECLARED = Path(__file__).parents[2] / "deploy" / "demo" / "data" / "ba-dinh-2017-2021.csv"

SHIPPED = load_provinces(Settings.from_environment({}).provinces)


@pytest.fixture
def digest(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Return a digest of a good row and a bad one, of a number of its own."""
    file = tmp_path / f"{SECRET}.csv"
    file.write_bytes(digest_csv(f"{len(request.node.name)}/BC", GOOD, BAD))
    return file


def of(log: str, embedded: Embedded) -> int:
    """Return how long the log called `<province>/<service>` is."""
    logs = embedded.call("log", "status", "--json").json["logs"]
    (size,) = [each["size"] for each in logs if each["origin"].endswith(f"/{log}")]
    return int(size)


def test_log_status_lists_the_logs_of_all_services_with_their_sizes(embedded: Embedded) -> None:
    logs = embedded.call("log", "status", "--json").json["logs"]
    assert {each["service"] for each in logs} == set(SERVICES)
    assert {each["province"] for each in logs} == set(SHIPPED)
    for each in logs:
        assert {"origin", "service", "province", "size", "state", "signed_size"} <= set(each)
        assert each["origin"] == f"doithoai.local/{each['province']}/{each['service']}"
        assert each["size"] >= (each["signed_size"] or 0) >= 0
        assert each["refusal"] is None


def test_people_read_days_and_hours_of_viet_nam(embedded: Embedded) -> None:
    log = f"doithoai.local/ha-noi/{SERVICES[0]}"
    for asked in (("log", "status"), ("log", "tail", log), ("access", "list")):
        shown = embedded.call(*asked).out
        assert re.search(r"\d\d/\d\d/20\d\d \d\d:\d\d", shown), shown
        assert not re.search(r"\d{4}-\d\d-\d\dT", shown), shown


def test_follow_status_tells_every_consumer_and_its_position(embedded: Embedded) -> None:
    assert embedded.call("follow", "status").status == DONE
    for each in embedded.call("follow", "status", "--json").json["followed"]:
        assert {"consumer", "origin", "position", "halted", "code"} <= set(each)
        assert each["halted"] is False


@pytest.mark.parametrize("what", [("retry",), ("skip", "--reason", "không đọc được")])
def test_what_is_not_halted_can_not_be_retried_or_skipped(
    embedded: Embedded, what: tuple[str, ...]
) -> None:
    log = ("--consumer", "reporting.from-intake", "--origin", "doithoai.local/ha-nam/intake")
    ended = embedded.call("follow", *what, *log)
    assert ended.status == REFUSED
    assert ended.err.splitlines()[-1].startswith("(follow")


def test_good_rows_are_recorded_and_bad_ones_named_with_their_place(
    embedded: Embedded, digest: Path
) -> None:
    ended = embedded.call("import", str(digest), "--kind", "digest", "--province", "ha-noi")
    assert ended.status == ANSWER_IS_BAD
    assert "ghi mới 1" in ended.out
    assert "không nhận 1" in ended.out
    assert "Số người cùng ý kiến" in ended.out
    assert SECRET not in ended.out + ended.err


def test_importing_the_same_file_again_changes_nothing(embedded: Embedded, digest: Path) -> None:
    arguments = ("import", str(digest), "--kind", "digest", "--province", "ha-noi", "--json")
    first = embedded.call(*arguments)
    size = of("ha-noi/intake", embedded)
    again = embedded.call(*arguments)
    assert first.json["rows_received"] == again.json["rows_repeated"] == 1
    assert again.json["rows_received"] == 0
    (fault,) = again.json["faults"]
    assert (fault["row"], fault["column"]) == (7, "G")
    assert of("ha-noi/intake", embedded) == size


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "workbook.empty"),
        (b"%PDF-1.7 " + SECRET.encode(), "workbook.not_a_workbook"),
        (b"PK\x03\x04" + SECRET.encode(), "workbook.damaged"),
        (b"<worksheet/>", "workbook.not_a_workbook"),
        (b"x" * (21 * 2**20), "workbook.file_too_large"),
    ],
    ids=["empty", "pdf", "torn zip", "bare xml", "21 MiB"],
)
def test_a_hostile_file_is_refused_and_nothing_is_recorded(
    embedded: Embedded, tmp_path: Path, content: bytes, code: str
) -> None:
    before = of("ha-noi/intake", embedded)
    file = tmp_path / "tap-tin.xlsx"
    file.write_bytes(content)
    ended = embedded.call("import", str(file), "--kind", "digest", "--province", "ha-noi")
    assert ended.status == REFUSED
    assert ended.out == ""
    assert ended.err.splitlines()[-1] == f"({code})"
    assert SECRET not in ended.err
    assert of("ha-noi/intake", embedded) == before


def test_a_declared_row_without_days_is_shown_though_no_report_has_it(
    embedded: Embedded,
) -> None:
    file = DECLARED.with_name("ha-nam-2020-2025.csv")
    ended = embedded.call("import", str(file), "--kind", "declared", "--province", "ha-nam")
    assert ended.status == DONE
    while not embedded.call("declared", "--province", "ha-nam", "--json").json["declared"]:
        pass  # Reporting hears of it in a moment
    shown = embedded.call("declared", "--province", "ha-nam")
    assert shown.status == DONE
    (line,) = [line for line in shown.out.splitlines() if "518" in line]
    assert "nhiệm kỳ 2020-2025" in line
    (row,) = embedded.call("declared", "--province", "ha-nam", "--json").json["declared"]
    assert (row["sessions"], row.get("period_from")) == (518, None)


@pytest.mark.parametrize(
    ("statistic", "by"), [("sessions", ["level", "session_kind"]), ("fields", ["unit", "field"])]
)
def test_a_report_is_broken_down_by_its_own_cells_when_nobody_says(
    embedded: Embedded, statistic: str, by: list[str]
) -> None:
    ended = embedded.call("report", statistic, *PERIOD, "--json")
    assert ended.status == DONE, ended.err
    assert ended.json["by"] == by
    assert embedded.call("report", "nothing", *PERIOD).err.splitlines()[-1] == "(statistic.unknown)"


def test_declared_figures_stand_in_the_report_of_exactly_their_period(embedded: Embedded) -> None:
    ended = embedded.call(
        "import", str(DECLARED), "--kind", "declared", "--province", "ha-noi", "--json"
    )
    assert ended.status == DONE
    assert ended.json["rows_rejected"] == 0
    while len(embedded.call("declared", "--province", "ha-noi", "--json").json["declared"]) < 6:
        pass  # Reporting hears of them in a moment
    whole = ("--province", "ha-noi", "--from", "01/01/2017", "--to", "31/12/2021", "--json")
    shown = embedded.call("report", "sessions", *whole, "--by", "level,session_kind").json
    declared = [row["declared"] for row in shown["rows"] if row["declared"]]
    assert sorted(row["sessions"] for row in declared if row["sessions"]) == [8, 12, 25, 89, 236]
    part = embedded.call("report", "sessions", *PERIOD, "--json").json
    assert [row for row in part["rows"] if row["declared"]] == []


def test_an_empty_report_has_zeros_and_no_declared_row(embedded: Embedded) -> None:
    empty = ("--province", "ninh-binh", "--from", "2021-01-01", "--to", "2021-12-31")
    shown = embedded.call("report", "sessions", *empty, "--json", "--replay")
    assert shown.status == DONE
    assert shown.json["rows"] == []
    assert shown.json["totals"]["sessions"] == 0
    assert shown.json["replay"]["equal"] is True


def test_a_report_is_a_table_for_people_and_csv_for_programs(embedded: Embedded) -> None:
    table = embedded.call("report", "sessions", *PERIOD)
    assert "Từ ngày 01/01/2021 đến hết ngày 31/12/2021" in table.out
    csv = embedded.call("report", "sessions", *PERIOD, "--csv", "--replay")
    assert csv.status == DONE
    assert csv.out.splitlines()[0].count(",") > 5
    assert "Đếm lại" in csv.err  # not among the rows
    assert "Đếm lại" not in csv.out


def test_the_tail_of_a_log_is_its_latest_entries_in_order(embedded: Embedded) -> None:
    log = "doithoai.local/ha-noi/intake"
    embedded.call("import", str(DECLARED), "--kind", "declared", "--province", "ha-noi")
    size = of("ha-noi/intake", embedded)
    entries = embedded.call("log", "tail", log, "--count", "4", "--json").json["entries"]
    assert [each["position"] for each in entries] == list(range(size - 4, size))
    assert all(each["entry"]["source"] == log for each in entries)
    assert "SessionResultsDeclared" in embedded.call("log", "tail", log, "--count", "1000").out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("log", "tail", "doithoai.local/ha-nox/intake"), "eventlog.unknown_origin"),
        (("agency", "feed", "no-such-agency", "--province", "ha-noi"), "feed.unknown_agency"),
        (("agency", "webhook", "pause", "a", "--province", "ha-noi"), "webhook.unknown"),
        (("report", "nonsense", *PERIOD), "statistic.unknown"),
        (("report", "sessions", *PERIOD, "--by", "colour"), "report.unknown_dimension"),
        (("access", "revoke", "nobody"), "access.unknown_token"),
        (("access", "issue", "--seat", "Ông A", "--role", "cadre"), "access.seat_malformed"),
    ],
    ids=lambda each: each if isinstance(each, str) else " ".join(each[:3]),
)
def test_what_is_unknown_or_wrong_is_refused_in_both_languages(
    embedded: Embedded, arguments: tuple[str, ...], code: str
) -> None:
    ended = embedded.call(*arguments)
    assert ended.status == REFUSED
    assert ended.out == ""
    vietnamese, english, *_, last = ended.err.splitlines()
    assert not vietnamese.isascii()
    assert english
    assert last == f"({code})"


def test_an_agency_without_work_has_an_empty_feed(embedded: Embedded) -> None:
    feed = ("agency", "feed", "phong-tnmt-ba-dinh", "--province", "ha-noi")
    assert embedded.call(*feed, "--json").json["entries"] == []


def test_a_given_token_is_who_we_are_with_no_more_rights(embedded: Embedded) -> None:
    issued = embedded.call(
        "access", "issue", "--seat", "a/b", "--role", "leader", "--province", "ha-noi", "--json"
    ).json
    as_leader = {"DOITHOAI_TOKEN": issued["bearer"]}
    assert embedded.call("report", "sessions", *PERIOD, **as_leader).status == DONE
    refused = embedded.call("access", "list", **as_leader)
    assert (refused.status, refused.err.splitlines()[-1]) == (REFUSED, "(access.not_allowed)")
    digest = ("import", str(DECLARED), "--kind", "declared", "--province", "ha-noi")
    assert embedded.call(*digest, **as_leader).status == REFUSED


def test_a_role_taken_for_one_command_is_given_back(embedded: Embedded) -> None:
    embedded.call("import", str(DECLARED), "--kind", "declared", "--province", "ha-noi")
    tokens = embedded.call("access", "list", "--json").json["tokens"]
    taken = [each for each in tokens if each["seat"] == "quan-tri/dong-lenh"]
    assert taken
    assert all(each["revoked_at"] for each in taken)


def test_the_operator_token_is_shown_to_our_own_deployment_only(
    embedded: Embedded, tmp_path: Path
) -> None:
    elsewhere = {"DOITHOAI_DATA": str(tmp_path / "other")}
    ours = embedded.call("access", "list", DOITHOAI_URL=embedded.url)
    assert ours.status == DONE
    other = embedded.call("access", "list", DOITHOAI_URL=embedded.url, **elsewhere)
    assert (other.status, other.err.splitlines()[-1]) == (REFUSED, "(access.token_missing)")


def test_an_address_where_nothing_answers_is_away(embedded: Embedded) -> None:
    ended = embedded.call("log", "status", DOITHOAI_URL=f"http://127.0.0.1:{free_port()}")
    assert (ended.status, ended.err.splitlines()[-1]) == (UNAVAILABLE, "(deployment.away)")


def test_a_folder_in_use_is_refused_to_a_second_deployment(embedded: Embedded) -> None:
    ended = ran(embedded.environment, "up", "--port", "0")
    assert (ended.status, ended.out) == (UNAVAILABLE, "")
    assert ended.err.splitlines()[-1] == "(deployment.in_use)"


def test_a_port_in_use_is_refused_by_its_address(embedded: Embedded, tmp_path: Path) -> None:
    port = embedded.url.rpartition(":")[2]
    ended = ran({"DOITHOAI_DATA": str(tmp_path / "data")}, "up", "--port", port, "--json")
    assert ended.status == REFUSED
    assert ended.json["error"]["code"] == "deployment.port_in_use"
    assert ended.json["error"]["facts"] == {"address": f"127.0.0.1:{port}"}


def test_nobody_else_may_write_tokens_into_the_files_of_a_running_one(embedded: Embedded) -> None:
    ended = embedded.call("access", "issue", "--direct", "--seat", "a", "--role", "cadre")
    assert (ended.status, ended.err.splitlines()[-1]) == (UNAVAILABLE, "(deployment.in_use)")


def test_the_address_and_the_operator_token_are_where_the_command_line_finds_them(
    embedded: Embedded,
) -> None:
    noted = json.loads((embedded.folder / "running.json").read_text())
    assert noted == {"url": embedded.url, "pid": embedded.pid}
    assert runs(embedded.pid)
    bearer = read_operator_token(settings_told(embedded.environment))
    assert len(Client(embedded.url, bearer).get("/intake/log/heads")) == len(SHIPPED)


def test_what_grows_is_cosigned_by_the_mirror_and_nothing_is_in_dispute(
    embedded: Embedded, tmp_path: Path
) -> None:
    digest = tmp_path / "digest.csv"
    digest.write_bytes(digest_csv("1/BC-MTTQ", GOOD))
    embedded.call("import", str(digest), "--kind", "digest", "--province", "ha-noi")
    end = time.monotonic() + COSIGNED_WITHIN_S
    while True:
        rows = embedded.call("log", "status", "--json").json["logs"]
        assert [row for row in rows if row["dispute"]] == []
        (intake,) = (row for row in rows if row["origin"] == "doithoai.local/ha-noi/intake")
        if intake["cosigned_size"] == intake["size"] == intake["signed_size"]:
            break
        assert time.monotonic() < end, intake
        time.sleep(0.5)
    others = {row["cosigned_size"] for row in rows if row["service"] == "reporting"}
    assert others == {None}  # nobody is a witness of its own log
    shown = embedded.call("log", "status")
    assert "Đã đối chứng" in shown.out
