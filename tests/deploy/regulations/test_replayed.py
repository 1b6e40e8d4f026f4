"""`doithoai regulation explain` and `compare` on a deployment that is stopped."""

from pathlib import Path

import pytest

from deploy.ending import REFUSED, USED_WRONGLY
from tests.deploy.audit.deployed import Deployed, deploy
from tests.deploy.audit.story import told
from tests.deploy.commands import called
from tests.services.opened import PROVINCES

RULE = """
[regulation]
rule = [
  { key = "resolution_due", value = { working_days = 60, from = "receipt" }, valid_from = 2018-01-01, citation = "Dự thảo", law = false },
]
"""  # noqa: E501 - a row of a province file


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    folder = tmp_path_factory.mktemp("replayed") / "data"
    folder.mkdir()
    return deploy(folder, [told()], publishes=False)


def draft(folder: Path) -> Path:
    """Return Hà Nội's file with sixty working days for an answer, from 2018 on."""
    file = folder / "ha-noi.toml"
    text = (PROVINCES / "ha-noi.toml").read_text(encoding="utf-8")
    file.write_text(text + RULE, encoding="utf-8")
    return file


def test_a_looser_regulation_names_who_would_have_been_on_time(
    deployed: Deployed, tmp_path: Path
) -> None:
    asked = ("regulation", "compare", "--province", "ha-noi", "--with", str(draft(tmp_path)))
    ended = called(deployed.environment, *asked, "--period", "2019", "--json")
    assert ended.status == 0
    document = ended.json
    assert document["period"] == {"from": "2018-12-15", "to": "2019-12-14"}
    assert len(document["assignments"]) == 3
    figures = {each["agency"]: each for each in document["agencies"]}["ubnd-thanh-cong"]
    assert (figures["late_before"], figures["late_after"], figures["newly_on_time"]) == (1, 0, 1)
    shown = called(deployed.environment, *asked, "--period", "2019-03-01:2019-12-31")
    assert "25/03/2019 → 30/05/2019: đúng hạn / on time" in shown.out
    nothing = called(deployed.environment, *asked, "--period", "2020", "--json").json
    assert nothing["assignments"] == nothing["agencies"] == []


def test_the_same_regulation_changes_nothing(deployed: Deployed) -> None:
    asked = ("regulation", "compare", "--province", "ha-noi", "--period", "2019", "--json")
    document = called(deployed.environment, *asked, "--with", str(PROVINCES / "ha-noi.toml")).json
    dates = [each["due_on"] for each in document["assignments"]]
    assert len(dates) == 3
    assert all(each["before"] == each["after"] for each in dates)
    assert all(each["late"]["before"] == each["late"]["after"] for each in document["assignments"])


@pytest.mark.parametrize("period", ["21", "2021-01-01", "2021-12-31:2021-01-01", "2021-02-30:2022"])
def test_a_period_that_is_none_is_used_wrongly(deployed: Deployed, period: str) -> None:
    asked = ("regulation", "compare", "--province", "ha-noi", "--period", period)
    ended = called(deployed.environment, *asked, "--with", str(PROVINCES / "ha-noi.toml"))
    assert ended.status == USED_WRONGLY


def test_a_recorded_date_is_explained_from_its_issue_on(deployed: Deployed) -> None:
    asked = ("regulation", "compare", "--province", "ha-noi", "--period", "2019", "--json")
    listed = called(deployed.environment, *asked, "--with", str(PROVINCES / "ha-noi.toml")).json
    first, promised, _ = (each["assignment_id"] for each in listed["assignments"])
    explained = called(deployed.environment, "regulation", "explain", first, "--json").json
    assert explained["follows"] is True
    assert explained["due_on"] == explained["recounted"]["due_on"]
    assert explained["changes"] == []
    said = called(deployed.environment, "regulation", "explain", first)
    assert "ngày làm việc" in said.out
    of_conclusion = called(deployed.environment, "regulation", "explain", promised, "--json").json
    assert (of_conclusion["source_kind"], of_conclusion["follows"]) == ("commitment", None)
    assert "12/TB" in of_conclusion["citation"]


def test_what_is_no_assignment_is_refused(deployed: Deployed) -> None:
    ended = called(deployed.environment, "regulation", "explain", "o-1")
    assert ended.status == REFUSED
    assert "(assignment.unknown)" in ended.err
