"""Reports are made of records alone: how a test asks whether anything was imported that could measure."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

HEAVY = (
    "qiskit",
    "qiskit_aer",
    "qiskit_ibm_runtime",
    "mthree",
    "sklearn",
    "scipy.stats",
    "numba",
    "classical",
    "quantum",
)
"""Packages that measure, or take a second to import."""

LIGHT = ("quantum", "quantum.fold_factors", "quantum.names", "quantum.tolerance")
"""Rooms of these that hold names and plain data alone, which refusals and records need."""


def heavy(modules: Iterable[str]) -> list[str]:
    """Return those of the loaded modules that a report must not need."""
    rest = (module for module in modules if module not in LIGHT)
    return sorted(module for module in rest if any(module == one or module.startswith(f"{one}.") for one in HEAVY))


_PROGRAM = """
import sys
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from compare.cli import main
from tests.compare.studies.lightness import heavy
ConstrainedLayoutEngine.execute = lambda self, figure: None
Figure.savefig = lambda self, file, **how: file.write(b'<svg viewBox="0 0 1 1"></svg>')
try:
    main(["report", sys.argv[1]])
except SystemExit as stop:
    assert not stop.code, stop.code
found = heavy(sys.modules)
sys.exit(str(found) if found else 0)
"""


def report_lightly(folder: Path) -> str:
    """Have a new process write a run's report, hold it to importing nothing heavy, and return what it printed.

    It works on a copy, as other processes may read the run. Figures are made; that Matplotlib lays them out and writes
    them into files is for the tests of their study, in this process.
    """
    with tempfile.TemporaryDirectory() as temporary:
        copied = shutil.copytree(folder, Path(temporary) / folder.name)
        command = [sys.executable, "-c", _PROGRAM, str(copied)]
        # A page that was there before would say nothing.
        (copied / "report.html").unlink(missing_ok=True)
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert (copied / "report.html").exists()
    return done.stdout
