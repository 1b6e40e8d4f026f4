"""`python -m tests.benchmarks [--quick]`: print a JSON line for each figure.

Every ratio compares two sides of the same run, those that store on the same PostgreSQL;
take nothing else from one machine to another. `--quick` shows only that the benchmark works.
"""

import argparse
from collections.abc import Iterator
from contextlib import ExitStack

from tests.benchmarks.append import append_figures
from tests.benchmarks.figures import Figure
from tests.benchmarks.log_directory import log_directory_figures
from tests.benchmarks.replay import replay_figures
from tests.benchmarks.similar import similar_figures
from tests.benchmarks.verification import verification_figures
from tests.servers import PostgresServer
from tests.servers.postgresql import found_or_started


def all_figures(server: PostgresServer, *, quick: bool) -> Iterator[Figure]:
    """Yield every figure as it is measured."""
    span_s, rounds, events = (0.1, 1, 2_500) if quick else (1.5, 9, 40_000)
    yield from append_figures(server, span_s=span_s, rounds=rounds)
    yield from replay_figures(server, events=events, rounds=rounds)
    sizes = {"entries": 25 * events, "fewer": events // 2}
    yield from verification_figures(**sizes, rounds=rounds)
    yield from log_directory_figures(**sizes, rounds=min(rounds, 5))
    yield from similar_figures(server, opinions=25 * events, fewer=5 * events // 2, rounds=rounds)


def main() -> None:
    """Run all benchmarks, on databases of their own that are dropped afterwards."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smoke test: no figure counts")
    quick: bool = parser.parse_args().quick
    with ExitStack() as stack:
        server = found_or_started(stack)
        for figure in all_figures(server, quick=quick):
            print(figure.line, flush=True)


if __name__ == "__main__":
    main()
