import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

UNITS = {
    "append": "events/s",
    "replay": "events/s",
    "similar": "questions/min",
    "verification": "entries/s",
    "log-directory": "entries/s",
}
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def lines() -> list[dict[str, Any]]:
    """Return what a quick run prints."""
    command = [sys.executable, "-m", "tests.benchmarks", "--quick"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in ran.stdout.splitlines()]


@pytest.mark.timeout(300)
def test_each_benchmark_prints_a_line(lines: list[dict[str, Any]]) -> None:
    assert [(line["benchmark"], line.get("writers")) for line in lines] == [
        ("append", 1),
        ("append", 4),
        ("append", 4),
        ("replay", None),
        ("verification", None),
        ("verification", None),
        ("log-directory", None),
        ("log-directory", None),
        ("similar", None),
        ("similar", None),
    ]


@pytest.mark.timeout(300)
def test_a_line_holds_both_sides_and_their_ratio(lines: list[dict[str, Any]]) -> None:
    for line in lines:
        assert line["unit"] == UNITS[line["benchmark"]]
        assert line["ours"] > 0
        assert line["anchor"] > 0
        assert line["ratio"] == pytest.approx(line["ours"] / line["anchor"], abs=0.01, rel=0.01)
