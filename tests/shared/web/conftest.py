"""A service to try the shared web on: Intake, on SQLite or on PostgreSQL."""

from tests.services.conftest import open_service
from tests.services.intake.conftest import intake, postgresql_intake, shipped_intake

__all__ = ["intake", "open_service", "postgresql_intake", "shipped_intake"]
