"""The ridgelet study's results as tables."""

from collections.abc import Mapping
from typing import Any

from compare.distributions.goodness import MAX_RANKED
from compare.statistics import BATCHES, correct
from compare.studies.ridgelet.samplers.study import LABELS
from compare.tables import Table, interval, pvalue_text, seconds_text

__all__ = [
    "adjusted_pvalues",
    "circuit_table",
    "dimension_table",
    "distribution_table",
    "number_of_tests",
    "penalty_table",
    "problem_table",
    "risk_table",
    "total_seconds",
]

COUNTS = ("qubits", "depth", "one_qubit", "two_qubit")


def _time(seconds: Mapping[str, Any]) -> tuple[str, str]:
    per_sample = seconds["per_sample"]
    low, best, high = (seconds_text(per_sample[key]) for key in ("low", "best", "high"))
    return seconds_text(seconds["prepare"]), f"{best} [{low}, {high}]"


def adjusted_pvalues(part: Mapping[str, Any]) -> dict[str, float]:
    """Return each tested sampler's p-value, Holm-adjusted for all tests of the part: the smaller where it has two."""
    tests = [
        (name, found[test]["pvalue"])
        for name, found in part["methods"].items()
        for test in ("goodness_of_fit", "two_sample")
        if test in found
    ]
    adjusted: dict[str, float] = {}
    for (name, _), pvalue in zip(tests, correct([pvalue for _, pvalue in tests]).tolist(), strict=True):
        adjusted[name] = min(pvalue, adjusted.get(name, 1.0))
    return adjusted


def _effect(found: Mapping[str, Any]) -> str:
    test = found.get("goodness_of_fit", {})
    if "best" not in test:
        return "-"
    return "infinite" if test["best"] is None else interval(test)


def _pvalue(found: Mapping[str, Any], test: str, missing: str = "-") -> str:
    return pvalue_text(found[test]) if test in found else missing


def distribution_table(part: Mapping[str, Any]) -> Table:
    """Return how close each sampler came to p*, and how fast it was."""
    methods = part["methods"]
    enumerable = any("total_variation" in found for found in methods.values())
    columns = ["sampler", "samples"]
    if enumerable:
        columns += ["total variation", "chi-square divergence", "chi-square p", "adjusted p"]
    else:
        columns += ["uniform share", "ranks p", "two-sample p", "adjusted p"]
    columns += ["fidelity", "prepare", "time a sample"]
    adjusted = adjusted_pvalues(part)
    rows = []
    for name, found in methods.items():
        row = [LABELS[name], f"{found['samples']:,}"]
        if enumerable:
            row += [interval(found["total_variation"]), _effect(found), _pvalue(found, "goodness_of_fit")]
        else:
            row += [_effect(found), _pvalue(found, "goodness_of_fit"), _pvalue(found, "two_sample", "reference")]
        row.append(pvalue_text({"pvalue": adjusted[name]}) if name in adjusted else "-")
        rows.append([*row, interval(found["fidelity"]), *_time(found["time"])])
    note = (
        "Fidelity is the cross-entropy fidelity: 1 for p*, 0 for uniform nodes. Brackets are 95% intervals; for times, "
        "the fastest and slowest of 5 equal batches around the median; a state vector is simulated anew in each batch. "
        f"Adjusted p is corrected for all {number_of_tests(part)} tests of this table (Holm): compare it with 0.05."
    )
    if enumerable:
        floor = next(iter(methods.values()))["total_variation"]["floor"]
        note += (
            f" Perfect sampling of this size shows a total variation of {interval(floor)} (mean, and the range of 95% "
            "of perfect samples): that is the floor, not 0; the intervals are those of this plug-in distance. "
            "Chi-square is against the exact p*, cells pooled to an expected count of at least 5; its divergence is "
            "0 for p*."
        )
    else:
        tested = min(MAX_RANKED, max(found["samples"] for found in methods.values()))
        note += (
            " The ranks among decoys and Fourier moments are against the exact p*, which needs no other sampler; the "
            "uniform share is that of uniform nodes which would give the same ranks, 0 for p* and 1 for uniform nodes. "
            "The two-sample test holds nodes against fresh nodes of the dequantized sampler. Both tests take at most "
            f"the first {tested:,} nodes."
        )
    return Table(f"{part['title']}: are the nodes drawn from p*?", columns, rows, note)


def number_of_tests(part: Mapping[str, Any]) -> int:
    """Return how many tests against p* or against another sampler the part holds."""
    return sum(test in found for found in part["methods"].values() for test in ("goodness_of_fit", "two_sample"))


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
        "Mean squared error of networks whose output weights are fitted by ridge regression (penalty "
        f"{part['ridge']:g}): mean over {repeats} independent networks with its 95% interval, over draws of nodes on "
        f"one split of the data. Coverage K/P^D = {problem['coverage']:.2g}. The whole network with its "
        "ridge-regularized weights is exactly p f/(p + lambda) on the training points and 0 off them; the mean label "
        "at each training point is the least empirical risk any function has."
    )
    return Table(f"{part['title']}: risk", ["network", "N", "empirical risk", "held-out risk"], rows, note)


def penalty_table(part: Mapping[str, Any]) -> Table | None:
    """Return both risks at the quoted number of nodes over the penalty, or None if the part has none."""
    found = {name: method["penalties"] for name, method in part["methods"].items() if "penalties" in method}
    if not found:
        return None
    first = next(iter(found.values()))
    rows = []
    for name, risks in found.items():
        pairs = zip(risks["empirical"], risks["held_out"], strict=True)
        rows.append(
            [LABELS[name], *(f"{empirical['best']:.2f} / {held_out['best']:.2f}" for empirical, held_out in pairs)]
        )
    return Table(
        f"{part['title']}: what the penalty does",
        ["network", *(f"penalty {penalty:g}" for penalty in first["penalties"])],
        rows,
        f"Empirical / held-out risk at N = {part['quoted']} for other penalties of the output weights' fit: means over "
        f"{first['empirical'][0]['samples']} networks.",
    )


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
        for encoding, pieces in sorted(part["problem"].get("gates", {}).items()):
            for piece, counts in sorted(pieces.items(), reverse=True):
                rows.append([part["title"], encoding, piece, *(f"{counts[key]:,}" for key in COUNTS)])
    return Table(
        "What the circuits cost, loader and transform apart",
        ["part", "encoding", "piece", "qubits", "depth", "one-qubit gates", "two-qubit gates"],
        rows,
        "Transpiled to CX, RZ, SX and X at Qiskit's optimization level 2, all qubits connected. The "
        "ideal loader that the simulations above use has no gates: the simulator is handed the state. An O(D) claim "
        "holds for the transform; the loader needs O(K D) gates, and the classical sampler O(K D) steps a node.",
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
        f"Seconds a sample when {samples:,} are drawn in {BATCHES} batches, preparation included, on random "
        f"points over Z_{first['prime']} "
        f"with at most K = {first['points']}; median of 5 batches. The circuits are simulated, with the ideal loader: "
        "their times are the simulator's, not a quantum computer's. The matrix product state is evolved as part of "
        "the preparation, the state vector anew for each batch. A dash: not timed, to keep this part short."
    )
    return Table("Time over the dimension", ["D", *(LABELS[name] for name in dimension)], rows, note)


def total_seconds(row: Mapping[str, float], samples: int) -> float:
    """Return seconds a sample with the preparation spread over all samples."""
    return row["prepare"] / samples + row["sample_best"]
