"""Sessions over HTTP, as the people of a room use it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.sessions.api import create_app
from services.sessions.definition import DEFINITION
from services.sessions.reactions import on_intake
from shared.access import Role
from shared.contracts.intake import OpinionScheduled
from shared.contracts.vocabulary import Channel, Level, OpinionKind, SessionKind
from shared.eventlog import Draft, Entry
from shared.eventlog.entry import entry_bytes
from tests.services.conftest import Open
from tests.services.opened import Opened
from tests.services.sessions.story import (
    DRAIN,
    DUE_ON,
    HELD_ON,
    ISSUED_ON,
    MARKET,
    MARKET_LINE,
    SESSION_ID,
)

INTAKE = "test.local/ha-noi/intake"
PRODUCT = "Biên bản nghiệm thu nạo vét 120 m cống ngõ 84"
TEXT = {
    "text_id": "0b7a5f0e-0000-5000-8000-0000000000e3",
    "owner": "intake",
    "commitment": f"{3:064x}",
    "visibility": "restricted",
}


@dataclass(kw_only=True)
class Room:
    """A service with a secretary and a chair at its door."""

    service: Opened
    client: FlaskClient
    secretary: Mapping[str, str]
    chair: Mapping[str, str]
    _heard: int = field(default=0)

    def post(
        self, what: str, body: Mapping[str, Any], *, session_id: str = SESSION_ID, **headers: str
    ) -> TestResponse:
        """Ask something of a session, as its chair."""
        asked = {**self.chair, **headers}
        return self.client.post(f"/sessions/{session_id}/{what}", json=body, headers=asked)

    def plan(self, **changes: Any) -> TestResponse:
        body = {
            "province": "ha-noi",
            "session_id": SESSION_ID,
            "unit": "thanh-cong",
            "session_kind": "periodic",
            "planned_year": 2019,
            **changes,
        }
        return self.client.post("/sessions", json=body, headers=self.secretary)

    def hear(self, opinion_id: str) -> None:
        """Let Intake put an opinion forward."""
        self._heard += 1
        scheduled = OpinionScheduled(
            opinion_id=opinion_id,
            unit="thanh-cong",
            level=Level.COMMUNE,
            field="environment",
            opinion_kind=OpinionKind.REFLECTION,
            channel=Channel.DIRECT,
            organisation="mttq-thanh-cong",
            voices=2,
            received_on=HELD_ON,
            session_id=SESSION_ID,
            session_kind=SessionKind.PERIODIC,
            held_on=HELD_ON,
        )
        time = "2019-05-14T03:00:00.000000Z"
        draft = Draft(
            id=f"heard-{self._heard}",
            stream=f"opinion-{opinion_id}",
            event=scheduled,
            actor="mttq-thanh-cong/sang-loc",
            occurred_at=time,
        )
        content = entry_bytes(draft.envelope(INTAKE), time=time, version=2)
        with self.service.runtime.store.write() as tx:
            heard = [Entry(INTAKE, self._heard, content).checked()]
            on_intake(self.service.runtime, tx, heard)

    def schedule(self) -> None:
        assert self.plan().status_code == 201
        assert self.post("schedule", {"held_on": HELD_ON.isoformat()}).status_code == 200

    def open(self) -> None:
        """Bring the session into the room: one opinion on its agenda."""
        self.schedule()
        self.hear(DRAIN)
        assert self.post("open", {"head_present": True}).status_code == 200

    def hold(self) -> None:
        """Hold it: one opinion raised in the room, nothing answered yet."""
        self.open()
        groups = [{"group": "nhan_dan", "attendances": 85}]
        assert self.post("attendance", {"groups": groups}).status_code == 200
        assert self.post("opinions", {"opinions": [raised()]}).status_code == 200
        assert self.post("end", {"speaking_turns": 11}).status_code == 200
        self.service.later(days=5)

    def conclude(self, *commitments: Mapping[str, Any], **changes: Any) -> TestResponse:
        return self.post("conclusion", notice(*commitments, **changes))

    def shown(self, session_id: str = SESSION_ID) -> Any:
        response = self.client.get(f"/sessions/{session_id}", headers=self.chair)
        assert response.status_code == 200
        return response.json


def raised(**changes: Any) -> dict[str, Any]:
    return {
        "line_id": MARKET_LINE,
        "field": "urban_order",
        "opinion_kind": "reflection",
        "voices": 4,
        "text": TEXT,
        **changes,
    }


def written(**changes: Any) -> dict[str, Any]:
    return {
        "field": "environment",
        "opinion_ids": [DRAIN, MARKET],
        "lead_agency": "tnmt-ba-dinh",
        "cooperating_agencies": ["ubnd-thanh-cong"],
        "product": PRODUCT,
        "due_on": DUE_ON.isoformat(),
        **changes,
    }


def notice(*commitments: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "number": "12/TB-UBND",
        "issued_on": ISSUED_ON.isoformat(),
        "commitments": list(commitments) or [written()],
        **changes,
    }


def room_of(open_service: Open) -> Room:
    """Return a room of a fresh service."""
    service = open_service(DEFINITION)
    return Room(
        service=service,
        client=service.client(create_app),
        secretary=service.bearer(Role.SECRETARY, seat="ubnd-thanh-cong/thu-ky"),
        chair=service.bearer(Role.CHAIR, seat="ubnd-thanh-cong/chu-tich"),
    )
