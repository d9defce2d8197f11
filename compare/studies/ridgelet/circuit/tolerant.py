"""A circuit on fault-tolerant machines, as tasks: what it asks for, which needs no extra, and qubits and seconds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from compare.engine import Each, Help, Kind, Least, Most, Names, Planned
from compare.studies.data import table_of
from compare.studies.ridgelet.circuit.whole import Whole
from quantum import tolerance
from quantum.tolerance import LogicalCounts, RotationCost

__all__ = [
    "FED",
    "LOGICAL",
    "PHYSICAL",
    "BudgetsSetting",
    "Fed",
    "Logical",
    "LogicalFound",
    "ModelsSetting",
    "MostQubitsSetting",
    "Physical",
    "PhysicalFound",
    "PhysicalSetting",
    "priced",
    "qubit_models",
]

FED = {
    "rotations": "rotations, side by side",
    "synthesized": "own T gates, one by one",
    "together": "equal rotations together",
}
"""The forms in which the estimator is given a circuit, in words: its rotations and their depth, the T gates of our own
synthesis, or the rotations that are left where equal ones are taken together."""

LEAST_BUDGET, MOST_BUDGET = 1e-8, 0.3
"""Probabilities of failure that are asked for: our own synthesis goes no further, and above nothing is left."""

MOST_QUBITS = 10**12


def qubit_models() -> Mapping[str, Any]:
    """Return the physical qubits of the estimator by name."""
    from quantum.names import QUBIT_MODELS

    return QUBIT_MODELS


PhysicalSetting = Annotated[
    bool, Help("count for fault-tolerant machines, and estimate their qubits and seconds (the extra [estimate])")
]
ModelsSetting = Annotated[
    tuple[str, ...], Each("model"), Names(qubit_models, "physical qubits: gate_ns_e3, ...", "qubit model")
]
BudgetsSetting = Annotated[
    tuple[float, ...], Each("budget"), Least(LEAST_BUDGET), Most(MOST_BUDGET), Help("probability that a run fails")
]
MostQubitsSetting = Annotated[
    int, Least(1), Most(MOST_QUBITS), Help("physical qubits within which the fastest machine is named")
]


@dataclass(frozen=True)
class Logical(Whole):
    """One of the pieces, and the error of its rotations."""

    piece: str
    budget: float


@dataclass(frozen=True)
class Fed(LogicalCounts):
    """The counts that the estimator is given.

    Attributes
    ----------
    fed
        A name in `FED`.
    spent
        Part of the budget that went into our own synthesis: half a diamond distance.
    """

    fed: str
    spent: float


@dataclass(frozen=True)
class LogicalFound:
    """The work that a piece is for a machine.

    Attributes
    ----------
    fed
        By what the estimator is given; our own synthesis within a third of the budget, as the estimator's.
    ways
        T gates where the whole budget is the error of rotations.
    """

    fed: tuple[Fed, ...]
    ways: tuple[RotationCost, ...]


@dataclass(frozen=True)
class Physical(Whole):
    """A piece to be estimated."""

    piece: str
    fed: str
    model: str
    budget: float


@dataclass(frozen=True)
class PhysicalFound(tolerance.Estimate):
    """The estimate of a piece at the shortest time, and all points beside it.

    Attributes
    ----------
    frontier_qubits, frontier_seconds, frontier_distances
        All points at which no other has both fewer qubits and less time, the fastest first.
    """

    frontier_qubits: tuple[int, ...]
    frontier_seconds: tuple[float, ...]
    frontier_distances: tuple[int, ...]


def _logical_of(task: Physical) -> Mapping[str, Sequence[Planned]]:
    return {"logical": [LOGICAL(Logical(**{name: getattr(task, name) for name in Logical.__dataclass_fields__}))]}


HERE = "compare.studies.ridgelet.circuit.pricing"

LOGICAL = Kind("circuit/logical", Logical, LogicalFound, f"{HERE}:ask", needs=table_of)
PHYSICAL = Kind("circuit/physical", Physical, PhysicalFound, f"{HERE}:estimate", version=2, needs=_logical_of)


def priced(settings: Any, pieces: Sequence[str]) -> list[Planned]:
    """Return the tasks of some pieces; whether the extra is installed, those who run them find out."""
    return [*LOGICAL.product(settings, piece=pieces), *PHYSICAL.product(settings, piece=pieces, fed=list(FED))]
