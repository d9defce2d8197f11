"""D-Wave's classical samplers: the extra ``[annealing]``."""

from typing import Any

import numpy as np

from classical.neuron_selection.protocol import Selection, select
from problems.errors import OutOfReach
from problems.neuron_selection import MaskProblem
from problems.seeds import Seed, generator

__all__ = ["dwave_samplers", "lowest", "sampler_seed"]


def dwave_samplers() -> Any:
    """Import dwave-samplers.

    Raises
    ------
    OutOfReach
        If the extra is not installed.
    """
    try:
        import dwave.samplers as samplers
    except ImportError as error:
        raise OutOfReach(
            f"dwave-samplers cannot be imported ({error}); install it by pip install 'quantum-tickets[annealing]', or "
            "take Greedy."
        ) from None
    return samplers


def sampler_seed(seed: Seed) -> int:
    """Return a seed as these samplers take it: a whole number of 1 to 2^31 - 1."""
    return int(generator(seed).integers(1, 2**31 - 1))


def lowest(problem: MaskProblem, samples: Any, work: dict[str, int]) -> Selection:
    """Return the sample of the lowest loss, as the problem itself has it."""
    columns = [samples.variables.index(neuron) for neuron in range(problem.neurons)]
    masks = samples.record.sample[:, columns].astype(np.uint8)
    return select(problem, masks[int(np.argmin(problem.loss(masks)))], False, work)
