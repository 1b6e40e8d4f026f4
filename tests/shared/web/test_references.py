"""Whoever has a token reads what a log has adopted: the file's own bytes, for ever."""

import pytest
import sqlalchemy as sa

from services.intake.tables import REFERENCES
from shared.access import Role
from shared.references import ReferenceFile
from tests.services.intake.calling import Cast, refused
from tests.services.opened import Opened


@pytest.fixture
def cast(intake: Opened) -> Cast:
    return Cast(intake)


@pytest.fixture
def file(intake: Opened) -> ReferenceFile:
    return intake.runtime.province("ha-noi").files[0]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SERVICE])
def test_every_role_of_every_province_reads_an_adopted_file(
    cast: Cast, file: ReferenceFile, role: Role
) -> None:
    agency = "ubnd-ba-dinh" if role.value.startswith("agency") else None
    response = cast.role(role, province="ha-nam", agency=agency).get(f"/references/{file.sha256}")
    assert (response.status_code, response.data) == (200, file.content)


def test_it_is_plain_text_that_never_changes_and_is_kept_by_its_reader_alone(
    cast: Cast, file: ReferenceFile
) -> None:
    headers = cast.cadre.get(f"/references/{file.sha256}").headers
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert headers["ETag"] == f'"{file.sha256}"'


def test_nobody_reads_without_a_token(cast: Cast, file: ReferenceFile) -> None:
    refused(cast.nobody.get(f"/references/{file.sha256}"), 401, "access.token_missing")


@pytest.mark.parametrize("name", ["0" * 64, "x", "..", "ha-noi.toml"])
def test_what_was_never_adopted_is_unknown(cast: Cast, name: str) -> None:
    response = cast.cadre.get(f"/references/{name}")
    assert response.status_code == 404


def test_a_copy_that_somebody_changed_is_not_given_out(cast: Cast) -> None:
    forged = {"sha256": "1" * 64, "kind": "province", "content": b"forged"}
    with cast.service.runtime.store.write() as tx:
        tx.connection.execute(sa.insert(REFERENCES.file), forged)
    response = cast.cadre.get(f"/references/{'1' * 64}")
    refused(response, 500, "reference.copy_differs")
    assert b"forged" not in response.data
