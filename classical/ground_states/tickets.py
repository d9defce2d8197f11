"""Masks on the lattice: which neurons sit on bonds or plaquettes, and how many of these are covered."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from classical.ground_states.feed_forward import Mask
from problems.errors import InputError
from problems.ground_states import SpinModel
from problems.showing import Shows

__all__ = ["Reading", "bond_ticket", "read_mask"]


@dataclass(frozen=True, repr=False)
class Reading(Shows):
    """A mask by its neurons, held against the model's products of Z: bonds, or plaquettes.

    Attributes
    ----------
    neurons
        How many neurons have so many weights, by that number; neurons without weights are left out.
    candidates
        Neurons with as many weights as a product has sites: 2, or 4.
    on_products
        Those of them that sit on a product.
    covered
        Distinct products that such neurons sit on.
    products
        Products that there are.
    held
        How often each product is sat on, in the model's order.
    """

    neurons: dict[int, int]
    candidates: int
    on_products: int
    covered: int
    products: int
    held: tuple[int, ...]

    def _facts(self) -> Mapping[str, object]:
        return {
            "neurons": sum(self.neurons.values()),
            "pairs": self.candidates,
            "on bonds": self.on_products,
            "bonds found": f"{self.covered} of {self.products}",
        }

    @property
    def share(self) -> float | None:
        """The share of candidates that sit on a product; None without candidates."""
        return self.on_products / self.candidates if self.candidates else None


def read_mask(mask: Mask, model: SpinModel) -> Reading:
    """Return what a mask, shape (alpha N, N), looks like on a model's lattice.

    Raises
    ------
    InputError
        If the mask has other columns than the model sites.
    """
    rows = np.asarray(mask, dtype=bool)
    if rows.ndim != 2 or rows.shape[1] != model.sites:
        raise InputError(f"The mask has shape {rows.shape}, but {model!r} has {model.sites} sites; give a column each.")
    size = len(model.products[0])
    sizes = rows.sum(axis=1)
    neurons = Counter(sizes[sizes > 0].tolist())
    on = Counter(frozenset(np.flatnonzero(row).tolist()) for row in rows[sizes == size])
    held = tuple(on[frozenset(product)] for product in model.products)
    covered = sum(count > 0 for count in held)
    return Reading(dict(sorted(neurons.items())), int((sizes == size).sum()), sum(held), covered, len(held), held)


def bond_ticket(model: SpinModel, singles: int = 2, alpha: int | None = None) -> Mask:
    """Return the mask that pruning comes close to: a neuron on each product of Z, and single-weight neurons a site.

    Parameters
    ----------
    model
        The model: on 3 x 3 spins 12 neurons of two weights and 18 of one, 42 weights in all.
    singles
        Single-weight neurons of each site.
    alpha
        Neurons a site of the state it is for; None takes the fewest.

    Returns
    -------
    numpy.ndarray
        Booleans, shape (alpha N, N).

    Raises
    ------
    InputError
        If alpha neurons a site are too few.
    """
    groups: list[Sequence[int]] = [*model.products, *((site,) for site in range(model.sites) for _ in range(singles))]
    fewest = -(-len(groups) // model.sites)
    if alpha is not None and alpha < fewest:
        raise InputError(f"alpha = {alpha} has too few neurons for this mask; give at least {fewest}.")
    mask = np.zeros(((fewest if alpha is None else alpha) * model.sites, model.sites), dtype=bool)
    for neuron, sites in enumerate(groups):
        mask[neuron, list(sites)] = True
    return mask
