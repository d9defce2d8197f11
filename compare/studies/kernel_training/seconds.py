"""Seconds of both sides over n: solvers as timed, and predictions as queries times shots times the price of a query."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from compare.engine import Runs
from compare.machines import (
    Crossing,
    Line,
    Shot,
    classical_line,
    crossing_cell,
    find_crossing,
    machine_seconds,
    size_text,
)
from compare.machines.lines import Continued
from compare.report import Section, Table
from compare.report.cells import MISSING, Cell, seconds
from compare.report.styles import label
from compare.statistics import Estimate, fit_growth, grouped, median_range
from compare.statistics.fits import LEAST_SIZES
from compare.statistics.rows import records_of
from compare.studies.kernel_training.accuracy import against_none, first, largest
from compare.studies.kernel_training.study import CASE, CIRCUIT, TIMING, Settings

__all__ = ["MACHINES", "Sides", "assumptions", "crossover"]

MACHINES = {
    "step": "one step a query",
    "amplified": "one step a query, amplified readout",
    "T": "T gates one by one, amplified readout",
}
"""Prices of a query and ways to read, by name, and in words: a query is one logical step in all, or has the T gates of
the counted walk; the sign is read from shots, or by amplitude amplification of the whole circuit."""

GROWTH = {"cholesky": 3.0, "cg": 2.5, "nystroem": 1.0, "diagonal": 2.0}
"""Powers of n that solvers go on by: the kernel alone takes n^2 but for landmarks; iterations grow with sqrt(kappa)."""

EXACT = ("cholesky", "cg")
"""Solvers that answer what the quantum computer answers."""

LARGEST = 10**9
"""Training images up to which a crossing is looked for."""


@dataclass(frozen=True, eq=False)
class Sides:
    """Both sides' seconds for one prediction, on the first data set and network.

    Attributes
    ----------
    runs, settings
        Of the study.
    """

    runs: Runs
    settings: Settings

    @cached_property
    def timed(self) -> Mapping[tuple[str, int], Mapping[int, Estimate]]:
        """Seconds of solvers by name and depth, then by n: kernel, solution and the predictions of all test images."""
        found: dict[tuple[str, int], dict[int, Estimate]] = {}
        for row in self.runs[TIMING]:
            parts = [row[name] for name in ("kernel", "solve", "predict")]
            best = sum(one.best for one in parts)
            high = sum(one.best if one.high is None else one.high for one in parts)
            low = sum(one.best if one.low is None else one.low for one in parts)
            found.setdefault((row["method"], row["depth"]), {})[row["n"]] = Estimate(low, best, high, parts[0].samples)
        return {key: dict(sorted(sizes.items())) for key, sizes in found.items()}

    @cached_property
    def classical(self) -> Mapping[tuple[str, int], Line]:
        """Classical seconds as lines, on the classical machine that is assumed."""
        lines = {
            (name, depth): classical_line(sizes, self.settings, "power", GROWTH[name])
            for (name, depth), sizes in self.timed.items()
        }
        return {key: line for key, line in lines.items() if line is not None}

    @cached_property
    def queries(self) -> Mapping[int, Mapping[int, Estimate]]:
        """Queries times shots of one prediction of the exact kernel, by depth, then by n."""
        return self._of("queries")

    @cached_property
    def amplified(self) -> Mapping[int, Mapping[int, Estimate]]:
        """Queries times shots where the readout is amplified, by depth, then by n."""
        return self._of("amplified")

    def _of(self, value: str) -> Mapping[int, Mapping[int, Estimate]]:
        rows = self.runs[CASE].where(**first(self.settings), pattern="dense")
        found: dict[int, dict[int, Estimate]] = {}
        for (depth, n), group in grouped(rows, ("depth", "n")).items():
            values = [row[value] for row in group if row[value] is not None]
            if values:
                found.setdefault(depth, {})[n] = median_range(values)
        return {depth: dict(sorted(sizes.items())) for depth, sizes in found.items()}

    def records(self, depth: int, n: int | None = None, name: str = "") -> tuple[str, ...]:
        """Return the records behind both sides at a depth: of all n if None, of one solver if it is named."""
        cases = self.runs[CASE].where(**first(self.settings), pattern="dense", depth=depth)
        timed = self.runs[TIMING].where(depth=depth)
        if n is not None:
            cases, timed = cases.where(n=n), timed.where(n=n)
        return records_of(timed.where(method=name) if name else timed, cases, self.runs[CIRCUIT])

    @cached_property
    def gates(self) -> tuple[float, float] | None:
        """Factor and exponent of a query's T gates over n, from the two largest that were counted; None of fewer."""
        known = {row["n"]: row["t_query"] for row in self.runs[CIRCUIT] if row["t_query"]}
        ends = sorted(known)[-2:]
        if len(ends) < 2:
            return None
        exponent = math.log(known[ends[1]] / known[ends[0]]) / math.log(ends[1] / ends[0])
        return known[ends[1]] / ends[1] ** exponent, exponent

    def price(self, machine: str, n: int) -> float | None:
        """Return the seconds of a query; None where its gates are not known."""
        if machine != "T":
            return self.settings.step / self.settings.machines
        if self.gates is None:
            return None
        factor, exponent = self.gates
        found = machine_seconds("one T at a time", [Shot(t=round(factor * n**exponent))], self.settings, 0.0)
        assert found is not None  # machines with error correction take any circuit
        return found.best

    @cached_property
    def quantum(self) -> Mapping[tuple[str, int], Line]:
        """Seconds of one prediction, by machine and depth."""
        found = {}
        for machine in MACHINES:
            for depth, sizes in (self.queries if machine == "step" else self.amplified).items():
                measured = {n: one.times(price) for n, one in sizes.items() if (price := self.price(machine, n))}
                if measured:
                    found[machine, depth] = Line(measured, _power(measured))
        return found

    @cached_property
    def crossings(self) -> Mapping[tuple[str, str, int], Crossing]:
        """Where one quantum prediction is faster than all classical ones, by machine, solver and depth."""
        return {
            (machine, name, depth): find_crossing(self.classical[name, depth], line, LARGEST)
            for (machine, depth), line in self.quantum.items()
            for name in GROWTH
            if (name, depth) in self.classical
        }

    @cached_property
    def paying(self) -> tuple[list[int], list[int]]:
        """Depths at which the exact kernel is clearly above the diagonal at the largest n, by sign; and all depths."""
        most = largest(self.runs, self.settings)
        found = list(against_none(self.runs, "sign").of("dense", **first(self.settings), n=most))
        return [one.within["depth"] for one in found if one.verdict == "above"], [one.within["depth"] for one in found]


def _power(measured: Mapping[int, Estimate]) -> Continued | None:
    if len(measured) < LEAST_SIZES:
        return None
    fitted = fit_growth(list(measured), [one.best for one in measured.values()])
    return lambda sizes: fitted.log_range(sizes, ("constant", "power"))


def crossover(sides: Sides) -> Section:
    """Return the section in which both sides' seconds meet."""
    if not sides.classical:
        return Section("Seconds, and where they cross")
    told = (
        "One quantum prediction, of the exact kernel at the median test image, against the classical solver with its "
        "kernel and the predictions of all test images. Queries, shots and gates are counted apart and meet here. "
        "Preparing |k*>, its post-selection and Clifford gates cost nothing, and the kernel's entries are known to "
        "the circuit, all in the quantum computer's favor."
    )
    tables = [_crossings(sides), _times(sides), assumptions(sides)]
    return Section("Seconds, and where they cross", [told], _said(sides), tables)


def _said(sides: Sides) -> list[str]:
    """Say where one quantum prediction is faster than the exact classical solvers, by machine and depth."""
    said = []
    for machine, words in MACHINES.items():
        found: dict[int, list[Crossing]] = {}
        for (price, name, depth), one in sides.crossings.items():
            if price == machine and name in EXACT:
                found.setdefault(depth, []).append(one)
        if not found:
            continue
        never = [depth for depth, some in found.items() if all(one.start is None for one in some)]
        starts = {
            depth: max(one.start for one in some if one.start is not None)
            for depth, some in found.items()
            if all(one.start is not None for one in some)
        }
        mixed = [depth for depth in found if depth not in never and depth not in starts]
        parts = [f"never faster at L = {', '.join(map(str, never))}"] if never else []
        parts += [f"faster than one of them alone at L = {', '.join(map(str, mixed))}"] if mixed else []
        parts += [f"faster from n = {size_text(start)} on at L = {depth}" for depth, start in starts.items()]
        said.append(
            f"{words[0].upper()}{words[1:]}: one quantum prediction against both exact classical solvers with all of "
            f"theirs is {'; '.join(parts)}."
        )
    paying, known = sides.paying
    idle = [depth for depth in known if depth not in paying]
    if known:
        pays = f"at L = {', '.join(map(str, paying))}" if paying else "at no depth"
        said.append(
            f"Inverting pays {pays}"
            + (
                f"; at L = {', '.join(map(str, idle))} the kernel without pairs answers as well, which takes no "
                "inverse and no quantum computer"
                if idle
                else ""
            )
            + "."
        )
    return said


def _crossings(sides: Sides) -> Table:
    rows: list[list[Cell | str]] = []
    for name, depth in sides.classical:
        cells: list[Cell | str] = []
        for machine in MACHINES:
            one = sides.crossings.get((machine, name, depth))
            cells.append(MISSING if one is None else crossing_cell(one))
        rows.append([label(name, sides.runs.methods), Cell(str(depth), depth), *cells])
    note = (
        "The first n at which one quantum prediction is faster than kernel, solution and all test predictions; * "
        "marks extrapolated ones. Solvers go on by n^k, k = "
        f"{', '.join(f'{value:g} ({label(name, sides.runs.methods)})' for name, value in GROWTH.items())}; queries x "
        "shots as fitted. The diagonal and landmarks answer worse, where inverting pays at all."
    )
    columns = ["solver", "L", *(f"quantum faster, {words}" for words in MACHINES.values())]
    records = [sides.records(depth, name=name) for name, depth in sides.classical]
    return Table("Where one quantum prediction is faster", columns, rows, note, records=records)


def _times(sides: Sides) -> Table:
    rows: list[list[Cell | str]] = []
    for depth, sizes in sides.queries.items():
        for n in sizes:
            cells: list[Cell | str] = [Cell(str(depth), depth), Cell(str(n), n)]
            for name in GROWTH:
                timed = sides.timed.get((name, depth), {}).get(n)
                cells.append(MISSING if timed is None else seconds(timed.best))
            for machine in MACHINES:
                line = sides.quantum.get((machine, depth))
                at = None if line is None else line.at(n)
                cells.append(MISSING if at is None else seconds(at.best))
            rows.append(cells)
    columns = [
        "L",
        "n",
        *(label(name, sides.runs.methods) for name in GROWTH),
        *(f"quantum, {w}" for w in MACHINES.values()),
    ]
    note = "Classical: processor seconds on one core, all test images. Quantum: one test image, exact kernel."
    if sides.gates is not None:
        note += f" T gates of a query: counted, beyond the largest as n^{sides.gates[1]:.2f}."
    records = [sides.records(depth, n) for depth, sizes in sides.queries.items() for n in sizes]
    return Table("Seconds over n", columns, rows, note, folded=True, records=records)


def assumptions(sides: Sides) -> Table:
    """Return the table of what is assumed."""
    settings = sides.settings
    supply = "as many as asked for" if settings.t_rate is None else f"{settings.t_rate:g} a second"
    rows = [
        ["Logical step", f"{settings.distance} rounds of {seconds(settings.cycle)}", "--distance, --cycle", "nobody"],
        ["One step a query", "whatever the walk takes", "none", "quantum"],
        ["T gates one by one", "each takes a step; rotations synthesized", "--synthesis-error", "nobody"],
        ["T states", supply, "--t-rate", "quantum: factories take most of the qubits"],
        ["|k*> and |y>", "loaded for nothing, and kept at the first try", "none", "quantum"],
        [
            "Angles of the walk",
            "known: they take the kernel and a power iteration, n^2 classical steps",
            "none",
            "quantum",
        ],
        [
            "Amplified readout",
            "by who knows the mean's size; rounds cost no more than the circuit and its inverse",
            "none",
            "quantum",
        ],
        ["A prediction", "read to its own size: wrong for one image in six or so", "none", "quantum"],
        ["Quantum machines side by side", str(settings.machines), "--machines", "classical, if several fit on a chip"],
        [
            "Classical machine",
            f"{settings.cores} of this one's cores, each {settings.classical_speedup:g} times as fast",
            "--cores, --classical-speedup",
            "quantum, where there are more",
        ],
        ["Times from run to run", f"within a factor of {settings.drift:g}", "--drift", "nobody: in the intervals"],
    ]
    return Table("What is assumed", ["assumption", "value", "flag", "in favor of"], rows)
