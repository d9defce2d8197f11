"""Errata of the paper on sparse training: its words and ours, each with its reason, and where this study shows it."""

from compare.report import Section, Table

__all__ = ["errata"]

ROWS = (
    (
        "The constants (equations 5 and 6)",
        "F_0 stands in the first block alone",
        "the discrete step has F_0^(x j) in every block j: of n = 2, F_0 = (-.01, .02), block 2 has (1, -2, -2, 4)e-4",
        "Truncation on real networks",
    ),
    (
        "The discrete form",
        "the continuous Carleman matrix, stepped",
        "a step of gradient descent has products of increments too; the continuous form leaves them out, and where "
        "eta lambda_max is near 1 it diverges beside a gradient descent that converges",
        "Truncation on real networks",
    ),
    (
        "The center",
        "u = theta, around the origin",
        "expand at the pruned weights: around 0 the same order is worse by factors of ten to millions, and the start "
        "has to be loaded",
        "Truncation on real networks",
    ),
    (
        "ReLU and batch normalization",
        "a ResNet stands for the method",
        "neither is polynomial: around any center ReLU has no higher terms, and at 0 no derivative; the paper's "
        "network lies outside of its own construction",
        "Pruned perceptrons",
    ),
    (
        "More negative is better",
        "the error proxy falls with a = -lambda",
        "below a = -2 the direction grows: |1 + a| > 1; and a step multiplies by 1 - eta lambda, not by 1 - lambda",
        "Training with downloads",
    ),
    (
        "T and T^2",
        "T for dissipative training, T^2 for almost dissipative",
        "T with b on the right side of a dissipative system, where the condition saturates beyond; T at its best "
        "with the constant row; T^2 is kappa times the 1/T of inversion's success, which kernel reflection removes; "
        "with a negative eigenvalue no power holds",
        "Condition of the history system",
    ),
    (
        "Dissipation",
        "positive curvature dominates, so that it helps",
        "a certificate needs the least eigenvalue above 0, which no pruned network here has had in training; where "
        "it is there, R_min^2 = 2h, and Newton's method is done in a handful of steps",
        "Truncation on real networks",
    ),
    (
        "Ten classical steps",
        "a few steps before an upload",
        "they repair what a download prunes; counted as training they are the rival itself",
        "Training with downloads",
    ),
)


def errata() -> Section:
    """Return the section of errata of arXiv:2303.03428."""
    table = Table(
        "Errata of arXiv:2303.03428",
        ["What", "The paper", "What holds, and why", "Section here"],
        [list(row) for row in ROWS],
        "Found when it was run.",
    )
    return Section("Errata of the paper", [], [], [table])
