"""Calling Intake over HTTP, as one role or another."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from services.intake.api import create_app
from shared.access import Role
from tests.services.opened import Opened

OPINION: Mapping[str, Any] = {
    "province": "ha-noi",
    "unit": "thanh-cong",
    "field": "environment",
    "opinion_kind": "reflection",
    "channel": "direct",
    "organisation": "mttq-thanh-cong",
    "voices": 3,
    "received_on": "2019-05-10",
    "text": "Đề nghị thu gom rác ở ngõ sau chợ mỗi ngày.",
}


class Caller:
    """A seat with a token."""

    def __init__(self, client: FlaskClient, headers: Mapping[str, str]) -> None:
        self.client = client
        self.headers = headers

    def get(self, path: str, **query: Any) -> TestResponse:
        return self.client.get(path, headers=dict(self.headers), query_string=query)

    def post(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(path, json=body, headers={**self.headers, **named})

    def delete(self, path: str) -> TestResponse:
        return self.client.delete(path, headers=dict(self.headers))

    def upload(self, data: bytes, kind: str = "digest", province: str = "ha-noi") -> TestResponse:
        file = FileStorage(BytesIO(data), filename="file")
        boundary, body = encode_multipart({"province": province, "kind": kind, "file": file})
        return self.client.post(
            "/imports",
            data=body,
            content_type=f"multipart/form-data; boundary={boundary}",
            headers=dict(self.headers),
        )

    def entered(self, **changes: Any) -> str:
        """Return the id of an opinion that was just entered."""
        response = self.post("/opinions", {**OPINION, **changes})
        assert response.status_code == 201, response.json
        return str(answer(response)["opinion_id"])


class Cast:
    """Everybody who may call."""

    def __init__(self, service: Opened) -> None:
        self.service = service
        self.client = service.client(create_app)
        self.nobody = Caller(self.client, {})

    def role(
        self, role: Role, *, province: str | None = "ha-noi", agency: str | None = None
    ) -> Caller:
        """Return a fresh seat in `role`."""
        return Caller(self.client, self.service.bearer(role, province=province, agency=agency))

    @property
    def cadre(self) -> Caller:
        return self.role(Role.CADRE)

    @property
    def screener(self) -> Caller:
        return self.role(Role.SCREENER)


def answer(response: TestResponse) -> dict[str, Any]:
    """Return the JSON object that a response holds."""
    body = response.get_json()
    assert isinstance(body, dict)
    return body


def refused(response: TestResponse, status: int, code: str) -> dict[str, Any]:
    """Return the problem, after checking that it is the one expected and well made."""
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    problem = answer(response)
    assert problem["code"] == code, problem
    assert problem["status"] == status
    assert problem["type"] == f"urn:doithoai:error:{code}"
    assert set(problem["texts"]) == {"vi", "en"}
    assert problem["title"] == problem["texts"]["vi"] != problem["texts"]["en"]
    assert code not in problem["texts"]["vi"], "the code has no text of its own"
    return problem
