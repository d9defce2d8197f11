"""Reports are made of records alone: how a test asks whether anything was imported that could measure."""

import subprocess
import sys
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

_PROGRAM = f"""
import sys
from compare.cli import main
try:
    main(["report", sys.argv[1]])
except SystemExit as stop:
    assert not stop.code, stop.code
heavy = [name for name in {HEAVY} if name in sys.modules]
sys.exit(str(heavy) if heavy else 0)
"""


def report_lightly(folder: Path) -> str:
    """Have a new process write a run's report, hold it to importing nothing heavy, and return what it printed."""
    command = [sys.executable, "-c", _PROGRAM, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
