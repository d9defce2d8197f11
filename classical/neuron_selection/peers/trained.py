"""The kept neurons trained: both layers, from the ticket's own weights, and a bias of each neuron."""

from numpy.typing import ArrayLike

from classical.neuron_selection.peers.protocol import Fitted, judged, kept_neurons
from classical.neuron_selection.peers.training import answers, train
from problems.neuron_selection import TicketProblem
from problems.seeds import Seed

__all__ = ["trained"]


def trained(problem: TicketProblem, mask: ArrayLike, seed: Seed = None) -> Fitted:
    """Train a network of the kept neurons; see `Peer`."""
    kept, network = kept_neurons(problem, mask), problem.network
    parts = train(network, kept)
    return judged(problem, len(kept), answers(parts, network.x), answers(parts, network.x_test))
