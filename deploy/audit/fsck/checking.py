"""All of it: whether what a deployment keeps beside its entries follows from them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager

import sqlalchemy as sa

from deploy.audit.archive import DatabaseArchive
from deploy.audit.deployment import REPORTING, owners, reading
from deploy.audit.fsck.check import Check
from deploy.audit.fsck.copies import check_copies
from deploy.audit.fsck.figures import check_figures
from deploy.audit.fsck.index import check_index
from deploy.audit.fsck.mirrors import check_mirrors
from deploy.audit.fsck.read_models import INLINE, check_read_models
from deploy.audit.fsck.reference_files import check_reference_files
from deploy.audit.fsck.reports import check_reports
from deploy.audit.proving.provable import owned
from shared.provinces import Province
from shared.settings import Settings

Begin = Callable[[int], Callable[[int], None]]
"""Told how many entries there are to read; returns what is told of each page."""


def fsck(settings: Settings, provinces: Mapping[str, Province], begin: Begin) -> Check:
    """Return what was found.

    Raises:
        Unavailable: as `deploy.audit.deployment.owners`.
        RegulationError, ContractError: as `services.reporting.counting`.

    """
    with ExitStack() as stack:
        archives = stack.enter_context(owners(settings))
        stores = {name: stack.enter_context(reading(settings, name)) for name in INLINE}
        check = Check(
            advance=begin(2 * sum(archive.size() for archive in archives)),
            origins=[archive.origin for archive in archives],
        )
        for archive in archives:
            if isinstance(archive, DatabaseArchive):
                with _read(check, archive.origin):
                    check_index(check, owned(archive))
                with _read(check, archive.origin):
                    check_reference_files(check, archive, provinces)
        with _read(check, REPORTING):
            check_copies(check, stores[REPORTING], archives)
            check_mirrors(check, stores[REPORTING])
        for service, store in stores.items():
            with _read(check, service):
                check_read_models(check, service, store, archives)
        with _read(check, REPORTING):
            check_figures(check, stores[REPORTING])
            check_reports(check, archives, provinces)
    return check


@contextmanager
def _read(check: Check, origin: str) -> Iterator[None]:
    """Do what is in the block; find what no code of ours wrote: text for bytes, no date."""
    try:
        yield
    except (TypeError, ValueError, sa.exc.DataError):
        check.found("fsck.table_unreadable", origin)
