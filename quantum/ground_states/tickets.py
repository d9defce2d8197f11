"""Tickets of disjoint gates: the smallest circuits that beat |+>^N, with angles in closed form."""

import math

import numpy as np
from numpy.typing import NDArray
from rustworkx import PyGraph, max_weight_matching

from problems.errors import InputError, whole_number
from quantum.ground_states.rotations import RotationCircuit

__all__ = ["disjoint_gain", "disjoint_ticket"]


def disjoint_ticket(circuit: RotationCircuit, gates: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return angles and mask, shape (G,) each, of so many gates of the first layer that share no site.

    Two sites in |++> gain most at tan(2 theta) = -1/(2 kappa); what is in no other gate then gains for itself.

    Parameters
    ----------
    circuit
        The circuit with all gates.
    gates
        k, at least 1 and at most as many as bonds can be chosen without a common site.

    Raises
    ------
    InputError
        If there are not so many.
    """
    count = whole_number("gates", gates, 1)
    bonds = [(int(one), int(other)) for one, other in circuit.gates[: len(circuit.model.bonds)]]
    graph: PyGraph = PyGraph()
    graph.add_nodes_from(range(circuit.model.sites))
    graph.add_edges_from([(one, other, None) for one, other in bonds])
    chosen = {frozenset(pair) for pair in max_weight_matching(graph, max_cardinality=True)}
    places = [place for place, bond in enumerate(bonds) if frozenset(bond) in chosen]
    if count > len(places):
        raise InputError(f"gates = {count} cannot all be disjoint on this lattice; give at most {len(places)}.")
    mask = np.zeros(circuit.parameters, dtype=bool)
    mask[places[:count]] = True
    return np.where(mask, -math.atan2(1.0, 2 * circuit.model.field) / 2, 0.0), mask


def disjoint_gain(field: float) -> float:
    """Return by how much a gate on two sites in |++> lowers the energy at best: sqrt(4 kappa^2 + 1) - 2 kappa."""
    return math.sqrt(4 * field**2 + 1) - 2 * field
