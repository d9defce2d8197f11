"""What a machine would take for a circuit, by stated assumptions, and from which size on it is the faster one.

`assumptions` says what is assumed, `shots` turns a counted circuit into seconds, `curves` continues seconds past what
was measured, `sides` makes such curves of classical times and of circuits, and `crossing` finds where one side wins;
`words` writes all that. Nothing here knows a study or a problem.
"""

from compare.machines.assumptions import ERROR_CORRECTED, MACHINES, REP_DELAY, RESET, Assumptions
from compare.machines.crossing import Crossing, find_crossing
from compare.machines.curves import Line
from compare.machines.shots import LOADERS, Shot, loader_steps, machine_seconds, shot_loss
from compare.machines.sides import classical_line, quantum_line
from compare.machines.words import assumption_rows, crossing_text, machine_name, size_text, span_text

__all__ = [
    "ERROR_CORRECTED",
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
    "crossing_text",
    "find_crossing",
    "loader_steps",
    "machine_name",
    "machine_seconds",
    "quantum_line",
    "shot_loss",
    "size_text",
    "span_text",
]
