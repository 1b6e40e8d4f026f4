"""Every audit ends proven, disproven, or unable to tell, and its exit status says which."""

import sqlite3
from pathlib import Path

import pytest

from deploy.audit.recount.recounting import FINDINGS_MAX, Recounted
from deploy.audit.verdict import Finding, Verdict, verdict_of
from tests.deploy.audit.conftest import Audited

PROOF = Finding(code="id_repeated", origin="o", position=3, facts={"type": "X"})
QUESTION = Finding(code="rules_missing", origin="o", is_proof=False, facts={"type": "X"})


def test_one_proof_disproves_and_a_question_alone_leaves_it_open() -> None:
    assert verdict_of([]) is Verdict.PROVEN
    assert verdict_of([QUESTION]) is Verdict.CANNOT_TELL
    assert verdict_of([QUESTION, PROOF, QUESTION]) is Verdict.DISPROVEN


def test_a_list_that_is_full_of_questions_still_takes_the_proof() -> None:
    result = Recounted(logs={"o": 1})
    result.add([QUESTION] * (FINDINGS_MAX + 5))
    assert (len(result.findings), result.verdict) == (FINDINGS_MAX, Verdict.CANNOT_TELL)
    result.add([PROOF])
    assert (len(result.findings), result.verdict) == (FINDINGS_MAX, Verdict.DISPROVEN)
    assert result.findings_in_all == FINDINGS_MAX + 6


def test_a_finding_is_told_in_both_languages_with_its_place() -> None:
    told = PROOF.as_json()
    assert (told["origin"], told["position"], told["is_proof"]) == ("o", 3, True)
    assert told["texts"]["vi"] == "X: mã sự kiện đã có trước trong sổ này."
    assert told["texts"]["en"] == "X: its id is that of an earlier event of this log."


@pytest.mark.parametrize("command", ["recount", "history", "replay", "diff"])
def test_a_log_with_a_hole_is_disproven_by_every_command(audited: Audited, command: str) -> None:
    with sqlite3.connect(audited.folder / "intake.db") as database:
        database.execute("DROP TRIGGER entry_is_final_delete")
        database.execute(
            "DELETE FROM entry WHERE position = 2 AND log_no = "
            "(SELECT log_no FROM log WHERE origin LIKE '%/ha-noi/intake')"
        )
    database.close()
    period = ("--period", "2017-01-01", "2021-12-31")
    arguments = {
        "recount": (),
        "history": ("0000-0000-0000",),
        "replay": ("--to", "2029-12-31", *period),
        "diff": ("2000-01-01", "2029-12-31", *period),
    }
    ended = audited.audit(command, *arguments[command])
    assert ended.status == Verdict.DISPROVEN
    assert "doithoai.local/ha-noi/intake" in ended.err
    assert ended.err.splitlines()[-1] == "(audit.hole)"


@pytest.mark.parametrize(
    "arguments",
    [
        ("recount", "--province", "nowhere"),
        ("replay", "--to", "2029-12-31"),
        ("replay", "nothing", "--to", "2029-12-31", "--period", "2017-01-01", "2017-12-31"),
        ("nothing",),
        ("diff", "2029-12-31"),
    ],
)
def test_what_was_asked_wrongly_is_told_nothing_of(
    played: Audited, arguments: tuple[str, ...]
) -> None:
    ended = played.audit(*arguments)
    assert (ended.status, ended.out) == (Verdict.CANNOT_TELL, "")
    assert "Traceback" not in ended.err


def test_without_a_database_nobody_can_tell(tmp_path: Path) -> None:
    ended = Audited(folder=tmp_path).audit("recount")
    assert (ended.status, ended.err.splitlines()[-1]) == (2, "(audit.no_database)")
