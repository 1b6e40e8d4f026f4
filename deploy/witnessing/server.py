"""The witness as a process: gunicorn's threads, each request bounded in size and time."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication

from deploy.ports import url_at
from deploy.witnessing.app import witness_app
from deploy.witnessing.worker import PunctualWorker
from deploy.wsgi import read_soundly
from shared.witness.witness import Witness

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

THREADS = 64
CONNECTIONS_MAX = 256
IDLE_S = 5
GRACE_S = 10


class WitnessServer(BaseApplication):  # type: ignore[misc]
    """Serves `witness` at `host`:`port` until SIGTERM or SIGINT; `ready` is told the address."""

    def __init__(
        self, witness: Witness, host: str, port: int, ready: Callable[[str], None]
    ) -> None:
        self._witness = witness
        self._host = host
        self._ready = ready
        self._bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        super().__init__()

    def load_config(self) -> None:
        """See gunicorn."""
        told: dict[str, Any] = {
            "bind": self._bind,
            "worker_class": f"{PunctualWorker.__module__}.{PunctualWorker.__name__}",
            "threads": THREADS,
            "worker_connections": CONNECTIONS_MAX,
            "keepalive": IDLE_S,
            "graceful_timeout": GRACE_S,
            "loglevel": "warning",
            "proc_name": "doithoai-witness",
            "when_ready": self._tell,
        }
        for name, value in told.items():
            self.cfg.set(name, value)

    def _tell(self, server: Any) -> None:
        port = server.LISTENERS[0].sock.getsockname()[1]
        self._ready(url_at((self._host, port)))

    def load(self) -> "WSGIApplication":
        """See gunicorn."""
        return read_soundly(witness_app(self._witness))
