"""`doithoai session`: a conclusion is refused with every reason, or issued; breaches are listed."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

from deploy.client import Client
from deploy.ending import REFUSED
from tests.deploy.conftest import Embedded

DAY = "2022-06-01"


def held(client: Client) -> str:
    """Hold a session today without opinions; return its id."""
    session_id = str(uuid4())
    client.post(
        "/sessions/sessions",
        {
            "province": "ha-noi",
            "session_id": session_id,
            "unit": "phuong-giang-vo",
            "session_kind": "periodic",
            "planned_year": 2022,
        },
    )
    for what, body in (
        ("schedule", {"held_on": DAY}),
        ("open", {"head_present": True}),
        ("attendance", {"groups": [{"group": "nhan_dan", "attendances": 12}]}),
        ("end", {}),
    ):
        client.post(f"/sessions/sessions/{session_id}/{what}", body)
    return session_id


def secretary(embedded: Embedded) -> Client:
    issued = embedded.call(
        *("access", "issue", "--seat", "thanh-cong/thu-ky", "--role", "secretary"),
        *("--province", "ha-noi", "--json"),
    )
    assert issued.status == 0, issued.err
    return Client(url=embedded.url, bearer=issued.json["bearer"])


def concluding(embedded: Embedded, file: Path, session_id: str, body: Mapping[str, Any]) -> Any:
    file.write_text(json.dumps(body), encoding="utf-8")
    options = ("--session", session_id, "--province", "ha-noi", "--json")
    return embedded.call("session", "conclude", str(file), *options)


def test_a_conclusion_is_refused_with_every_reason_and_then_issued(
    embedded: Embedded, tmp_path: Path
) -> None:
    session_id = held(secretary(embedded))
    file = tmp_path / "ket-luan.json"
    commitment = {"field": "environment"}
    body = {"number": "12/TB-UBND", "issued_on": DAY, "commitments": [commitment]}
    refused = concluding(embedded, file, session_id, body)
    assert refused.status == REFUSED
    for code in ("session.lead_missing", "session.product_missing", "session.due_on_missing"):
        assert code in refused.err
    assert "Nội dung kết luận chưa có cơ quan chủ trì" in refused.err
    complete = {
        **commitment,
        "lead_agency": "ubnd-ba-dinh",
        "product": "Biên bản nghiệm thu",
        "due_working_days": 10,
    }
    issued = concluding(embedded, file, session_id, {**body, "commitments": [complete]})
    assert (issued.status, issued.json["state"]) == (0, "concluded"), issued.err


def test_a_file_that_holds_no_object_is_not_sent(embedded: Embedded, tmp_path: Path) -> None:
    file = tmp_path / "rong.json"
    file.write_text("[]", encoding="utf-8")
    options = ("--session", str(uuid4()), "--province", "ha-noi")
    ended = embedded.call("session", "conclude", str(file), *options)
    assert ended.status != 0
    assert "cli.file_unreadable" in ended.err


def test_breaches_are_listed(embedded: Embedded) -> None:
    span = ("--from", "2021-01-01", "--to", "2021-12-31")
    ended = embedded.call("session", "breaches", "--province", "ha-noi", *span, "--json")
    assert (ended.status, ended.json) == (0, {"breaches": []})
