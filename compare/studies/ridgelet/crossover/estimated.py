"""The crossover's circuits on an estimated machine of a stated size, as tasks of their own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Annotated, Any

from compare.engine import LARGE, Help, Kind, Least, Most, Names, Planned
from compare.machines import Shot, loader_steps
from compare.studies.ridgelet.circuit.tolerant import LEAST_BUDGET, MOST_BUDGET, MostQubitsSetting, qubit_models
from compare.studies.ridgelet.drawn import distinct_points

__all__ = [
    "ESTIMATE",
    "ESTIMATOR",
    "INSTALLED",
    "BudgetSetting",
    "Estimate",
    "Estimated",
    "EstimatedPointsSetting",
    "Frontier",
    "ModelSetting",
    "MostQubitsSetting",
    "PhysicalSetting",
    "estimated",
]

ESTIMATOR = "qdk"
"""The estimator's package."""

INSTALLED = find_spec(ESTIMATOR) is not None
"""Whether it is there: what is asked for by default is estimated if so, and the request says which."""

PhysicalSetting = Annotated[
    bool,
    Help(
        "estimate the error-corrected machine, which then decides instead of a fixed code distance; done where the "
        "extra [estimate] is installed"
    ),
]
ModelSetting = Annotated[str, Names(qubit_models, "physical qubits of the estimate: gate_ns_e3, ...", "qubit model")]
BudgetSetting = Annotated[
    float, Least(LEAST_BUDGET), Most(MOST_BUDGET), Help("probability that a run of the estimated machine fails")
]
EstimatedPointsSetting = Annotated[
    tuple[int, ...], Least(1), Most(LARGE), Help("K at which circuits are estimated beside those that are counted")
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
    """Points of a circuit's frontier, none with both more qubits and seconds than another, the fastest first.

    Attributes
    ----------
    qubits, seconds
        Physical qubits, and the time of one run.
    cycles
        Seconds of a logical cycle.
    """

    qubits: tuple[int, ...]
    seconds: tuple[float, ...]
    cycles: tuple[float, ...]

    def within(self, most_qubits: int) -> tuple[int, float, float] | None:
        """Return qubits, seconds and cycle of the fastest point of at most so many qubits; None if there is none."""
        every = zip(self.qubits, self.seconds, self.cycles, strict=True)
        return next((point for point in every if point[0] <= most_qubits), None)

    def shot(self, most_qubits: int, steps: int = 0) -> Shot:
        """Return a run on that point, with steps of a part that is not built."""
        point = self.within(most_qubits)
        if point is None:
            return Shot(steps=steps, estimated=None)
        return Shot(steps=steps, estimated=point[1], step=point[2])


@dataclass(frozen=True)
class Estimated:
    """The transform alone, and whole circuits with the sparse loader, one for each random problem."""

    transform: Frontier
    whole: list[Frontier]

    def shots(self, loader: str, points: int, most_qubits: int) -> list[Shot]:
        """Return shots with a loader over K points, as `Circuits.shots` does."""
        if loader != "sparse":
            return [self.transform.shot(most_qubits, loader_steps(loader, points))]
        return [one.shot(most_qubits) for one in self.whole]


ESTIMATE = Kind(
    "crossover/estimate",
    Estimate,
    Estimated,
    "compare.studies.ridgelet.crossover.estimating:estimate_circuits",
    version=2,
)


def estimated(settings: Any, counted: Mapping[int, Iterable[tuple[int, int]]]) -> list[Planned]:
    """Return the tasks: by P at the D and K whose circuits are counted, and at larger K, where nothing is compiled.

    Whether the extra is installed, those who run them find out.
    """
    found: list[Planned] = []
    for prime, sizes in counted.items():
        larger = [(settings.dimension, points) for points in sorted(settings.estimated_points)]
        for dimension, points in dict.fromkeys([*sizes, *larger]):
            if distinct_points(prime, dimension, points) == points:
                found += ESTIMATE.product(settings, prime=prime, dimension=dimension, points=points)
    return found
