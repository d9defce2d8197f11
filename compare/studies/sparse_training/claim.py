"""The paper's claim of sparse training, and what both sides take from an upload to a download of the kept weights."""

from compare.claims import QUANTUM, Claim, Mark, Number, assumed, changes, hashes, joined, reading_error
from compare.engine import Runs
from compare.report.cells import compact, estimate, seconds
from compare.statistics import Estimate, mean_estimate
from compare.studies.sparse_training.crossing import LARGEST, Costs, assumptions, costs_of
from compare.studies.sparse_training.expanded import certified
from compare.studies.sparse_training.sources import EXAMPLE
from compare.studies.sparse_training.study import CIRCUIT, EXPANSION, LOOP, REEXPANSION, Settings

__all__ = ["claim"]

NAMED = 1e8
"""Weights n of the network that the row is about, as many as those that the paper plots."""

STEP, GATES = "log2(n)^2 steps a query", "T gates one by one"

ASSUMPTIONS = {
    **QUANTUM,
    "flops": "classical operations a second",
    "images": "rows that a classical step looks at",
}


def claim(runs: Runs, settings: Settings) -> Claim:
    """Return the claim; what was not counted is left out."""
    costs = costs_of(runs, settings)
    marks = [] if costs is None else [_mark(runs, costs, name) for name in (STEP, GATES)]
    return Claim(
        title="Sparse training",
        says="Sparse networks are trained in time logarithmic in their size, by one linear system",
        paper="2303.03428",
        regime="dissipative training of pruned networks, from upload to download",
        size="n = 10^8 weights",
        letter="n",
        quality=f"{settings.share:g} n weights after T = {settings.horizon} steps, to {settings.error:g} of their move",
        rival="gradient descent on the kept weights",
        built=_built(runs, settings, costs),
        equal_size=_accuracies(runs),
        equal_compute=[] if costs is None else _equal_compute(settings, marks[0]),
        marks=marks,
        deciding=GATES,
        changes=changes(lambda other: _ratio(runs, other), settings, ASSUMPTIONS),
        omits=_omits(runs, settings, costs),
        assumes=() if costs is None else assumed(assumptions(costs)),
        elsewhere=[] if costs is None else _elsewhere(runs, costs),
    )


def _omits(runs: Runs, settings: Settings, costs: Costs | None) -> list[Number | str]:
    """Return what the claim leaves out: readout and upload at the named size, the block encoding, the certificate."""
    kept = settings.share * NAMED
    shots = kept / settings.error**2
    found: list[Number | str] = [
        Number("shots of a download", shots, f"the readout: {compact(kept)} weights take {compact(shots)} shots"),
        Number("steps of an upload", kept, f"the upload: {compact(kept)} weights"),
    ]
    rows = [row for row in runs[CIRCUIT].where(method="kernel-reflection") if row["t"] is not None]
    if costs is not None and costs.t is not None and rows:
        row = max(rows, key=lambda one: one["t"])
        text = f"the block encoding of n weights: {compact(costs.t)} T a query at {row['kept'] or 2} weights"
        records = hashes(runs, CIRCUIT, method="kernel-reflection", source=row["source"], steps=row["steps"])
        found.append(Number("T gates of a block encoding", costs.t, text, records))
    else:
        found.append("the block encoding of n weights")
    return [*found, *_certificates(runs)]


def _certificates(runs: Runs) -> list[Number | str]:
    """Return of how many pruned networks the certificate R < 1 holds, and in how many a direction grows."""
    found: list[Number | str] = []
    networks, defined, below = certified(runs)
    if networks:
        text = (
            f"the certificate R < 1: of {networks} pruned networks it is defined for {defined}, and holds for {below}"
        )
        found.append(Number("networks with R < 1", below, text, hashes(runs, EXPANSION)))
    else:
        found.append("the certificate R < 1")
    least = {(row["dataset"], row["seed"]): row["least"] for row in runs[REEXPANSION]}
    if least:
        grow = sum(value < 0 for value in least.values())
        text = f"negative curvature, which {grow} of {len(least)} pruned perceptrons have when training starts"
        found.append(Number("perceptrons with negative curvature", grow, text, hashes(runs, REEXPANSION)))
    return found


def _ratio(runs: Runs, settings: Settings) -> float | None:
    costs, kept = costs_of(runs, settings), settings.share * NAMED
    found = None if costs is None else costs.gates(kept)
    return None if found is None or costs is None else found / costs.classical(kept)


def _mark(runs: Runs, costs: Costs, name: str) -> Mark:
    settings = costs.settings
    kept = settings.share * NAMED
    quantum = costs.quantum(NAMED, kept) if name == STEP else costs.gates(kept)
    rows = [row for row in runs[CIRCUIT].where(method="kernel-reflection") if row["source"] != EXAMPLE]
    rows = rows or list(runs[CIRCUIT].where(method="kernel-reflection"))
    weights = max((row["kept"] or 1 for row in rows), default=1)
    share = settings.share
    return Mark(
        name,
        None if quantum is None else Estimate(quantum, quantum, quantum, 1),
        _drifting(costs.classical(kept), settings.drift),
        beyond=max(NAMED / weights, settings.horizon / max((row["steps"] for row in rows), default=1)),
        start=costs.start(lambda n: share * n, lambda n: share * n) if name == STEP else None,
        until=10.0**LARGEST if name == STEP else None,
        records=hashes(runs, CIRCUIT, method="kernel-reflection"),
    )


def _drifting(best: float, drift: float) -> Estimate:
    return Estimate(best / drift, best, best * drift, 1)


def _built(runs: Runs, settings: Settings, costs: Costs | None) -> list[Number]:
    rows = runs[CIRCUIT].where(method="kernel-reflection")
    found = []
    if len(rows):
        row = max(rows, key=lambda one: (one["t"] is not None, one["kept"] or 0))
        records = hashes(runs, CIRCUIT, method="kernel-reflection", source=row["source"], steps=row["steps"])
        gates = "" if row["t"] is None else f", {compact(row['t'])} T a query"
        text = f"{row['qubits']} qubits{gates} ({row['kept'] or 2} weights, T = {row['steps']})"
        found.append(Number("circuit", row["qubits"], text, records))
    if costs is not None:
        text = f"{compact(costs.shot)} queries a readable shot at T = {settings.horizon}"
        found.append(Number("queries a shot", costs.shot, text, hashes(runs, CIRCUIT, method="kernel-reflection")))
    return found


def _accuracies(runs: Runs) -> list[Number]:
    """Return held-out accuracies of small networks that a circuit and gradient descent trained, most shots."""
    rows = [row for row in runs[LOOP] if row["shots"] is not None and row["trained"] is not None]
    if not rows:
        return []
    shots, kept = max(row["shots"] for row in rows), max(row["kept"] for row in rows)
    rows = [row for row in rows if row["shots"] == shots and row["kept"] == kept and row["orders"] == 1]
    records = hashes(runs, LOOP, shots=shots, kept=kept, orders=1)
    found = []
    for name, words in (("trained", "by a circuit"), ("descent", "gradient descent")):
        mean = mean_estimate([row[name] for row in rows]) if rows else None
        if mean is not None:
            text = f"{words}, {kept} weights: {estimate(mean, '.3f')}"
            found.append(Number(f"{words}, held-out accuracy", mean, text, records))
    return found


def _elsewhere(runs: Runs, costs: Costs) -> list[Number]:
    """Return from which n on the circuit is faster than training all n weights."""
    settings, found = costs.settings, []
    share, few = settings.share, settings.downloaded
    for words, kept in ((f"{share:g} n", lambda n: share * n), (f"{few:,}", lambda n: float(few))):
        start = costs.start(kept, lambda n: n)
        head = f"against training all n weights, {words} downloaded, {STEP}"
        told = f"never up to n = 10^{LARGEST}" if start is None else f"faster from n = {compact(start)} on"
        found.append(Number(head, start, f"{head}: {told}", hashes(runs, CIRCUIT, method="kernel-reflection")))
    return found


def _equal_compute(settings: Settings, mark: Mark) -> list[Number]:
    """Return the error of a download that takes as long as the classical side."""
    if mark.ratio is None or mark.classical is None:
        return []
    error = reading_error(settings.error, mark.ratio)
    text = (
        f"in the {seconds(mark.classical.best)} of the classical side weights are read with an error of "
        f"{estimate(error, compact)} times their move, at {STEP}"
    )
    return [Number("error of a download", error, text, joined(mark.records))]
