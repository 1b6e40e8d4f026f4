"""How a command ends: words in both languages, a code, a status, and never a trace."""

import errno

import pytest
import sqlalchemy as sa

from deploy.client import Answered
from deploy.ending import INTERRUPTED, REFUSED, UNAVAILABLE, meant_by, told
from shared.kernel.errors import AppError, NotFound, RegulationError, Unavailable

SECRET = "Ngô Thị Bích Quyên"


def ended_with(error: BaseException) -> object:
    with pytest.raises(SystemExit) as end, told():
        raise error
    return end.value.code


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound("province.unknown", province="x"), REFUSED),
        (Answered(409, {"code": "session.wrong_state"}), REFUSED),
        (Unavailable("deployment.away", url="x"), UNAVAILABLE),
        (Answered(503, {"code": "store.away"}), UNAVAILABLE),
        (RegulationError("deployment.bad_setting", variable="x"), UNAVAILABLE),
        (ValueError(SECRET), UNAVAILABLE),
        (KeyboardInterrupt(), INTERRUPTED),
    ],
)
def test_the_status_says_who_must_act(error: BaseException, status: int) -> None:
    assert ended_with(error) == status


def test_an_error_is_told_in_vietnamese_then_english_then_by_its_code(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ended_with(NotFound("province.unknown", province="ha-nox"))
    vietnamese, english, code = capsys.readouterr().err.splitlines()
    assert vietnamese.startswith("Không có tỉnh")
    assert english.startswith("There is no province")
    assert code == "(province.unknown)"


def test_an_answer_is_told_in_the_words_it_came_with(capsys: pytest.CaptureFixture[str]) -> None:
    problem = {
        "code": "request.invalid",
        "texts": {"vi": "Thiếu.", "en": "Missing."},
        "fields": [{"field": "voices", "message": "Not a valid integer."}],
    }
    ended_with(Answered(422, problem))
    assert capsys.readouterr().err.splitlines() == [
        "Thiếu.",
        "Missing.",
        "  field: voices  message: Not a valid integer.",
        "(request.invalid)",
    ]


def test_a_fields_own_words_are_told_in_vietnamese(capsys: pytest.CaptureFixture[str]) -> None:
    field = {"field": "voices", "message": "x", "texts": {"vi": "Sai kiểu.", "en": "No number."}}
    ended_with(
        Answered(422, {"code": "request.invalid", "texts": {"vi": "Sai."}, "fields": [field]})
    )
    assert "  field: voices  Sai kiểu." in capsys.readouterr().err.splitlines()


def test_an_answer_without_words_still_gets_some(capsys: pytest.CaptureFixture[str]) -> None:
    ended_with(Answered(409, {"code": "never.heard_of"}))
    assert "never.heard_of" in capsys.readouterr().err


def test_the_words_of_a_fault_of_the_program_are_kept_back(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    ended_with(ValueError(SECRET))
    said = capsys.readouterr().err + caplog.text
    assert "ValueError at test_ending.py" in said
    assert SECRET not in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.EADDRINUSE, "in use"), "deployment.port_in_use"),
        (sa.exc.TimeoutError(), "store.away"),
        (KeyError(SECRET), "deployment.fault"),
    ],
)
def test_errors_of_others_are_told_as_ours(error: Exception, code: str) -> None:
    meant = meant_by(error)
    assert isinstance(meant, AppError)
    assert meant.code == code
    assert SECRET not in str(meant)
