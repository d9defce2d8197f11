"""The time a machine would take for a circuit, by stated assumptions, and the size from which it is faster.

`assumptions` says what is assumed, `shots` turns a counted circuit into seconds, `lines` continues both sides' seconds
past what was measured, and `crossing` finds where one wins; `words` writes all that. No study or problem is known here.
"""

from compare.machines.assumptions import (
    ERROR_CORRECTED,
    ESTIMATED,
    MACHINES,
    REP_DELAY,
    RESET,
    Assumptions,
)
from compare.machines.crossing import Crossing, find_crossing
from compare.machines.lines import Line, classical_line, quantum_line
from compare.machines.shots import LOADERS, Shot, loader_steps, machine_seconds, shot_loss
from compare.machines.words import assumption_rows, crossing_cell, machine_name, size_text

__all__ = [
    "ERROR_CORRECTED",
    "ESTIMATED",
    "LOADERS",
    "MACHINES",
    "REP_DELAY",
    "RESET",
    "Assumptions",
    "Crossing",
    "Line",
    "Shot",
    "assumption_rows",
    "classical_line",
    "crossing_cell",
    "find_crossing",
    "loader_steps",
    "machine_name",
    "machine_seconds",
    "quantum_line",
    "shot_loss",
    "size_text",
]
