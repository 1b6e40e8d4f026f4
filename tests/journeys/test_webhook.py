"""An agency without AMQP: registered by a command, sent what concerns it, signed."""

import json
import time
from pathlib import Path

from deploy.client import Client
from deploy.ending import DONE, REFUSED
from deploy.running import stop
from tests.deploy.commands import called, started
from tests.journeys.new_province import OPINION, province_folder
from tests.services.assignment.receiver import receiving
from tests.services.assignment.test_feed_relay import until
from tests.services.assignment.test_webhook_signature import CHECK

PLANTED = ("Nguyễn Văn Thử", "0912 345 678")
SCOPE = ("ubnd-tinh-moi", "--province", "tinh-moi")


def test_a_referred_opinion_reaches_the_agency_s_own_server(tmp_path: Path) -> None:
    # Given a deployment, and an agency's server that an operator registers
    environment = province_folder(tmp_path) | {"DOITHOAI_WEBHOOK_NETWORKS": "127.0.0.0/8"}
    log = tmp_path / "log"
    process = started(environment, "up", "--port", "0", "--json", log=log)

    def command(name: str, *arguments: str) -> dict[str, object]:
        ended = called(environment, "agency", "webhook", name, *arguments, "--json")
        assert ended.status == DONE, ended.err
        said: dict[str, object] = ended.json
        return said

    try:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        with receiving() as receiver:
            secret = str(command("set", *SCOPE, "--url", receiver.url)["secret"])

            def as_seat(role: str) -> Client:
                seat = ("--seat", f"moi/{role}", "--role", role, "--province", "tinh-moi")
                issued = called(environment, "access", "issue", *seat, "--json").json
                return Client(url, issued["bearer"], patience_s=30)

            # When an opinion is referred to it
            text = " ".join((*PLANTED, "phản ánh rác ở chợ"))
            received = as_seat("cadre").post("/intake/opinions", OPINION | {"text": text})
            ids = {"opinion_ids": [received["opinion_id"]]}
            as_seat("screener").post("/intake/opinions/accept", ids)
            as_seat("secretary").post("/intake/opinions/refer", ids)
            # Then the server gets the event, which the documented check finds genuine
            until(lambda: receiver.taken == [1], timeout_s=60)
            (came,) = receiver.received
            assert CHECK(came.headers, came.body, secret, time.time()) == 1
            event = json.loads(came.body)
            assert event["type"] == "AssignmentIssued"
            assert event["data"]["agency"] == "ubnd-tinh-moi"
            # And without a word of what was said, here, in the list or in any log
            until(lambda: _listed(environment)[0]["delivered_seq"] == 1)
            shown = came.body.decode() + str(came.headers) + json.dumps(_listed(environment))
            for word in (*PLANTED, secret):
                assert word not in shown + log.read_text(encoding="utf-8")
        # And the operator can do all that there is to do with it
        assert command("pause", *SCOPE)["state"] == "paused"
        assert "TẠM DỪNG" in called(environment, "agency", "webhook", "list", *SCOPE[1:]).out
        assert command("resume", *SCOPE)["state"] == "active"
        rotated = called(environment, "agency", "webhook", "rotate", *SCOPE, "--at-once")
        assert rotated.out.splitlines()[-1].startswith("whsec_")
        assert secret not in rotated.out
        command("remove", *SCOPE)
        assert _listed(environment) == []
        plain = ("set", *SCOPE, "--url", "http://ubnd.example.vn/")
        refused = called(environment, "agency", "webhook", *plain)
        assert refused.status == REFUSED
        assert refused.err.splitlines()[-1] == "(webhook.url_not_https)"
    finally:
        stop(process)
    assert process.returncode == 0, log.read_text(encoding="utf-8")


def _listed(environment: dict[str, str]) -> list[dict[str, object]]:
    scope = ("--province", "tinh-moi", "--json")
    found: list[dict[str, object]] = called(environment, "agency", "webhook", "list", *scope).json[
        "webhooks"
    ]
    return found
