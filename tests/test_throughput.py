"""benchmarks/scaling/throughput.py still runs, and counts efficiency as it says."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.scaling.throughput import TABLES, Cost, Run, costs, table

REPO = Path(__file__).parents[1]


@pytest.mark.slow
def test_items_flow_through_the_processes_and_postgresql(tmp_path: Path) -> None:
    file = tmp_path / "found.json"
    words = ["--processes", "1", "--feeds", "6", "--items", "4", "--json", str(file)]
    ended = subprocess.run(
        [sys.executable, "-m", "benchmarks.scaling.throughput", *words],
        cwd=REPO,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert ended.returncode == 0, ended.stderr
    (found,) = json.loads(file.read_text("utf-8"))
    assert found["items"] == 24
    assert 0 < found["stored"] <= found["matched"]
    assert found["postgresql"] > 0
    assert min(found["cpu"]) > 0


def test_efficiency_is_what_a_second_of_cpu_makes_against_one_process() -> None:
    more = Cost(2.0, 1.0), Cost(3.0, 2.0), Cost(10.0, 5.0), dict.fromkeys(TABLES, 1_000.0)
    one = Run(1, 1_000, 2.0, 4.0, (3.0,), 1.0, (100 * 2**20,), 6, *more)
    two = Run(2, 1_000, 2.0, 4.0, (2.0, 2.0), 1.0, (100 * 2**20, 90 * 2**20), 12, *more)
    first, second = table([one, two]).splitlines()[2:]
    assert first == "| 1 | 500 | 250 | 3.00, 1.00 | 25% | 100 | 6 | 1.00; 1.00 |"
    assert second == "| 2 | 500 | 250 | 4.00, 1.00 | 20% | 100 | 12 | 0.80; 0.80 |"
    busy = replace(two, idle=Cost(200.0, 40.0))  # of 5 s of CPU nearly one is no work
    assert table([one, busy]).endswith("| 0.80; 0.98 |")
    shown = costs([one]).splitlines()[2]
    assert shown.startswith("| 1 | 2.00, 1.00 | 3.00, 2.00 | 10.00, 5.00 | 1,000, ")
