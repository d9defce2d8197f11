"""Where records go: ``runs/bench-<date-time>/records.json``, or ``--benchmark-json PATH``; figures go beside it."""

import os
import platform
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from threadpoolctl import threadpool_info

from benchmarks.figures import draw
from benchmarks.sizes import SMOKE
from compare.engine.provenance import provenance

PACKAGES = ("threadpoolctl", "pytest-benchmark")
"""Named in the records besides those that every record names."""

WRITTEN = pytest.StashKey[Path]()
"""The records' file, once this run has written it."""


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Name the records' file, unless it is named on the command line."""
    # A worker of pytest-xdist that starts this run leaves its name behind, and pytest-benchmark would time nothing.
    if not hasattr(config, "workerinput"):
        os.environ.pop("PYTEST_XDIST_WORKER", None)
    if config.option.benchmark_json is None:
        folder = f"bench-{'smoke-' if SMOKE else ''}{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}"
        config.option.benchmark_json = config.rootpath / "runs" / folder / "records.json"


def pytest_benchmark_update_machine_info(config: pytest.Config, machine_info: dict[str, Any]) -> None:
    """Add threads and memory; leave out the machine's name, which is nobody's business."""
    machine_info.pop("node", None)
    machine_info.update(provenance()["machine"])
    machine_info["usable_cores"] = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    machine_info["libraries"] = [
        {key: library.get(key) for key in ("user_api", "internal_api", "version", "num_threads", "architecture")}
        for library in threadpool_info()
    ]


def pytest_benchmark_update_json(config: pytest.Config, output_json: dict[str, Any]) -> None:
    """Add versions, and make the folder just before the file is written."""
    versions = provenance()["versions"] | {name: metadata.version(name) for name in PACKAGES}
    output_json.update(versions=versions, system=platform.platform(), smoke=SMOKE)
    config.stash[WRITTEN] = Path(config.option.benchmark_json)
    config.stash[WRITTEN].parent.mkdir(parents=True, exist_ok=True)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Draw the figures and print the tables."""
    records = terminalreporter.config.stash.get(WRITTEN, None)
    if records is not None:
        terminalreporter.section("benchmarks")
        terminalreporter.write_line(draw([records], records.parent))
        terminalreporter.write_line(f"Records, figures and these tables: {records.parent}")
