"""u(T) read by shots from the amplitudes of a circuit's last slots: what all solvers share."""

from abc import ABC, abstractmethod
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import ClassicalRegister, QuantumCircuit
from qiskit.primitives import BaseSamplerV2
from qiskit.providers import BackendV2

from problems.errors import InputError, whole_number
from problems.memory import require_memory
from problems.seeds import Seed, generator, integer_seed
from problems.showing import Shows
from quantum.backends import BACKENDS, Backend, FittedCircuit, resolve
from quantum.backends.fitting import check_depth
from quantum.sparse_training.signed_entries import SignedEntries, SignedEstimate
from quantum.sparse_training.slot_layout import SlotLayout

__all__ = ["SignedReading"]


class SignedReading(Shows, ABC):
    """A circuit whose good branch holds v_j = u_j/scale beside a constant, and how u is read from it.

    Its slot is on the first qubits, laid out by a `SlotLayout`.
    """

    scale: float

    @property
    @abstractmethod
    def layout(self) -> SlotLayout:
        """Where a slot's numbers stand."""

    @property
    @abstractmethod
    def read_part(self) -> NDArray[np.float64]:
        """Amplitudes of the slots that hold u(T), where all flags say success, up to index 2M: shape (slots, 2M)."""

    @property
    @abstractmethod
    def circuit(self) -> QuantumCircuit:
        """The circuit without readout and measurement."""

    @property
    @abstractmethod
    def qubits(self) -> int:
        """Its width, known before it is built."""

    @property
    @abstractmethod
    def flags(self) -> dict[int, int]:
        """The qubits that say success and "u(T)", and what they then hold; the slot's own are not among them."""

    @property
    def entries(self) -> int:
        """N."""
        return self.layout.dimension

    @property
    def _required(self) -> dict[int, int]:
        """The values that qubits hold in a good run, those of the slot above the constant's included."""
        return {**dict.fromkeys(range(self.layout.index_qubits + 1, self.layout.qubits), 0), **self.flags}

    @property
    def measured(self) -> QuantumCircuit:
        """The circuit, the readout, and measurements: index, sign, then all that must be as `flags` says."""
        circuit = self.circuit.copy()
        read = list(range(self.layout.index_qubits + 1))
        circuit.append(SignedEntries(self.entries), read)
        places = [*read, *self._required]
        circuit.add_register(ClassicalRegister(len(places), "read"))
        circuit.measure(places, range(len(places)))
        return circuit

    def counts(self, bits: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return how often measured bits (shots, bits) of `measured` say |j>|+> and |j>|->, shape (2, M)."""
        m = self.layout.index_qubits
        good = bits[np.all(bits[:, m + 1 :] == np.array([*self._required.values()], dtype=bool), axis=1)]
        numbers = good[:, : m + 1] @ (1 << np.arange(m + 1))
        return np.bincount(numbers, minlength=2 ** (m + 1)).reshape(2, -1)

    def measure(self, backend: str | BackendV2 | BaseSamplerV2, shots: int, seed: Seed = None) -> SignedEstimate:
        """Return u(T) as the circuit itself gives it on a backend.

        Parameters
        ----------
        backend
            As `quantum.backends.resolve` takes it: "aer_statevector", a snapshot with its noise ("fake_fez"), a device.
        shots
            Runs of the circuit, failed ones included, at least 2.
        seed
            Of a simulation.

        Raises
        ------
        InputError
            If the circuit is wider than the backend or its simulation than memory, is so deep that it drowns in a
            device's noise, or what came cannot be read.
        """
        count, place = whole_number("shots", shots, 2), resolve(backend)
        self.check_backend(place)
        program = place.prepare(self.measured, self.rank)
        fitted: FittedCircuit | None = getattr(program, "fitted", None)
        if fitted is not None:
            check_depth(fitted, count, place.name)
        plus, minus = self.counts(program.run(count, integer_seed(seed)))
        return self.read(plus, minus, count)

    @property
    def rank(self) -> int:
        """A bound on the Schmidt rank of the circuit's states."""
        return int(2 ** (self.qubits // 2))

    def check_backend(self, backend: Backend) -> None:
        """Refuse a circuit that is wider than a backend, or than memory there, before it is built.

        Raises
        ------
        InputError
            If it is.
        """
        remedy = "take fewer weights, a lower order or fewer steps, or solve() and sample(), which need no circuit"
        if backend.name in BACKENDS:
            require_memory((5 * 16 + 8) * 2**self.qubits, f"A state vector of {self.qubits} qubits", remedy)
        most = None if backend.target is None else backend.target.num_qubits
        if most is not None and self.qubits > most:
            raise InputError(f"The circuit has {self.qubits} qubits, and {backend.name} has {most}; {remedy}.")
        backend.check(self.qubits, self.rank)

    @property
    def good(self) -> float:
        """The probability that a run can be read: success, u(T), and the constant or a weight."""
        return float(np.sum(self.read_part**2))

    def solve(self) -> NDArray[np.float64]:
        """Return u(T) by state vector, shape (n,), signed and in the units of u."""
        part = self.read_part
        # All slots hold the same, up to the error of the method: each counts by its constant, as in a measurement.
        constant = part[:, part.shape[1] // 2]
        return np.asarray(self.scale * (constant @ part[:, : self.entries]) / (constant @ constant))

    @cached_property
    def outcomes(self) -> NDArray[np.float64]:
        """Probabilities of |j>|+> and |j>|-> after the readout, shape (2, M); all else is a run that failed."""
        readout = np.asarray(SignedEntries(self.entries)).real
        return np.sum((self.read_part @ readout.T) ** 2, axis=0).reshape(2, -1)

    def sample(self, shots: int, seed: Seed = None, constant_shots: int = 0) -> tuple[NDArray, NDArray]:
        """Return u(T) and its standard errors as read by shots, (n,) each, in the units of u.

        Parameters
        ----------
        shots
            Runs of the circuit, failed ones included, at least 2.
        seed
            Of the runs, drawn from the exact probabilities.
        constant_shots
            Further runs that measure the constant by itself: so it may be as small as it is. 0 takes it from the
            same runs.

        Raises
        ------
        InputError
            If the constant is too small beside the weights to be read from the same runs.
        """
        count, extra = whole_number("shots", shots, 2), whole_number("constant_shots", constant_shots, 0)
        rng = generator(seed)
        if not extra:
            self.require_constant()
        p = self.outcomes.ravel()
        drawn = rng.multinomial(count, [*p, max(0.0, 1 - p.sum())])[:-1].reshape(2, -1)
        alone = float(np.sum(self.read_part[:, self.read_part.shape[1] // 2] ** 2))
        constant = int(rng.binomial(extra, min(alone, 1.0))) if extra else None
        found = self.read(drawn[0], drawn[1], count, constant, extra)
        return found.values, found.errors

    def read(
        self, plus: ArrayLike, minus: ArrayLike, shots: int, constant: int | None = None, constant_shots: int = 0
    ) -> SignedEstimate:
        """Return u(T), its errors and v_0^2 from counts of |j>|+> and |j>|->, shape (M,), of so many runs.

        Parameters are those of `SignedEntries.estimate`, which refuses what cannot be read.
        """
        found = SignedEntries(self.entries).estimate(plus, minus, shots, constant, constant_shots)
        return SignedEstimate(self.scale * found.values, self.scale * found.errors, found.constant)

    def require_constant(self) -> None:
        """Refuse a scale at which the constant is no larger than the weights: its size could not be told from theirs.

        Raises
        ------
        InputError
            If |u(T)| is not below the scale.
        """
        size = float(np.linalg.norm(self.solve()))
        if not size < self.scale:
            raise InputError(
                f"scale = {self.scale:.6g} is not above |u(T)| = {size:.6g}, so that the constant is too small for "
                f"signed entries; give scale={2 * size:.3g}, or constant_shots, which measure it by itself."
            )
