"""Bringing every database to the current form, by Alembic.

Each service owns its steps in `services/<name>/migrations`; the tokens' are in
`shared/access/migrations`. A released step is never edited.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from deploy.directory import definition_of
from shared import people
from shared.settings import ACCESS, SERVICES, Settings
from shared.store import Store

_ROOT = Path(__file__).parent.parent.parent
_LOCK = 7_202_205
"""Any number, the same everywhere: replicas that start together migrate one by one."""


def folder_of(name: str) -> Path:
    """Return the folder that holds the steps of the database called `name`."""
    owner = "shared" if name == ACCESS else "services"
    return _ROOT / owner / name / "migrations"


def metadata_of(name: str) -> sa.MetaData:
    """Return the tables that the database called `name` should have."""
    return people.METADATA if name == ACCESS else definition_of(name).metadata


def upgrade(settings: Settings, *names: str) -> None:
    """Bring the named databases, or all, to the current form; one that is stays as it is."""
    for name in names or (ACCESS, *SERVICES):
        upgrade_database(name, settings.database_url(name))


def upgrade_database(name: str, url: str) -> None:
    """Bring the database at `url` to the current form of `name`, in one transaction."""
    store = Store(url, connections=1)
    try:
        with store.write() as tx:
            if store.is_postgresql:
                tx.connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({_LOCK:d})"))
            command.upgrade(config_of(name, tx.connection), "head")
    finally:
        store.close()


def config_of(name: str, connection: sa.Connection) -> Config:
    """Return Alembic's configuration for the database called `name`."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("version_locations", str(folder_of(name)))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    config.attributes["metadata"] = metadata_of(name)
    return config
