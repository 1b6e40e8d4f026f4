"""Services in one patched process: nameko's runner, its containers, one web address.

Importing this module patches the process with eventlet, so nothing else may be imported
before it; `deploy.up` sees to that.
"""

# isort: off
import warnings

warnings.filterwarnings("ignore", category=DeprecationWarning)
warnings.filterwarnings("ignore", message=r"[\s\S]*Eventlet is deprecated")

import eventlet  # noqa: E402 - before anything that imports socket, threading or a driver

eventlet.monkey_patch()
# isort: on

import gc  # noqa: E402
import signal  # noqa: E402
from collections.abc import Callable, Mapping, Sequence  # noqa: E402
from importlib import import_module  # noqa: E402
from typing import Any  # noqa: E402

from nameko.runners import ServiceRunner  # noqa: E402

from deploy.directory import app_of, definition_of  # noqa: E402
from deploy.gateway import mounted  # noqa: E402
from shared.messaging.shell import WebServer, aside  # noqa: E402
from shared.runtime import Runtime, open_runtime  # noqa: E402
from shared.settings import Settings  # noqa: E402

_LOOK_EVERY_S = 0.05


def run(
    settings: Settings,
    services: Sequence[str],
    listen: tuple[str, int] | None,
    ready: Callable[[int, Mapping[str, Runtime]], None],
    *,
    signs: bool,
) -> None:
    """Run the workers of `services` until SIGTERM or SIGINT, then stop them in order.

    With `listen`, also their apps, each under `/<service>`. `ready` is called once with
    the port, 0 without one, and the open services. With `signs` the workers sign the logs.
    """
    told: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        # Handlers run anywhere, also inside a transaction: they only note the signal.
        signal.signal(number, lambda signum, _frame: told.append(signum))
    runtimes = {
        service: open_runtime(definition_of(service), settings, aside, signs=signs)
        for service in services
    }
    runner = ServiceRunner({"RUNTIMES": runtimes})
    for service in services:
        runner.add_service(_service_class(service))
    web = _web(runtimes, listen)
    runner.start()
    if web:
        web.start()
    watched = eventlet.spawn(runner.wait)
    gc.collect()
    gc.freeze()  # modules and schemas live as long as the process: never look at them again
    ready(web.port if web else 0, runtimes)
    while not told and not watched.dead:
        eventlet.sleep(_LOOK_EVERY_S)
    if web:
        web.stop()
    runner.stop()
    watched.wait()
    for opened in runtimes.values():
        opened.close()


def _web(runtimes: Mapping[str, Runtime], listen: tuple[str, int] | None) -> WebServer | None:
    if listen is None:
        return None
    return WebServer(mounted({name: app_of(each) for name, each in runtimes.items()}), listen)


def _service_class(service: str) -> type[Any]:
    """Return the nameko class of `service`: the one of its module that has that name."""
    module = import_module(f"services.{service}.service")
    (found,) = (
        value
        for value in vars(module).values()
        if isinstance(value, type) and getattr(value, "name", None) == service
    )
    return found
