"""The crossover's circuits on an estimated machine of a stated size, as tasks of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Annotated, Any

from compare.engine import Help, Kind, Least, Most, Names, Planned
from compare.machines import Shot, loader_steps
from compare.studies.ridgelet.circuit.tolerant import LEAST_BUDGET, MOST_BUDGET, MostQubitsSetting, qubit_models

__all__ = [
    "ESTIMATE",
    "BudgetSetting",
    "Estimate",
    "Estimated",
    "Frontier",
    "ModelSetting",
    "MostQubitsSetting",
    "PhysicalSetting",
    "estimated",
]

PhysicalSetting = Annotated[
    bool, Help("estimate error-corrected machines of a stated size beside the fixed distance (the extra [estimate])")
]
ModelSetting = Annotated[str, Names(qubit_models, "physical qubits of the estimate: gate_ns_e3, ...", "qubit model")]
BudgetSetting = Annotated[
    float, Least(LEAST_BUDGET), Most(MOST_BUDGET), Help("probability that a run of the estimated machine fails")
]


@dataclass(frozen=True)
class Estimate:
    """The circuits of one size on physical qubits.

    Attributes
    ----------
    prime, dimension, points, draws, encoding, seed
        As of the circuits that are counted.
    model, budget
        Physical qubits, and the probability that a run fails.
    """

    prime: int
    dimension: int
    points: int
    draws: int
    encoding: str
    model: str
    budget: float
    seed: int


@dataclass(frozen=True)
class Frontier:
    """Qubits and seconds of a circuit, none with both more than another, the fastest first."""

    qubits: tuple[int, ...]
    seconds: tuple[float, ...]

    def fastest(self, most_qubits: int) -> float | None:
        """Return the seconds of the fastest point of at most so many qubits; None if there is none."""
        held = (seconds for qubits, seconds in zip(self.qubits, self.seconds, strict=True) if qubits <= most_qubits)
        return next(held, None)


@dataclass(frozen=True)
class Estimated:
    """The transform alone, and whole circuits with the sparse loader, one for each random problem."""

    transform: Frontier
    whole: list[Frontier]

    def shots(self, loader: str, points: int, most_qubits: int) -> list[Shot]:
        """Return shots with a loader over K points, as `Circuits.shots` does."""
        if loader != "sparse":
            seconds = self.transform.fastest(most_qubits)
            return [Shot(estimated=seconds, steps=loader_steps(loader, points))]
        return [Shot(estimated=one.fastest(most_qubits)) for one in self.whole]


ESTIMATE = Kind(
    "crossover/estimate", Estimate, Estimated, "compare.studies.ridgelet.crossover.estimating:estimate_circuits"
)


def estimated(settings: Any, sizes: Mapping[int, Sequence[tuple[int, int]]]) -> list[Planned]:
    """Return the tasks of some sizes by P; without the extra one alone, which says what to install."""
    found = [
        one
        for prime, some in sizes.items()
        for dimension, points in some
        for one in ESTIMATE.product(settings, prime=prime, dimension=dimension, points=points)
    ]
    return found if find_spec("qdk") else found[:1]
