"""Where Debian keeps the servers' programs and the browser; root may install what is missing."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.servers.child import ServerError


def postgresql_programs() -> Path:
    """Return the folder of the newest `postgres` and `initdb`."""
    return _installed("postgresql", _find_postgresql)


def rabbitmq_programs() -> Path:
    """Return the folder of `rabbitmq-server` and `rabbitmqctl`, without Debian's wrapper.

    The wrapper in /usr/sbin would run the system's own broker, as the system's account.
    """
    return _installed("rabbitmq-server", _find_rabbitmq)


def chromium_program() -> Path:
    """Return the browser that the tests of pages drive."""
    return _installed("chromium", lambda: _found_program("chromium"))


def _found_program(name: str) -> Path | None:
    found = shutil.which(name)
    return Path(found) if found else None


def _find_postgresql() -> Path | None:
    versions = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    newest = max(versions, key=lambda path: int(path.parts[-3]), default=None)
    if newest is None and (found := shutil.which("postgres")):
        newest = Path(found).resolve()
    return newest.parent if newest else None


def _find_rabbitmq() -> Path | None:
    plain = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
    if plain.exists():
        return plain.parent
    found = shutil.which("rabbitmq-server")
    return Path(found).parent if found else None


def _installed(package: str, find: Callable[[], Path | None]) -> Path:
    if folder := find():
        return folder
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", package]
        for command in (["apt-get", "update", "-q"], install):
            subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
        if folder := find():
            return folder
    message = (
        f"The tests need {package}: install the package (apt-get install {package}). A server "
        "may also run on its standard port, or be named in DOITHOAI_TEST_DATABASE or "
        "DOITHOAI_TEST_BROKER."
    )
    raise ServerError(message)
