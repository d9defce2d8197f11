"""Hidden nodes measured from the ridgelet circuit."""

import numpy as np

from problems.errors import choose
from problems.ridgelet.nodes import Nodes
from problems.ridgelet.problem import RidgeletProblem
from problems.ridgelet.sampling import check_count, check_problem
from problems.seeds import Seed, generator
from quantum.backends import BACKENDS
from quantum.ridgelet.circuit import ENCODINGS, LOADERS, ridgelet_circuit

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
        A name in `quantum.ridgelet.ENCODINGS`: "binary".
    loader
        "ideal" hands the state to the simulator, "sparse" loads it by gates.

    Attributes
    ----------
    circuit
        The measured circuit, before it is fitted to the backend.

    Raises
    ------
    InputError
        If a name is unknown, the prime is above what the encoding takes, or the simulation would not fit in memory.
    """

    def __init__(
        self,
        problem: RidgeletProblem,
        backend: str = "aer_statevector",
        encoding: str = "binary",
        loader: str = "ideal",
    ) -> None:
        self.problem = check_problem(problem)
        choose("loader", loader, LOADERS)
        self.check(problem, backend, encoding)
        self._encoding = ENCODINGS[encoding](problem.prime)
        self.circuit = ridgelet_circuit(problem, encoding, loader)
        rank = self._encoding.schmidt_rank(_terms(problem))
        self._program = BACKENDS[backend].prepare(self.circuit, rank)

    @staticmethod
    def check(problem: RidgeletProblem, backend: str = "aer_statevector", encoding: str = "binary") -> None:
        """Refuse a problem whose circuit the backend cannot hold, before anything is built.

        Raises
        ------
        InputError
            If a name is unknown, the prime is above what the encoding takes, or the simulation would not fit.
        """
        chosen_backend = choose("backend", backend, BACKENDS)
        chosen = choose("encoding", encoding, ENCODINGS)(problem.prime)
        qubits = (problem.dimension + 1) * chosen.digit_qubits + (problem.outputs - 1).bit_length()
        chosen_backend.check(qubits, chosen.schmidt_rank(_terms(problem)))

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


def _terms(problem: RidgeletProblem) -> int:
    """Count the loaded amplitudes."""
    return int(np.count_nonzero(problem.amplitudes))
