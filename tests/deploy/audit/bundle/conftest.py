"""One bundle, made once; tests spoil copies of it."""

from pathlib import Path

import pytest

from tests.deploy.audit.bundle.evidence import Evidence, evidence, keys_of


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """Return a deployment with a published report."""
    return evidence(tmp_path_factory.mktemp("evidence") / "data")


@pytest.fixture(scope="session")
def bundle(deployed: Evidence) -> bytes:
    """Return the bundle of its report."""
    return deployed.bundle()


@pytest.fixture(scope="session")
def keys(bundle: bytes) -> list[str]:
    """Return the keys that an auditor was given."""
    return keys_of(bundle)


@pytest.fixture
def written(bundle: bytes, tmp_path: Path) -> Path:
    """Return the bundle as a file."""
    path = tmp_path / "bundle.zip"
    path.write_bytes(bundle)
    return path
