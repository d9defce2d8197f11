"""Lines of both sides and their crossings, from records and assumptions alone: nothing is measured here."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from statistics import median
from typing import TypeVar

from compare.engine import Rows, Runs
from compare.machines import (
    ERROR_CORRECTED,
    ESTIMATED,
    LOADERS,
    MACHINES,
    Crossing,
    Line,
    Shot,
    classical_line,
    find_crossing,
    loader_steps,
    machine_name,
    quantum_line,
    size_text,
)
from compare.statistics import Estimate
from compare.statistics.rows import records_of
from compare.studies.ridgelet.crossover.estimated import ESTIMATE, ESTIMATOR, Estimated
from compare.studies.ridgelet.crossover.study import (
    CORES,
    COUNT,
    CURVE,
    DEVICE,
    RIVALS,
    Circuits,
    Count,
    Described,
    Settings,
    Shared,
)
from compare.studies.ridgelet.drawn import distinct_points

__all__ = ["LARGEST_DIMENSION", "LARGEST_POINTS", "OVER", "Sides"]

T = TypeVar("T")

LARGEST_DIMENSION, LARGEST_POINTS = 10**6, 10**15
"""The largest D and K up to which a winner is named; further on the fits would be asked for more than they know."""

OVER = {"dimension": RIVALS, "points": RIVALS[:1]}
"""The sizes over which the sides are compared, and the rivals on each."""


@dataclass(frozen=True)
class Sides:
    """Both sides of the comparison.

    Attributes
    ----------
    settings
        The settings.
    device
        The device; None if it has no record yet.
    curves
        Rows of times: a sampler along an axis each.
    circuits
        What was counted, by P, D and K.
    cores
        What two cores are worth, by P.
    estimates
        Estimates of the circuits, by P, D and K; nothing if it was not asked for.
    missing
        Why some or all of that is missing, in clauses.
    """

    settings: Settings
    device: Described | None
    curves: Rows
    circuits: Mapping[tuple[int, int, int], Circuits]
    cores: Mapping[int, Shared] = field(default_factory=dict)
    estimates: Mapping[tuple[int, int, int], Estimated] = field(default_factory=dict)
    missing: Sequence[str] = ()

    @classmethod
    def of(cls, runs: Runs, settings: Settings) -> "Sides":
        """Read them from records."""
        counted: list[tuple[Count, Circuits]] = [(one.task, one.result) for one in runs.of_kind(COUNT) if one.result]
        devices: list[Described] = [one.result for one in runs.of_kind(DEVICE) if one.result]
        circuits = {(task.prime, task.dimension, task.points): found for task, found in counted}
        cores = {
            row["prime"]: Shared(row["efficiency"], row["wall"], row["nodes"], row["cores"]) for row in runs[CORES]
        }
        estimated = [(one.task, one.result) for one in runs.of_kind(ESTIMATE) if one.result]
        estimates = {(task.prime, task.dimension, task.points): found for task, found in estimated}
        missing = _missing(runs, settings)
        return cls(settings, devices[0] if devices else None, runs[CURVE], circuits, cores, estimates, missing)

    @property
    def machines(self) -> tuple[str, ...]:
        """The machines that are compared: `MACHINES`, and the estimated one if there are estimates."""
        return (*MACHINES, ESTIMATED) if self.estimates else tuple(MACHINES)

    @property
    def deciding(self) -> tuple[str, ...]:
        """The machines that the answers go by: with estimates none that stands at a fixed code distance."""
        left_out = ERROR_CORRECTED if self.estimates else ()
        return tuple(machine for machine in self.machines if machine not in left_out)

    def name(self, machine: str) -> str:
        """Return a machine in words, with the code distance that is assumed, or the qubits that it may have."""
        words = machine_name(machine, self.settings)
        if machine in ERROR_CORRECTED:
            return f"{words}, distance {self.settings.distance}"
        return f"{words} within {size_text(self.settings.most_qubits)} qubits" if machine == ESTIMATED else words

    def fixed(self, varied: str) -> str:
        """Say which size stays while another varies."""
        return f"K = {self.settings.points}" if varied == "dimension" else f"D = {self.settings.dimension}"

    @property
    def efficiency(self) -> dict[int, Estimate]:
        """The efficiency of two cores, by P."""
        return {prime: shared.efficiency for prime, shared in self.cores.items()}

    def along(self, varied: str, prime: int) -> dict[int, Circuits]:
        """Return what was counted over D or K at one P, by size."""
        return self._along(self.circuits, varied, prime)

    def _along(self, found: Mapping[tuple[int, int, int], T], varied: str, prime: int) -> dict[int, T]:
        fixed = (prime, self.settings.dimension, self.settings.points)
        place = 1 if varied == "dimension" else 2
        return {
            key[place]: one
            for key, one in sorted(found.items(), key=lambda pair: pair[0])
            if key[:place] + key[place + 1 :] == fixed[:place] + fixed[place + 1 :]
        }

    def _shots(self, varied: str, prime: int, machine: str) -> dict[int, Callable[[str, int], list[Shot]]]:
        """Return what makes the shots of each size, from a loader and K."""
        if machine != ESTIMATED:
            return {size: one.shots for size, one in self.along(varied, prime).items()}
        most = self.settings.most_qubits
        found = self._along(self.estimates, varied, prime)
        return {size: partial(one.shots, most_qubits=most) for size, one in found.items()}

    @cached_property
    def classical(self) -> dict[tuple[str, int, str], Line]:
        """The seconds of the rivals on all assumed cores, their preparation shared, by what varies, P and name."""
        found = {}
        for row in self.curves:
            if row["method"] in RIVALS and row["varied"] in OVER:
                exponential = row["method"] == "enumeration" and row["varied"] == "dimension"
                law = ("exponential", math.log(row["prime"])) if exponential else ("power", 1.0)
                spread = median(one.spread for one in row["rows"]) if row["rows"] else 1.0
                line = classical_line(
                    {one.size: one.total for one in row["rows"]},
                    self.settings,
                    *law,
                    efficiency=self.efficiency.get(row["prime"]),
                    spread=spread,
                )
                if line is not None:
                    records = dict.fromkeys(line.measured, records_of(row))
                    found[row["varied"], row["prime"], row["method"]] = replace(line, records=records)
        return found

    @cached_property
    def quantum(self) -> dict[tuple[str, int, str, str], Line]:
        """The seconds of each machine with each loader, by what varies, P and names, where the circuits fit on it."""
        found = {}
        for varied in OVER:
            for prime in self.settings.primes:
                for machine in self.machines:
                    for loader in LOADERS:
                        line = self._quantum(varied, prime, machine, loader)
                        if line is not None:
                            found[varied, prime, machine, loader] = line
        return found

    def _quantum(self, varied: str, prime: int, machine: str, loader: str) -> Line | None:
        made = self._shots(varied, prime, machine)
        if self.device is None:
            return None
        points, steps = self.settings.points, None
        if varied == "dimension":
            # Apart from the gates, what every shot costs.
            fixed = dict.fromkeys(made, Shot(steps=loader_steps(loader, points)))
            shots = {size: make(loader, points) for size, make in made.items()}
        else:
            # The transform; the steps of a loader that is not built are known at every K.
            fixed = {size: make("free", size)[0] for size, make in made.items()}
            shots = {size: make("free" if loader == "log" else loader, size) for size, make in made.items()}
            steps = partial(loader_steps, loader) if loader == "log" else None
        return quantum_line(machine, shots, fixed, self.settings, self.device.gate, steps)

    @cached_property
    def crossings(self) -> dict[tuple[str, int, str, str, str], Crossing]:
        """Where each machine is faster, by what varies, P, machine, loader and rival; only where both were measured."""
        found = {}
        for (varied, prime, machine, loader), quantum in self.quantum.items():
            most = LARGEST_DIMENSION
            if varied == "points":
                most = distinct_points(prime, self.settings.dimension, LARGEST_POINTS)
            for rival in OVER[varied]:
                classical = self.classical.get((varied, prime, rival))
                if classical is not None:
                    found[varied, prime, machine, loader, rival] = find_crossing(classical, quantum, most)
        return found


def _missing(runs: Runs, settings: Settings) -> list[str]:
    """Say why estimates are missing, by those who asked and by the tasks that were refused."""
    if settings.physical:
        records = [*runs.of_kind(ESTIMATE), *(one for one in runs.failed if one.planned.kind.name == ESTIMATE.name)]
        return list(dict.fromkeys(reason for one in records if (reason := one.line.refused or one.line.error)))
    if any(ESTIMATOR in ask.versions for ask in runs.asks):
        return ["it was not asked for (--no-physical)"]
    return ["the extra was not installed (pip install 'quantum-tickets[estimate]')"]
