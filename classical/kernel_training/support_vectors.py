"""A support vector machine with a Gaussian kernel, by scikit-learn."""

import numpy as np
from numpy.typing import NDArray

from problems.errors import InputError
from problems.kernel_training import KernelTask
from problems.seeds import Seed

__all__ = ["SupportVectors"]


class SupportVectors:
    """Classifies by a support vector machine; the kernel's width is scikit-learn's "scale".

    Parameters
    ----------
    penalty
        C, what a training image on the wrong side costs.

    Raises
    ------
    InputError
        If C is not positive.
    """

    def __init__(self, penalty: float = 10.0) -> None:
        if isinstance(penalty, bool) or not isinstance(penalty, int | float) or not 0 < penalty < np.inf:
            raise InputError(f"penalty = {penalty!r} lets every image be on the wrong side; give a positive number.")
        self.penalty = float(penalty)

    def outputs(self, task: KernelTask, seed: Seed = None) -> NDArray[np.float64]:
        """Return the distances from the boundary; see `Classifier.outputs`."""
        from sklearn.svm import SVC

        found: NDArray[np.float64] = SVC(C=self.penalty).fit(task.x, task.y).decision_function(task.x_test)
        return found
