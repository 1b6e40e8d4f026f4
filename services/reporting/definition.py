"""What Reporting is, before it is opened."""

from collections.abc import Callable
from functools import cache

from services.reporting import publishing
from services.reporting.cosigning import Mirror
from services.reporting.mirror import disputes
from services.reporting.pinning import given_keys
from services.reporting.statistics import statistic_files
from services.reporting.tables import FOLLOW, LOG, METADATA, REFERENCES, REQUESTS, VAULT
from shared.eventlog.durable import make_private
from shared.eventlog.note_key import KeyKind, Signer
from shared.eventlog.signer_file import create_signer_file
from shared.runtime import Definition
from shared.settings import Settings
from shared.store import Store


def open_mirror(store: Store, settings: Settings) -> Callable[[], object]:
    """Return what cosigns the logs that are copied here, as `<deployment>/witness`.

    Its key and the keys of logs that people gave are read when they are first needed.
    """
    file = settings.log_keys / "cosigner.key"

    @cache
    def signer() -> Signer:
        make_private(file.parent)
        return create_signer_file(file, f"{settings.deployment}/witness", KeyKind.WITNESS)

    given = given_keys(settings.log_verifiers) if settings.log_verifiers else {}
    return Mirror(store, signer, settings.log_notes / "witness", given, settings.clock).turn


DEFINITION = Definition(
    name="reporting",
    metadata=METADATA,
    log=LOG,
    vault=VAULT,
    follow=FOLLOW,
    requests=REQUESTS,
    references=REFERENCES,
    read_model=publishing.apply,
    follows=("intake", "sessions", "assignment"),
    own_files=statistic_files,
    beside=open_mirror,
    complaints=lambda store: {"disputed_logs": disputes(store)},
)
