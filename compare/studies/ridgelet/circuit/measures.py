"""Circuits built, compiled and counted, and written as those who count them again read them."""

import io
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit, qasm3, qpy

from compare.engine import Inputs, Planned, Seeds
from compare.report.views import circuit_drawing
from compare.studies.data import given, of_task
from compare.studies.ridgelet.circuit.study import (
    CliffordT,
    Counted,
    Drawn,
    Gates,
    Grown,
    Loader,
    LoaderCounts,
    OnDevice,
    Piece,
    Settings,
    Transform,
    TransformCounts,
    Whole,
)
from compare.studies.ridgelet.sources import Source, loaded
from problems.datasets import Dataset
from problems.ridgelet import RidgeletProblem
from quantum.blocks.sparse_loader import counting_bound
from quantum.resources import (
    BASIS,
    GateCounts,
    check_rotations,
    check_target,
    clifford_t_counts,
    compile_to_basis,
    count_gates,
    device_target,
    fold_angles,
    fractional_counts,
    gate_counts,
    growth,
    has_gates,
    loader_row,
    rotation_count,
    target_counts,
    transform_rows,
    with_fractional,
)
from quantum.resources.counts import OPTIMIZATION_LEVEL, SEED
from quantum.ridgelet import (
    ENCODINGS,
    measured_loader,
    measured_transform,
    ridgelet_circuit,
    ridgelet_loader,
    ridgelet_transform,
)
from quantum.ridgelet.loaders import loaded_state

__all__ = ["build", "count", "count_loader", "count_transform", "draw", "packed", "prepare"]

WIDE, NARROW = 160, 80
"""Letters after which drawings are folded."""


@dataclass(frozen=True)
class Built:
    """A problem, the data in words, the whole circuit, and the pieces that have gates by their names."""

    problem: RidgeletProblem
    description: str
    circuit: QuantumCircuit
    pieces: Mapping[str, QuantumCircuit]


def build(of: Settings | Whole, source: str | Dataset, fractional: bool = False) -> Built:
    """Build a circuit and its pieces; with `fractional`, in the form that RZZ gates are better for.

    Raises
    ------
    InputError
        If the data set has no such features, or there is no such circuit.
    """
    data, problem = loaded(Source.of(of, source))
    loader = ridgelet_loader(problem, of.encoding, of.loader)
    circuit = ridgelet_circuit(problem, of.encoding, of.loader, of.dynamic, fractional=fractional)
    described = (of.prime, data.dimension, of.activation, of.encoding)
    if of.dynamic:
        transform = measured_transform(*described, dynamic=True, fractional=fractional)
    else:
        transform = ridgelet_transform(*described, fractional=fractional)
    pieces = {"loader": loader, "transform": transform, "circuit": circuit}
    return Built(problem, data.description, circuit, pieces if has_gates(loader) else {"transform": transform})


def prepare(settings: Settings, records: Sequence[tuple[Planned, Any]] = ()) -> None:
    """Build the circuits and hold them against everything that is asked, before any heavy work.

    Raises
    ------
    InputError
        As `build` does, or if a circuit is too large for its target or for Clifford+T.
    """
    source = given(settings, records)
    if source is None:
        return
    pieces = build(settings, source).pieces.values()
    for piece in sorted(pieces, key=lambda piece: -piece.num_qubits):
        if settings.device is not None:
            check_target(piece, settings.device)
    if settings.fractional:
        fold_angles()
        if settings.device is not None:
            with_fractional(device_target(settings.device))
    for piece in pieces:
        if settings.clifford_t or settings.physical or settings.ways:
            check_rotations(rotation_count(compile_to_basis(piece)))


def draw(task: Whole, seeds: Seeds, inputs: Inputs) -> Drawn:
    """Draw a circuit and describe its problem."""
    built = build(task, of_task(task, inputs))
    wide, narrow = (circuit_drawing(built.circuit, width=width).text for width in (WIDE, NARROW))
    problem = built.problem
    size = (problem.dimension, len(problem.data), problem.outputs)
    return Drawn(wide, narrow, built.description, *size, BASIS, OPTIMIZATION_LEVEL, SEED)


def count(task: Piece, seeds: Seeds, inputs: Inputs) -> Counted:
    """Count one piece on everything that is asked for."""
    source = of_task(task, inputs)
    built = build(task, source)
    piece = built.pieces[task.piece]
    compiled, binary = compile_to_basis(piece), io.BytesIO()
    qpy.dump(compiled, binary)
    device = synthesized = measured = bound = fractional = fractional_device = None
    if task.target is not None:
        device = _on_device([piece], task.target)
    if task.piece == "loader" and task.loader == "sparse":
        measured = _gates(gate_counts(measured_loader(built.problem, task.encoding)))
    if task.piece == "loader":
        state = loaded_state(built.problem, ENCODINGS[task.encoding](built.problem.prime))
        bound = counting_bound(state.num_qubits, len(state))
    if task.fractional:
        forms = [piece, build(task, source, fractional=True).pieces[task.piece]]
        fractional = _gates(min((fractional_counts(form) for form in forms), key=lambda counts: counts.two_qubit))
        if task.target is not None:
            fractional_device = _on_device(forms, task.target, fractional=True)
    if task.clifford_t:
        synthesized = CliffordT(**asdict(clifford_t_counts(piece)))
    programs = (packed(qasm3.dumps(compiled).encode()), packed(binary.getvalue()))
    gates = _gates(count_gates(compiled))
    return Counted(gates, *programs, device, synthesized, measured, bound, fractional, fractional_device)


def _on_device(forms: Sequence[QuantumCircuit], target: str, fractional: bool = False) -> OnDevice:
    """Count the form of a piece that takes the fewest two-qubit gates on a device."""
    found = min((target_counts(form, target, fractional) for form in forms), key=lambda found: found.gates.two_qubit)
    return OnDevice(_gates(found.gates), found.duration, found.fidelity)


def count_transform(task: Transform, seeds: Seeds, inputs: Inputs) -> TransformCounts:
    """Count a transform over the dimension, and fit its growth."""
    which = (task.encoding, task.dynamic, task.prime, task.dimensions, task.activation, task.fractional)
    rows = list(transform_rows(*which))
    grown = None
    if len(rows) >= 3:
        found = growth([row.dimension for row in rows], [row.counts.two_qubit for row in rows])
        grown = Grown(**asdict(found))
    return TransformCounts(tuple(_gates(row.counts) for row in rows), grown)


def count_loader(task: Loader, seeds: Seeds, inputs: Inputs) -> LoaderCounts:
    """Count a loader of random points."""
    row = loader_row(**asdict(task))
    counts, measured = (None if found is None else _gates(found) for found in (row.counts, row.measured))
    return LoaderCounts(row.data_qubits, counts, measured, row.bound)


def _gates(counts: GateCounts) -> Gates:
    return Gates(**asdict(counts))


def packed(content: bytes) -> NDArray[np.uint8]:
    """Return bytes as an array, compressed."""
    return np.frombuffer(zlib.compress(content), dtype=np.uint8)
