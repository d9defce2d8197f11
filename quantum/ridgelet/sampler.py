"""Hidden nodes measured from the ridgelet circuit."""

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from qiskit.primitives import BaseSamplerV2
from qiskit.providers import BackendV2

from problems.errors import InputError, choose
from problems.ridgelet.nodes import Nodes
from problems.ridgelet.problem import RidgeletProblem
from problems.ridgelet.sampling import ShownSampler, check_count, check_problem
from problems.seeds import Seed, generator, integer_seed
from quantum.backends import Backend, resolve
from quantum.backends.fitting import FittedCircuit, check_depth
from quantum.backends.options import NO_SUPPRESSION, Suppression
from quantum.backends.shots import check_shots
from quantum.ridgelet.circuit import ENCODINGS, Encoding, ridgelet_circuit
from quantum.ridgelet.loaders import loader_gate

__all__ = ["CircuitSampler", "Measurement", "check_circuit", "schmidt_rank"]

UNLIKELY = 1e-9
"""Below this probability, shots that are all zero are taken for shots that were never returned."""

FRUITLESS = 3
"""Runs in a row without a single node, after which no more are made."""


@dataclass(frozen=True, eq=False)
class Measurement:
    """The results of shots of the circuit.

    Attributes
    ----------
    nodes
        The nodes of the valid shots, in the order they were measured.
    valid
        Which shots are nodes, shape (shots,).
    bits
        What was measured, shape (shots, classical bits), bit 0 first.
    """

    nodes: Nodes
    valid: NDArray[np.bool_]
    bits: NDArray[np.bool_]

    @classmethod
    def from_bits(cls, bits: NDArray[np.bool_], encoding: Encoding) -> Self:
        """Decode measured bits (shots, classical bits)."""
        digits, valid = encoding.decode(bits)
        kept = digits[valid]
        return cls(Nodes(kept[:, :-1].copy(), kept[:, -1].copy()), valid, bits)

    @property
    def shots(self) -> int:
        """How often the circuit was measured."""
        return len(self.valid)

    @property
    def surviving(self) -> float:
        """The share of the shots that are nodes."""
        return float(np.mean(self.valid))


class CircuitSampler(ShownSampler):
    """Draws nodes by running the circuit; one shot a node.

    Parameters
    ----------
    problem
        The problem whose nodes are drawn.
    backend
        Where the circuit runs: an exact simulator's name in `quantum.backends.BACKENDS`, "aer_statevector" or
        "aer_mps"; a snapshot's, "fake_fez", which is simulated with its noise; an IBM device's, "ibm_fez"; or any
        `BackendV2` or `BaseSamplerV2`. See `quantum.backends.resolve`.
    encoding
        A name in `quantum.ridgelet.ENCODINGS`: "binary" for any small prime, "rader" for 3, 5, 17 and 257,
        "crt" for 7, 11, 13, 31 and others up to 241.
    loader
        A name in `quantum.ridgelet.LOADERS`: "ideal" hands the state to the simulator, "sparse" loads it by gates,
        "filtered" applies the regularization by gates as well. None takes "ideal" where there is no noise, and
        "sparse" on devices.
    dynamic
        Whether transforms that end in a measurement are semiclassical; see `ridgelet_circuit`. A simulator then runs
        every shot by itself.
    bond_dimension
        A limit for "aer_mps". One that would truncate the state is refused; None takes what an exact simulation needs.
    suppression
        What is done against errors; the user is warned (`NotHonored`) where it is of no use.

    Attributes
    ----------
    circuit
        The measured circuit, before it is fitted to the backend.
    fitted
        The circuit in the device's gates, with its layout and what is expected of it; None where no gates are known.
    loader
        The loader's name.

    Raises
    ------
    InputError
        If a name is unknown, the encoding does not take the prime or is not dynamic, the loader would be huge or
        needs a simulator, an exact simulation would not fit in memory or in the limit, the circuit is too wide for
        the device, or no account is saved for it.
    ServiceError
        If the device's service cannot be reached.
    """

    def __init__(
        self,
        problem: RidgeletProblem,
        backend: str | BackendV2 | BaseSamplerV2 = "aer_statevector",
        encoding: str = "binary",
        loader: str | None = None,
        dynamic: bool = False,
        bond_dimension: int | None = None,
        suppression: Suppression = NO_SUPPRESSION,
    ) -> None:
        self.problem = check_problem(problem)
        self._backend = resolve(backend, suppression)
        self.loader = check_circuit(problem, self._backend, encoding, loader, bond_dimension)
        self._encoding = ENCODINGS[encoding](problem.prime)
        self.circuit = ridgelet_circuit(problem, encoding, self.loader, dynamic, ancillas=False)
        rank = schmidt_rank(problem, self._encoding, self.loader)
        self._program = self._backend.prepare(self.circuit, rank, bond_dimension)
        self.fitted: FittedCircuit | None = getattr(self._program, "fitted", None)

    @staticmethod
    def check(
        problem: RidgeletProblem,
        backend: str | BackendV2 | BaseSamplerV2 = "aer_statevector",
        encoding: str = "binary",
        loader: str | None = None,
        bond_dimension: int | None = None,
    ) -> None:
        """Refuse a problem whose circuit the backend cannot hold, before anything is built.

        Raises
        ------
        InputError
            If a name is unknown, the encoding does not take the prime, the loader would be huge or needs a simulator,
            an exact simulation would not fit in memory or in the limit, or the circuit is too wide for the device.
        """
        check_circuit(check_problem(problem), resolve(backend), encoding, loader, bond_dimension)

    def measure(self, shots: int, seed: Seed = None) -> Measurement:
        """Run the circuit once, and decode all shots, those that are no nodes counted.

        Parameters
        ----------
        shots
            How often it is measured.
        seed
            What `numpy.random.default_rng` takes. Simulators give the same shots for the same seed; devices and
            samplers from elsewhere take none.

        Raises
        ------
        InputError
            If the number is below 1, beyond the device's limit or more than memory holds, the circuit is too deep for
            so many shots, or the backend returned zeros in place of shots.
        ServiceError
            If a job failed or came back incomplete.
        """
        limit = self._backend.max_shots
        return self._measure(check_shots(shots, self.circuit.num_clbits, self._backend.name, limit), generator(seed))

    def sample(self, n: int, seed: Seed = None) -> Nodes:
        """Draw `n` independent nodes; see `NodeSampler.sample`.

        On a device shots that are no nodes are left out, and the circuit runs again until there are enough.

        Raises
        ------
        InputError
            As `measure` does.
        RuntimeError
            If an exact simulator returned a bit string that is no node, which it never does, or a device gave no
            node in several runs.
        """
        n, rng = check_count(n), generator(seed)
        check_shots(n, self.circuit.num_clbits, self._backend.name)
        if not self._backend.device:
            return self._exact(n, rng)
        limit = self._backend.max_shots
        parts: list[Nodes] = []
        drawn = measured = fruitless = 0
        while drawn < n:
            # As many shots more as the share so far makes it likely that the missing nodes need.
            missing = n - drawn
            wanted = math.ceil(1.1 * missing * measured / drawn) + 10 if drawn else missing
            measurement = self._measure(wanted if limit is None else min(wanted, limit), rng)
            parts.append(measurement.nodes[:missing])
            drawn, measured = drawn + len(measurement.nodes), measured + measurement.shots
            fruitless = 0 if len(measurement.nodes) else fruitless + 1
            if fruitless == FRUITLESS:
                raise RuntimeError(
                    f"None of the last {FRUITLESS} runs on {self._backend.name} measured a node; its noise leaves "
                    "nothing of this circuit. Take fewer points or features, or another encoding."
                )
        return Nodes.concatenate(parts)

    def _exact(self, n: int, rng: np.random.Generator) -> Nodes:
        measurement = self._measure(n, rng)
        if not np.all(measurement.valid):
            raise RuntimeError(
                f"{np.count_nonzero(~measurement.valid)} of {n} shots are no nodes; an exact simulation measures none "
                "such, so the simulator's result is wrong. Please report it with the circuit."
            )
        return measurement.nodes

    def _measure(self, shots: int, rng: np.random.Generator) -> Measurement:
        if self.fitted is not None:
            check_depth(self.fitted, shots, self._backend.name)
        bits = self._program.run(shots, integer_seed(rng))
        if self._backend.device and not bits.any():
            self._require_zeros_likely(bits)
        return Measurement.from_bits(bits, self._encoding)

    def _require_zeros_likely(self, bits: NDArray[np.bool_]) -> None:
        """Refuse shots that are all zero where the circuit does not give such: a backend may keep none."""
        zero = Measurement.from_bits(bits[:1], self._encoding).nodes
        probability = float(self.problem.probability(zero)[0]) if len(zero) else 0.0
        if probability ** len(bits) < UNLIKELY:
            raise InputError(
                f"All {len(bits)} shots of {self._backend.name} are zeros, where the circuit gives that with "
                f"probability {probability:.2g} a shot; a backend that keeps counts alone reads like this. Give one "
                "that keeps single shots (memory=True)."
            )


def check_circuit(
    problem: RidgeletProblem, backend: Backend, encoding: str, loader: str | None, bond_dimension: int | None = None
) -> str:
    """Return the loader's name, or refuse what the backend cannot hold, before anything is built.

    Raises
    ------
    InputError
        As `CircuitSampler.check`, which takes the backend by name.
    """
    chosen = choose("encoding", encoding, ENCODINGS)(problem.prime)
    if loader is None:
        loader = "sparse" if backend.device else "ideal"
    gate = loader_gate(problem, chosen, loader, ancillas=False)
    if backend.device and loader == "ideal":
        raise InputError(
            f"loader='ideal' hands the state to a simulator, but {backend.name} takes gates alone; use "
            "loader='sparse', or leave it out."
        )
    rank = schmidt_rank(problem, chosen, loader)
    backend.check(gate.num_qubits + chosen.digit_qubits, rank, bond_dimension)
    return loader


def schmidt_rank(problem: RidgeletProblem, encoding: Encoding, loader: str) -> int:
    """Bound the Schmidt rank of every cut at every moment of the circuit."""
    terms = int(np.count_nonzero(problem.amplitudes))
    if loader == "filtered":
        # Amplification passes through sums of the loaded states, of their images half-way, and of |0>, twice over
        # while a flag is set.
        terms = 4 * terms + 2
    return encoding.schmidt_rank(terms)
