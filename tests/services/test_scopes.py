"""What lies outside a caller's scope is answered, byte for byte, as what is not there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from services.assignment.answers import answer_text_id
from services.assignment.terms import referral_assignment_id
from shared.access import AGENCY_ROLES, Role
from tests.services.assignment.matters import hear, referral
from tests.services.conftest import Open
from tests.services.intake.calling import Cast, answer
from tests.services.intake.test_topics_api import MOOD, TOPIC
from tests.services.opened import Opened
from tests.services.sessions.room import notice, room_of
from tests.services.sessions.story import SESSION_ID
from tests.services.sessions.test_api_refusals import COMMANDS
from tests.services.test_every_address import SERVICES, addresses

NOWHERE = str(UUID(int=0))
CHOSEN = SESSION_ID
TEXT = {"purpose": "handling"}
REPORT = {"province": "ha-noi", "from": "2017-01-01", "to": "2021-12-31"}
IN_BODY: Mapping[str, Any] = {
    "/opinions/accept": {},
    "/opinions/decline": {"reason": "unclear"},
    "/opinions/refer": {},
    "/opinions/schedule": {"session_id": CHOSEN},
    "/opinions/acknowledge": {},
    "/opinions/acknowledge-handover": {"receiver": "mttq-ba-dinh"},
    "/opinions/clarify": {},
    "/opinions/clarified": {},
    "/opinions/classify": {
        "opinion_kind": "reflection",
        "field": "environment",
        "competent_level": "commune",
    },
    "/opinions/notify-forwarding": {},
    "/opinions/merge": {"head_id": CHOSEN},
    "/opinions/unmerge": {},
    "/opinions/withdraw": {"reason": "reporter_asked"},
    "/opinions/notify": {},
    "/opinions/feedback": {"satisfaction": "satisfied"},
    "/opinions/request-reopening": {"reasons": ["incomplete"]},
    "/opinions/reopen": {},
    "/opinions/decline-reopening": {"reason": "answer_stands"},
    "/opinions/close": {},
    "/opinions/link-recurrence": {"earlier_id": CHOSEN},
    "/opinions/mark-good-practice": {},
    "/opinions/request-erasure": {},
    "/opinions/decide-erasure": {},
    "/opinions/erase": {},
    "/assignments/accept": {},
}
"""Addresses whose objects are named in the body, under `opinion_ids` or `assignment_ids`."""
BY_AGENCY = ("intake", "assignment")
"""Services in which an agency has its own objects only."""
BODIES: Mapping[str, Any] = {
    **{f"/sessions/{{}}/{what}": body for what, body in COMMANDS.items()},
    "/opinions/{}/split": {
        "parts": [
            {"field": "environment", "opinion_kind": "reflection", "text": "Thu gom rác."},
            {"field": "environment", "opinion_kind": "reflection", "text": "Nạo vét cống."},
        ]
    },
    "/assignments/{}/answer": {"outcome": "resolved", "text": "Đã nạo vét."},
    "/topics/{}/join": {"opinion_ids": [CHOSEN]},
    "/topics/{}/dismiss": {"reason": "settled"},
    "/assignments/{}/refuse": {
        "reason": "outside_competence",
        "legal_basis": "Điều 5 Quyết định 12",
        "competent_agency": "tnmt-ba-dinh",
    },
    "/assignments/{}/refusal": {"is_upheld": False},
    "/assignments/{}/coordination": {"cooperating_agency": "tnmt-ba-dinh"},
    "/assignments/{}/contribution": {"text": "Đã góp ý."},
    "/assignments/{}/pause": {"reason": "force_majeure"},
    "/assignments/{}/extension": {"working_days": 5, "reason": "complex_matter"},
    "/assignments/{}/extension/decision": {"is_granted": True},
    "/assignments/{}/return": {"text": "Viết rõ ngày hoàn thành."},
    "/assignments/{}/fulfilment": {"text": "Biên bản nghiệm thu."},
    "/assignments/{}/fulfilment/decision": {"is_verified": True},
}


@dataclass(frozen=True, kw_only=True)
class World:
    """A service and what Hà Nội has in it, by the beginning of its address."""

    service: Opened
    client: FlaskClient
    objects: Mapping[str, str]


def intake(open_service: Open) -> World:
    service = open_service(SERVICES["intake"][0])
    cast = Cast(service)
    opinion_id = cast.cadre.entered()
    opinion = answer(cast.screener.get(f"/opinions/{opinion_id}"))
    objects = {"/opinions/": opinion_id, "/texts/": opinion["text_id"]}
    topic = cast.cadre.post("/topics", {**TOPIC, "opinion_ids": [opinion_id]})
    mood = cast.cadre.post("/sentiments", MOOD)
    objects["/topics/"] = answer(topic)["topic_id"]
    objects["/sentiments/"] = answer(mood)["report_id"]
    return World(service=service, client=cast.client, objects=objects)


def sessions(open_service: Open) -> World:
    room = room_of(open_service)
    room.hold()
    concluded = room.post("conclusion", notice())
    assert concluded.status_code == 201
    (commitment,) = answer(concluded)["commitments"]
    objects = {"/sessions/": SESSION_ID, "/texts/": commitment["text_id"]}
    return World(service=room.service, client=room.client, objects=objects)


def assignment(open_service: Open) -> World:
    definition, create_app = SERVICES["assignment"]
    service = open_service(definition)
    hear(service.runtime, [referral("o-1")])
    client, assignment_id = service.client(create_app), referral_assignment_id("o-1", 1)
    clerk = service.bearer(Role.AGENCY_CLERK, agency="ubnd-ba-dinh")
    for step, body in (("accept", {}), ("answer", BODIES["/assignments/{}/answer"])):
        path = f"/assignments/{assignment_id}/{step}"
        assert client.post(path, json=body, headers=clerk).status_code == 200
    objects = {"/assignments/": assignment_id, "/texts/": answer_text_id(assignment_id, 1)}
    return World(service=service, client=client, objects=objects)


def reporting(open_service: Open) -> World:
    definition, create_app = SERVICES["reporting"]
    service = open_service(definition)
    client = service.client(create_app)
    secretary = service.bearer(Role.SECRETARY)
    published = client.post("/reports/sessions/publish", json=REPORT, headers=secretary)
    objects = {"/published/": answer(published)["report_id"]}
    return World(service=service, client=client, objects=objects)


@pytest.fixture(params=[intake, sessions, assignment, reporting])
def world(request: pytest.FixtureRequest, open_service: Open) -> World:
    """Return each service in turn, with a token of Hà Nội beside its own objects."""
    made: World = request.param(open_service)
    listed = made.client.get(
        "/access/tokens", headers=made.service.bearer(Role.OPERATOR, province=None)
    )
    token_id = next(
        each["token_id"] for each in answer(listed)["tokens"] if each["province"] == "ha-noi"
    )
    return World(
        service=made.service,
        client=made.client,
        objects={**made.objects, "/access/tokens/": token_id},
    )


def strangers(service: Opened) -> dict[str, dict[str, str]]:
    """Return a seat of every role elsewhere, and seats of an agency that takes no part."""
    people = [role for role in Role if role is not Role.SERVICE]
    elsewhere = {
        f"{role} elsewhere": service.bearer(
            role, province="ha-nam", agency="ubnd-ba-dinh" if role in AGENCY_ROLES else None
        )
        for role in people
    }
    beside = {f"{role} beside": service.bearer(role, agency="ubnd-phu-ly") for role in AGENCY_ROLES}
    # Reports and public texts are for every agency of the province.
    return {**elsewhere, **beside} if service.runtime.name in BY_AGENCY else elsewhere


def questions(world: World) -> list[tuple[str, str, str]]:
    """Return method, address and object id of every address about one object."""
    app: Any = world.client.application
    found = []
    for method, path in addresses(app):
        for start, object_id in world.objects.items():
            if path.startswith(start + NOWHERE):
                found.append((method, path, object_id))
        if path in IN_BODY and f"/{path.split('/')[1]}/" in world.objects:
            found.append((method, path, world.objects[f"/{path.split('/')[1]}/"]))
    return found


def asked(world: World, method: str, path: str, object_id: str, headers: Any) -> tuple[int, str]:
    address = path.replace(NOWHERE, object_id)
    if method == "GET":
        response = world.client.get(address, query_string=TEXT, headers=headers)
    else:
        body = dict(IN_BODY.get(path) or BODIES.get(path.replace(NOWHERE, "{}")) or {})
        if path in IN_BODY:
            body[f"{path.split('/')[1][:-1]}_ids"] = [object_id]
        response = world.client.open(address, method=method, json=body, headers=headers)
    return response.status_code, response.get_data(as_text=True).replace(object_id, NOWHERE)


def test_what_is_outside_the_scope_is_answered_as_what_is_not_there(world: World) -> None:
    every = questions(world)
    assert {path.split("/")[1] for _, path, _ in every} >= {
        start.split("/")[1] for start in world.objects
    }
    allowed_elsewhere = 0
    for name, headers in strangers(world.service).items():
        for method, path, object_id in every:
            there = asked(world, method, path, object_id, headers)
            nowhere = asked(world, method, path, NOWHERE, headers)
            assert there == nowhere, (name, method, path)
            assert there[0] in {403, 404}, (name, method, path, there)
            allowed_elsewhere += there[0] == 404
    assert allowed_elsewhere >= len(every)  # each was asked by somebody whose role may
