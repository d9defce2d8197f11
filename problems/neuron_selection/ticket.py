"""The main problem: the best subnetwork of a random network on real data, by its squared loss.

With A = H V (each neuron's contribution), mean (y - A m)^2 = c + b.m + m'Gm with c = mean y^2, b = -2 A'y / n and
G = A'A / n (arXiv:2302.05984, section 3.1). Of several classes, each has a mask of its own over the same neurons, and
its own readout column: the joint loss is the mean of the classes' losses, and falls apart into one QUBO for each.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.errors import InputError
from problems.neuron_selection.mask_problem import MaskProblem
from problems.neuron_selection.masks import check_masks
from problems.neuron_selection.network import RandomNetwork

__all__ = ["TicketProblem", "ticket_problem"]


@dataclass(frozen=True, eq=False, repr=False)
class TicketProblem(MaskProblem):
    """A `MaskProblem` with the network behind it.

    Attributes
    ----------
    network
        The random network, its data and its readout, of C outputs.

    Notes
    -----
    Its masks have N C entries: entry c N + j keeps neuron j for class c. With two classes, C is 1.
    """

    network: RandomNetwork

    @classmethod
    def of_network(cls, network: RandomNetwork) -> Self:
        """Make the problem of a random network."""
        outputs, neurons = network.outputs, network.neurons
        linear, quadratic = np.zeros(outputs * neurons), np.zeros((outputs * neurons,) * 2)
        for c in range(outputs):
            of_class = slice(c * neurons, (c + 1) * neurons)
            contributions, targets = network.hidden * network.readout[:, c], network.y[:, c]
            linear[of_class] = -2 * contributions.T @ targets / targets.size / outputs
            quadratic[of_class, of_class] = contributions.T @ contributions / targets.size / outputs
        return cls(float(np.mean(network.y**2)), linear, quadratic, network)

    @cached_property
    def classes(self) -> tuple[MaskProblem, ...]:
        """One problem for each class, over the N neurons; their mean is the joint loss."""
        parts = []
        for c, start in enumerate(range(0, self.neurons, self.network.neurons)):
            some = slice(start, start + self.network.neurons)
            linear, quadratic = self.linear[some], self.quadratic[some, some]
            constant = float(np.mean(self.network.y[:, c] ** 2))
            parts.append(MaskProblem(constant, linear * self.network.outputs, quadratic * self.network.outputs))
        return tuple(parts)

    def outputs(self, mask: ArrayLike, held_out: bool = True) -> NDArray[np.float64]:
        """Return what the subnetwork answers to the held-out rows, shape (t, C), or to the training rows, (n, C).

        Raises
        ------
        InputError
            If it is no mask of this problem.
        """
        kept = check_masks(mask, self.neurons)
        if kept.ndim != 1:
            raise InputError(f"masks have shape {kept.shape}; give one mask, shape ({self.neurons},).")
        hidden = self.network.hidden_test if held_out else self.network.hidden
        return hidden @ (kept.reshape(self.network.outputs, -1).T * self.network.readout)

    def accuracy(self, mask: ArrayLike) -> float:
        """Return the share of held-out rows that the subnetwork of a mask gets right, without a bias.

        Raises
        ------
        InputError
            If it is no mask of this problem.
        """
        return self.network.accuracy(self.outputs(mask))


def ticket_problem(neurons: int, seed: int, scale: float = 0.6, dataset: str = "mnist-8-9") -> TicketProblem:
    """Return the problem of which neurons of a random network to keep.

    Parameters
    ----------
    neurons
        The number of neurons N.
    seed
        A whole number; the network is drawn with [seed, N].
    scale
        How large the outputs are with all neurons on.
    dataset
        A data set with classes, by name, or a file of the user's own. "digits-classes" has ten classes, and so ten
        masks over shared neurons.

    Raises
    ------
    InputError
        If a number is not what it has to be, or the data set is unknown or has no classes.
    """
    return TicketProblem.of_network(RandomNetwork.draw(neurons, seed, scale, dataset))
