"""The loss as a dimod model, for annealers: dwave-samplers here, D-Wave's machines by the user's own client."""

from typing import TYPE_CHECKING, Any

from problems.errors import InputError, OutOfReach
from problems.neuron_selection.mask_problem import MaskProblem

if TYPE_CHECKING:
    from dimod import BinaryQuadraticModel

__all__ = ["to_bqm"]


def to_bqm(problem: MaskProblem) -> "BinaryQuadraticModel":
    """Return c + sum_i l_i m_i + sum_(i<j) q_ij m_i m_j as a dimod model whose energies are losses.

    Parameters
    ----------
    problem
        A quadratic problem.

    Returns
    -------
    dimod.BinaryQuadraticModel
        Binary, with variables 0, ..., N - 1 for the neurons, pairs of q_ij = 0 left out.

    Raises
    ------
    InputError
        If dimod is missing, or the loss is not quadratic.

    Examples
    --------
    >>> import numpy as np
    >>> model = to_bqm(MaskProblem(1.0, np.array([-1.0, 2.0]), np.eye(2)))  # doctest: +SKIP
    >>> model.energy({0: 1, 1: 0})  # doctest: +SKIP
    1.0
    """
    if not isinstance(problem, MaskProblem):
        raise InputError(
            f"A loss of type {type(problem).__name__} is not quadratic, and annealers take pairs alone; "
            "give a MaskProblem."
        )
    dimod = _dimod()
    constant, linear, pairs = problem.coefficients
    model = dimod.BinaryQuadraticModel(dict(enumerate(linear.tolist())), {}, float(constant), dimod.BINARY)
    rows, columns = pairs.nonzero()
    model.add_quadratic_from(zip(rows.tolist(), columns.tolist(), pairs[rows, columns].tolist(), strict=True))
    return model


def _dimod() -> Any:
    try:
        import dimod
    except ImportError:
        raise OutOfReach(
            "A model for annealers needs dimod, which is not installed; install it with: "
            "pip install 'quantum-tickets[annealing]'"
        ) from None
    return dimod
