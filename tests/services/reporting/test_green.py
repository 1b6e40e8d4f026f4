"""DuckDB in a process that eventlet has patched: the embedded default is one."""

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import eventlet
eventlet.monkey_patch()
from services.reporting.counting import count
from services.reporting.statistics import statistics
from tests.services.reporting.history import History, ended, of_types, session

statistic = statistics()["sessions"]
rows = of_types(statistic, History().record(ended(session())).entries)
pool = eventlet.GreenPool(4)
found = list(pool.imap(lambda _: sum(count(statistic, rows).values()), range(8)))
assert found == [1] * 8, found
print("counted")
"""


def test_counting_works_in_green_threads() -> None:
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROGRAM],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.stdout == "counted\n", ended.stderr
