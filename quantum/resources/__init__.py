"""The cost of circuits: counted in gates, on a device, with error correction in view, and over the problem's size.

Each kind of cost is one file. A cost is reported for the loader and the transform apart, never for their sum alone.
With error correction: `clifford_t` counts Clifford and T gates, `logical` what a machine is asked for, `physical` its
qubits and seconds; `grouping`, `mixtures` and `rotation_costs` make rotations cheaper.
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
from quantum.resources.grouping import Grouped, Together, group_rotations
from quantum.resources.growth import Growth, growth
from quantum.resources.logical import (
    LogicalCounts,
    compile_logical,
    count_logical,
    grouped_counts,
    logical_counts,
    synthesized_counts,
    together_counts,
)
from quantum.resources.mixtures import Mixture, Synthesis, mixtures, synthesize
from quantum.resources.physical import (
    MODELS,
    PhysicalEstimate,
    check_budget,
    fastest_within,
    frontier,
    physical_estimate,
    require_estimator,
)
from quantum.resources.rotation_costs import RotationCost, rotation_cost, rotation_costs
from quantum.resources.table import LoaderRow, TransformRow, loader_row, random_problem, transform_rows, transforms
from quantum.resources.targets import TargetCounts, check_target, device_target, target_counts

__all__ = [
    "BASIS",
    "FRACTIONAL_BASIS",
    "MODELS",
    "CliffordTCounts",
    "GateCounts",
    "Grouped",
    "Growth",
    "LoaderRow",
    "LogicalCounts",
    "Mixture",
    "PhysicalEstimate",
    "RotationCost",
    "Synthesis",
    "TargetCounts",
    "Together",
    "TransformRow",
    "check_budget",
    "check_rotations",
    "check_target",
    "clifford_t_counts",
    "compile_fractional",
    "compile_logical",
    "compile_to_basis",
    "count_gates",
    "count_logical",
    "device_target",
    "fastest_within",
    "fold_angles",
    "fractional_counts",
    "frontier",
    "gate_counts",
    "group_rotations",
    "grouped_counts",
    "growth",
    "has_gates",
    "loader_row",
    "logical_counts",
    "mixtures",
    "physical_estimate",
    "random_problem",
    "require_estimator",
    "rotation_cost",
    "rotation_costs",
    "rotation_count",
    "synthesize",
    "synthesized_counts",
    "target_counts",
    "together_counts",
    "transform_rows",
    "transforms",
    "with_fractional",
]
