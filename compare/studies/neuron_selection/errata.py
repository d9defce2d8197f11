"""Errata of the paper on neuron selection: its words and ours, each with its reason, and where this study shows it."""

from compare.report import Section, Table

__all__ = ["errata"]

ROWS = (
    (
        "The oracle's sign",
        "-1 on masks that are not below the threshold",
        "-1 on the masks below it: the search amplifies what the sign marks, so that as printed it finds the others",
        "Rounds of a search",
    ),
    (
        "The uniform state",
        "|s> = (1/N) times the sum over all masks",
        "2^(-N/2): with 1/N its norm is 2^(N/2)/N, and 2|s><s| - 1 is no reflection",
        "Rounds of a search",
    ),
    (
        "Cost of N searches of 2^K masks",
        "O(sqrt(2^K N))",
        "N sqrt(2^K): each of the N searches takes its own square root; N does not come under one",
        "Rounds of a search",
    ),
    (
        "Independent optima",
        "each neuron's search has its own optimum, and together they are one",
        "neurons are shared: outputs keep and drop the same neuron, so that the joint minimum is above the mean of "
        "their own minima, and putting these together by majority is above it again",
        "Conflicts between local optima",
    ),
    (
        "The loss of echo states",
        "a mean squared error as it stands",
        "scale and offset of an output are arbitrary; unless they are fitted the best mask keeps next to nothing",
        "Conflicts between local optima",
    ),
    (
        "The mixer",
        "a flip where all adjacent neurons are off, from |0...0>",
        "it reaches the independent sets of the neuron graph alone, among which the optimum rarely is",
        "Conflicts between local optima",
    ),
    (
        "The rival",
        "brute force over all masks",
        "with squared loss this is a convex QUBO in a box: branch and bound proves it, and a quantum walk of its tree "
        "(Montanaro) is the quantum rival, not Grover's search",
        "Quantum branch and bound",
    ),
)


def errata() -> Section:
    """Return the section of errata of arXiv:2302.05984."""
    table = Table(
        "Errata of arXiv:2302.05984",
        ["What", "The paper prints", "What holds, and why", "Section here"],
        [list(row) for row in ROWS],
        "The paper has no experiments; these were found when it was run.",
    )
    return Section("Errata of the paper", [], [], [table])
