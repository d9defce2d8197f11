"""Peers of a ticket: the same random network, used otherwise, at the same number of kept neurons."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.errors import InputError
from problems.neuron_selection import TicketProblem, check_masks
from problems.seeds import Seed

__all__ = ["Fitted", "Peer", "judged", "kept_neurons"]


@dataclass(frozen=True)
class Fitted:
    """The size of a peer, its training loss and its held-out accuracy.

    Attributes
    ----------
    neurons
        How many neurons it has.
    loss
        Its mean squared error on the training rows.
    accuracy
        The share of held-out rows that it gets right.
    """

    neurons: int
    loss: float
    accuracy: float


class Peer(Protocol):
    """A way to use the network behind a ticket."""

    def __call__(self, problem: TicketProblem, mask: ArrayLike, seed: Seed = None) -> Fitted:
        """Return what the peer is worth at as many neurons as a mask keeps.

        Parameters
        ----------
        problem
            The ticket's problem.
        mask
            The ticket: a neuron counts as kept if any class keeps it.
        seed
            For peers that draw; the others ignore it.

        Raises
        ------
        InputError
            If the mask is none of this problem, or keeps no neuron.
        """


def kept_neurons(problem: TicketProblem, mask: ArrayLike) -> NDArray[np.int64]:
    """Return the neurons that any class keeps.

    Raises
    ------
    InputError
        If the mask is none of this problem, or keeps no neuron.
    """
    if not isinstance(problem, TicketProblem):
        raise InputError(f"Peers need the network behind a ticket_problem, which {type(problem).__name__} has not.")
    kept = np.flatnonzero(np.any(check_masks(mask, problem.neurons).reshape(problem.network.outputs, -1), axis=0))
    if not len(kept):
        raise InputError("The mask keeps no neuron, and peers are compared at as many; give one that keeps some.")
    return kept


def judged(problem: TicketProblem, neurons: int, outputs: NDArray[np.float64], held_out: NDArray[np.float64]) -> Fitted:
    """Return what outputs on the training rows, (n, C), and on the held-out ones, (t, C), are worth."""
    network = problem.network
    return Fitted(neurons, float(np.mean((network.y - outputs) ** 2)), network.accuracy(held_out))
