"""Making the databases of a deployment on PostgreSQL, where its role may."""

from urllib.parse import urlsplit, urlunsplit

import sqlalchemy as sa

from shared.kernel.errors import Refused
from shared.settings import ACCESS, SERVICES, Settings
from shared.store import Store

_ADMINISTRATION = "/postgres"
"""The database that every server has."""


def create_missing(settings: Settings, *names: str) -> None:
    """Create each database of the deployment, or of `names`, that is not there yet.

    Raises:
        Refused: `deployment.database_missing` when our role may not make it.
        sqlalchemy.exc.OperationalError: when the server does not answer.

    """
    for name in names or (ACCESS, *SERVICES):
        url = settings.database_url(name)
        if url.startswith("postgresql") and not _is_there(url):
            _create(url)


def _is_there(url: str) -> bool:
    """Return whether the database answers; it alone need let us in."""
    store = Store(url, connections=1)
    try:
        with store.read() as connection:
            connection.execute(sa.text("SELECT 1"))
    except sa.exc.OperationalError:
        return False  # away, or not there: the server itself is asked next
    finally:
        store.close()
    return True


def _create(url: str) -> None:
    parts = urlsplit(url)
    database = parts.path.removeprefix("/")
    server = Store(urlunsplit(parts._replace(path=_ADMINISTRATION)), connections=1)
    try:
        with server.read() as connection:
            quoted = server.engine.dialect.identifier_preparer.quote(database)
            connection.execute(sa.text(f"CREATE DATABASE {quoted}"))
    except (sa.exc.ProgrammingError, sa.exc.IntegrityError):
        if not _is_there(url):  # else somebody else has just made it
            raise Refused("deployment.database_missing", database=database) from None
    finally:
        server.close()
