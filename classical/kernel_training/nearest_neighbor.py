"""The label of the nearest training image."""

import numpy as np
from numpy.typing import NDArray

from problems.kernel_training import KernelTask
from problems.seeds import Seed

__all__ = ["NearestNeighbor"]


class NearestNeighbor:
    """Answers with the label of the training image of the largest cosine."""

    def outputs(self, task: KernelTask, seed: Seed = None) -> NDArray[np.float64]:
        """Return the cosine with the nearest image of class +1 less that of class -1; see `Classifier.outputs`."""
        cosines = task.x_test @ task.x.T
        found: NDArray[np.float64] = cosines[:, task.y > 0].max(axis=1) - cosines[:, task.y < 0].max(axis=1)
        return found
