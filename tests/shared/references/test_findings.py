from collections.abc import Mapping

from shared.contracts.operations import ReferenceAdopted
from shared.references import ReferenceFile, findings
from tests.shared.references.samples import CALENDAR, CHANGED, PROVINCE

ADOPTED = [PROVINCE.adoption(), CALENDAR.adoption()]
COPIES = {file.sha256: file.content for file in (PROVINCE, CALENDAR, CHANGED)}


def found(
    *in_use: ReferenceFile,
    adoptions: list[ReferenceAdopted] | None = None,
    copies: Mapping[str, bytes] = COPIES,
) -> list[tuple[str, dict[str, object]]]:
    told = ADOPTED if adoptions is None else adoptions
    return [(each.code, each.facts) for each in findings(told, in_use, copies)]


def test_files_log_and_copies_that_agree_give_no_finding() -> None:
    assert found(PROVINCE, CALENDAR) == []
    assert found(CHANGED, CALENDAR, adoptions=[*ADOPTED, CHANGED.adoption()]) == []
    assert found() == []


def test_a_file_that_was_exchanged_is_named_with_both_versions() -> None:
    assert found(CHANGED, CALENDAR) == [
        (
            "reference.exchanged",
            {"file": "ha-noi.toml", "found": CHANGED.version, "adopted": PROVINCE.version},
        )
    ]


def test_the_version_adopted_last_counts_and_not_one_before() -> None:
    told = [*ADOPTED, CHANGED.adoption()]
    assert [code for code, _facts in found(PROVINCE, adoptions=told)] == ["reference.exchanged"]


def test_a_file_in_use_that_no_log_knows_is_a_finding() -> None:
    assert found(PROVINCE, CALENDAR, adoptions=ADOPTED[:1]) == [
        (
            "reference.never_adopted",
            {"file": "calendar/overrides.toml", "found": CALENDAR.version},
        )
    ]


def test_a_copy_that_is_missing_is_a_finding_also_of_an_earlier_version() -> None:
    told = [*ADOPTED, CHANGED.adoption()]
    copies = {file.sha256: file.content for file in (CHANGED, CALENDAR)}
    facts = {"file": "ha-noi.toml", "sha256": PROVINCE.sha256}
    assert found(CHANGED, adoptions=told, copies=copies) == [("reference.copy_missing", facts)]


def test_a_copy_that_is_not_what_its_hash_says_is_a_finding() -> None:
    forged = {**COPIES, PROVINCE.sha256: CHANGED.content}
    facts = {"sha256": PROVINCE.sha256}
    assert found(PROVINCE, CALENDAR, copies=forged) == [("reference.copy_differs", facts)]
