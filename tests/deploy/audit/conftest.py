"""A small real history, played once through the services; each test audits a copy of it."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.cli.demo import SEED
from deploy.demo.history import history
from deploy.demo.performance import DECLARED
from deploy.demo.play import Play, set_clock
from deploy.running import running
from shared.settings import Settings
from tests.deploy.audit.deployed import Deployed
from tests.deploy.audit.tampering import prepared
from tests.deploy.commands import Ended, called
from tests.journeys.small_history import first_part

SESSIONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """The data folder of a deployment that is stopped."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """What the deployment is told."""
        return {"DOITHOAI_DATA": str(self.folder), "DOITHOAI_CLOCK": str(self.folder / "clock")}

    @property
    def settings(self) -> Settings:
        """The deployment, as its environment describes it."""
        return Settings.from_environment(self.environment)

    def audit(self, *arguments: str) -> Ended:
        """Return how `doithoai audit …` ended, called within this process."""
        return called(self.environment, "audit", *arguments)

    def copied(self, to: Path) -> "Audited":
        """Return a copy that a test may spoil."""
        return Audited(folder=Path(shutil.copytree(self.folder, to)))


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Audited:
    """Return the folder after a few sessions were prepared, held, concluded and answered."""
    audited = Audited(folder=tmp_path_factory.mktemp("audited") / "data")
    audited.folder.mkdir()
    told = first_part(history(SEED), SESSIONS)
    set_clock(audited.folder / "clock", told.first_on)  # a log's time never goes back
    with running(audited.settings, environment=audited.environment) as deployment:
        Play(deployment.client, told, audited.folder / "clock").perform()
        (audited.folder / "clock").write_text("2022-01-10T01:00:00+00:00", encoding="ascii")
        secretary = deployment.client.as_role("secretary", seat="ba-dinh/tk", province="ha-noi")
        secretary.call(
            "POST",
            "/intake/imports",
            data={"kind": "declared", "province": "ha-noi"},
            files={"file": (DECLARED.name, DECLARED.read_bytes())},
        )
        deployment.settle()
    return audited


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """Return a deployment of two provinces, signed, that nobody has touched."""
    folder = tmp_path_factory.mktemp("clean") / "data"
    folder.mkdir()
    return prepared(folder)


@pytest.fixture
def spoilt(clean: Deployed, tmp_path: Path) -> Deployed:
    """Return a copy of the deployment for this test to spoil."""
    return clean.copied(tmp_path / "spoilt")


@pytest.fixture
def audited(played: Audited, tmp_path: Path) -> Audited:
    """Return a copy of the history for this test alone."""
    return played.copied(tmp_path / "data")
