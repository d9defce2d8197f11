"""Linear systems by reflecting about a kernel: success is near 1 where the norm of the solution is known."""

from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import Gate
from qiskit.circuit.library import DiagonalGate

from problems.arrays import as_numbers
from problems.errors import InputError, non_negative
from problems.seeds import Seed
from quantum.blocks.dense_encoding import DenseEncoding
from quantum.blocks.norm_estimate import NormEstimate, estimate_norm, guesses_to, reflection_success
from quantum.blocks.pieces import Piece, qsvt_pieces
from quantum.blocks.projectors import ZeroFlags
from quantum.blocks.qsvt import Qsvt
from quantum.blocks.reflection_polynomial import ReflectionPolynomial, reflection_polynomial
from quantum.blocks.sparse_loader import SparseLoader
from quantum.blocks.sparse_state import SparseState
from quantum.blocks.symmetric_phases import symmetric_phases
from quantum.blocks.without_state import WithoutState

__all__ = ["BlockEncoding", "KernelReflection", "preparation"]

HEIGHT = 0.999
"""What enters the circuit is the reflection's polynomial over its largest value, times this: phases need room."""


class BlockEncoding(Protocol):
    """A gate with a matrix as its block where its ancillas, which come last, are 0; see `DenseEncoding`."""

    @property
    def num_qubits(self) -> int:
        """Of the system and of the ancillas."""
        ...

    @property
    def flags(self) -> tuple[int, ...]:
        """The ancillas."""
        ...

    @property
    def alpha(self) -> float:
        """By which the matrix is divided."""
        ...

    @property
    def condition(self) -> float:
        """Alpha over the least singular value."""
        ...

    @property
    def system_qubits(self) -> int:
        """Qubits that the block acts on, a level included."""
        ...

    def at_level(self, level: float | None) -> Any:
        """Return the gate with one system qubit more, and the block `level` where it is 1."""
        ...

    def matrix(self) -> NDArray[Any]:
        """Return the block."""
        ...

    def apply(self, x: NDArray[Any], adjoint: bool = False) -> NDArray[Any]:
        """Return the block, without the level, times a vector."""
        ...

    def solve(self, right_side: NDArray[Any]) -> NDArray[Any]:
        """Return x with (A/alpha) x = b."""
        ...


class KernelReflection:
    """The circuit that turns b into the normalized solution of A x = b by one reflection.

    Parameters
    ----------
    matrix
        A: real or complex, shape (n, n), with an inverse; or a block encoding of it (`BlockEncoding`).
    right_side
        b, shape (n,), not zero; its norm does not matter. For an encoding, on all states of its system.
    epsilon
        The error of the reflection, in (0, 1).
    guess
        t >= 1, the guess of |x|, where (A/alpha) x = b and |b| = 1. None takes |x| itself, computed classically: a
        device does not know it, see `estimate`.
    kappa
        A bound on alpha/sigma_min(A). None computes that classically.

    Attributes
    ----------
    encoding
        Of A_t: A/alpha, and 1/t where the level is 1.
    right_side
        b, normalized and padded.
    guess, kappa
        As they are used.
    polynomial
        A `ReflectionPolynomial` for max(kappa, t).

    Raises
    ------
    InputError
        If the matrix has no inverse, b does not fit, or a number is out of range.

    Notes
    -----
    Dalzell, arXiv:2406.12086, section 3. With A_t = A/alpha on one level and 1/t on the other, b_t = (b, b)/sqrt 2 and
    G = (1 - b_t b_t') A_t, the kernel of G is spanned by (x, t b). The reflection about it turns (0, b) into

        (sin(2 theta) x/|x|, cos(2 theta) b),    tan(theta) = |x|/t,

    so that success is sin^2(2 theta): 1 at t = |x|, .93 at 1.3 |x|, .64 at 2 |x|, and no power of |x|/kappa as in
    inversion. Dalzell has a single further dimension; a whole level, block-diagonal, needs no other reflection.

    Registers: the system, the level, the encoding's ancillas, the qubit `real`. Success: all but the system are 0.
    Decomposition: b loaded, the level set, then a `Qsvt` of the polynomial, whose right space has the ancillas at 0 and
    whose left one is also orthogonal to b_t (`WithoutState`). Cost: `queries` block encodings, and every second phase
    an RZ controlled by all of their qubits.
    """

    def __init__(
        self,
        matrix: "ArrayLike | BlockEncoding",
        right_side: ArrayLike,
        epsilon: float = 0.01,
        guess: float | None = None,
        kappa: float | None = None,
    ) -> None:
        plain: Any = matrix if isinstance(matrix, Gate) else DenseEncoding(matrix)  # type: ignore[arg-type]
        if not hasattr(plain, "at_level"):
            raise InputError(f"{type(plain).__name__} has no level to add; give the matrix, or a BlockEncoding.")
        self._plain: BlockEncoding = plain.at_level(None)
        self._rows = np.size(right_side)
        self.right_side = _right_side(right_side, 2**self._plain.system_qubits, isinstance(plain, DenseEncoding))
        if kappa is None:
            kappa = self._plain.condition
            if not np.isfinite(kappa):
                raise InputError("matrix has no inverse (its least singular value is 0); give one that has.")
        if guess is not None and not non_negative("guess", guess) >= 1:
            raise InputError(f"guess = {guess} is below 1, and no solution of (A/alpha) x = b is that short; raise it.")
        self.epsilon, self.kappa = epsilon, max(non_negative("kappa", kappa), 1.0)
        self.guess = self.norm if guess is None else float(guess)
        self.polynomial: ReflectionPolynomial = reflection_polynomial(max(self.kappa, self.guess), epsilon)
        self.encoding = self._plain.at_level(1 / self.guess)

    def __repr__(self) -> str:
        return f"KernelReflection({self._plain.system_qubits} qubits, degree {self.degree}, guess {self.guess:.6g})"

    @cached_property
    def solution(self) -> NDArray[Any]:
        """X with (A/alpha) x = b, |b| = 1, computed classically: the reference."""
        return self._plain.solve(self.right_side)

    @property
    def norm(self) -> float:
        """|x|, computed classically."""
        return float(np.linalg.norm(self.solution))

    @property
    def degree(self) -> int:
        """The degree of the polynomial: how often a run applies the block encoding or its adjoint."""
        return self.polynomial.degree

    @property
    def queries(self) -> int:
        """Block encodings of a run: the degree."""
        return self.degree

    @property
    def height(self) -> float:
        """The factor of the reflection in the circuit, just below 1."""
        return HEIGHT / self.polynomial.maximum

    @cached_property
    def branch(self) -> NDArray[Any]:
        """The amplitudes of the system where all flags say success, shape (2^qubits,), squared norm `success`.

        What the circuit does, without one: the polynomial by its Chebyshev recursion, T_2k(G) = T_k(2 G'G - 1).
        """
        return self._reflected()[0] * self.height

    def _reflected(self) -> tuple[NDArray[Any], NDArray[Any]]:
        b, t, plain = self.right_side, self.guess, self._plain

        def step(upper: NDArray[Any], lower: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
            """2 G'G - 1 on the two levels."""
            above, below = plain.apply(upper), lower / t
            overlap = (np.vdot(b, above) + np.vdot(b, below)) / 2
            above, below = above - overlap * b, below - overlap * b
            return 2 * plain.apply(above, adjoint=True) - upper, 2 * below / t - lower

        c = self.polynomial.coefficients[::2]
        before = (np.zeros_like(b), b)
        now = step(*before)
        found = [c[0] * old + c[1] * new for old, new in zip(before, now, strict=True)]
        for factor in c[2:]:
            raised = step(*now)
            before, now = now, (2 * raised[0] - before[0], 2 * raised[1] - before[1])
            found = [have + factor * new for have, new in zip(found, now, strict=True)]
        return found[0], found[1]

    @cached_property
    def phases(self) -> NDArray[np.float64]:
        """Symmetric phases of the polynomial times `height`, shape (degree + 1,)."""
        return symmetric_phases(self.polynomial.coefficients * self.height)

    @property
    def qubits(self) -> int:
        """The width of the circuit."""
        return self.encoding.num_qubits + 1

    @property
    def flags(self) -> dict[int, int]:
        """The qubits that say success, and what they then hold."""
        return dict.fromkeys(range(self._plain.system_qubits, self.qubits), 0)

    def _load(self) -> QuantumCircuit:
        circuit = QuantumCircuit(self.qubits, name="kernel_reflection")
        circuit.append(preparation(self.right_side), range(self._plain.system_qubits))
        circuit.x(self._plain.system_qubits)
        return circuit

    @cached_property
    def gate(self) -> Qsvt:
        """The reflection, without the loading of b."""
        system, block = self._plain.system_qubits, self.encoding
        both = QuantumCircuit(system + 1, name="load_both")
        both.append(preparation(self.right_side), range(system))
        both.h(system)
        b_t = np.concatenate([self.right_side, self.right_side]) / np.sqrt(2)
        left = WithoutState(block.num_qubits, block.flags, both.to_gate(), b_t)
        return Qsvt(block, self.phases, ZeroFlags(block.num_qubits, block.flags), left)

    @cached_property
    def circuit(self) -> QuantumCircuit:
        """The loading of b and the reflection, not measured."""
        return self._load().compose(self.gate.definition)

    def pieces(self) -> list[Piece]:
        """Return what the circuit is made of, for counting."""
        return qsvt_pieces(self.gate, self._load())

    @property
    def success(self) -> float:
        """The probability that all flags say success."""
        return float(np.linalg.norm(self.branch) ** 2)

    @property
    def ideal_success(self) -> float:
        """sin^2(2 arctan(|x|/t)), that of an exact reflection."""
        return float(reflection_success(self.norm / self.guess))

    def solve(self) -> NDArray[Any]:
        """Return the normalized solution by state vector, sign included, shape (n,) as b was given."""
        return (self.branch / np.linalg.norm(self.branch))[: self._rows]

    def estimate(self, shots: int = 32, seed: Seed = None) -> NormEstimate:
        """Estimate |x| as a device has to, by runs with guesses 1, 2, 4, ... up to kappa; `estimate_norm`.

        Parameters
        ----------
        shots
            Runs at each guess.
        seed
            Of the runs, which are drawn from the exact probabilities.
        """

        def run(guess: float) -> tuple[float, int]:
            found = KernelReflection(self._plain, self.right_side, self.epsilon, guess, self.kappa)
            return found.success, found.queries

        return estimate_norm(run, self.kappa, shots, seed)

    def estimation_queries(self, shots: int = 32) -> int:
        """Return the block encodings of `estimate`."""
        return shots * sum(
            reflection_polynomial(max(self.kappa, t), self.epsilon).degree for t in guesses_to(self.kappa)
        )


def _right_side(right_side: ArrayLike, size: int, padded: bool) -> NDArray[Any]:
    array = as_numbers("right_side", right_side)
    if array.ndim != 1 or len(array) > size or (len(array) < size and not padded):
        raise InputError(f"right_side has shape {array.shape}; give ({size},), one number a row.")
    if array.dtype.kind not in "biufc" or not np.all(np.isfinite(array)):
        raise InputError("right_side has entries that are no finite numbers; give real or complex numbers.")
    norm = np.linalg.norm(array)
    if not norm:
        raise InputError("right_side is zero, and so is the solution; give one that is not.")
    found = np.zeros(size, dtype=complex if array.dtype.kind == "c" else float)
    found[: len(array)] = array / norm
    return found


def preparation(vector: NDArray[Any]) -> Gate:
    """Return a gate that makes a normalized vector of |0...0>: a `SparseLoader`, then phases where it is complex."""
    states = np.flatnonzero(vector)
    qubits = (len(vector) - 1).bit_length()
    bits = ((states[:, None] >> np.arange(qubits)) & 1).astype(bool)
    complex_valued = bool(np.any(np.imag(vector)))
    amplitudes = np.abs(vector[states]) if complex_valued else np.real(vector[states])
    loader = SparseLoader(SparseState(bits, amplitudes / np.linalg.norm(amplitudes)))
    if not complex_valued:
        return loader
    circuit = QuantumCircuit(qubits, name="complex_loader")
    circuit.append(loader, circuit.qubits)
    circuit.append(DiagonalGate(np.exp(1j * np.angle(vector))), circuit.qubits)
    return circuit.to_gate()
