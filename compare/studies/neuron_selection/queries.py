"""The cost of quantum searches, each unit apart: rounds of minimum finding, gates of a query, layers of QAOA, noise."""

import math
from typing import Any

from compare.engine import Rows, Runs
from compare.report import Cell, Section
from compare.report.cells import MISSING, compact, count, estimate, number, seconds, share, so_many
from compare.report.views import Column, growth_picture
from compare.statistics import Row
from compare.studies.neuron_selection.quality import family
from compare.studies.neuron_selection.study import DEVICE, NOISE, ORACLE, QAOA, ROUNDS, Settings

__all__ = ["gates", "layers", "noise", "rounds"]

SEARCH = (
    "Duerr and Hoyer's minimum finding draws a mask, searches for a better one by Grover rounds, and goes on from "
    "there. Rounds are expected ones until the minimum is held, which no run knows; checks are the outcomes, each "
    "looked up once. The closed form is exact, and runs are simulated in the subspace that Grover's search never "
    "leaves."
)

QUERIES = (
    "A phase query computes the loss of a mask, turns the sign of those below the threshold, and uncomputes; costs "
    "are those of the ticket's oracle at the median loss. Fourier: phases into a register that an inverse Fourier "
    "transform reads. Ripple: additions, in Toffoli gates of 4 T each. Lookup: one diagonal of 2^N signs, a straw "
    "man, as whoever can write it has the minimum in hand. Error count: the wrong ones among 8 training rows, which "
    "is no QUBO."
)

ALTERNATING = (
    "QAOA of p layers, tuned layer by layer with exact gradients on the simulator. Ratio: (max - E)/(max - min). An "
    "optimum is quoted with its probability alone: shots show it once with 99%, and tuning shots are those of all "
    "energies that the tuning would take on a quantum computer, each to 1% of max - min."
)


def rounds(runs: Runs) -> Section:
    """Return the section on rounds of minimum finding."""
    rows = runs[ROUNDS]
    simulated = rows.where(lambda row: row["simulated"] is not None)
    said = []
    if len(simulated):
        worst = max(abs(_errors(row)) for row in simulated)
        said.append(
            f"{simulated[0]['runs']:,} simulated runs each at 2^{min(simulated.column('qubits'))} to "
            f"2^{max(simulated.column('qubits'))} items agree with the closed form within {worst:.1f} standard errors."
        )
    largest = max((row["qubits"] for row in rows), default=0)
    if largest:
        best = min(row["rounds"] for row in rows.where(qubits=largest))
        said.append(
            f"2^{largest} masks take {compact(best)} rounds, {best / 2 ** (largest / 2):.2f} times the square root of "
            "their number."
        )
    columns: list[Column | str] = [
        Column("masks", "qubits", lambda qubits: Cell(f"2^{qubits}", qubits)),
        Column("growth", "growth", lambda growth: number(growth, ".2f")),
        Column("rounds", "rounds", lambda value: number(value, _rounds)),
        Column("of sqrt(masks)", lambda row: row["rounds"] / 2 ** (row["qubits"] / 2), lambda one: number(one, ".3f")),
        Column("checks", "checks", lambda value: number(value, ".1f")),
        Column("simulated", "simulated", lambda found: estimate(found, _rounds)),
        Column("standard errors off", _errors, lambda value: number(value, "+.1f")),
    ]
    note = (
        "Growth: how the range of rounds grows after a miss. Simulated: mean and 95% interval; a dash: not simulated."
    )
    return Section("Rounds of a search", [SEARCH], said, [rows.table(columns, "Minimum finding", note)])


def _rounds(value: float) -> str:
    return f"{value:,.2f}" if value < 1e5 else compact(value)


def _errors(row: Row) -> float:
    found = row["simulated"]
    if found is None or found.low is None:
        return math.nan
    error = (found.high - found.low) / (2 * 1.96)
    return float((found.best - row["rounds"]) / error) if error else 0.0


def gates(runs: Runs, settings: Settings) -> Section:
    """Return the section on the gates of a query."""
    rows, refused = runs[ORACLE], runs.refused(ORACLE)
    said = []
    most = max(settings.bits)
    for oracle, unit in (("fourier", "cx"), ("ripple", "toffoli")):
        own = rows.where(oracle=oracle, bits=most)
        if len(own):
            last = max(own, key=lambda row: row["neurons"])
            words = {"cx": "CX", "toffoli": "Toffoli gates"}[unit]
            said.append(
                f"At N = {last['neurons']} and {most} bits a query by the {oracle} oracle takes {last[unit]:,} {words}."
            )
    if ahead := _ahead(rows, most):
        said.append(ahead)
    known = [row["fewest"] for row in rows.where(oracle="ripple") if row["fewest"] is not None]
    if known:
        said.append(f"The best mask is kept from {min(known)} to {max(known)} bits on, by the problem.")
    if len(refused):
        said.append(f"{len(refused)} oracles were refused, the first because: {refused[0]['refused']}")
    columns: list[Column | str] = [
        "oracle",
        Column("N", "neurons"),
        Column("bits", lambda row: MISSING if row["oracle"] == "lookup" else count(row["bits"])),
        Column("value's bits", "width"),
        "qubits",
        Column("Toffoli", "toffoli", count),
        Column("CX", "cx", count),
        Column("RZ", "rz", count),
        Column("T among them", "t", count),
        Column("to synthesize", "rotations", count),
        Column("bits needed", "fewest"),
    ]
    note = (
        "CX, RZ: compiled to CX, RZ, SX and X at optimization level 2, all qubits connected; Toffoli: before, up to "
        "phases that uncomputing takes back. To synthesize: rotations that are no multiple of pi/4. Bits needed: the "
        "fewest magnitude bits of a coefficient that keep the best mask, and with which all larger ones keep it too."
    )
    pictures = []
    quadratic = rows.where(lambda row: row["oracle"] != "error-count" and row["bits"] == most)
    if len(quadratic):
        grown = quadratic.growth("cx", over="neurons", by="oracle", what="CX a query", letter="N")
        pictures.append(growth_picture(grown, "gates", "CX of a phase query over N, and the growth fitted to it."))
    tables = [rows.table(columns, "Gates of a phase query", note)] if len(rows) else []
    return Section("Gates of a query", [QUERIES], said, tables, pictures)


def _ahead(rows: Rows, bits: int) -> str:
    """Say from which N on arithmetic takes fewer CX than lookup."""
    cx = {(row["oracle"], row["neurons"]): row["cx"] for row in rows if row["bits"] == bits}
    sizes = sorted(size for oracle, size in cx if oracle == "lookup" and ("fourier", size) in cx)
    won = [size for size in sizes if cx["fourier", size] < cx["lookup", size]]
    if not won:
        return ""
    return f"Arithmetic takes fewer CX than lookup from N = {won[0]} of {', '.join(map(str, sizes))} on."


def layers(runs: Runs) -> Section:
    """Return the section on QAOA."""
    rows = runs[QAOA]
    said = []
    for (problem, mixer), group in rows.group("problem", "mixer").items():
        last = len(group[0]["ratio"])
        ratios = [row["ratio"][-1] for row in group]
        chances = [row["success"][-1] for row in group]
        said.append(
            f"{family(str(problem))}, N = {group[0]['neurons']}, {mixer} mixer, p = {last}: ratio {min(ratios):.3f} to "
            f"{max(ratios):.3f}, the optimum with probability {min(chances):.2g} to {max(chances):.2g} a shot."
        )
    flat: list[dict[str, Any]] = [
        {
            "problem": family(row["problem"]),
            "neurons": row["neurons"],
            "seed": row["seed"],
            "mixer": row["mixer"],
            "layers": place + 1,
            **{name: row[name][place] for name in ("ratio", "success", "shots", "tuning", "evaluations")},
        }
        for row in rows
        for place in range(len(row["ratio"]))
    ]
    columns: list[Column | str] = [
        "problem",
        Column("N", "neurons"),
        "mixer",
        Column("p", "layers"),
        "seed",
        Column("ratio", "ratio", lambda value: number(value, ".3f")),
        Column("probability of the optimum", "success", lambda value: number(value, ".2g")),
        Column("shots", "shots", lambda value: number(value, ",.0f")),
        Column("tuning shots", "tuning", count),
        Column("gradients", "evaluations", count),
    ]
    note = "Shots: a dash where the mixer cannot reach the optimum. The neighborhood mixer is the paper's."
    tables = [Rows(flat).table(columns, "QAOA", note, folded=True)] if flat else []
    return Section("QAOA", [ALTERNATING], said, tables)


def _said_of_device(runs: Runs) -> list[str]:
    return [
        f"On a device, after {so_many(row['rounds'], 'round')} at N = {row['neurons']}: the best mask in "
        f"{row['marked']:,} of {so_many(row['shots'], 'shot')}, {row['marked'] / row['shots']:.3f}."
        for row in runs[DEVICE]
    ]


def noise(runs: Runs, settings: Settings) -> Section:
    """Return the section on the search on a snapshot."""
    rows = runs[NOISE]
    said = []
    if len(rows):
        best = max(rows, key=lambda row: row["measured"].best)
        ideal = max(rows, key=lambda row: row["ideal"])
        said.append(
            f"On {best['backend']} with its noise {best['rounds']} of {so_many(max(rows.column('rounds')), 'round')} "
            f"{'is' if best['rounds'] == 1 else 'are'} best at N = {best['neurons']}: the best mask in "
            f"{best['measured'].best:.3f} of the shots, of {best['ideal']:.3f} "
            f"without noise, where {so_many(ideal['rounds'], 'round')} {'has' if ideal['rounds'] == 1 else 'have'} "
            f"{ideal['ideal']:.3f}."
        )
        if best["duration"] is not None:
            shot = (best["duration"] + settings.reset + settings.delay) / best["measured"].best
            said.append(f"That is a best mask each {seconds(shot)}, reset and repetition delay included.")
    columns: list[Column | str] = [
        Column("device", "backend"),
        Column("N", "neurons"),
        "rounds",
        Column("without noise", "ideal", lambda value: share(value, 1)),
        Column("measured", "measured", estimate),
        Column("two-qubit gates", "gates", count),
        Column("a shot", "duration", seconds),
    ]
    note = "Share of shots that are the best mask of a ticket, the losses looked up; 95% intervals over shots."
    said += _said_of_device(runs)
    tables = [rows.table(columns, "Grover's search with noise", note)] if len(rows) else []
    return Section("Noise", [], said, tables)
