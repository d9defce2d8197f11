"""The whole network trained, then pruned to as many neurons as the ticket keeps by magnitude, its readout refitted."""

import numpy as np
from numpy.typing import ArrayLike

from classical.neuron_selection.peers.protocol import Fitted, judged, kept_neurons
from classical.neuron_selection.peers.training import train
from problems.neuron_selection import TicketProblem
from problems.seeds import Seed

__all__ = ["pruned"]


def pruned(problem: TicketProblem, mask: ArrayLike, seed: Seed = None) -> Fitted:
    """Train all neurons, keep those of the largest |w_in| |w_out|, and fit their readout; see `Peer`."""
    kept, network = kept_neurons(problem, mask), problem.network
    into, bias, out, _ = train(network, np.arange(network.neurons))
    magnitude = np.linalg.norm(into, axis=0) * np.linalg.norm(out, axis=1)
    largest = np.argsort(-magnitude, kind="stable")[: len(kept)]
    hidden, held_out = (_with_one(np.maximum(x @ into + bias, 0)[:, largest]) for x in (network.x, network.x_test))
    readout = np.linalg.lstsq(hidden, network.y, rcond=None)[0]
    return judged(problem, len(kept), hidden @ readout, held_out @ readout)


def _with_one(rows: np.ndarray) -> np.ndarray:
    return np.column_stack([rows, np.ones(len(rows))])
