"""A service opened for a test: SQLite, two small provinces, a clock that the test sets."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from shared import access
from shared.access import Role
from shared.contracts.operations import ReferenceAdopted
from shared.eventlog import NOTHING, Entry
from shared.runtime import Definition, Runtime, open_runtime
from shared.settings import ACCESS, Settings
from shared.store import Store
from shared.vault import create_key_file

PROVINCES = Path(__file__).parent / "provinces"
NOON = datetime(2019, 5, 20, 5, tzinfo=UTC)
"""Where every test's clock starts: a Monday, 12:00 in Viet Nam."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A service that is open, with what a test does around it."""

    runtime: Runtime
    clock_file: Path

    def set_clock(self, instant: datetime) -> None:
        """Make it `instant`."""
        self.clock_file.write_text(instant.isoformat(), encoding="ascii")

    def later(self, **span: float) -> None:
        """Let time pass: `later(days=3)`."""
        self.set_clock(self.runtime.clock() + timedelta(**span))

    def bearer(
        self,
        role: Role,
        *,
        province: str | None = "ha-noi",
        agency: str | None = None,
        seat: str | None = None,
    ) -> dict[str, str]:
        """Return the headers of a fresh token, valid for ten years."""
        issued = self.runtime.access.issue(
            seat=seat or f"test/{role.value.replace('_', '-')}",
            role=role,
            now=self.runtime.clock(),
            province=province,
            agency=agency,
            lifetime=timedelta(days=3_650),
        )
        return {"Authorization": f"Bearer {issued.bearer}"}

    def client(self, create_app: Callable[[Runtime], Flask]) -> FlaskClient:
        """Return a client of the service's app."""
        return create_app(self.runtime).test_client()


def since_opened(runtime: Runtime, province: str = "ha-noi") -> list[Entry]:
    """Return what its log of `province` holds after the files that the opening adopted."""
    entries = runtime.ledger.log(province).read(NOTHING)
    return [each for each in entries if each.document["type"] != ReferenceAdopted.__name__]


def opened(definition: Definition, folder: Path, **environment: str) -> Opened:
    """Return the service open in `folder`, with fresh tables and keys.

    `environment` adds to its variables or replaces them.
    """
    clock_file = folder / "now.txt"
    settings = Settings.from_environment(
        {
            "DOITHOAI_DEPLOYMENT": "test.local",
            "DOITHOAI_DATA": str(folder),
            "DOITHOAI_PROVINCES": str(PROVINCES),
            "DOITHOAI_CLOCK": str(clock_file),
            **environment,
        }
    )
    settings.vault_key_file.parent.mkdir()
    create_key_file(settings.vault_key_file)
    create_key_file(settings.secret_file)
    for name, metadata in ((definition.name, definition.metadata), (ACCESS, access.METADATA)):
        store = Store(settings.database_url(name))
        metadata.create_all(store.engine)
        store.close()
    clock_file.write_text(NOON.isoformat(), encoding="ascii")  # a log's time never goes back
    return Opened(runtime=open_runtime(definition, settings), clock_file=clock_file)
