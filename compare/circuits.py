"""The command `tickets circuit`: what one circuit costs, its drawing, and its gates in files that others can count."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from qiskit import QuantumCircuit, qasm3, qpy

from compare.records import Step
from compare.tables import Table, seconds_text
from problems.activations import Activation
from problems.errors import InputError, choose, whole_number
from problems.ridgelet import RidgeletProblem
from problems.ridgelet.data import first_points, load_residues
from quantum.resources import (
    BASIS,
    check_rotations,
    check_target,
    clifford_t_counts,
    compile_to_basis,
    count_gates,
    has_gates,
    resource_table,
    rotation_count,
    target_counts,
)
from quantum.resources.counts import OPTIMIZATION_LEVEL, SEED
from quantum.ridgelet import (
    ENCODINGS,
    LOADERS,
    measured_transform,
    ridgelet_circuit,
    ridgelet_loader,
    ridgelet_transform,
)

__all__ = ["CircuitPlan", "CircuitSettings", "draw", "measure", "plan", "remarks", "tables"]

TABLE_PRIMES, TABLE_DIMENSIONS, TABLE_POINTS = (2, 3, 5, 7, 13, 17, 31, 257), (2, 4, 8, 16, 32, 64), (4, 16, 64)
"""Sizes of the table over P, D and K; each encoding takes the primes that it can."""

LABELS = {"loader": "loader", "transform": "transform", "circuit": "whole, measured"}
"""Pieces by the name of their files."""

NO_GATES = "none (simulators only)"

MAX_DRAWN = 100_000
"""Qubits times operations of a circuit that is still drawn."""


@dataclass(frozen=True)
class CircuitSettings:
    """Every choice; the command line has a flag for each.

    Attributes
    ----------
    dataset, prime, features, points
        The problem: the data set, P, D and the number of distinct training points K, all if there are fewer.
    encoding, loader, dynamic
        The circuit: names in `ENCODINGS` and `LOADERS`, and whether it measures on the way and feeds forward.
    activation, regularization, seed
        Of the problem.
    target
        A device's snapshot to count on as well, or None.
    clifford_t, table
        Whether to count Clifford and T gates, and to count over D, P and K.
    """

    dataset: str = "digits"
    prime: int = 5
    features: int | None = 4
    points: int = 16
    encoding: str = "binary"
    loader: str = "sparse"
    dynamic: bool = False
    activation: Activation = "relu"
    regularization: float = 1e-3
    seed: int = 0
    target: str | None = None
    clifford_t: bool = False
    table: bool = False


@dataclass(frozen=True)
class CircuitPlan:
    """What is to be counted.

    Attributes
    ----------
    settings, problem, description
        The choices, the problem and the data in words.
    circuit
        The whole circuit.
    pieces
        What has gates, by the name of its files: the transform, and unless the loader is ideal, loader and circuit.
    """

    settings: CircuitSettings
    problem: RidgeletProblem
    description: str
    circuit: QuantumCircuit
    pieces: Mapping[str, QuantumCircuit]


def plan(settings: CircuitSettings) -> CircuitPlan:
    """Build the circuits and check them against everything that is asked, before any file is written.

    Raises
    ------
    InputError
        If a name is unknown, a number out of range, or a circuit too large for its target or for Clifford+T.
    """
    points = whole_number("points", settings.points, 1)
    whole_number("seed", settings.seed, 0)
    choose("encoding", settings.encoding, ENCODINGS)
    choose("loader", settings.loader, LOADERS)
    if settings.table and not isinstance(settings.activation, str):
        raise InputError(
            "The table has several primes, but activation is given for one; name it, or leave --table out."
        )
    data = first_points(load_residues(settings.dataset, settings.prime, settings.features, settings.seed), points)
    problem = RidgeletProblem.from_samples(
        data.x_train, data.y_train, data.prime, settings.regularization, settings.activation
    )
    loader = ridgelet_loader(problem, settings.encoding, settings.loader)
    circuit = ridgelet_circuit(problem, settings.encoding, settings.loader, settings.dynamic)
    described = (data.prime, data.dimension, settings.activation, settings.encoding)
    transform = measured_transform(*described, dynamic=True) if settings.dynamic else ridgelet_transform(*described)
    pieces = {"transform": transform}
    if has_gates(loader):
        pieces = {"loader": loader, **pieces, "circuit": circuit}
    for piece in sorted(pieces.values(), key=lambda piece: -piece.num_qubits):
        if settings.target is not None:
            check_target(piece, settings.target)
    for piece in pieces.values():
        if settings.clifford_t:
            check_rotations(rotation_count(compile_to_basis(piece)))
    return CircuitPlan(settings, problem, data.description, circuit, pieces)


def measure(planned: CircuitPlan, folder: Path) -> Step:
    """Count everything that is asked, and write every piece's gates and the drawing into the folder."""
    settings, problem = planned.settings, planned.problem
    result: dict[str, Any] = {
        "description": planned.description,
        "prime": problem.prime,
        "dimension": problem.dimension,
        "points": len(problem.data),
        "outputs": problem.outputs,
        "compiled": {"basis": BASIS, "optimization_level": OPTIMIZATION_LEVEL, "seed_transpiler": SEED},
        "encoding": settings.encoding,
        "loader": settings.loader,
        "dynamic": settings.dynamic,
        "pieces": {},
        "table": None,
    }
    for name, piece in planned.pieces.items():
        compiled = compile_to_basis(piece)
        counts = result["pieces"][name] = {"gates": count_gates(compiled), "files": [f"{name}.qasm", f"{name}.qpy"]}
        with (folder / f"{name}.qasm").open("w", encoding="utf-8") as text:
            qasm3.dump(compiled, text)
        with (folder / f"{name}.qpy").open("wb") as binary:
            qpy.dump(compiled, binary)
        if settings.target is not None:
            counts["target"] = target_counts(piece, settings.target)
        if settings.clifford_t:
            counts["clifford_t"] = clifford_t_counts(piece)
    if settings.target is not None:
        result["qiskit-ibm-runtime"] = metadata.version("qiskit-ibm-runtime")
    if settings.table:
        result["table"] = resource_table(
            TABLE_PRIMES, TABLE_DIMENSIONS, TABLE_POINTS, activation=settings.activation, seed=settings.seed
        )
    (folder / "circuit.txt").write_text(draw(planned.circuit, 160) + "\n", encoding="utf-8")
    return Step(result, {})


def draw(circuit: QuantumCircuit, width: int) -> str:
    """Return a drawing in characters, its blocks unopened, folded to a width; or a sentence if it would be huge."""
    if circuit.num_qubits * circuit.size() > MAX_DRAWN:
        return f"The circuit, of {circuit.num_qubits} qubits, is too large to be drawn."
    return str(circuit.draw("text", fold=width))


def remarks(result: Mapping[str, Any]) -> Iterator[str]:
    """Say what the files hold."""
    names = ", ".join(file for piece in _pieces(result).values() for file in piece["files"])
    yield f"OpenQASM 3 and QPY, in {', '.join(gate.upper() for gate in BASIS)}: {names}."
    if "circuit" not in result["pieces"]:
        how = "with its measurements" if result["dynamic"] else "without measurement"
        yield f"The {result['loader']} loader has no gates, so the transform alone is written, {how}."


def tables(result: Mapping[str, Any]) -> list[Table]:
    """Return everything that was counted, as tables."""
    pieces = _pieces(result)
    found = [_gate_table(result)]
    if any("target" in piece for piece in pieces.values()):
        found.append(_target_table(pieces))
    if any("clifford_t" in piece for piece in pieces.values()):
        found.append(_clifford_t_table(pieces))
    if result["table"] is not None:
        found += [_transform_table(result["table"]), _growth_table(result["table"]), _loader_table(result["table"])]
    return found


GATES = {
    "qubits": "qubits",
    "depth": "depth",
    "one_qubit": "one-qubit gates",
    "two_qubit": "two-qubit gates",
    "measurements": "measurements",
    "conditioned": "conditioned gates",
}
SIZE = ("qubits", "depth", "one_qubit", "two_qubit")


def _pieces(result: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the pieces in their order on the terminal; a record sorts its names."""
    return {name: result["pieces"][name] for name in LABELS if name in result["pieces"]}


def _cells(counts: Mapping[str, int], keys: Sequence[str]) -> list[str]:
    return [f"{counts[key]:,}" for key in keys]


def _gate_table(result: Mapping[str, Any]) -> Table:
    rows = [[LABELS[name], *_cells(piece["gates"], tuple(GATES))] for name, piece in _pieces(result).items()]
    if "loader" not in result["pieces"]:
        rows.insert(0, [f"{result['loader']} loader", NO_GATES, *["-"] * (len(GATES) - 1)])
    return Table(
        "What the circuit costs, loader and transform apart",
        ["piece", *GATES.values()],
        rows,
        f"P = {result['prime']}, D = {result['dimension']}, K = {result['points']} distinct points, outputs: "
        f"{result['outputs']}, {result['encoding']} encoding{', dynamic' if result['dynamic'] else ''}, "
        f"{result['loader']} loader. Transpiled to "
        f"{', '.join(gate.upper() for gate in BASIS)} at Qiskit's optimization level {OPTIMIZATION_LEVEL}, all qubits "
        "connected. Conditioned gates wait for a measured value; they are among the others, and count whether or not "
        "they turn out to run.",
    )


def _target_table(pieces: Mapping[str, Mapping[str, Any]]) -> Table:
    rows = []
    for name, piece in pieces.items():
        found = piece["target"]
        duration = "not known" if found["duration"] is None else seconds_text(found["duration"])
        rows.append([LABELS[name], *_cells(found["gates"], tuple(GATES)), duration, f"{found['fidelity']:.3g}"])
    return Table(
        f"On {next(iter(pieces.values()))['target']['target']}",
        ["piece", *GATES.values(), "duration", "fidelity"],
        rows,
        "Compiled for the device: its own gates along its own connections, each piece laid out for itself, on the "
        "qubits it then uses. Duration: one shot, the classical part of feed-forward taken as instantaneous. "
        "Fidelity: the product of 1 - error over all gates and measurements, a rough scale and no simulation. Both are "
        "from a calibration snapshot that comes with qiskit-ibm-runtime, not from the device as it is today.",
    )


def _clifford_t_table(pieces: Mapping[str, Mapping[str, Any]]) -> Table:
    columns = {
        "qubits": "qubits",
        "t": "T gates",
        "t_depth": "T depth",
        "clifford": "Clifford gates",
        "two_qubit": "of them two-qubit",
        "rotations": "rotations",
    }
    error = next(iter(pieces.values()))["clifford_t"]["rotation_error"]
    rows = [[LABELS[name], *_cells(piece["clifford_t"], tuple(columns))] for name, piece in pieces.items()]
    return Table(
        "In Clifford and T gates",
        ["piece", *columns.values()],
        rows,
        f"Compiled for itself, each rotation synthesized up to {error:g} in operator norm. "
        "Rotations: RZ gates by no multiple of pi/4 in "
        "the circuit above. T depth: T gates on the longest path. All qubits connected.",
    )


def _transform_table(table: Mapping[str, Any]) -> Table:
    rows = [
        [_transform_name(row), str(row["prime"]), str(row["dimension"]), *_cells(row["counts"], (*SIZE, "conditioned"))]
        for row in table["transforms"]
    ]
    return Table(
        "The transform over P and D",
        ["encoding", "P", "D", *(GATES[key] for key in (*SIZE, "conditioned"))],
        rows,
        "It does not depend on the data. Dynamic: its last Fourier transforms are semiclassical, with the "
        "measurement. An encoding has no rows at primes that it does not take.",
    )


def _transform_name(row: Mapping[str, Any]) -> str:
    return f"{row['encoding']}, dynamic" if row["dynamic"] else row["encoding"]


def _growth_table(table: Mapping[str, Any]) -> Table:
    rows = []
    for row in table["growth"]:
        fit = row["two_qubit"]
        power = "-" if fit["exponent"] is None else f"{fit['exponent']:.3f} ± {fit['exponent_error']:.3f}"
        line = f"{fit['constant']:,.6g} + {fit['slope']:,.6g} D"
        rows.append([_transform_name(row), str(row["prime"]), power, line, "yes" if fit["exact"] else "no"])
    return Table(
        "How the transform's two-qubit gates grow with D",
        ["encoding", "P", "exponent of D", "line", "on the line"],
        rows,
        "Exponent: power law fitted to the logarithms, with its standard error, less the constant of an exact line, "
        "which is what the frequency's own register costs once. Line: through all counts where it says "
        "yes, else fitted by least squares.",
    )


def _loader_table(table: Mapping[str, Any]) -> Table:
    counts: dict[tuple[str, str, int, int], dict[int, str]] = {}
    free = {row["loader"] for row in table["loaders"] if row["counts"] is None}
    for row in table["loaders"]:
        if row["loader"] not in free:
            key = (row["encoding"], row["loader"], row["prime"], row["dimension"])
            gates = row["counts"]["two_qubit"]
            ratio = gates / (row["points"] * row["data_qubits"])
            counts.setdefault(key, {})[row["points"]] = f"{gates:,} ({ratio:.2f})"
    points = sorted({row["points"] for row in table["loaders"]})
    rows = [[*map(str, key), *(found.get(count, "-") for count in points)] for key, found in counts.items()]
    rows += [[NO_GATES, loader, *["-"] * (2 + len(points))] for loader in sorted(free)]
    return Table(
        "Two-qubit gates of the loaders over P, D and K",
        ["encoding", "loader", "P", "D", *(f"K = {count}" for count in points)],
        rows,
        "Of K distinct random points, each drawn one to four times; in brackets over K n D, for n qubits a digit. A "
        "dash: fewer than K points, or no gates.",
    )
