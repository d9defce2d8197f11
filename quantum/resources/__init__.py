"""The cost of circuits: counted in gates, on a device, with error correction in view, and over the problem's size.

Each kind of cost is one file. A cost is reported for the loader and the transform apart, never for their sum alone.
"""

from quantum.resources.clifford_t import CliffordTCounts, check_rotations, clifford_t_counts, rotation_count
from quantum.resources.counts import BASIS, GateCounts, compile_to_basis, count_gates, gate_counts, has_gates
from quantum.resources.fractional import (
    FRACTIONAL_BASIS,
    compile_fractional,
    fold_angles,
    fractional_counts,
    with_fractional,
)
from quantum.resources.growth import Growth, growth
from quantum.resources.table import LoaderRow, TransformRow, loader_row, random_problem, transform_rows, transforms
from quantum.resources.targets import TargetCounts, check_target, device_target, target_counts

__all__ = [
    "BASIS",
    "FRACTIONAL_BASIS",
    "CliffordTCounts",
    "GateCounts",
    "Growth",
    "LoaderRow",
    "TargetCounts",
    "TransformRow",
    "check_rotations",
    "check_target",
    "clifford_t_counts",
    "compile_fractional",
    "compile_to_basis",
    "count_gates",
    "device_target",
    "fold_angles",
    "fractional_counts",
    "gate_counts",
    "growth",
    "has_gates",
    "loader_row",
    "random_problem",
    "rotation_count",
    "target_counts",
    "transform_rows",
    "transforms",
    "with_fractional",
]
