"""Least squares on the kept neurons: the ticket's own neurons, with a readout that is fitted instead of random."""

import numpy as np
from numpy.typing import ArrayLike

from classical.neuron_selection.peers.protocol import Fitted, judged, kept_neurons
from problems.neuron_selection import TicketProblem
from problems.seeds import Seed

__all__ = ["refitted"]


def refitted(problem: TicketProblem, mask: ArrayLike, seed: Seed = None) -> Fitted:
    """Fit the readout of the kept neurons, without a bias as the ticket has none; see `Peer`."""
    kept, network = kept_neurons(problem, mask), problem.network
    readout = np.linalg.lstsq(network.hidden[:, kept], network.y, rcond=None)[0]
    return judged(problem, len(kept), network.hidden[:, kept] @ readout, network.hidden_test[:, kept] @ readout)
