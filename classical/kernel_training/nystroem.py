"""The Nystroem method (Williams and Seeger 2001) as a subset of regressors: few training images speak for all.

With m landmarks, C = A[:, landmarks] and W = A[landmarks, landmarks], the weights w of the landmarks solve
(C'C + ridge W) w = C'y; all other images have the weight 0, so that a test image needs m kernel values in place of n.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import lstsq

from classical.kernel_training.protocol import Solution, check_system, residual_of
from problems.errors import InputError, non_negative, whole_number
from problems.seeds import Seed, generator

__all__ = ["Nystroem"]


class Nystroem:
    """Takes m training images at random for landmarks. No solution of A x = y, and made to predict alike.

    Work: "landmarks".

    Parameters
    ----------
    landmarks
        m.
    ridge
        Regularization, in units of the kernel of an image with itself.

    Raises
    ------
    InputError
        If m is no whole number of at least 1, or the ridge is negative.
    """

    def __init__(self, landmarks: int = 32, ridge: float = 1e-3) -> None:
        self.landmarks, self.ridge = whole_number("landmarks", landmarks, 1), non_negative("ridge", ridge)

    def solve(self, matrix: ArrayLike, right_side: ArrayLike, seed: Seed = None) -> Solution:
        """Return weights, zero but for landmarks; see `Solver.solve`.

        Raises
        ------
        InputError
            If there are fewer images than landmarks.
        """
        A, y = check_system(matrix, right_side)
        if self.landmarks > len(y):
            raise InputError(f"landmarks = {self.landmarks} are more than the {len(y)} training images; give fewer.")
        chosen = np.sort(generator(seed).choice(len(y), self.landmarks, replace=False))
        columns = A[:, chosen]
        weights = lstsq(columns.T @ columns + self.ridge * A[np.ix_(chosen, chosen)], columns.T @ y)[0]
        x = np.zeros_like(y)
        x[chosen] = weights
        return Solution(x, residual_of(A, x, y), {"landmarks": self.landmarks})
