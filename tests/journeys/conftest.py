"""The demo on the embedded default: played once, looked at by many tests."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.commands import Ended, ran

DEMO_TIMEOUT_S = 1_200


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A demo that is over."""

    ended: Ended
    folder: Path
    exported: dict[str, str]
    """What whoever called it had told another deployment."""

    @property
    def document(self) -> dict[str, Any]:
        """What it printed."""
        document: dict[str, Any] = json.loads(self.ended.out)
        return document

    def call(self, *arguments: str) -> Ended:
        """Return how a command on the data that was kept ended."""
        return ran({"DOITHOAI_DATA": str(self.folder)}, *arguments)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """Return the demo, played on SQLite within one process."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    arguments = ("demo", "--data", str(folder), "--json")
    exported = {"DOITHOAI_DATABASE": "postgresql://postgres@127.0.0.1:9/production"}
    ended = ran(exported, *arguments, timeout_s=DEMO_TIMEOUT_S)
    return Played(ended=ended, folder=folder, exported=exported)
