"""Errata of the paper and its notebook on kernel training: their words and ours, and where this study shows it."""

from compare.report import Section, Table

__all__ = ["errata"]

ROWS = (
    (
        "The first layer",
        "inputs of unit norm enter the kernel as they are",
        "the library that the published code calls divides inner products by the 784 pixels first: some six layers "
        "less depth in the same formula. Both are here, `unit` and `published`",
        "What each kernel answers",
    ),
    (
        "The scale of |k*>",
        "the notebook divides kernel values by k_max, and each image's values by their own maximum again",
        "the second division takes the scale back: it is another state for every image, and post-selection looks "
        "better than it is. Here values are divided once",
        "Post-selection and readout",
    ),
    (
        "k_max",
        "the kernel at a cosine of 1 - 1e-5",
        "at the depth of the rule the kernel falls so fast that nothing is left of |k*> at this scale; at 1 - "
        "delta, which no training pair is above, post-selection is a matter of tens of tries, and they grow with n",
        "The claims of O(log n)",
    ),
    (
        "How an answer is read",
        "the paper reads the sign of the overlap",
        "the notebook asks whether it is above the median over all test images, which knows that half of them are "
        "+1; both rules are measured everywhere",
        "What each kernel answers",
    ),
    (
        "The sparse kernel",
        "a sparse kernel is close to the exact one, so inverting it trains the network",
        "where sparse kernels are well conditioned the diagonal alone answers as well; where inverting pays, "
        "kernels are dense, and sparse ones are indefinite",
        "What each kernel answers",
    ),
    (
        "Swap test",
        "overlaps are estimated by a swap test",
        "it gives |<k*|A^-1 y>|^2, without the sign that is the answer; a Hadamard test with the states under a "
        "control gives the sign",
        "Circuits",
    ),
    (
        "Exponential speedup",
        "O(log n) against poly(n)",
        "where the kernel is within reach of O(log n) queries R is below 1, and a random walk on the training "
        "images reads the same overlap with about as many samples",
        "The same by random walks",
    ),
)


def errata() -> Section:
    """Return the section of errata of arXiv:2107.09200."""
    table = Table(
        "Errata of arXiv:2107.09200",
        ["What", "The paper or its notebook", "What holds, and why", "Section here"],
        [list(row) for row in ROWS],
        "The published notebook has no stored outputs, so that no accuracy of the paper can be checked digit by digit.",
    )
    return Section("Errata of the paper", [], [], [table])
