"""Linear systems by reflecting about a kernel: success is near 1 where the norm of the solution is known."""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import Gate

from problems.arrays import as_numbers
from problems.errors import InputError, non_negative
from problems.seeds import Seed
from quantum.blocks.block_encoding import BlockEncoding
from quantum.blocks.dense_encoding import DenseEncoding
from quantum.blocks.norm_estimate import NormEstimate, estimate_norm, guesses_to, reflection_success
from quantum.blocks.polynomial_solver import PolynomialSolver
from quantum.blocks.preparation import preparation
from quantum.blocks.projectors import ZeroFlags
from quantum.blocks.qsvt import Qsvt
from quantum.blocks.reflection_polynomial import ReflectionPolynomial, reflection_polynomial
from quantum.blocks.without_state import WithoutState

__all__ = ["KernelReflection"]


class KernelReflection(PolynomialSolver):
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

    @property
    def system_qubits(self) -> int:
        """Qubits of x."""
        return self._plain.system_qubits

    def load(self) -> QuantumCircuit:
        """Return b on the system, and the level set."""
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
