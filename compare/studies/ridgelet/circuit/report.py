"""Counts as tables: the pieces of the circuit, and transforms and loaders over the size of the problem."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from compare.engine import Rows, Runs
from compare.report import Card, Cell, Report, Section, Table
from compare.report.cells import MISSING, count, number, seconds, span
from compare.report.views import Column, circuit_drawing, pivot
from compare.statistics import Row, in_words
from compare.statistics.rows import capital
from compare.studies.ridgelet.circuit.made_report import made_tables
from compare.studies.ridgelet.circuit.study import DRAWING, GATELESS, LOADER, PIECE, STUDY, TRANSFORM, Settings
from compare.studies.ridgelet.circuit.tolerant_report import tolerant_clause, tolerant_section
from compare.studies.ridgelet.circuit.whole import LABELS

__all__ = ["GATES", "LABELS", "report"]

NO_GATES = "none (simulators only)"

LARGER = " Above 64 terms the sparse loader has ancillas, where that saves gates."

GATES = {
    "qubits": "qubits",
    "depth": "depth",
    "one_qubit": "one-qubit gates",
    "two_qubit": "two-qubit gates",
    "measurements": "measurements",
    "conditioned": "conditioned gates",
}

SIZE = {key: GATES[key] for key in ("qubits", "depth", "one_qubit", "two_qubit", "conditioned")}

CLIFFORD_T = {
    "qubits": "qubits",
    "t": "T gates",
    "t_depth": "T depth",
    "clifford": "Clifford gates",
    "two_qubit": "of them two-qubit",
    "rotations": "rotations",
}

RZZ = "two-qubit gates with RZZ"

NAMES = {"prime": "P", "dimension": "D", "points": "K"}


def report(runs: Runs, settings: Settings) -> Report:
    """Return the report of a circuit, and of the table if it was asked for."""
    drawn, pieces = runs[DRAWING], runs[PIECE]
    if not drawn or not pieces:
        reasons = [reason for kind in (DRAWING, PIECE) for reason in runs.refused(kind).unique("refused")]
        return Report(STUDY.title, Card(None, [f"No gate was counted: {reason}" for reason in reasons[:1]]), [])
    circuit, transforms = drawn[0], runs[TRANSFORM]
    picture = circuit_drawing(circuit["text"], "circuit", "The circuit, its blocks unopened.", narrow=circuit["narrow"])
    sentences = [_cost(pieces, circuit), *_beyond(runs, pieces, transforms), _files(pieces, circuit)]
    tables = [_gate_table(pieces, circuit)]
    if pieces[0]["on_device"] is not None:
        tables.append(_target_table(pieces))
    if pieces[0]["with_rzz_on_device"] is not None:
        tables.append(_fractional_table(pieces))
    if pieces[0]["in_clifford_t"] is not None:
        tables.append(_clifford_t_table(pieces))
    tables += made_tables(runs)
    sections = [Section("What the circuit costs", [circuit["description"]], tables=tables)]
    sections += tolerant_section(runs, settings.most_qubits)
    if transforms:
        over = [_transform_table(transforms), _growth_table(transforms), _loader_table(runs[LOADER], "counts")]
        if any(row["measured"] is not None for row in runs[LOADER]):
            over.append(_loader_table(runs[LOADER], "measured"))
        sections.append(Section("Over the size of the problem", tables=over))
    return Report(STUDY.title, Card(picture, sentences), sections)


def _cost(pieces: Rows, circuit: Row) -> str:
    size = in_words({"P": pieces[0]["prime"], "D": circuit["dimension"], "K": circuit["distinct"]})
    found = ", ".join(f"{row['gates'].two_qubit:,} of the {row['piece']}" for row in pieces)
    last = pieces[-1]["gates"]
    return f"Two-qubit gates at {size}: {found}, which has {last.qubits} qubits and depth {last.depth:,}."


def _beyond(runs: Runs, pieces: Rows, transforms: Rows) -> list[str]:
    """Say in one sentence what the last piece costs on machines and in T gates, and how transforms grow, if asked."""
    last, said = pieces[-1], []
    if (device := last["on_device"]) is not None:
        shot = "" if device.duration is None else f" and {span(device.duration)} a shot"
        said.append(
            f"on {last['target']} it takes {device.gates.two_qubit:,} two-qubit gates{shot}, and the product of "
            f"1 - error is {device.fidelity:.3g}"
        )
    if (synthesized := last["in_clifford_t"]) is not None:
        said.append(f"in Clifford and T gates it takes {synthesized.t:,} T gates at T depth {synthesized.t_depth:,}")
    said += tolerant_clause(runs)
    grown = [row["growth"] for row in transforms if row["growth"] is not None]
    if grown:
        exact = sum(fit.exact for fit in grown)
        said.append(f"two-qubit gates of {exact} of {len(grown)} transforms lie on a line in D exactly")
    return [f"{capital('; '.join(said))}."] if said else []


def _files(pieces: Rows, circuit: Row) -> str:
    names = ", ".join(f"{row['piece']}.{ending}" for row in pieces for ending in ("qasm", "qpy"))
    written, first = f"written as OpenQASM 3 and QPY, in {_basis(circuit)}: {names}.", pieces[0]
    if first["loader"] != GATELESS:
        return f"The pieces are {written}"
    how = "with its measurements" if first["dynamic"] else "without measurement"
    return f"The {first['loader']} loader has no gates, so the transform alone, {how}, is {written}"


def _basis(circuit: Row) -> str:
    return ", ".join(gate.upper() for gate in circuit["basis"])


def _counts(found: Callable[[Row], Any], headings: Mapping[str, str]) -> list[Column]:
    """Return a column for each number of what is found in a row."""

    def of(key: str) -> Callable[[Row], int]:
        return lambda row: getattr(found(row), key)

    return [Column(heading, of(key), count) for key, heading in headings.items()]


PIECE_NAME = Column("piece", lambda row: LABELS[row["piece"]])


def _measuring_saves(first: Row) -> bool:
    return first["measured"] is not None and first["measured"].two_qubit < first["gates"].two_qubit


def _two_qubit(gates: Any) -> Cell:
    return MISSING if gates is None else count(gates.two_qubit)


def _gate_table(pieces: Rows, circuit: Row) -> Table:
    first, more = pieces[0], []
    if _measuring_saves(first):
        more.append(Column("two-qubit gates, ancillas measured", "measured", _two_qubit))
    if first["with_rzz"] is not None:
        more.append(Column(RZZ, "with_rzz", _two_qubit))
    found = pieces.table(
        [PIECE_NAME, *_counts(lambda row: row["gates"], GATES), *more],
        "What the circuit costs, loader and transform apart",
        f"P = {first['prime']}, D = {circuit['dimension']}, K = {circuit['distinct']} distinct points, outputs: "
        f"{circuit['outputs']}, {first['encoding']} encoding{', dynamic' if first['dynamic'] else ''}, "
        f"{first['loader']} loader. Transpiled to {_basis(circuit)} at Qiskit's optimization level "
        f"{circuit['optimization_level']}, all qubits connected. Conditioned gates wait for a measured value; they are "
        f"among the others, and count whether or not they turn out to run.{_bound(first)}{_more(first)}",
    )
    if first["loader"] != GATELESS:
        return found
    return replace(found, rows=[_dashes(found, f"{first['loader']} loader", NO_GATES), *found.rows])


def _bound(first: Row) -> str:
    """Say how many gates a loader must take, by counting circuits, where the points are random."""
    if not first["bound"]:
        return ""
    return (
        f" By counting, loaders of most sets of K basis states on n qubits take about {first['bound']:,.0f} two-qubit "
        "gates at least, K n/(2 log2 n)."
    )


def _more(first: Row) -> str:
    said = ""
    if _measuring_saves(first):
        said += " Ancillas measured: the sparse loader, if measurements clean its ancillas where that saves gates."
    if first["with_rzz"] is not None:
        said += (
            " With RZZ: by any angle in 0..pi/2, beside CZ, the circuit in the form that takes fewer; made by hand, "
            "as no snapshot has such gates."
        )
    return said


def _dashes(table: Table, *cells: str) -> list[Cell | str]:
    return [*cells, *[MISSING] * (len(table.columns) - len(cells))]


def _device_columns(key: str) -> list[Column]:
    return [
        PIECE_NAME,
        *_counts(lambda row: row[key].gates, GATES),
        Column("duration", lambda row: row[key].duration, _duration),
        Column("fidelity", lambda row: row[key].fidelity, _known),
    ]


def _fractional_table(pieces: Rows) -> Table:
    return pieces.table(
        _device_columns("with_rzz_on_device"),
        f"On {pieces[0]['target']}, were it to have RZZ gates",
        "RZZ by any angle in 0..pi/2 is added to every pair of qubits that has CZ, which the snapshot has not; its "
        "error and its duration are not known there. Each piece in the form that takes fewer two-qubit gates.",
    )


def _known(found: float | None) -> Cell | str:
    return "not known" if found is None else number(found)


def _target_table(pieces: Rows) -> Table:
    return pieces.table(
        _device_columns("on_device"),
        f"On {pieces[0]['target']}",
        "Compiled for the device: its own gates along its own connections, each piece laid out for itself, on the "
        "qubits it then uses. Duration: one shot, the classical part of feed-forward taken as instantaneous. "
        "Fidelity: the product of 1 - error over all gates and measurements, a rough scale and no simulation. Both are "
        "from a calibration snapshot that comes with qiskit-ibm-runtime, not from the device as it is today.",
    )


def _duration(found: float | None) -> Cell | str:
    return "not known" if found is None else seconds(found)


def _clifford_t_table(pieces: Rows) -> Table:
    return pieces.table(
        [PIECE_NAME, *_counts(lambda row: row["in_clifford_t"], CLIFFORD_T)],
        "In Clifford and T gates",
        f"Compiled for itself, each rotation synthesized up to {pieces[0]['in_clifford_t'].rotation_error:g} in "
        "operator norm. Rotations: RZ gates by no multiple of pi/4 in the circuit above. T depth: T gates on the "
        "longest path. All qubits connected.",
    )


def _transform_name(row: Row) -> str:
    marks = {"dynamic": row["dynamic"], "with RZZ": row["fractional"]}
    return ", ".join([row["encoding"], *(mark for mark, holds in marks.items() if holds)])


TRANSFORM_NAME = Column("encoding", _transform_name)
PRIME = Column("P", "prime")


def _transform_table(transforms: Rows) -> Table:
    sizes = transforms.of(
        {**row, "dimension": dimension, "counts": counts}
        for row in transforms
        for dimension, counts in zip(row["dimensions"], row["counts"], strict=False)
    )
    return sizes.table(
        [TRANSFORM_NAME, PRIME, Column("D", "dimension"), *_counts(lambda row: row["counts"], SIZE)],
        "The transform over P and D",
        "It does not depend on the data. Dynamic: its last Fourier transforms are semiclassical, with the "
        "measurement. With RZZ: in two-qubit gates RZZ by any angle, and CZ. An encoding has no rows at primes that it "
        "does not take.",
    )


def _growth_table(transforms: Rows) -> Table:
    columns = [
        TRANSFORM_NAME,
        PRIME,
        Column("exponent of D", "growth", _exponent),
        Column("line", "growth", lambda fit: Cell(f"{fit.constant:,.6g} + {fit.slope:,.6g} D", fit.slope)),
        Column("on the line", "growth", lambda fit: "yes" if fit.exact else "no"),
    ]
    return transforms.where(lambda row: row["growth"] is not None).table(
        columns,
        "How the transform's two-qubit gates grow with D",
        "Exponent: power law fitted to the logarithms, with its standard error, less the constant of an exact line, "
        "which is what the frequency's own register costs once. Line: through all counts where it says "
        "yes, else fitted by least squares.",
    )


def _exponent(fit: Any) -> Cell:
    if fit.exponent is None:
        return MISSING
    return Cell(f"{fit.exponent:.3f} ± {fit.exponent_error:.3f}", fit.exponent)


def _loader_table(loaders: Rows, key: str) -> Table:
    def gates(cell: Sequence[Row]) -> Cell:
        found, qubits = cell[0][key].two_qubit, cell[0]["data_qubits"]
        held = cell[0]["points"] * qubits
        least = f"; {cell[0]['bound'] / held:.2f}" if cell[0]["bound"] else ""
        return Cell(f"{found:,} ({found / held:.2f}{least})", found)

    built = loaders.where(lambda row: row[key] is not None)
    how = " with ancillas that are measured" if key == "measured" else ""
    found = pivot(
        built,
        gates,
        down=("encoding", "loader", "prime", "dimension"),
        across="points",
        title=f"Two-qubit gates of the loaders{how} over P, D and K",
        note="Of K distinct random points, each drawn one to four times; in brackets over K n D, for n qubits a digit; "
        "then the least that most sets of K points take, by counting, K n D/(2 log2(n D)), if K is far below what n D "
        f"qubits hold.{LARGER if key == 'counts' else ''} A dash: fewer than K points, not counted, or no gates.",
        names=NAMES,
    )
    if key == "measured":
        return found
    free: Iterable[str] = dict.fromkeys(sorted(row["loader"] for row in loaders if row["counts"] is None))
    return replace(found, rows=[*found.rows, *(_dashes(found, NO_GATES, loader) for loader in free)])
