import gc
import importlib
from pathlib import Path

import hypothesis
import pytest

hypothesis.settings.register_profile("reproducible", derandomize=True, deadline=None)
hypothesis.settings.load_profile("reproducible")

# What is collected lives until the end, some millions of objects. Looking through them for garbage again and again took
# a quarter of the collection and a twentieth of the tests: so they are set aside once they are all there.
gc.disable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session):
    """Let processes that run all tests import them in different orders, each from another file on.

    pytest writes the assertions of each file anew when it is imported first, and keeps that. Processes that begin
    together, in one order, would all do all of it in a fresh clone.
    """
    worker = getattr(session.config, "workerinput", None)
    root = session.config.rootpath
    if worker is None or [root / asked for asked in session.config.args] != [root / "tests"]:
        return
    files = sorted((root / "tests").rglob("test_*.py"))
    start = int(worker["workerid"].removeprefix("gw")) * len(files) // worker["workercount"]
    for path in files[start:] + files[:start]:
        try:
            importlib.import_module(".".join(path.relative_to(root).with_suffix("").parts))
        except pytest.skip.Exception:  # an extra is missing
            continue
        except Exception:  # it is told when the file is collected
            break


def pytest_collection_finish(session):
    gc.freeze()
    gc.enable()


FIRST = (
    "classical/ridgelet/dequantized/test_sampler.py",
    "compare/hardware/test_kill_points.py",
    "compare/engine/test_kill_points.py",
    "quantum/blocks/",
    "statistical/",
    "test_",
)
"""Files that begin, by how their path begins: the first compiles what nearly all others need, while those that need
none of it keep the other processes busy; then the longest, with which one process would else be left at the end."""


def pytest_collection_modifyitems(items):
    """Put the files in the order of `FIRST`, and all others behind them."""
    root = Path(__file__).parent

    def place(item):
        path = item.path.relative_to(root).as_posix() if item.path.is_relative_to(root) else ""
        return next((number for number, start in enumerate(FIRST) if path.startswith(start)), len(FIRST))

    items.sort(key=place)


# Here and not in tests/statistical: the main process of pytest-xdist loads this file alone.
def pytest_terminal_summary(terminalreporter):
    lines = [
        text
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", None) == "call"
        for name, text in report.user_properties
        if name == "measured"
    ]
    if lines:
        terminalreporter.section("measured")
        for line in sorted(lines):
            terminalreporter.line(line)
