"""A service's checkpointer as a process of its own, alone with the keys of its logs.

It needs the database and the folder of the keys; no broker, no vault, no other secret.
"""

import signal
import threading
from collections.abc import Callable

from deploy.directory import definition_of
from deploy.migrations import upgrade
from shared.provinces import ProvinceFolder
from shared.runtime import open_checkpointer, open_ledger
from shared.settings import Settings
from shared.store import Store


def sign(settings: Settings, service: str, ready: Callable[[], None]) -> None:
    """Sign the logs of `service` until SIGTERM or SIGINT.

    Raises:
        RegulationError: a province file is missing or wrong.

    """
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _signum, _frame: over.set())
    upgrade(settings, service)
    definition = definition_of(service)
    store = Store(settings.database_url(service), connections=2)
    ledger = open_ledger(definition, settings, store, ProvinceFolder(settings.provinces))
    ready()
    try:
        open_checkpointer(definition, ledger, settings).run(over.wait)
    finally:
        store.close()
