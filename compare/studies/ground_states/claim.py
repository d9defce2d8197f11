"""The paper's claim of sparse neural states, and what both sides take for an energy of the smallest lattice.

The paper has no circuits: the quantum side is a pruned rotation circuit of known angles, whose energy is read by shots.
"""

import math

from compare.claims import NEVER_REACHED, Claim, Mark, Number, assumed, changes, hashes, joined, reading_error
from compare.engine import Runs
from compare.machines import Shot, classical_line, machine_seconds
from compare.report.cells import compact, estimate, number, seconds
from compare.statistics import Estimate, median_range
from compare.studies.ground_states.assumed import CHANGED, assumptions, machine
from compare.studies.ground_states.equal import families, fewest
from compare.studies.ground_states.lattices import made
from compare.studies.ground_states.readings import Place, places, quartiles
from compare.studies.ground_states.study import CIRCUIT, GROUND, NOISE, RIVAL, ROUND, TIMED, Settings

__all__ = ["claim"]

GOAL = 1e-3
"""Relative error of the energy."""

STEP, GATES = "one step a gate", "T gates one by one"


def claim(runs: Runs, settings: Settings) -> Claim:
    """Return the claim; what was not measured is left out."""
    found = places(runs)
    place = found[0] if found else None
    sides = None if place is None else _Sides(place, runs, settings)
    marks = [] if sides is None else [sides.mark(name) for name in (STEP, GATES)]
    return Claim(
        title="Ground states",
        says="Sparse tickets of neural states have the ground energy, and what they connect decides it",
        paper="2505.22734",
        regime="the transverse-field Ising model near its critical field; circuits are ours, the paper has none",
        size=place.words if place is not None else settings.lattices[0],
        letter="N",
        quality=f"the ground energy to a relative error of {GOAL:g}",
        rival="a Jastrow state, optimized from nothing, on one core",
        built=[] if sides is None else sides.built(),
        equal_size=[] if sides is None else sides.equal_size(),
        equal_compute=[] if sides is None else sides.equal_compute(),
        marks=[*marks, *([] if sides is None else sides.device())],
        deciding=GATES,
        changes=[] if place is None else changes(lambda other: _ratio(place, runs, other), settings, CHANGED),
        omits=[] if sides is None else sides.omits(),
        assumes=assumed(assumptions(settings)),
    )


def _ratio(place: Place, runs: Runs, settings: Settings) -> float | None:
    """Return quantum over classical seconds by T gates."""
    found = _Sides(place, runs, settings).mark(GATES).ratio
    return None if found is None else found.best


class _Sides:
    """Both sides on one lattice.

    Parameters
    ----------
    place, runs, settings
        The lattice, and the study's.
    """

    def __init__(self, place: Place, runs: Runs, settings: Settings) -> None:
        self.place, self.runs, self.settings = place, runs, settings
        self.assumed = machine(settings)
        self.families = families(place, runs, settings)
        circuits = [sizes for name, sizes in self.families.items() if name.startswith("rotation")]
        self.gates = min((many for one in circuits if (many := fewest(one, GOAL)) is not None), default=None)
        self.tried = bool(circuits)

    @property
    def shots(self) -> float:
        """Shots of an energy; the variance is that of |+>^N, one for each product of Z."""
        error = GOAL * abs(self.place.known.energy)
        return 2 * float(self.place.known.products) / error**2

    def mark(self, name: str) -> Mark:
        """Return both sides' seconds by one price of a gate."""
        rival = self.rival()
        records = joined(self._of(CIRCUIT), () if rival is None else (rival[1],))
        if self.gates is None:
            return Mark(name, open=NEVER_REACHED if self.tried else "", records=records)
        cost = self.gates if name == STEP else self.gates * self.rotation()
        one = machine_seconds("one T at a time", [Shot(t=round(cost))], self.assumed, 0.0)
        assert one is not None  # machines with error correction take any circuit
        return Mark(name, one.times(self.shots), None if rival is None else rival[0], records=records)

    def rotation(self) -> float:
        """Return the T gates of a rotation, each with its share of the error."""
        return self.settings.rotation_cost * math.log2(max(self.gates or 1, 1) / self.settings.synthesis_error)

    def rival(self) -> tuple[Estimate, str] | None:
        """Return the seconds of the fastest rival that has the energy, and its record; None if none has."""
        good = {
            (record.task.rival, record.task.size)
            for record in self.runs.of_kind(RIVAL)
            if record.result is not None
            and record.task.lattice == self.place.key.lattice
            and min(record.result.errors) <= GOAL
        }
        found = [
            (record.result.seconds, record.planned.id)
            for record in self.runs.of_kind(TIMED)
            if record.result is not None
            and record.task.lattice == self.place.key.lattice
            and (record.task.rival, record.task.size) in good
        ]
        if not found:
            return None
        took, task = min(found, key=lambda one: one[0].best)
        line = classical_line({1: Estimate(took.low, took.best, took.high, took.samples)}, self.assumed)
        assert line is not None
        return line.measured[1], task

    def built(self) -> list[Number]:
        """Return the circuit and its shots."""
        sites = made(self.place.key).sites
        known = "not reached" if self.gates is None else f"{self.gates} rotations"
        return [
            Number("circuit", self.gates, f"{sites} qubits, {known}", self._of(CIRCUIT)),
            Number("shots", self.shots, f"{compact(self.shots)} shots an energy", self._of(GROUND)),
        ]

    def equal_size(self) -> list[Number]:
        """Return errors of networks and circuits at the fewest parameters that both were pruned to."""
        own = [row for row in self.place.rows(self.runs, ROUND) if row["error"] is not None]
        circuits = list(self.place.rows(self.runs, CIRCUIT))
        found = []
        size = self.place.fewest
        if own:
            nearest = min({row["count"] for row in own}, key=lambda many: (abs(many - size), many))
            self_ = quartiles(row["error"] for row in own if row["count"] == nearest)
            found.append(_error(f"network of {nearest} weights", self_, self._of(ROUND)))
        known = [(gates, error) for row in circuits for gates, error in zip(row["gates"], row["errors"], strict=True)]
        if known:
            nearest = min({gates for gates, _ in known}, key=lambda many: (abs(many - size), many))
            found.append(
                _error(
                    f"circuit of {nearest} gates",
                    quartiles(error for gates, error in known if gates == nearest),
                    self._of(CIRCUIT),
                )
            )
        for many, error in self.families.get("Jastrow", {}).items():
            value = Estimate(error, error, error, 1)
            found.append(_error(f"Jastrow state of {many} couplings", value, self._of(RIVAL)))
        return found

    def equal_compute(self) -> list[Number]:
        """Return the error of an energy that is read for as long as the rival takes."""
        mark = self.mark(STEP)
        if mark.ratio is None:
            return []
        error = reading_error(GOAL, mark.ratio)
        text = f"in the rival's seconds the circuit's energy is read to {estimate(error, compact)}, at one step a gate"
        return [Number("error of an energy", error, text, mark.records)]

    def omits(self) -> list[Number | str]:
        """Return what the claim leaves out: the angles, the shots, and how few couplings have the energy."""
        angles = "finding the circuit's angles, which are taken as known"
        found: list[Number | str] = [angles]
        spent = [one.line.seconds for one in self.runs.of_kind(CIRCUIT) if one.line.result is not None]
        if spent:
            value = median_range(spent)
            text = f"{angles}: a pruning run of a simulated circuit takes {seconds(value.best)} here"
            found = [Number("seconds of a circuit's angles", value, text, hashes(self.runs, CIRCUIT))]
        text = f"the readout: {compact(self.shots)} shots an energy, which grow as 1 / error^2"
        found.append(Number("shots of a readout", self.shots, text, self._of(GROUND)))
        reached = fewest(self.families.get("Jastrow", {}), GOAL)
        if reached is not None:
            text = f"that {reached} couplings of a Jastrow state have the energy without any network"
            found.append(Number("couplings that have the energy", reached, text, self._of(RIVAL)))
        return found

    def device(self) -> list[Mark]:
        """Return the mark of the snapshot: never, where every ticket is further off than the goal with its noise."""
        rows = list(self.place.rows(self.runs, NOISE))
        least = min((row["error"] for row in rows), default=0.0)
        name = f"{self.settings.device}, with its errors"
        return [Mark(name, open=NEVER_REACHED, records=self._of(NOISE), now=True)] if least > GOAL else []

    def _of(self, kind: object) -> tuple[str, ...]:
        return hashes(self.runs, kind, lattice=self.place.key.lattice, model=self.place.key.model)


def _error(name: str, found: Estimate | None, records: tuple[str, ...]) -> Number:
    if found is None:
        return Number(name, None, f"{name}: diverged", records)
    written = (
        f"{found.best:.2g} [{found.low:.2g}, {found.high:.2g}]" if found.samples > 1 else number(found.best, ".2g")
    )
    return Number(f"{name}, relative error", found, f"{name}: {written}", records)
