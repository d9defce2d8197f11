"""Names that the study of sparse training takes, known before it is imported."""

__all__ = ["MODES", "RIVALS", "SOLVERS"]

MODES = {"masked": "pruned weights stay at 0", "full": "all weights are trained, a download keeps the largest"}
"""How a pruned network is trained, by name."""

SOLVERS = {
    "kernel-reflection": "kernel reflection",
    "qsvt": "QSVT inversion",
    "hhl": "phase estimation (HHL)",
    "marching": "marching",
}
"""Circuits by name."""

RIVALS = {
    "gradient descent": "gradient descent",
    "sgd": "sparse SGD",
    "newton-cg": "Newton-CG",
    "exponent": "the Hessian's exponent (N = 1)",
}
"""Classical trainers of the kept weights by name."""
