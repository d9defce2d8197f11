"""The quantum machine's seconds a node at the sizes of the classical draws, from circuits counted at small ones.

The sparse loader merges K basis states of n qubits pairwise in O(K n) gates (Gleinig and Hoefler 2021), and the
transform treats all D digits alike: both are linear in D. So counts at one D stand for another in that proportion,
which the counts at half that D test; over K loaders go on by a fitted power law, as in the crossover.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from statistics import median

from compare.engine import Runs
from compare.machines import (
    ERROR_CORRECTED,
    LOADERS,
    Crossing,
    Line,
    Shot,
    classical_line,
    find_crossing,
    loader_steps,
    quantum_line,
)
from compare.statistics import Estimate
from compare.statistics.rows import records_of
from compare.studies.ridgelet.crossover.study import COUNT, DEVICE, Circuits
from compare.studies.ridgelet.size.study import DRAW, Settings

__all__ = ["LARGEST_POINTS", "Quantum"]

LARGEST_POINTS = 10**12
"""The largest K up to which a winner is named."""


@dataclass(frozen=True)
class Quantum:
    """Both sides over K at the study's D.

    Attributes
    ----------
    settings
        The settings.
    circuits
        What was counted, by D and K.
    gate
        Seconds of the device's two-qubit gate; None without its record.
    classical
        Processor seconds a node in memory, by K.
    records
        Hashes of the records of all that.
    """

    settings: Settings
    circuits: Mapping[tuple[int, int], Circuits]
    gate: float | None
    classical: Mapping[int, Estimate]
    records: tuple[str, ...] = ()

    @classmethod
    def of(cls, runs: Runs, settings: Settings) -> "Quantum":
        """Read them from records."""
        circuits = {(one.task.dimension, one.task.points): one.result for one in runs.of_kind(COUNT) if one.result}
        gates = [one.result.gate for one in runs.of_kind(DEVICE) if one.result]
        classical = {
            row["points"]: Estimate(
                row["seconds"] / row["samples"], row["seconds"] / row["samples"], row["slowest"] / row["samples"], 1
            )
            for row in runs[DRAW]
            if row["way"] == "memory" and row["dimension"] == settings.dimension
        }
        records = records_of(runs[COUNT], runs[DEVICE], runs[DRAW])
        return cls(settings, circuits, gates[0] if gates else None, classical, records)

    @property
    def over_points(self) -> dict[int, Circuits]:
        """Counted circuits by K, at the D where loaders are counted."""
        most = self.settings.counted_dimension
        return {points: found for (dimension, points), found in sorted(self.circuits.items()) if dimension == most}

    def gates(self, points: int) -> float | None:
        """Return two-qubit gates of the loader a point and digit; None where it was not counted."""
        found = self.over_points.get(points)
        if found is None:
            return None
        return median(one.two_qubit for one in found.loaders) / points / self.settings.counted_dimension

    @property
    def linearity(self) -> float | None:
        """The loader's T gates at the D that is counted over twice those at its half; 1 if they are linear in D."""
        most = max(self.settings.counted_points)
        half, whole = (self.circuits.get((self.settings.counted_dimension // part, most)) for part in (2, 1))
        if half is None or whole is None:
            return None
        return median(one.t for one in whole.loaders) / 2 / median(one.t for one in half.loaders)

    def shots(self, points: int, loader: str) -> list[Shot]:
        """Return the counted circuits of K points, in proportion at the study's D."""
        share = self.settings.dimension / self.settings.counted_dimension
        return [
            replace(one, t=round(one.t * share), t_depth=round(one.t_depth * share), duration=None, fidelity=None)
            for one in self.over_points[points].shots(loader, points)
        ]

    @property
    def classical_line(self) -> Line | None:
        """The classical seconds over K, on all assumed cores, continued by c_0 + c K."""
        return classical_line(self.classical, self.settings) if self.classical else None

    def line(self, machine: str, loader: str) -> Line | None:
        """Return a machine's seconds over K."""
        counts = self.over_points
        if self.gate is None or len(counts) < 2:
            return None
        built = "free" if loader == "log" else loader
        fixed = {points: self.shots(points, "free")[0] for points in counts}
        shots = {points: self.shots(points, built) for points in counts}
        steps = partial(loader_steps, loader) if loader == "log" else None
        return quantum_line(machine, shots, fixed, self.settings, self.gate, steps)

    @property
    def crossings(self) -> dict[tuple[str, str], Crossing]:
        """Where each error-corrected machine is faster over K, by machine and loader."""
        classical, found = self.classical_line, {}
        for machine in ERROR_CORRECTED if classical is not None else ():
            for loader in LOADERS:
                line = self.line(machine, loader)
                if line is not None and classical is not None:
                    found[machine, loader] = find_crossing(classical, line, LARGEST_POINTS)
        return found
