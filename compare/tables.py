"""Results as tables: the same rows on the terminal and in the report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.table import Table as RichTable

from compare.studies.ridgelet import Results

__all__ = ["LABELS", "Table", "all_tables", "for_terminal", "interval", "seconds_text"]

LABELS = {
    "enumeration": "enumeration",
    "dequantized": "dequantized",
    "rejection": "rejection",
    "marginals": "marginals",
    "circuit_statevector": "circuit (statevector)",
    "circuit_mps": "circuit (MPS)",
    "leverage": "leverage (no labels)",
    "uniform": "uniform",
}
"""Samplers by the name that readers see."""


COUNTS = ("qubits", "depth", "one_qubit", "two_qubit")


@dataclass(frozen=True)
class Table:
    """A table with a note that explains its columns.

    Attributes
    ----------
    title
        What it shows.
    columns
        Headings.
    rows
        Cells as text; the first column is the row's heading.
    note
        Explains the columns, in sentences.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str


def interval(estimate: Mapping[str, Any], digits: int = 3) -> str:
    """Write an estimate as best [low, high]."""
    low, best, high = (estimate[key] for key in ("low", "best", "high"))
    if low is None or high is None:
        return f"{best:.{digits}f}"
    return f"{best:.{digits}f} [{low:.{digits}f}, {high:.{digits}f}]"


def seconds_text(seconds: float) -> str:
    """Write a time with a fitting unit."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def _time(seconds: Mapping[str, Any]) -> tuple[str, str]:
    per_sample = seconds["per_sample"]
    low, best, high = (seconds_text(per_sample[key]) for key in ("low", "best", "high"))
    return seconds_text(seconds["prepare"]), f"{best} [{low}, {high}]"


def _pvalue(test: Mapping[str, Any]) -> str:
    if test["pvalue"] >= 0.001:
        return f"{test['pvalue']:.3f}"
    return f"{test['pvalue']:.0e}" if test["pvalue"] > 0 else "< 1e-300"


def distribution_table(part: Mapping[str, Any]) -> Table:
    """Return how close each sampler came to p*, and how fast it was."""
    methods = part["methods"]
    enumerable = any("total_variation" in found for found in methods.values())
    columns = ["sampler", "samples"]
    columns += ["total variation", "chi-square p"] if enumerable else ["two-sample p"]
    columns += ["fidelity", "prepare", "time a sample"]
    rows = []
    for name, found in methods.items():
        row = [LABELS[name], f"{found['samples']:,}"]
        if enumerable:
            row += [interval(found["total_variation"]), _pvalue(found["goodness_of_fit"])]
        else:
            row.append(_pvalue(found["two_sample"]) if "two_sample" in found else "reference")
        rows.append([*row, interval(found["fidelity"]), *_time(found["time"])])
    note = (
        "Fidelity is the cross-entropy fidelity: 1 for p*, 0 for uniform nodes. Brackets are 95% intervals; for times, "
        "the fastest and slowest of 5 batches around the median."
    )
    if enumerable:
        floor = next(iter(methods.values()))["total_variation"]["floor"]
        note += (
            f" Perfect sampling of this size shows a total variation of {interval(floor)} (mean, and the range of 95% "
            "of perfect samples): that is the floor, not 0. Chi-square is against the exact p*, cells pooled to an "
            "expected count of at least 5."
        )
    else:
        note += " The two-sample test holds nodes against fresh nodes of the dequantized sampler."
    return Table(f"{part['title']}: are the nodes drawn from p*?", columns, rows, note)


def risk_table(part: Mapping[str, Any]) -> Table | None:
    """Return the risks at the quoted number of nodes, or None if the part has none."""
    methods, quoted = part["methods"], part["quoted"]
    if not any("risk" in found for found in methods.values()):
        return None
    rows, repeats = [], 0
    for name, found in methods.items():
        risk = found["risk"]
        at = risk["sizes"].index(quoted)
        repeats = risk["empirical"][at]["samples"]
        rows.append([LABELS[name], str(quoted), interval(risk["empirical"][at]), interval(risk["held_out"][at])])
    baselines = part["problem"]["baselines"]
    for key, label in (
        ("whole", "whole network (exact)"),
        ("labels", "mean label a point"),
        ("zero", "no node at all"),
    ):
        empirical, held_out = baselines[key]
        rows.append([label, "all" if key == "whole" else "-", f"{empirical:.3f}", f"{held_out:.3f}"])
    problem = part["problem"]
    note = (
        f"Mean squared error of networks whose output weights are fitted by ridge regression: mean over {repeats} "
        f"independent networks with its 95% interval. Coverage K/P^D = {problem['coverage']:.2g}. The whole network "
        "with its ridge-regularized weights is exactly p f/(p + lambda) on the training points and 0 off them; the "
        "mean label at each training point is the least empirical risk any function has."
    )
    return Table(f"{part['title']}: risk", ["network", "N", "empirical risk", "held-out risk"], rows, note)


def problem_table(parts: Mapping[str, Mapping[str, Any]]) -> Table:
    """Return what each part asks."""
    rows = []
    for part in parts.values():
        problem = part["problem"]
        effective = f"{problem['effective_nodes']:.0f}" if "effective_nodes" in problem else "-"
        rows.append(
            [
                part["title"],
                str(problem["prime"]),
                str(problem["dimension"]),
                str(problem["points"]),
                str(problem["outputs"]),
                f"{problem['coverage']:.2g}",
                f"10^{problem['log10_nodes']:.1f}",
                effective,
                f"{problem['train']:,} / {problem['test']:,}",
            ]
        )
    return Table(
        "The problems",
        ["part", "P", "D", "K", "outputs", "K/P^D", "hidden nodes", "effective nodes", "train / held out"],
        rows,
        "P: the prime; D: the data dimension; K: distinct training points. Effective nodes: exp(entropy of p*).",
    )


def circuit_table(parts: Mapping[str, Mapping[str, Any]]) -> Table:
    """Return the gates of the circuits, loader and transform apart."""
    rows = []
    for part in parts.values():
        for piece, label in (("transform", "transform"), ("sparse_loader", "sparse loader")):
            if piece in part["problem"]:
                counts = part["problem"][piece]
                rows.append([part["title"], label, *(f"{counts[key]:,}" for key in COUNTS)])
    return Table(
        "What the circuits cost, loader and transform apart",
        ["part", "piece", "qubits", "depth", "one-qubit gates", "two-qubit gates"],
        rows,
        "Transpiled to CX, RZ, SX and X at Qiskit's optimization level 2, all qubits connected, binary encoding. The "
        "ideal loader that the simulations above use has no gates: the simulator is handed the state. An O(D) claim "
        "holds for the transform; the loader needs O(K D) gates.",
    )


def dimension_table(dimension: Mapping[str, Mapping[str, Any]]) -> Table:
    """Return seconds a sample over D, preparation included."""
    asked = sorted({row["dimension"] for found in dimension.values() for row in found["rows"]})
    samples = next(iter(dimension.values()))["samples"]
    rows = []
    for d in asked:
        cells = [
            next((seconds_text(total_seconds(row, samples)) for row in found["rows"] if row["dimension"] == d), "-")
            for found in dimension.values()
        ]
        rows.append([str(d), *cells])
    first = next(iter(dimension.values()))
    note = (
        f"Seconds a sample when {samples:,} are drawn, preparation included, on random points over Z_{first['prime']} "
        f"with at most K = {first['points']}; median of 5 batches. The circuits are simulated, with the ideal loader: "
        "their times are the simulator's, not a quantum computer's. A dash: not timed, to keep this part short."
    )
    return Table("Time over the dimension", ["D", *(LABELS[name] for name in dimension)], rows, note)


def total_seconds(row: Mapping[str, float], samples: int) -> float:
    """Return seconds a sample with the preparation spread over all samples."""
    return row["prepare"] / samples + row["sample_best"]


def all_tables(results: Results) -> dict[str, list[Table]]:
    """Return the tables of each part by its key, with those of the whole run under ``"problems"``."""
    tables = {"problems": [problem_table(results.parts)]}
    for key, part in results.parts.items():
        risk = risk_table(part)
        tables[key] = [distribution_table(part), *([risk] if risk else [])]
    tables["circuit"] = [circuit_table(results.parts)]
    tables["dimension"] = [dimension_table(results.dimension)]
    return tables


def for_terminal(table: Table) -> RichTable:
    """Return the table as rich prints it."""
    rendered = RichTable(title=table.title, caption=table.note, title_justify="left", caption_justify="left")
    for i, column in enumerate(table.columns):
        rendered.add_column(column, justify="left" if i == 0 else "right")
    for row in table.rows:
        rendered.add_row(*row)
    return rendered
