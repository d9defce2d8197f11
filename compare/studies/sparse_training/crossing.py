"""Seconds of both sides over the size of a network, by stated assumptions, and where they cross.

Quantum: (k / error^2) readable shots, each of as many block encodings as are counted here, continued over T, each of
log2(n)^2 logical steps; and an upload of k logical steps. Classical: 6 operations a weight, an image and a step; of all
n weights, or of the k that are kept.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from compare.engine import Runs
from compare.machines import Shot, machine_seconds
from compare.report import Cell, Picture, Section, Style, Table
from compare.report.cells import MISSING, compact, number, seconds
from compare.report.styles import BLUE, GREEN, PURPLE, VERMILION
from compare.report.views import Axis, Chart, Curve, Panel, picture
from compare.statistics.rows import records_of
from compare.studies.sparse_training.solved import queries
from compare.studies.sparse_training.study import CIRCUIT, Settings

__all__ = ["Costs", "assumptions", "costs_of", "crossing"]

OPERATIONS = 6
"""Multiplications and additions of a forward and a backward pass, a weight."""

SMALLEST, LARGEST = 4, 40
"""Powers of ten between which a crossing is looked for."""

DRAWN = (4, 18)


@dataclass(frozen=True)
class Costs:
    """Seconds of both sides.

    Attributes
    ----------
    settings
        What is assumed.
    source, factor, exponent
        Whose block encodings a readable shot are continued as factor T^exponent.
    t
        T gates of a block encoding, as counted at the smallest size; None where they were not.
    """

    settings: Settings
    source: str
    factor: float
    exponent: float
    t: int | None = None

    @property
    def shot(self) -> float:
        """Block encodings of a readable shot at the horizon."""
        return float(self.factor * self.settings.horizon**self.exponent)

    def quantum(self, n: float, kept: float) -> float:
        """Return the seconds from upload to download of `kept` weights of n."""
        settings = self.settings
        shots = kept / settings.error**2
        read = shots * self.shot * math.log2(n) ** 2
        return (read + kept) * settings.step / settings.machines

    def gates(self, kept: float) -> float | None:
        """Return the seconds of the same shots by T gates one after the other, as many a query as were counted."""
        if self.t is None:
            return None
        query = machine_seconds("one T at a time", [Shot(t=self.t)], self.settings, 0.0)
        assert query is not None  # machines with error correction take any circuit
        return kept / self.settings.error**2 * self.shot * query.best

    def classical(self, weights: float) -> float:
        """Return the seconds of as many steps of gradient descent on so many weights."""
        settings = self.settings
        operations = OPERATIONS * weights * settings.images * settings.horizon
        return operations / (settings.flops * settings.classical_speedup)

    def start(self, kept: Callable[[float], float], trained: Callable[[float], float]) -> float | None:
        """Return the least n at which the quantum side is faster, between 10^4 and 10^40; None if there is none."""
        grid = [10 ** (place / 20) for place in range(20 * SMALLEST, 20 * LARGEST + 1)]
        return next((n for n in grid if self.quantum(n, kept(n)) < self.classical(trained(n))), None)


def costs_of(runs: Runs, settings: Settings) -> Costs | None:
    """Return both sides' costs; None where no circuit was counted at two sizes."""
    found = queries(runs)
    known = [row["t"] for row in runs[CIRCUIT] if row["t"] is not None]
    return None if found is None else Costs(settings, *found, t=max(known, default=None))


def crossing(runs: Runs, settings: Settings) -> tuple[Section, Picture | None, list[str]]:
    """Return the section, its picture for the card, and what the card says of it."""
    costs = costs_of(runs, settings)
    if costs is None:
        return Section("Seconds, and where they cross"), None, []
    share, few = settings.share, settings.downloaded
    pairs: list[tuple[str, Callable[[float], float], str, Callable[[float], float]]] = [
        (f"{share:g} n", lambda n: share * n, "all n weights", lambda n: n),
        (f"{few:,}", lambda n: few, "all n weights", lambda n: n),
        (f"{share:g} n", lambda n: share * n, "the kept ones", lambda n: share * n),
        (f"{few:,}", lambda n: few, "the kept ones", lambda n: few),
    ]
    rows: list[list[Cell | str]] = []
    starts = []
    for kept, of_kept, trained, of_trained in pairs:
        start = costs.start(of_kept, of_trained)
        starts.append(start)
        at: list[float | None] = [costs.quantum(n, of_kept(n)) / costs.classical(of_trained(n)) for n in (1e8, 1e12)]
        by_gates = costs.gates(of_kept(1e8))
        at.append(None if by_gates is None else by_gates / costs.classical(of_trained(1e8)))
        never = Cell(f"never up to 10^{LARGEST}", math.inf)
        rows.append(
            [
                kept,
                trained,
                never if start is None else number(start, compact),
                MISSING if start is None else seconds(costs.quantum(start, of_kept(start))),
                *(number(ratio, compact) for ratio in at),
            ]
        )
    slower = costs.quantum(1e8, share * 1e8) / costs.classical(1e8)
    said = [
        f"Downloading {share:g} n weights, the circuit is "
        + ("never faster" if starts[0] is None else f"faster from n = {compact(starts[0])} on")
        + f" than classical training of all n, {compact(slower)} times as slow at n = 10^8; downloading {few:,}, "
        + ("never" if starts[1] is None else f"from n = {compact(starts[1])} on")
        + "; against masked training, which moves the kept weights alone, "
        + ("never." if starts[3] is None else f"from n = {compact(starts[3])} on."),
    ]
    words = [
        f"Block encodings a readable shot: {costs.factor:.3g} T^{costs.exponent:.2f}, from {costs.source}, "
        f"{compact(costs.shot)} at T = {settings.horizon}, whatever n is: in the quantum computer's favor."
    ]
    columns = [
        "weights downloaded",
        "trained classically",
        "faster from n",
        "after",
        "slower at 10^8",
        "slower at 10^12",
        "by T gates",
    ]
    note = (
        f"From an upload to the download after T = {settings.horizon} steps. Slower: quantum over classical seconds. "
        "By T gates: at 10^8, one after the other, as many a query as the largest block encoding counted here has."
    )
    records = [records_of(runs[CIRCUIT])]
    table = Table("Where training by a circuit is faster", columns, rows, note, records=records)
    drawn = _picture(costs)
    section = Section("Seconds, and where they cross", [_WHAT], [*said, *words], [table, assumptions(costs)])
    return section, drawn, said


_WHAT = (
    "Counted queries become seconds by assumptions that are flags. What a network of n weights would need of its "
    "block encoding is not known; its normalization and its matrix elements are taken for free, and log2(n)^2 logical "
    "steps a query are assumed. The readout is not negotiable: k weights to a relative error take k/error^2 shots."
)


def _picture(costs: Costs) -> Picture:
    settings = costs.settings
    grid = [10 ** (DRAWN[0] + place / 4) for place in range(4 * (DRAWN[1] - DRAWN[0]) + 1)]
    share, few = settings.share, settings.downloaded
    marks = [
        Curve(grid, [costs.quantum(n, share * n) for n in grid], label=f"circuit, {share:g} n weights downloaded",
              style=Style(VERMILION, "v", "--"), width=1.6),
        Curve(grid, [costs.quantum(n, few) for n in grid], label=f"circuit, {few:,} weights downloaded",
              style=Style(PURPLE, "X", ":"), width=1.6),
        Curve(grid, [costs.classical(n) for n in grid], label="gradient descent, all n weights",
              style=Style(BLUE, "o", "-"), width=1.6),
        Curve(grid, [costs.classical(share * n) for n in grid], label=f"gradient descent, {share:g} n kept weights",
              style=Style(GREEN, "s", "-."), width=1.6),
    ]  # fmt: skip
    caption = (
        f"Seconds from an upload to a download, T = {settings.horizon} steps, over the weights n of the network, by "
        "the assumptions of this report."
    )
    chart = Chart([Panel("", marks)], Axis("weights n", "log"), Axis("seconds", "log"), legend=2)
    return picture("seconds", chart, caption)


def assumptions(costs: Costs) -> Table:
    """Return the table of what is assumed."""
    settings = costs.settings
    supply = "as many as asked for" if settings.t_rate is None else f"{settings.t_rate:g} a second"
    rows = [
        ["Logical step", f"{settings.distance} rounds of {seconds(settings.cycle)}", "--distance, --cycle", "nobody"],
        ["A query", "log2(n)^2 logical steps", "none", "quantum: a block encoding reads n weights"],
        [
            "T gates one by one",
            "not counted" if costs.t is None else f"{costs.t:,} a query, whatever n is",
            "none",
            "quantum: a block encoding of n weights has more",
        ],
        ["T states", supply, "--t-rate", "quantum: factories take most of the qubits"],
        ["Queries over n", "as at the sizes counted", "none", "quantum: alpha and kappa do not grow with n"],
        ["The norm |x|", "known", "none", "quantum: estimating it is counted in the table of circuits"],
        ["Upload", "a logical step a weight", "none", "quantum: a memory that is read in superposition"],
        ["Download", f"k/{settings.error:g}^2 shots", "--error", "nobody"],
        ["Machines side by side", str(settings.machines), "--machines", "nobody"],
        [
            "Classical machine",
            f"{compact(settings.flops)} operations a second",
            "--flops",
            "quantum: an accelerator has 10^14",
        ],
        ["Rows a classical step", f"{settings.images:,}", "--images", "quantum: SGD takes a batch of them"],
        ["Linearization", "as good as gradient descent", "none", "quantum: see the measured errors"],
        ["Errors", "none is left after correction", "none", "quantum"],
    ]
    return Table("What is assumed", ["assumption", "value", "flag", "in favor of"], rows)
