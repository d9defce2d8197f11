"""Seconds over N: solvers as timed and as they are made to grow, searches as rounds times the price of a query."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from compare.engine import Runs
from compare.machines import Crossing, Line, Shot, classical_line, find_crossing, machine_seconds
from compare.statistics import Estimate
from compare.statistics.rows import records_of
from compare.studies.neuron_selection.study import ORACLE, ROUNDS, TIMED, Settings

__all__ = ["MACHINES", "RIVALS", "Sides"]

MACHINES = {"step": "one step a query", "T": "T gates one by one"}
"""Prices of a query, by name, and in words: the ripple oracle's T gates, or one logical step in all."""

RIVALS = {
    ("ticket", "gray-code"): ("exponential", math.log(2)),
    ("ticket", "branch-and-bound"): None,
    ("gadget", "meet-in-the-middle"): ("exponential", math.log(2) / 2),
    ("echo-ring", "elimination"): ("power", 1.0),
}
"""Families with their solvers, and how these are made to grow; branch and bound is not continued."""

LARGEST = 256
"""Neurons up to which a crossing is looked for."""

TOFFOLI = 4
"""T gates of a Toffoli gate whose uncomputation takes back its phases."""


@dataclass(frozen=True, eq=False)
class Sides:
    """Both sides' seconds.

    Attributes
    ----------
    runs, settings
        Of the study.
    """

    runs: Runs
    settings: Settings

    def under(self, settings: Settings) -> "Sides":
        """Return the same under other assumptions: what was recorded, which these do not change, is read once."""
        other = Sides(self.runs, settings)
        recorded = ("timed", "rounds", "toffoli") if settings.bits == self.settings.bits else ("timed", "rounds")
        vars(other).update({name: getattr(self, name) for name in recorded})
        return other

    @cached_property
    def timed(self) -> Mapping[tuple[str, str], Mapping[int, Estimate]]:
        """Seconds of solvers as timed here, on one core, by family and name, then by N."""
        found: dict[tuple[str, str], dict[int, Estimate]] = {}
        for row in self.runs[TIMED]:
            one = row["seconds"]
            low, high = (one.best if end is None else end for end in (one.low, one.high))
            known = found.setdefault((row["problem"], row["method"]), {})
            known[row["neurons"]] = Estimate(low, one.best, high, one.samples)
        return {of: dict(sorted(found[of].items())) for of in RIVALS if of in found}

    @cached_property
    def classical(self) -> Mapping[tuple[str, str], Line]:
        """Classical seconds as lines, on the classical machine that is assumed."""
        found = {}
        for of, measured in self.timed.items():
            line = self.solver(of)
            if line is not None:
                rows = self.runs[TIMED].where(problem=of[0], method=of[1])
                found[of] = replace(line, records={size: records_of(rows.where(neurons=size)) for size in measured})
        return found

    def solver(self, of: tuple[str, str]) -> Line | None:
        """Return the line of one family and solver, without its records; None if it was not timed."""
        growth = RIVALS[of]
        line = classical_line(self.timed.get(of, {}), self.settings, *(growth or ()))
        return line if line is None or growth else replace(line, beyond=None)

    @cached_property
    def rounds(self) -> Mapping[int, float]:
        """log2 of the rounds of minimum finding at every N from the smallest recorded to the largest."""
        known: dict[int, float] = {}
        for row in self.runs[ROUNDS]:
            value = math.log2(row["rounds"])
            known[row["qubits"]] = min(value, known.get(row["qubits"], value))
        sizes = sorted(known)
        if not sizes:
            return {}
        every = range(sizes[0], min(sizes[-1], LARGEST) + 1)
        return dict(zip(every, np.interp(every, sizes, [known[size] for size in sizes]).tolist(), strict=True))

    @cached_property
    def toffoli(self) -> tuple[float, float] | None:
        """Factor and exponent of the ripple oracle's Toffoli gates over N at most bits; None of less than two sizes."""
        rows = self.runs[ORACLE].where(oracle="ripple", bits=max(self.settings.bits))
        known = {row["neurons"]: row["toffoli"] for row in rows if row["toffoli"] > 0}
        largest = sorted(known)[-2:]
        if len(largest) < 2:
            return None
        small, large = largest
        exponent = math.log(known[large] / known[small]) / math.log(large / small)
        return known[large] / large**exponent, exponent

    def gates(self, neurons: int) -> int:
        """Return the T gates of a query by the ripple oracle: counted up to its largest N, continued beyond."""
        assert self.toffoli is not None
        factor, exponent = self.toffoli
        return TOFFOLI * max(1, round(factor * neurons**exponent))

    @cached_property
    def quantum(self) -> Mapping[str, Line]:
        """Seconds of a search over all masks, by the price of a query."""
        lines = {machine: self.search(machine, list(self.rounds)) for machine in MACHINES}
        return {machine: line for machine, line in lines.items() if line is not None}

    def search(self, machine: str, sizes: Sequence[int]) -> Line | None:
        """Return the line of one price of a query through these N; None where it is not known, or no rounds are."""
        if machine == "T" and self.toffoli is None:
            return None
        measured = {}
        for neurons in sizes:
            if neurons in self.rounds:
                one = 2.0 ** self.rounds[neurons] * self.query(machine, neurons)
                measured[neurons] = Estimate(one, one, one, 1)
        return Line(measured, None) if measured else None

    def after(self, machine: str, neurons: int) -> float | None:
        """Return the seconds of a search; None where its rounds are not known."""
        found = self.quantum[machine].at(neurons)
        return None if found is None else found.best

    def query(self, machine: str, neurons: int) -> float:
        """Return the seconds of a query."""
        if machine == "step":
            return self.settings.step / self.settings.machines
        found = machine_seconds("one T at a time", [Shot(t=self.gates(neurons))], self.settings, 0.0)
        assert found is not None  # machines with error correction take any circuit
        return found.best

    @cached_property
    def crossings(self) -> Mapping[tuple[str, str, str], Crossing]:
        """Where the search is faster, by family, solver and machine."""
        return {
            (problem, method, machine): find_crossing(classical, quantum, LARGEST)
            for (problem, method), classical in self.classical.items()
            for machine, quantum in self.quantum.items()
        }

    def drawn(self, line: Line, sizes: NDArray[np.int64]) -> tuple[list[float], list[float]]:
        """Return sizes and the seconds there, those that floats hold."""
        logarithms = line.log_range(sizes)[1]
        known = np.isfinite(logarithms) & (np.abs(logarithms) < 300)
        return sizes[known].tolist(), np.exp(logarithms[known]).tolist()
