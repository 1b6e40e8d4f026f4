"""The settings that this process was told, checked before anything relies on them."""

import os
from collections.abc import Mapping
from urllib.parse import urlsplit

from shared.kernel.errors import Refused, RegulationError
from shared.settings import ACCESS, DEPLOYMENT, SERVICES, Settings, networks_of
from shared.witness.asking import addresses_of


def settings_told(environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings of `environment`.

    Raises:
        RegulationError: `deployment.bad_setting` for an address that is none, and for a name
            of the deployment that no log's name can begin with.

    """
    for name, value in environment.items():
        if name.startswith("DOITHOAI_") and not _is_usable(name, value):
            raise RegulationError("deployment.bad_setting", variable=name)
    return Settings.from_environment(environment)


def check_divisible(settings: Settings) -> None:
    """Return when several processes can be one deployment.

    Raises:
        Refused: `deployment.needs_postgresql`, `deployment.needs_broker`.

    """
    urls = [settings.database_url(name) for name in (ACCESS, *SERVICES)]
    if not all(url.startswith("postgresql") for url in urls):
        raise Refused("deployment.needs_postgresql")
    if settings.broker.startswith("memory"):
        raise Refused("deployment.needs_broker")


def check_apart(settings: Settings, service: str) -> None:
    """Return when another process than that of `service` can open its database as well.

    Raises:
        Refused: `deployment.needs_postgresql`.

    """
    if not settings.database_url(service).startswith("postgresql"):
        raise Refused("deployment.needs_postgresql")


def is_divisible(settings: Settings) -> bool:
    """Return whether several processes can be one deployment."""
    try:
        check_divisible(settings)
    except Refused:
        return False
    return True


def _is_usable(name: str, value: str) -> bool:
    try:
        match name:
            case "DOITHOAI_DEPLOYMENT":
                return DEPLOYMENT.fullmatch(value) is not None
            case "DOITHOAI_URL":
                parts = urlsplit(value)
                has_port = parts.port != 0
                return parts.scheme in ("http", "https") and bool(parts.hostname) and has_port
            case "DOITHOAI_BROKER":
                return urlsplit(value).scheme in ("amqp", "amqps", "memory")
            case "DOITHOAI_WEBHOOK_NETWORKS":
                return networks_of(value) is not None
            case "DOITHOAI_WITNESSES":
                return addresses_of(value) is not None
            case _ if name.endswith("_LISTEN"):
                return urlsplit(f"//{value}").port is None or bool(value)
            case _:
                return True
    except RegulationError:  # a witness that is none
        return False
    except ValueError:  # a port that is no number or can't be, a network that is none
        return False
