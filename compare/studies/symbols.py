"""Symbols of the studies' reports: what letters and words stand for, said once for all pages.

A study names in its `symbols` those that it uses; a page shows those that occur on it.
"""

from collections.abc import Mapping

__all__ = ["KERNELS", "NEURONS", "RIDGELET", "STATES", "TRAINING"]

STATISTICS: Mapping[str, str] = {
    "Holm": "p-values adjusted for all comparisons of a family, so that the chance of any false alarm is 5%",
    "not clearly": "the interval holds no difference too: neither side is shown to be better",
    "extrapolated": "continued by a fitted law beyond the sizes that were timed or counted",
}

CIRCUITS: Mapping[str, str] = {
    "CX": "controlled-NOT gates, the two-qubit gates that are counted",
    "T gates": "gates by pi/4, whose states error correction has to distill: the dear ones of a fault-tolerant machine",
    "T depth": "T gates one after the other, on the longest path",
    "Toffoli": "doubly controlled NOT gates, of 4 T gates each",
    "loader": "the piece of a circuit that brings the data into the quantum computer",
    "logical step": "code distance times one round of error correction",
    "query": "one use of an oracle or of a block encoding",
}

RIDGELET: Mapping[str, str] = {
    "P": "prime: the number of levels that each feature is cut into",
    "D": "data dimension: the number of features",
    "K": "number of distinct data points",
    "N": "number of hidden nodes of a network",
    "p*": "the optimized distribution: how much each hidden node matters to the whole network",
    "K/P^D": "coverage: the share of all points that the data hold",
    "coverage": "K/P^D, the share of all points that the data hold",
    "lambda": "penalty of the ridge regression that defines p*",
    "law": "what a sampler draws from",
    "dequantized": "the classical sampler that follows the quantum circuit gate by gate",
    "enumeration": "the sampler that tabulates all P^(D+1) nodes",
    "uniform": "nodes drawn evenly, without regard to the data: the control",
    "leverage": "nodes drawn with regard to the points, not to their labels",
    "rader": "digits in qubits as discrete logarithms, for the primes 3, 5, 17 and 257",
    "MPS": "matrix product state: an exact way to simulate these circuits past 100 qubits",
    "empirical risk": "mean squared error on the training data",
    "held-out risk": "mean squared error on data that no fit has seen",
    "fidelity": "cross-entropy fidelity of nodes: 1 for p*, 0 for uniform nodes",
    **CIRCUITS,
    **STATISTICS,
}
"""Symbols of the studies on the ridgelet transform."""

KERNELS: Mapping[str, str] = {
    "n": "number of training images",
    "L": "hidden layers of the network whose kernel it is",
    "|k*>": "state of a test image's kernel values",
    "|y>": "state of the training labels",
    "kappa": "condition number: the largest over the least singular value",
    "delta": "how far from 1 the largest kernel value of two images is",
    "epsilon": "largest error of the polynomial that inverts",
    "queries D": "degree of the polynomial that inverts: so many uses of the kernel's block encoding",
    "o": "overlap that is read, whose sign is the prediction",
    "R": "largest sum of a row beside the diagonal: below 1 random walks read the same classically",
    **CIRCUITS,
    **STATISTICS,
}
"""Symbols of kernel training."""

NEURONS: Mapping[str, str] = {
    "N": "number of neurons that a mask keeps or drops, one bit each",
    "mask": "which neurons are kept",
    "ticket": "a network with a mask whose loss is least",
    "gadget": "a hard problem that is written as a choice of neurons",
    "rank": "number of directions that a gadget's coupling has",
    "echo": "echo state network: fixed random neurons with feedback, of which an output reads some",
    "Gray code": "all masks in an order in which neighbors differ by one neuron",
    "rounds": "repetitions of Grover's step until the minimum is held, in expectation",
    "QAOA": "quantum approximate optimization algorithm",
    "p": "layers of QAOA",
    **CIRCUITS,
    **STATISTICS,
}
"""Symbols of neuron selection."""

TRAINING: Mapping[str, str] = {
    "n": "number of weights that a pruned network keeps",
    "N": "order at which the linearization is cut off",
    "T": "steps of training between an upload and a download",
    "q": "degree of the polynomial that a step of gradient descent is",
    "eta": "step size of gradient descent",
    "lambda_max": "largest eigenvalue of the Hessian of the loss",
    "lambda_min": "least eigenvalue of the Hessian of the loss",
    "R": "number that is below 1 where the paper's condition certifies the linearization",
    "R_min": "the least R over all scalings of the weights",
    "h": "Newton-Kantorovich number: below 1/2 Newton's method provably converges",
    "kappa_eff": "condition that queries grow with: scale of the block encoding over the least singular value",
    "alpha": "scale of a block encoding: the matrix is divided by it",
    "|B|": "operator norm of the matrix of one step",
    "masked": "pruned weights stay at 0",
    **CIRCUITS,
    **STATISTICS,
}
"""Symbols of sparse training."""

STATES: Mapping[str, str] = {
    "n": "number of weights that are left, or of parameters that were fitted",
    "N": "number of spins: sites of the lattice, or links of the toric code",
    "alpha": "hidden neurons of a network for each spin",
    "E0": "energy of the ground state",
    "F": "overlap of two trained states, squared",
    "|+>": "the state in which all spins point along x: a network without weights",
    "imp": "the pruning run itself: train, cut the smallest weights, rewind, and train again",
    "T(init, imp)": "the pruning run's mask, trained from the first values",
    "T(rand, imp)": "the pruning run's mask, trained from fresh values",
    "T(init, rand)": "a random mask as large, trained from the first values",
    "plateau": "the error of |+>, at which a network that lost its structure ends",
    "Jastrow": "state with one coupling for each pair of spins",
    "ADAPT": "circuits that grow by the rotation that lowers the energy most",
    "plaquette": "four spins around a square, whose product the toric code fixes",
    **CIRCUITS,
    **STATISTICS,
}
"""Symbols of ground states."""
