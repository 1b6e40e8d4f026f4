"""All logs of a deployment, opened read-only: while it runs, and while it is stopped."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import sqlalchemy as sa

from deploy.audit.archive import Archive, DatabaseArchive, JournalArchive, province_of
from deploy.directory import definition_of
from services.reporting import journal
from shared.kernel.errors import NotFound, Unavailable
from shared.settings import SERVICES, Settings
from shared.store import Store

REPORTING = "reporting"
LOGS_MAX = journal.LOGS_MAX


@contextmanager
def reading(settings: Settings, name: str) -> Iterator[Store]:
    """Yield the database called `name`, a service or `access`, to look at only.

    Raises:
        Unavailable: `audit.no_database` when it is a file that is not there;
            `audit.started_meanwhile` at the end, when a deployment that was stopped has
            been started in between: what was read may then be half old, half new.

    """
    url = settings.database_url(name)
    file = _file_of(url)
    if file is not None and not file.exists():
        raise Unavailable("audit.no_database", database=name)
    before = _at_rest(file)
    store = Store(url, connections=2, is_read_only=True)
    try:
        yield store
    finally:
        store.close()
    if before is not None and _at_rest(file) != before:
        raise Unavailable("audit.started_meanwhile", database=name)


@contextmanager
def owners(settings: Settings) -> Iterator[list[Archive]]:
    """Yield every log in the databases of the services that own them, by origin.

    Raises:
        Unavailable: as `reading`.

    """
    with ExitStack() as stack:
        stores = {name: stack.enter_context(reading(settings, name)) for name in SERVICES}
        found = [log for name, store in stores.items() for log in _owned(name, store)]
        yield sorted(found, key=lambda archive: archive.origin)


@contextmanager
def journals(settings: Settings) -> Iterator[list[Archive]]:
    """Yield every log that Reporting has copied, and its own, by origin. Raises as `owners`."""
    with reading(settings, REPORTING) as store:
        copied = [JournalArchive(origin=log.origin, store=store) for log in journal.logs(store)]
        yield sorted([*copied, *_owned(REPORTING, store)], key=lambda archive: archive.origin)


def of_provinces(archives: Sequence[Archive], provinces: Sequence[str]) -> list[Archive]:
    """Return the archives of `provinces`, of all when none is named.

    Raises:
        NotFound: `province.unknown` for one that no archive is of.

    """
    known = {province_of(archive) for archive in archives}
    for province in provinces:
        if province not in known:
            raise NotFound("province.unknown", province=province)
    return [each for each in archives if not provinces or province_of(each) in provinces]


def _owned(service: str, store: Store) -> list[DatabaseArchive]:
    tables = definition_of(service).log
    query = sa.select(tables.log.c.log_no, tables.log.c.origin).limit(LOGS_MAX)
    with store.read() as connection:
        return [
            DatabaseArchive(origin=origin, store=store, tables=tables, log_no=log_no)
            for log_no, origin in connection.execute(query)
        ]


def _file_of(url: str) -> Path | None:
    """Return the SQLite file at `url`, None for a server's database."""
    address = sa.make_url(url)
    if address.get_backend_name() != "sqlite":
        return None
    return Path(address.database or "").absolute()


def _at_rest(file: Path | None) -> tuple[int, int] | None:
    """Return what tells whether `file` changes; None while somebody has it open."""
    if file is None or file.with_name(f"{file.name}-wal").exists():
        return None
    status = file.stat()
    return status.st_mtime_ns, status.st_size
