"""One way of handling seeds, everywhere: what `numpy.random.default_rng` takes."""

import hashlib
import json
from collections.abc import Sequence

import numpy as np

from problems.errors import InputError

__all__ = ["Seed", "generator", "integer_seed", "named", "spawn"]

Seed = int | Sequence[int] | np.random.SeedSequence | np.random.BitGenerator | np.random.Generator | None
"""Anything that `numpy.random.default_rng` takes; ``None`` draws fresh entropy."""


Plain = str | int | float | bool | None | Sequence["Plain"]
"""Types of the settings of a named stream."""


def generator(seed: Seed) -> np.random.Generator:
    """Return the random generator of a seed; a generator is passed through and advances.

    Raises
    ------
    InputError
        If NumPy cannot seed a generator with it.
    """
    try:
        return np.random.default_rng(seed)
    except (TypeError, ValueError) as error:
        raise InputError(
            f"seed = {seed!r} cannot seed a random generator ({error}); give a whole number >= 0, or None."
        ) from None


def integer_seed(seed: Seed) -> int:
    """Return a whole number below 2^31 for what takes no generator; one that is given advances.

    Raises
    ------
    InputError
        As `generator` does.
    """
    return int(generator(seed).integers(2**31))


def spawn(seed: int, *path: int) -> np.random.SeedSequence:
    """Return the seed sequence of one named branch of a run, independent of all others.

    Parameters
    ----------
    seed
        The run's own seed.
    path
        The branch: whole numbers that name the step (part, method, repeat). The same path gives the same
        stream, whatever else the run does or skips, so that a resumed run draws what the first would have.
    """
    return np.random.SeedSequence(seed, spawn_key=path)


def named(stream: str, **settings: Plain) -> np.random.SeedSequence:
    """Return the seed sequence of a named stream of random numbers, independent of all others.

    The stream's name and the settings given enter, nothing else: neither what else is run, nor in which order, nor a
    setting that is not named. Equal settings give equal streams on every machine (1 and 1.0 differ).

    Parameters
    ----------
    stream
        What is drawn: "nodes", "split", "targets".
    settings
        What the stream depends on, by name: plain values, or sequences of them.

    Examples
    --------
    >>> integer_seed(named("nodes", seed=0, dataset="digits", fold=3, method="uniform")) % 100
    45
    """
    text = json.dumps({"stream": stream, "settings": settings}, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return np.random.SeedSequence(int.from_bytes(hashlib.sha256(text.encode()).digest(), "big"))
