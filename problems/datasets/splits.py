"""Random splits into a training and a held-out part.

They are those of scikit-learn's ``train_test_split``, number for number, without the second that it takes to import;
tests hold them to it.
"""

import math

import numpy as np
from numpy.typing import NDArray

from problems.datasets.dataset import Dataset
from problems.datasets.missing import impute
from problems.errors import InputError
from problems.seeds import Seed, integer_seed

__all__ = ["HELD_OUT", "split", "split_places"]

HELD_OUT = 0.25
"""Share of the samples that is held out."""


def split(dataset: Dataset, seed: Seed = 0, held_out: float = HELD_OUT) -> tuple[Dataset, Dataset]:
    """Split a data set at random into a training and a held-out part, in which classes have the same shares.

    Missing features are filled in by the data set's rule, from the training part alone.

    Parameters
    ----------
    dataset
        What is split.
    seed
        Chooses the parts.
    held_out
        Share of the samples that is held out, between 0 and 1.

    Returns
    -------
    The training part and the held-out part.

    Raises
    ------
    InputError
        If the share is none, or there are too few samples for it.
    """
    if dataset.originals is None:
        parts = split_places(dataset, seed, held_out)
    else:
        # Copies follow their originals, each of which stands for the first of them.
        first, of_sample = np.unique(dataset.originals, return_index=True, return_inverse=True)[1:]
        train, test = split_places(dataset.taken(first), seed, held_out)
        parts = np.flatnonzero(np.isin(of_sample, train)), np.flatnonzero(np.isin(of_sample, test))
    whole = impute(dataset, parts[0])
    return whole.taken(parts[0]), whole.taken(parts[1])


def split_places(dataset: Dataset, seed: Seed, held_out: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the places of the training and of the held-out samples, as `split` does; copies are samples like others.

    Parameters and errors are those of `split`.
    """
    if not 0 < held_out < 1:
        raise InputError(f"held_out = {held_out} is no share; give a number between 0 and 1.")
    labels = dataset.strata if dataset.strata is not None else dataset.y if dataset.classes else None
    groups, smallest = (1, len(dataset)) if labels is None else _groups(labels)
    held = math.ceil(held_out * len(dataset))
    if smallest < 2 or min(held, len(dataset) - held) < groups:
        raise InputError(
            f"The data set {dataset.name!r} has {len(dataset)} samples, too few to hold {held_out} of them out with "
            f"{groups} classes in both parts; give more samples or another share."
        )
    rng = np.random.RandomState(integer_seed(seed))  # the generator that scikit-learn's seeds are of
    if labels is None:
        order = rng.permutation(len(dataset))
        return order[held:], order[:held]
    return _stratified(labels, len(dataset) - held, held, rng)


def _stratified(
    labels: NDArray, trained: int, held: int, rng: np.random.RandomState
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the places of both parts, in which labels have the same shares as far as whole numbers allow."""
    numbers, counts = np.unique(labels, return_inverse=True, return_counts=True)[1:]
    of_label = np.split(np.argsort(numbers, kind="stable"), np.cumsum(counts)[:-1])
    train_counts = _shared_out(counts, trained, rng)
    test_counts = _shared_out(counts - train_counts, held, rng)
    train, test = [], []
    for places, first, second in zip(of_label, train_counts, test_counts, strict=True):
        shuffled = places[rng.permutation(len(places))]
        train.append(shuffled[:first])
        test.append(shuffled[first : first + second])
    return rng.permutation(np.concatenate(train)), rng.permutation(np.concatenate(test))


def _shared_out(counts: NDArray[np.intp], drawn: int, rng: np.random.RandomState) -> NDArray[np.intp]:
    """Return how many of `drawn` samples each label gets: its share rounded down, the rest by largest remainder."""
    shares = counts / counts.sum() * drawn
    found = np.floor(shares)
    remainders, left = shares - found, int(drawn - found.sum())
    for remainder in np.unique(remainders)[::-1]:
        if left <= 0:
            break
        # Among equal remainders chance decides.
        tied = np.flatnonzero(remainders == remainder)
        chosen = rng.choice(tied, size=min(len(tied), left), replace=False)
        found[chosen] += 1
        left -= len(chosen)
    return found.astype(np.intp)


def _groups(labels: NDArray) -> tuple[int, int]:
    """Return how many groups there are, and how many samples the smallest has."""
    counts = np.unique(labels, return_counts=True)[1]
    return len(counts), int(counts.min())
