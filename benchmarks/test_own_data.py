"""A user's own table: from a CSV file of 10^5 rows and 64 columns to what `tickets data` says of it."""

import subprocess
import sys
from pathlib import Path

import numpy as np

from benchmarks.sizes import sized

ROWS = sized(100_000, 2_000)

MOST = 3.0
"""Processor seconds, on a quiet machine; beside others it may take twice as many."""

CODE = """
import time
from compare import cli
try:
    cli.main(["data", "large.csv"])
finally:
    print(time.process_time())
"""


def test_a_large_table_is_told_in_seconds(tmp_path: Path) -> None:
    """Everything counts, the start of the program too."""
    rng = np.random.default_rng(0)
    rows = np.round(rng.normal(size=(2000, 63)), 4).astype(str)
    lines = [",".join(row) + f",{'ab'[place % 2]}" for place, row in enumerate(rows)]
    names = ",".join([*(f"x{place}" for place in range(63)), "kind"])
    (tmp_path / "large.csv").write_text("\n".join([names, *lines * (ROWS // 2000)]))
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert f"{ROWS:,} samples, 63 features" in done.stdout, done.stderr
    assert float(done.stdout.split()[-1]) < 2 * MOST
