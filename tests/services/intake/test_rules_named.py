"""Whatever a file decided names that file; whatever a person alone decided names none."""

import pytest

from services.intake.declared_import import DeclaredImport
from shared.contracts.vocabulary import ReferenceKind
from tests.services.intake.calling import Cast
from tests.services.intake.digest_files import digest_csv, row
from tests.services.intake.test_declared_import import BA_DINH
from tests.services.opened import Opened, since_opened

PROVINCE, REGULATION, FIELDS = (
    ReferenceKind.PROVINCE,
    ReferenceKind.REGULATION,
    ReferenceKind.FIELDS,
)


@pytest.fixture
def cast(intake: Opened) -> Cast:
    return Cast(intake)


def named(service: Opened) -> list[tuple[str, str | None]]:
    """Return each event's type with the files that it names."""
    documents = [entry.document for entry in since_opened(service.runtime)]
    return [(each["type"], each.get("references")) for each in documents]


def test_a_reception_names_what_knows_place_field_and_days(cast: Cast) -> None:
    cast.cadre.entered()
    rules = cast.service.runtime.province("ha-noi").references(PROVINCE, REGULATION, FIELDS)
    assert named(cast.service) == [("OpinionReceived", rules)]


def test_a_row_of_a_digest_names_the_same_and_the_digest_its_organisation(cast: Cast) -> None:
    assert cast.cadre.upload(digest_csv(row())).status_code == 200
    province = cast.service.runtime.province("ha-noi")
    assert named(cast.service) == [
        ("OpinionReceived", province.references(PROVINCE, REGULATION, FIELDS)),
        ("DigestImported", province.references(PROVINCE)),
    ]


def test_an_acceptance_rests_on_no_file_and_a_referral_on_who_is_competent(cast: Cast) -> None:
    ids = [cast.cadre.entered()]
    assert cast.screener.post("/opinions/accept", {"opinion_ids": ids}).status_code == 200
    assert cast.screener.post("/opinions/refer", {"opinion_ids": ids}).status_code == 200
    province = cast.service.runtime.province("ha-noi")
    assert named(cast.service)[1:] == [
        ("OpinionAccepted", None),
        ("OpinionReferred", province.references(PROVINCE, FIELDS)),
    ]


def test_a_refusal_names_the_file_that_knows_whom_it_is_redirected_to(cast: Cast) -> None:
    body = {"opinion_ids": [cast.cadre.entered()], "reason": "unclear"}
    assert cast.screener.post("/opinions/decline", body).status_code == 200
    other = {"opinion_ids": [cast.cadre.entered(voices=4)], "reason": "not_competent"}
    other["redirect"] = "ubnd-ba-dinh"
    assert cast.screener.post("/opinions/decline", other).status_code == 200
    declined = [files for name, files in named(cast.service) if name == "OpinionDeclined"]
    assert declined == [None, cast.service.runtime.province("ha-noi").references(PROVINCE)]


def test_figures_from_paper_name_what_knows_their_unit_and_sector(shipped_intake: Opened) -> None:
    runtime = shipped_intake.runtime
    province = runtime.province("ha-noi")
    shipped_intake.later(days=2_500)
    DeclaredImport(
        runtime=runtime, province=province, actor="test/screener", at=runtime.clock()
    ).run(BA_DINH.read_bytes())
    files = {files for _name, files in named(shipped_intake)}
    assert files == {province.references(PROVINCE), province.references(PROVINCE, FIELDS)}
