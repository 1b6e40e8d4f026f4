"""What one running service is made of, opened once and handed to its web and its worker."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from shared.access import AccessStore, Doorkeeper
from shared.adoption import ReferenceTables, adopt
from shared.eventlog import EventLog, Ledger, LogTables
from shared.eventlog.checkpointer import Checkpointer
from shared.eventlog.log import ReadModel
from shared.kernel.aside import Aside, here
from shared.kernel.clock import Clock, system_clock
from shared.kernel.errors import RegulationError
from shared.people import People, open_people
from shared.projections import FollowTables
from shared.projections.cursors import consumer_name
from shared.provinces import Province, ProvinceFolder, province_of
from shared.references import ReferenceFile
from shared.requests import RequestTables
from shared.settings import ACCESS, Settings
from shared.store import Store
from shared.vault import Vault, VaultTables, load_key
from shared.witness.asking import addresses_of
from shared.witness.submitting import Submitter


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What a service is, before it is opened: its tables and how they are kept."""

    name: str
    metadata: sa.MetaData
    log: LogTables
    vault: VaultTables
    follow: FollowTables
    requests: RequestTables
    references: ReferenceTables
    read_model: ReadModel
    follows: tuple[str, ...]
    """Services whose logs it follows."""
    beside: Callable[[Store, Settings], Callable[[], object]] | None = None
    """Opens what the process that holds its keys does besides signing, each second."""
    complaints: Callable[[Store], Mapping[str, int]] = lambda _store: {}
    """Counts, by name, what keeps it from being relied on; nothing where all are 0."""
    own_files: Callable[[], tuple[ReferenceFile, ...]] = tuple
    """Reference files that it alone has, the same in every province."""

    @property
    def consumers(self) -> Mapping[str, str]:
        """The name under which it reads each service that it follows."""
        return {owner: consumer_name(self.name, owner) for owner in self.follows}


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """A service that is open."""

    settings: Settings
    definition: Definition
    store: Store
    ledger: Ledger
    vault: Vault
    access_store: Store
    access: AccessStore
    people: People
    doorkeeper: Doorkeeper
    provinces: Mapping[str, Province]
    clock: Clock
    service_secret: bytes = field(repr=False)
    aside: Aside
    """Does what would hold up the process."""
    checkpointer: Checkpointer | None
    """None where a process of its own signs the logs."""

    @property
    def name(self) -> str:
        """The service's name."""
        return self.definition.name

    def province(self, slug: str) -> Province:
        """Return the province called `slug`.

        Raises:
            NotFound: `province.unknown`.

        """
        return province_of(self.provinces, slug)

    def files(self, slug: str) -> tuple[ReferenceFile, ...]:
        """Return every reference file that events of the province's log rest on, as in use.

        Raises:
            NotFound: `province.unknown`.

        """
        return (*self.province(slug).files, *self.definition.own_files())

    def close(self) -> None:
        """Close the databases."""
        self.store.close()
        self.access_store.close()


def open_ledger(
    definition: Definition, settings: Settings, store: Store, provinces: Collection[str]
) -> Ledger:
    """Return the service's logs, one for each of `provinces`, also of those it holds later.

    Raises:
        RegulationError: `province.file_missing` for a log that no province file opens: it
            and its figures would vanish in silence.

    """
    ledger = Ledger(
        service=definition.name,
        deployment=settings.deployment,
        store=store,
        tables=definition.log,
        read_model=definition.read_model,
        clock=settings.clock,
        provinces=provinces,
        knows=provinces.__contains__,
    )
    if orphans := ledger.orphans():
        raise RegulationError("province.file_missing", origins=orphans, folder=settings.provinces)
    return ledger


def open_checkpointer(definition: Definition, ledger: Ledger, settings: Settings) -> Checkpointer:
    """Return what signs the logs of `ledger`, has them witnessed, and does more beside.

    Raises:
        RegulationError: `witness.bad_address`; as `Definition.beside`.

    """
    beside: list[Callable[[], object]] = [
        Submitter(ledger, address).begin_turn for address in addresses_of(settings.witnesses)
    ]
    if definition.beside is not None:
        beside.append(definition.beside(ledger.store, settings))
    return Checkpointer(ledger, settings.log_keys, notes=settings.log_notes, beside=beside)


def open_runtime(
    definition: Definition, settings: Settings, aside: Aside = here, *, signs: bool = False
) -> Runtime:
    """Return the service, open. Its tables must be there: see `deploy.migrations`.

    `aside` is how this process does heavy calls. With `signs` it holds the keys of its
    logs, and its worker signs them. Whoever opens it, web or worker, every log of it has
    then adopted the files it decides by.

    Raises:
        RegulationError: a province file or a key is missing or wrong; as `open_ledger`.
        Unavailable: `vault.key_wrong` when the key is not the one that texts are under.

    """
    provinces = ProvinceFolder(settings.provinces)
    store = Store(settings.database_url(definition.name))
    access_store = Store(settings.database_url(ACCESS), connections=4)
    access = AccessStore(access_store)
    clock = settings.clock
    secret = load_key(file=settings.secret_file)
    vault_key = load_key(file=settings.vault_key_file)
    vault = Vault(definition.vault, definition.name, vault_key, clock)
    with store.read() as connection:
        vault.check_key(connection)
    ledger = open_ledger(definition, settings, store, provinces)
    runtime = Runtime(
        settings=settings,
        definition=definition,
        store=store,
        ledger=ledger,
        vault=vault,
        access_store=access_store,
        access=access,
        people=open_people(access_store, vault_key, system_clock),
        doorkeeper=Doorkeeper(tokens=access, clock=system_clock, service_secret=secret),
        provinces=provinces,
        clock=clock,
        service_secret=secret,
        aside=aside,
        checkpointer=open_checkpointer(definition, ledger, settings) if signs else None,
    )

    def begin(log: EventLog) -> None:
        adopt(log, definition.references, runtime.files(log.province))

    for log in runtime.ledger.logs.values():
        begin(log)
    ledger.opened = begin
    return runtime
