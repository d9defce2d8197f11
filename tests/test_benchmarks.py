"""`make bench` from end to end at tiny sizes: records, tables and figures come out, whatever the numbers."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_benchmarks_run_and_are_drawn(tmp_path):
    records = tmp_path / "records.json"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "benchmarks",
        "-q",
        f"--benchmark-json={records}",
        "-p",
        "no:cacheprovider",
    ]
    # JAX compiles for a single step: the less of it the better.
    environment = os.environ | {"BENCH_SMOKE": "1", "JAX_DISABLE_MOST_OPTIMIZATIONS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    names = {bench["name"].split("[")[0] for bench in json.loads(records.read_text())["benchmarks"]}
    assert {"test_product_ratio", "test_dimension", "test_points", "test_prime", "test_rejection"} <= names
    assert {
        "test_enumeration",
        "test_rival",
        "test_peak_memory",
        "test_import",
        "test_preparation",
        "test_stages",
        "test_density_ratio",
        "test_two_workers",
        "test_neurons",
        "test_shots_beside_aers_and_quimbs",
        "test_loader",
        "test_rotations",
    } <= names
    assert {file.name for file in tmp_path.iterdir()} == {
        "records.json",
        "summary.md",
        "ratio.svg",
        "growth.svg",
        "rivals.svg",
    }
    summary = (tmp_path / "summary.md").read_text()
    assert "A smoke run" in summary
    assert "Sampling time over one float32 product" in summary
