"""All neurons of the random network on: what the ticket is chosen from. It has more neurons than the ticket."""

import numpy as np
from numpy.typing import ArrayLike

from classical.neuron_selection.peers.protocol import Fitted, judged, kept_neurons
from problems.neuron_selection import TicketProblem
from problems.seeds import Seed

__all__ = ["all_on"]


def all_on(problem: TicketProblem, mask: ArrayLike, seed: Seed = None) -> Fitted:
    """Judge the whole random network; see `Peer`."""
    kept_neurons(problem, mask)
    every = np.ones(problem.neurons, dtype=np.uint8)
    return judged(problem, problem.network.neurons, problem.outputs(every, held_out=False), problem.outputs(every))
