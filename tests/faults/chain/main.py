"""Run services of the chain as a process: `python -m tests.faults.chain.main CONFIG NAME…`."""

import warnings

warnings.simplefilter("ignore")

import eventlet  # noqa: E402

eventlet.monkey_patch()  # before anything that imports socket, threading or sqlalchemy

import json  # noqa: E402
import logging  # noqa: E402
import os  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402

from nameko.runners import ServiceRunner  # noqa: E402

from tests.faults.chain.record import PEERS, Addresses, open_service  # noqa: E402
from tests.faults.chain.services import Questions, Replies  # noqa: E402

SERVICES = {service.name: service for service in (Questions, Replies)}


def main(config_path: str, *names: str) -> None:
    """Run the named services until SIGTERM; then stop them in order."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    config = json.loads(Path(config_path).read_text())
    ticks = config.get("ticks")
    serves = os.environ.get("CHAIN_SERVES") == "yes"  # else it is a spare: no web
    runtimes = {
        name: open_service(
            name,
            config["databases"][name],
            addresses=Addresses(
                broker=config["broker"], url=f"http://127.0.0.1:{config['ports'][PEERS[name]]}"
            ),
            create=False,
            ticks=Path(ticks) if ticks else None,
            broken=config["broken"],
        )
        for name in names
    }
    runner = ServiceRunner(
        {
            "RUNTIMES": runtimes,
            "LISTEN": {name: ("127.0.0.1", config["ports"][name]) for name in names if serves},
        }
    )
    for name in names:
        runner.add_service(SERVICES[name])
    told: list[int] = []
    # A handler runs anywhere, also in the middle of a transaction: it only takes a note.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda signum, _frame: told.append(signum))
    runner.start()
    print("ready", flush=True)  # noqa: T201 - the test waits for it
    watched = eventlet.spawn(runner.wait)
    while not told and not watched.dead:
        eventlet.sleep(0.05)
    runner.stop()
    watched.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
