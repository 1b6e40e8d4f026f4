"""A newcomer's province: one file, and an opinion of it stands in a report."""

import json
from pathlib import Path

from deploy.client import Client
from deploy.ending import DONE
from deploy.running import stop
from tests.deploy.commands import called, started
from tests.journeys.new_province import OPINION, province_folder


def test_an_opinion_of_a_new_province_is_entered_handled_and_reported(tmp_path: Path) -> None:
    # Given one file in a folder of one's own
    environment = province_folder(tmp_path)
    process = started(environment, "up", "--port", "0", "--json", log=tmp_path / "log")
    try:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]

        def as_seat(role: str, *scope: str) -> Client:
            seat = ("access", "issue", "--seat", f"moi/{role.replace('_', '-')}", "--role", role)
            issued = called(environment, *seat, "--province", "tinh-moi", *scope, "--json")
            assert issued.status == DONE, issued.err
            return Client(url, issued.json["bearer"], patience_s=30)

        # When an opinion of it is entered, screened and referred
        received = as_seat("cadre").post("/intake/opinions", OPINION)
        ids = {"opinion_ids": [received["opinion_id"]]}
        as_seat("screener").post("/intake/opinions/accept", ids)
        as_seat("secretary").post("/intake/opinions/refer", ids)
        # Then its agency finds it in its feed, in time
        entries: list[dict[str, object]] = []
        while not entries:
            feed = ("agency", "feed", "ubnd-tinh-moi", "--province", "tinh-moi", "--json")
            entries = called(environment, *feed).json["entries"]
        assert entries[0]["feed_seq"] == 1
        # And it stands in the report, as one without a session
        period = ("--province", "tinh-moi", "--from", "2026-01-01", "--to", "2026-12-31")
        shown = called(environment, "report", "sessions", *period, "--by", "level", "--json")
        assert shown.status == DONE, shown.err
        assert shown.json["totals"]["opinions"] == 1
        assert shown.json["totals"]["voices"] == 3
    finally:
        stop(process)
