import functools
import gc
import os
from pathlib import Path

import hypothesis

from tests import server_of_copies

hypothesis.settings.register_profile("reproducible", derandomize=True, deadline=None)
hypothesis.settings.load_profile("reproducible")

# What is collected lives until the end, some millions of objects. Looking through them for garbage again and again took
# a quarter of the collection and a twentieth of the tests: so they are set aside once they are all there.
gc.disable()


def pytest_collection_finish(session):
    gc.freeze()
    if any(item.nodeid.startswith("tests/compare/") for item in session.items):
        server_of_copies.begin()
    gc.enable()
    if hasattr(session.config, "workerinput"):
        compile_each_once()


def compile_each_once():
    """Let processes that run tests side by side compile each function once: the others wait, and read what it left.

    They begin together, and in a fresh clone all of them soon ask for the same functions.
    """
    try:
        import fcntl
    except ImportError:  # Windows
        return
    from numba.core.caching import NullCache
    from numba.core.compiler_lock import global_compiler_lock
    from numba.core.dispatcher import Dispatcher

    compile_now, held = Dispatcher.compile, set()

    @functools.wraps(compile_now)
    def compile_in_turn(self, sig):
        source = self.py_func.__code__.co_filename
        # Numba's own lock comes first, in every thread alike. Of the files no two processes can wait for each other: a
        # file's functions call those of files that it imports, never the other way round.
        with global_compiler_lock:
            if isinstance(self._cache, NullCache) or source in held or not os.path.isfile(source):
                return compile_now(self, sig)
            with open(source, "rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                held.add(source)
                try:
                    return compile_now(self, sig)
                finally:
                    held.discard(source)

    if not hasattr(compile_now, "__wrapped__"):
        Dispatcher.compile = compile_in_turn


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
