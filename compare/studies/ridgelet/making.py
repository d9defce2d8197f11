"""Samplers of the table that take more than their class to make, and what a study of many folds has no time for."""

from typing import Any

from classical.ridgelet import CandidateSampler
from compare.engine.kind import imported
from problems.errors import InputError
from problems.ridgelet import NodeSampler, RidgeletProblem

__all__ = ["candidates", "few_coordinates", "limit_cells", "limit_nodes", "limit_qubits"]

CELLS, QUICK_CELLS = 2**17, 2**15
"""Most cells P^d of a subspace: nodes have one each. A hundred nodes take about 20 s at the first, a transform
milliseconds at the second."""

ENUMERABLE = 10**6
"""Nodes that are enumerated within a second."""


def candidates(problem: RidgeletProblem, sampler: str, keep: str = "pursuit") -> NodeSampler:
    """Keep N of 10 N nodes of a sampler, which is named as ``"module:Name"``."""
    return CandidateSampler(imported(sampler)(problem), keep=keep)


def few_coordinates(
    problem: RidgeletProblem, sampler: str, coordinates: int, keep: str = "", **settings: Any
) -> NodeSampler:
    """Make a sampler whose nodes see few coordinates each: all that there are, where the data have fewer.

    Parameters
    ----------
    problem
        The problem.
    sampler
        Named as ``"module:Name"``.
    coordinates
        How many coordinates a node sees.
    keep
        By what N of 10 N nodes are kept; empty keeps nodes as they come.
    settings
        Of the sampler.

    Raises
    ------
    InputError
        If a node has too many cells.
    """
    size = min(coordinates, problem.dimension)
    if problem.prime**size > CELLS:
        raise InputError(
            f"prime = {problem.prime} is too large for nodes that see {size} features each: {problem.prime}^{size} "
            f"cells are more than {CELLS}; take a smaller prime, or a sampler of fewer features."
        )
    made: NodeSampler = imported(sampler)(problem, coordinates=size, **settings)
    return CandidateSampler(made, keep=keep) if keep else made


def limit_cells(problem: RidgeletProblem, coordinates: int) -> None:
    """Refuse subspaces that take long, and those of more coordinates than there are."""
    if coordinates > problem.dimension:
        raise InputError(f"there are only {problem.dimension} coordinates")
    if problem.prime**coordinates > QUICK_CELLS:
        raise InputError(f"{problem.prime}^{coordinates} cells a subspace are too many for one subspace a node")


def limit_nodes(problem: RidgeletProblem) -> None:
    """Refuse more nodes than are enumerated within a second."""
    if problem.node_count > ENUMERABLE:
        raise InputError(f"{problem.prime}^{problem.dimension + 1} nodes are too many to enumerate")


def limit_qubits(problem: RidgeletProblem, encoding: str, most: int, how: str) -> None:
    """Refuse circuits of more qubits than are simulated within seconds."""
    from quantum.ridgelet import ENCODINGS  # here, because circuits import Qiskit

    try:
        qubits = (problem.dimension + 1) * ENCODINGS[encoding](problem.prime).digit_qubits
    except InputError:
        raise InputError(f"the {encoding} encoding does not take P = {problem.prime}") from None
    qubits += (problem.outputs - 1).bit_length()
    if qubits > most:
        raise InputError(f"{qubits} qubits; circuits are simulated {how} up to {most}")
