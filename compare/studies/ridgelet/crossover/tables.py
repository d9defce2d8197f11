"""The crossover study's results as tables: who wins, by which assumptions, at which seconds, by which growth."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from compare.statistics import EVIDENCE, Curve, Estimate, FittedGrowth, fit_growth
from compare.statistics.fits import LEAST_SIZES
from compare.studies.ridgelet.crossover.crossing import Crossing
from compare.studies.ridgelet.crossover.curves import Line
from compare.studies.ridgelet.crossover.machines import LOADERS, MACHINES
from compare.studies.ridgelet.crossover.study import (
    LARGEST_DIMENSION,
    LARGEST_POINTS,
    PRIME_DIMENSION,
    RIVALS,
    Results,
)
from compare.tables import Table, seconds_text

__all__ = [
    "assumption_table",
    "circuit_growth_table",
    "crossing_text",
    "growth_table",
    "machine_name",
    "seconds_table",
    "shown_dimensions",
    "size_text",
    "span_text",
    "winner_table",
]

YEAR, DAY = 365.25 * 86400, 86400.0

VERDICTS = {"none": "no growth", "power": "power", "exponential": "exponential", "undecided": "undecided"}


def span_text(seconds: float) -> str:
    """Write a time of any length: in years from a year on, by their power of ten where there are many."""
    if not math.isfinite(seconds):
        return "> 10^300 s"
    if seconds < 2 * DAY:
        return seconds_text(seconds)
    if seconds < YEAR:
        return f"{seconds / DAY:.3g} days"
    years = seconds / YEAR
    return f"{float(f'{years:.2g}'):,.0f} years" if years < 1e6 else f"10^{math.log10(years):.0f} years"


def machine_name(name: str, results: Results) -> str:
    """Return a machine's name in words."""
    return MACHINES[name].format(device=results.settings.device)


def crossing_text(crossing: Crossing | None) -> str:
    """Write where the quantum machine is faster: the first size, its interval, and the last if it is not for good."""
    if crossing is None:
        return "does not fit"
    if crossing.start is None:
        return f"never up to {size_text(crossing.largest)}"
    star = "" if crossing.start <= crossing.measured else "*"
    high = f"> {size_text(crossing.largest)}" if crossing.high is None else size_text(crossing.high)
    low = size_text(crossing.start if crossing.low is None else crossing.low)
    ends = "" if crossing.to_the_end else f", to {size_text(crossing.end or crossing.start)}"
    return f"from {size_text(crossing.start)}{star} [{low}, {high}]{ends}"


def size_text(size: int) -> str:
    """Write a size: in full while it is short, else to two digits."""
    if size < 10_000:
        return f"{size:,}"
    digits, power = f"{size:.1e}".split("e")
    return f"10^{int(power)}" if digits == "1.0" else f"{digits} 10^{int(power)}"


def winner_table(results: Results) -> Table:
    """Return who wins: one row for each machine, P and loader."""
    settings, rows = results.settings, []
    asked = (("dimension", RIVALS[0]), ("dimension", RIVALS[1]), ("points", RIVALS[0]))
    for prime in settings.primes:
        for machine in MACHINES:
            for loader, words in LOADERS.items():
                cells = []
                for varied, rival in asked:
                    found = results.crossings[varied, prime, machine, loader, rival]
                    lines = (
                        results.classical(f"{varied}-{prime}", rival),
                        results.quantum(varied, prime, machine, loader),
                    )
                    counts = [str(0 if line is None else len(line.measured)) for line in lines]
                    text = "not timed" if lines[0] is None else crossing_text(found)
                    cells.append(f"{text} ({', '.join(counts)})")
                rows.append([machine_name(machine, results), str(prime), words, *cells])
    return Table(
        "From which size on the quantum machine is faster a sample",
        [
            "machine",
            "P",
            "loader",
            "than dequantized, over D",
            "than enumeration, over D",
            "than dequantized, over K",
        ],
        rows,
        f"D varies at K = {settings.points}, K at D = {settings.dimension}. In brackets: the first size that the 95% "
        "intervals of both sides leave possible, and the first at which they leave no doubt. A star: beyond the sizes "
        "that were measured and counted. Beyond them the dequantized sampler goes on by c0 + c D or c0 + c K and the "
        "enumeration by c0 + c P^D, as they are made; circuits by a fitted power law above what is known not to grow, "
        "shots lost to errors by one of -ln fidelity. The tables of growth show what the data say by themselves. "
        f"Never up to: as far as the fits are asked, D = {size_text(LARGEST_DIMENSION)} and the smaller of K = "
        f"{size_text(LARGEST_POINTS)} and P^D. In parentheses: at how many sizes the classical sampler was timed and "
        f"circuits were counted; at each {settings.draws} random problems, fewer classical ones where they take "
        f"{settings.limit:g} s. Does not fit: the device has too few qubits at D = {settings.dimension}. All that is "
        "assumed stands in the table of assumptions.",
    )


def assumption_table(results: Results) -> Table:
    """Return every assumption, its value, its flag and whom it favors."""
    s, machine = results.settings, results.run.get("machine", {})
    threads = machine.get("threads", {})
    limited = ", ".join(f"{name}={value}" for name, value in threads.items())
    rate = "as many as asked for" if s.t_rate is None else f"{s.t_rate:g} a second"
    largest = max(results.circuits.values(), key=_volume)
    rows = [
        [
            "Classical machine",
            f"this one: {machine.get('processor', 'unknown')}, {machine.get('cores', '?')} cores"
            f"{f', {limited}' if limited else ''}; {s.classical_speedup:g} times as fast",
            "--classical-speedup",
            "quantum: a larger machine costs less than any quantum one",
        ],
        [
            "Classical seconds",
            f"measured; {s.samples:,} nodes at once share one preparation",
            "--samples",
            "nobody: fewer make enumeration slower a node, more make it faster",
        ],
        ["Quantum preparation", "compiling and calibrating take no time", "none", "quantum"],
        ["Quantum machines side by side", str(s.machines), "--machines", "classical, if several fit on one chip"],
        [
            "Device",
            f"{s.device}, a calibration snapshot; two-qubit gate {seconds_text(results.gate)} (median)",
            "--device",
            "nobody",
        ],
        [
            "A shot on the device",
            f"the compiled circuit's duration, reset {seconds_text(s.reset)}, repetition delay {seconds_text(s.delay)}",
            "--reset, --delay",
            "quantum: no queue, no job overhead, no communication",
        ],
        [
            "Errors on the device",
            "ignored, or shots divided by the product of 1 - error, as if the shots without error could be told",
            "none",
            "quantum: they cannot be told, and what is left is not p*",
        ],
        ["Error correction, a cycle", seconds_text(s.cycle), "--cycle", "quantum, today"],
        [
            "Code distance",
            f"{s.distance}, so a logical step takes {seconds_text(s.step)}. It leaves a failure of "
            f"{_failure(largest, s.distance):.0e} in the largest circuit here, at physical errors of 0.1% (0.1 (100 "
            "p)^((d + 1)/2) a qubit and cycle: Fowler and Gidney, arXiv:1808.06709)",
            "--distance",
            "nobody",
        ],
        ["T states", f"{rate}, ready when needed", "--t-rate", "quantum: factories take most of the qubits"],
        [
            "T gates one by one",
            "each takes a logical step (Litinski, arXiv:1808.02892)",
            "none",
            "nobody",
        ],
        [
            "T layers at once",
            "all T gates of a layer take one logical step together, however many",
            "none",
            "quantum: that needs a machine many times as large",
        ],
        ["Clifford gates", "free, at any number (commuted to the end)", "none", "quantum"],
        [
            "Rotations",
            f"synthesized to an error of {s.synthesis_error:g} over the whole circuit (Ross and Selinger, "
            "arXiv:1403.2975)",
            "--synthesis-error",
            "classical: synthesis with ancillas or by chance takes fewer T gates",
        ],
        [
            "Sparse loader",
            "built and counted, without ancillas; its growth with K stands in the table of circuits",
            "none",
            "classical: with ancillas fewer T gates would do",
        ],
        [
            "Loader in log2 K steps",
            "not built: on the device a two-qubit gate a step, else a logical step; amplitudes and the memory's K n D "
            "qubits cost nothing",
            "none",
            "quantum",
        ],
        [
            "Free loader",
            "not built: the loaded state is there at once (a quantum memory of no cost)",
            "none",
            "quantum",
        ],
        [
            "Circuit",
            f"{s.encoding} encoding, compiled by Qiskit at level 2 with a fixed seed",
            "--encoding",
            "classical, if a better circuit exists",
        ],
        [
            "Problems",
            f"K distinct random points of Z_P^D, normal targets; K = {s.points} while D varies, D = {s.dimension} "
            "while K varies",
            "--points, --dimension, --primes, --draws, --seed",
            "quantum over D: enumeration does not gain from few points",
        ],
        [
            "Sizes",
            f"circuits at D = {_listed(s.dimensions)} and K = {_listed(s.loaded_points)}; classical up to "
            f"D = {s.most_dimensions:,}, K = {s.most_points:,}, P = {s.most_prime}, or {s.limit:g} s a size",
            "--dimensions, --loaded-points, --most-dimensions, --most-points, --most-prime, --methods, --limit",
            "nobody",
        ],
    ]
    return Table(
        "Every assumption",
        ["assumption", "value", "flag", "favors"],
        rows,
        "Whom an assumption favors, against what could be assumed instead. Those without a flag are rows of the table "
        "of winners, or have no number.",
    )


def _listed(values: Sequence[int]) -> str:
    return ", ".join(map(str, values))


def _volume(row: Mapping[str, Any]) -> float:
    """Return qubits times T gates: logical qubits times logical steps, one T at a time."""
    loader = max((part["t"] for part in row["loaders"]), default=0)
    return float(row["transform"]["qubits"] * (row["transform"]["t"] + loader))


def _failure(row: Mapping[str, Any], distance: int) -> float:
    """Return the chance that a logical error spoils a shot, physical errors of 0.1%, summed over qubits and cycles."""
    return min(1.0, 0.1 * (100 * 1e-3) ** ((distance + 1) / 2) * _volume(row) * distance)


def shown_dimensions(results: Results) -> list[int]:
    """Return the D at which seconds are quoted: first, middle and last counted, and far beyond."""
    known = sorted(set(results.settings.dimensions))
    return sorted({known[0], known[len(known) // 2], known[-1], 16 * known[-1]})


def seconds_table(results: Results, prime: int) -> Table:
    """Return seconds a sample at some D, of all samplers and machines that are compared."""
    shown = shown_dimensions(results)

    def row(name: str, line: Line | None) -> list[str]:
        return [name, *("does not fit" if line is None else _seconds_cell(line, size) for size in shown)]

    rows = [row(rival, results.classical(f"dimension-{prime}", rival)) for rival in RIVALS]
    for machine in MACHINES:
        for loader, words in LOADERS.items():
            name = f"{machine_name(machine, results)}, {words}"
            rows.append(row(name, results.quantum("dimension", prime, machine, loader)))
    return Table(
        f"Seconds a sample at P = {prime}, K = {results.settings.points}",
        ["", *(f"D = {size}" for size in shown)],
        rows,
        "Classical: the preparation's share included. Brackets: the range of the random problems, in parentheses how "
        "many (the range of 5 holds the median with 94%); exact: the transform alone, a count that no data changes. A "
        "star: extrapolated by fitted growth, in parentheses the sizes fitted, in brackets 95% of what the fits leave "
        "possible. Between counted sizes: interpolated, parentheses as for a star.",
    )


def _seconds_cell(line: Line, size: int) -> str:
    found = line.at(size)
    if found is None:
        return "not measured" if size < line.smallest else "too few sizes"
    star = "*" if size > line.largest else ""
    if found.samples == 1 and not star:
        return f"{span_text(found.best)} (exact)"
    return (
        f"{span_text(found.best)}{star} [{span_text(found.low)}, {span_text(found.high)}] ({found.samples})"
        if found.best < math.inf
        else f"> 10^300 s{star} ({found.samples})"
    )


AXES = {"dimension": "D", "points": "K", "prime": "P"}


def growth_table(results: Results, axis: str) -> Table:
    """Return how a sampler's seconds grow along one axis, preparation apart."""
    found = results.times[axis]
    letter = AXES[found["varied"]]
    rows = [
        [method, *_growth_cells([row["size"] for row in times["rows"]], times["rows"], times["stopped"])]
        for method, times in found["methods"].items()
    ]
    fixed = {
        "dimension": f"P = {found['prime']}, K = {found['points']}",
        "points": f"P = {found['prime']}, D = {found['dimension']}",
        "prime": f"D = {PRIME_DIMENSION}, K = {found['points']}",
    }[found["varied"]]
    return Table(
        f"Growth of seconds over {letter}, {fixed}",
        [
            "method",
            letter,
            "a sample grows as",
            f"k of {letter}^k",
            f"k of e^(k {letter})",
            f"at the largest {letter}",
            "preparation grows as",
        ],
        rows,
        f"Fitted to the medians of up to {results.settings.draws} random problems at each size, by AIC with the "
        "correction for few sizes: constant, power law and exponential, the last two also with a constant on top (then "
        "marked + c) from 7 sizes on. Brackets: 95%. In parentheses: how many times likelier the better of power law "
        f"and exponential is; undecided below {EVIDENCE:g}. No growth: a constant is the best. First column of "
        "sizes: their range and how many were fitted. At the largest: the median of the problems, their range, and how "
        f"many; {results.settings.samples:,} nodes a draw. A method goes as far as a draw takes "
        f"{results.settings.limit:g} s, or as it takes the problem.",
    )


def _growth_cells(sizes: Sequence[int], rows: Sequence[Mapping[str, Any]], stopped: str) -> list[str]:
    if not rows:
        return ["none (0)", _reason(stopped), *[""] * 4]
    span = f"{sizes[0]:,} to {sizes[-1]:,} ({len(sizes)})"
    last = rows[-1]["per_sample"]
    ends = ", ".join(span_text(last[end]) for end in ("low", "high"))
    at_last = f"{span_text(last['best'])} [{ends}] ({last['samples']})"
    if len(sizes) < LEAST_SIZES:
        return [span, "too few sizes", "", "", at_last, "too few sizes"]
    drawn, prepared = (fit_growth(sizes, [row[part]["best"] for row in rows]) for part in ("per_sample", "prepare"))
    return [
        span,
        _verdict(drawn),
        _rate(drawn.power),
        _rate(drawn.exponential),
        at_last,
        _best_text(prepared),
    ]


def _reason(stopped: str) -> str:
    """Return the first clause of why a method took no size."""
    said = stopped.split("refused: ", 1)[-1]
    return f"not taken: {re.split('[:;]|[.] ', said)[0]}"


def _rate(curve: Curve) -> str:
    rate = curve.rate
    assert rate is not None  # only constants have none
    low, best, high = (f"{value:.2g}" for value in (rate.low, rate.best, rate.high))
    return f"{best} [{low}, {high}]{' + c' if curve.overhead else ''}"


def _verdict(growth: FittedGrowth) -> str:
    """Write the verdict with the evidence for it."""
    if growth.verdict == "none":
        return VERDICTS["none"]
    ratio = f"{growth.evidence:.2g}" if growth.evidence < 100 else f"10^{math.log10(growth.evidence):.0f}"
    return f"{VERDICTS[growth.verdict]} ({ratio})"


def _best_text(growth: FittedGrowth) -> str:
    if growth.verdict in ("none", "undecided"):
        return _verdict(growth)
    curve = growth.power if growth.verdict == "power" else growth.exponential
    return f"{_verdict(growth)}, k = {_rate(curve)}"


COUNTS: Mapping[str, tuple[str, Callable[[Mapping[str, Any]], list[float]]]] = {
    "T gates, transform": ("dimension", lambda row: [row["transform"]["t"]]),
    "T layers, transform": ("dimension", lambda row: [row["transform"]["t_depth"]]),
    "T gates, sparse loader": ("dimension", lambda row: [part["t"] for part in row["loaders"]]),
    "two-qubit gates, sparse loader": ("dimension", lambda row: [part["two_qubit"] for part in row["loaders"]]),
    "duration on the device, transform": ("dimension", lambda row: _device(row, "duration", alone=True)),
    "duration on the device, whole": ("dimension", lambda row: _device(row, "duration")),
    "-ln fidelity on the device, whole": ("dimension", lambda row: _lost(row)),
    "T gates, sparse loader over K": ("points", lambda row: [part["t"] for part in row["loaders"]]),
    "two-qubit gates, sparse loader over K": ("points", lambda row: [part["two_qubit"] for part in row["loaders"]]),
    "duration on the device, whole, over K": ("points", lambda row: _device(row, "duration")),
}
"""What is counted, along what, and how it is read."""


def _device(row: Mapping[str, Any], what: str, alone: bool = False) -> list[float]:
    if row["on_device"] is None:
        return []
    circuits = [row["on_device"]["transform"]] if alone else row["on_device"]["whole"]
    return [circuit[what] for circuit in circuits]


def _lost(row: Mapping[str, Any]) -> list[float]:
    return [-math.log(fidelity) for fidelity in _device(row, "fidelity") if 0 < fidelity < 1]


def circuit_growth_table(results: Results) -> Table:
    """Return how counts and durations of the circuits grow over D and K."""
    rows = []
    for prime in results.settings.primes:
        for name, (varied, read) in COUNTS.items():
            rows.append([f"P = {prime}, {name}", *_count_cells(results, prime, varied, read)])
    return Table(
        "Growth of the circuits",
        ["what", "sizes", "grows as", "k of size^k", "k of e^(k size)", "at the largest size"],
        rows,
        f"Over D at K = {results.settings.points}, over K at D = {results.settings.dimension}; fits as for the "
        f"classical samplers, to the medians of {results.settings.draws} random problems. The transform does not "
        "depend on the data, its counts are exact. At the largest size: the median and the range of the problems, in "
        "parentheses how many; durations in seconds.",
    )


def _count_cells(
    results: Results, prime: int, varied: str, read: Callable[[Mapping[str, Any]], list[float]]
) -> list[str]:
    other = "points" if varied == "dimension" else "dimension"
    fixed = getattr(results.settings, other)
    values = {
        row[varied]: read(row) for row in results.circuits.values() if row["prime"] == prime and row[other] == fixed
    }
    values = {size: found for size, found in sorted(values.items()) if found and min(found) > 0}
    if not values:
        return ["none (0)", "does not fit", "", "", ""]
    sizes = list(values)
    span = f"{sizes[0]} to {sizes[-1]} ({len(sizes)})"
    last = values[sizes[-1]]
    at_last = _count_text(Estimate(min(last), float(np.median(last)), max(last), len(last)))
    if len(sizes) < LEAST_SIZES:
        return [span, "too few sizes", "", "", at_last]
    growth = fit_growth(sizes, [float(np.median(found)) for found in values.values()])
    return [
        span,
        _verdict(growth),
        _rate(growth.power),
        _rate(growth.exponential),
        at_last,
    ]


def _count_text(found: Estimate) -> str:
    low, best, high = (
        f"{value:,.0f}" if value >= 1000 else f"{value:.3g}" for value in (found.low, found.best, found.high)
    )
    return f"{best} (exact)" if found.samples == 1 else f"{best} [{low}, {high}] ({found.samples})"
