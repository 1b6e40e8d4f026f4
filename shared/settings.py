"""What a deployment is told by its environment. Every variable is named here, once.

| variable | meaning | default |
|---|---|---|
| DOITHOAI_DEPLOYMENT | first part of every log's name, no slash; never changes | doithoai.local |
| DOITHOAI_DATA | folder of the embedded databases, keys and lock | var |
| DOITHOAI_DATABASE | PostgreSQL; each service uses `<name>_<service>` | SQLite in the data folder |
| DOITHOAI_<SERVICE>_DATABASE | one service's database, as its own role | from the above |
| DOITHOAI_<SERVICE>_LISTEN | host:port of a service in its own process | next to the above |
| DOITHOAI_BROKER | AMQP address | memory://, within one process |
| DOITHOAI_PROVINCES | folder of province files | the package's own |
| DOITHOAI_URL | the one address in front of all services | http://127.0.0.1:8460 |
| DOITHOAI_LISTEN | host:port that `up` listens on | of DOITHOAI_URL |
| DOITHOAI_TOKEN | bearer token of the command line client | none |
| DOITHOAI_SECRET_FILE | secret that services know each other by | made in the data folder |
| DOITHOAI_VAULT_KEY_FILE | key that wraps the keys of all texts | made in the data folder |
| DOITHOAI_WEBHOOK_NETWORKS | private networks that webhooks may go to: 10.20.0.0/16,::1 | none |
| DOITHOAI_LOG_KEYS | folder of the keys that logs are signed with | in the data folder |
| DOITHOAI_LOG_NOTES | folder of what was signed last, if keys are read-only | beside the keys |
| DOITHOAI_LOG_VERIFIERS | file of the keys that logs are known by, a line each | first seen |
| DOITHOAI_WITNESSES | who cosigns our logs: VKEY=URL, spaces between, at most 16 | none |
| DOITHOAI_LOG | least level of what is logged to standard error | WARNING |
| DOITHOAI_CLOCK | file with a simulated instant; demos and tests only | the system's clock |
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from shared.kernel.clock import Clock, simulated_clock, system_clock

SERVICES = ("intake", "sessions", "assignment", "reporting")
_PORT = 8460
DEPLOYMENT = re.compile(r"(?!\.)[!-*,-.0-~]{1,80}")
"""What a deployment may be called: the first part of each log's name, which keys bear and
addresses and folders hold. No slash, no plus, no blank, nothing but ASCII, no dot in front."""
ACCESS = "access"
"""The database of tokens, which every service reads."""

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One deployment, as its environment describes it."""

    deployment: str
    data: Path
    database: str | None
    databases: Mapping[str, str]
    """Addresses given for single services."""
    broker: str
    provinces: Path
    url: str
    listen: tuple[str, int]
    listens: Mapping[str, tuple[str, int]]
    """Where each service listens that has a process of its own."""
    secret_file: Path
    vault_key_file: Path
    log_keys: Path
    log_notes: Path
    log_verifiers: Path | None
    witnesses: str
    clock_file: Path | None
    webhook_networks: tuple[Network, ...]

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Return the settings that `environment` holds, with the defaults above."""
        data = Path(environment.get("DOITHOAI_DATA", "var")).absolute()
        log_keys = Path(environment.get("DOITHOAI_LOG_KEYS", data / "keys/logs"))
        url = environment.get("DOITHOAI_URL", "http://127.0.0.1:8460").rstrip("/")
        listen = _address(environment.get("DOITHOAI_LISTEN", urlsplit(url).netloc))
        database = environment.get("DOITHOAI_DATABASE")
        provinces = environment.get("DOITHOAI_PROVINCES")
        clock = environment.get("DOITHOAI_CLOCK")
        verifiers = environment.get("DOITHOAI_LOG_VERIFIERS")
        names = ((name, f"DOITHOAI_{name.upper()}_DATABASE") for name in (*SERVICES, ACCESS))
        return cls(
            deployment=environment.get("DOITHOAI_DEPLOYMENT", "doithoai.local"),
            data=data,
            database=_with_driver(database) if database else None,
            databases={
                name: _with_driver(environment[variable])
                for name, variable in names
                if variable in environment
            },
            broker=environment.get("DOITHOAI_BROKER", "memory://"),
            provinces=Path(provinces) if provinces else _shipped_provinces(),
            url=url,
            listen=listen,
            listens={
                name: _address(
                    environment.get(f"DOITHOAI_{name.upper()}_LISTEN", f":{listen[1] + number}")
                )
                for number, name in enumerate(SERVICES, 1)
            },
            secret_file=Path(environment.get("DOITHOAI_SECRET_FILE", data / "keys/service.key")),
            vault_key_file=Path(
                environment.get("DOITHOAI_VAULT_KEY_FILE", data / "keys/vault.key")
            ),
            log_keys=log_keys,
            log_notes=Path(environment.get("DOITHOAI_LOG_NOTES", log_keys)),
            log_verifiers=Path(verifiers) if verifiers else None,
            witnesses=environment.get("DOITHOAI_WITNESSES", ""),
            clock_file=Path(clock) if clock else None,
            webhook_networks=networks_of(environment.get("DOITHOAI_WEBHOOK_NETWORKS", "")),
        )

    @property
    def is_embedded(self) -> bool:
        """Whether everything lives in the data folder and in one process."""
        return self.database is None and not self.databases

    @property
    def clock(self) -> Clock:
        """The clock that every command of this deployment is dated by."""
        return simulated_clock(self.clock_file) if self.clock_file else system_clock

    def database_url(self, name: str) -> str:
        """Return the address of the database called `name`: a service, or `access`."""
        if name in self.databases:
            return self.databases[name]
        if self.database is None:
            return f"sqlite:///{self.data}/{name}.db"
        parts = urlsplit(self.database)
        return urlunsplit(parts._replace(path=f"{parts.path or '/doithoai'}_{name}"))


def networks_of(text: str) -> tuple[Network, ...]:
    """Return the networks that `text` lists, with commas between them.

    Raises:
        ValueError: one of them is none.

    """
    return tuple(ip_network(each.strip()) for each in text.split(",") if each.strip())


def _with_driver(url: str) -> str:
    """Return `url` with the driver that is safe under eventlet named."""
    scheme, _, rest = url.partition("://")
    return f"postgresql+psycopg2://{rest}" if scheme in ("postgresql", "postgres") else url


def _address(listen: str) -> tuple[str, int]:
    parts = urlsplit(f"//{listen}")
    return parts.hostname or "127.0.0.1", _PORT if parts.port is None else parts.port


def _shipped_provinces() -> Path:
    return Path(__file__).parent.parent / "deploy" / "provinces"
