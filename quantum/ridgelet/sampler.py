"""Hidden nodes measured from the ridgelet circuit."""

import numpy as np

from problems.errors import choose
from problems.ridgelet.nodes import Nodes
from problems.ridgelet.problem import RidgeletProblem
from problems.ridgelet.sampling import check_count, check_problem
from problems.seeds import Seed, generator
from quantum.backends import BACKENDS
from quantum.ridgelet.circuit import ENCODINGS, Encoding, ridgelet_circuit
from quantum.ridgelet.loaders import loader_gate

__all__ = ["CircuitSampler"]


class CircuitSampler:
    """Draws nodes by running the circuit; one shot a node.

    Parameters
    ----------
    problem
        The problem whose nodes are drawn.
    backend
        A name in `quantum.backends.BACKENDS`: "aer_statevector" or "aer_mps".
    encoding
        A name in `quantum.ridgelet.ENCODINGS`: "binary" for any small prime, "rader" for 3, 5, 17 and 257,
        "crt" for 7, 11, 13, 31 and others up to 241.
    loader
        A name in `quantum.ridgelet.LOADERS`: "ideal" hands the state to the simulator, "sparse" loads it by gates,
        "filtered" applies the regularization by gates as well.
    dynamic
        Whether transforms that end in a measurement are semiclassical; see `ridgelet_circuit`. A simulator then runs
        every shot by itself.
    bond_dimension
        A limit for "aer_mps". One that would truncate the state is refused; None takes what an exact simulation needs.

    Attributes
    ----------
    circuit
        The measured circuit, before it is fitted to the backend.

    Raises
    ------
    InputError
        If a name is unknown, the encoding does not take the prime or is not dynamic, the loader would be huge, or an
        exact simulation would not fit in memory or in the limit.
    """

    def __init__(
        self,
        problem: RidgeletProblem,
        backend: str = "aer_statevector",
        encoding: str = "binary",
        loader: str = "ideal",
        dynamic: bool = False,
        bond_dimension: int | None = None,
    ) -> None:
        self.problem = problem
        self.check(problem, backend, encoding, loader, bond_dimension)
        self._encoding = ENCODINGS[encoding](problem.prime)
        self.circuit = ridgelet_circuit(problem, encoding, loader, dynamic)
        rank = schmidt_rank(problem, self._encoding, loader)
        self._program = BACKENDS[backend].prepare(self.circuit, rank, bond_dimension)

    @staticmethod
    def check(
        problem: RidgeletProblem,
        backend: str = "aer_statevector",
        encoding: str = "binary",
        loader: str = "ideal",
        bond_dimension: int | None = None,
    ) -> None:
        """Refuse a problem whose circuit the backend cannot hold, before anything is built.

        Raises
        ------
        InputError
            If a name is unknown, the encoding does not take the prime, the loader would be huge, or an exact
            simulation would not fit in memory or in the limit.
        """
        problem = check_problem(problem)
        chosen_backend = choose("backend", backend, BACKENDS)
        chosen = choose("encoding", encoding, ENCODINGS)(problem.prime)
        qubits = loader_gate(problem, chosen, loader).num_qubits + chosen.digit_qubits
        chosen_backend.check(qubits, schmidt_rank(problem, chosen, loader), bond_dimension)

    def sample(self, n: int, seed: Seed = None) -> Nodes:
        """Draw `n` independent nodes; see `NodeSampler.sample`.

        Raises
        ------
        RuntimeError
            If the simulator returned a bit string that is no node, which an exact simulation never does.
        """
        n, rng = check_count(n), generator(seed)
        digits, valid = self._encoding.decode(self._program.run(n, int(rng.integers(2**31))))
        if not np.all(valid):
            raise RuntimeError(
                f"{np.count_nonzero(~valid)} of {n} shots are no nodes; an exact simulation measures none such, so the "
                "simulator's result is wrong. Please report it with the circuit."
            )
        return Nodes(digits[:, :-1].copy(), digits[:, -1].copy())


def schmidt_rank(problem: RidgeletProblem, encoding: Encoding, loader: str) -> int:
    """Bound the Schmidt rank of every cut at every moment of the circuit."""
    terms = int(np.count_nonzero(problem.amplitudes))
    if loader == "filtered":
        # Amplification passes through sums of the loaded states, of their images half-way, and of |0>, twice over
        # while a flag is set.
        terms = 4 * terms + 2
    return encoding.schmidt_rank(terms)
