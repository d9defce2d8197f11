"""The node-sampling problem: data over Z_P and the optimized distribution of hidden nodes.

With the ridgelet r (real, zero mean, unit norm on Z_P) and all arithmetic inside r modulo P,

    network             S[w](x)   = P^(-D/2) sum_{a,b} w(a,b) r(a.x - b)
    ridgelet transform  R[f](a,b) = P^(-D/2) sum_x f(x) r(a.x - b).

R is an isometry and S R = 1. Ridge regression of the whole exponential network has the closed solution w* = R[h]
with h(x) = p(x) f(x)/(p(x) + lambda), and nodes are drawn from the optimized distribution |w*|^2/||w*||^2
(arXiv:2301.11936).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array, issparse

from problems.activations import Activation, activation_table
from problems.errors import InputError, non_negative
from problems.finite_field import check_prime, check_residues, row_blocks
from problems.keeping import kept
from problems.ridgelet.chunks import CHUNK, ChunkedPoints, Levels, read_chunks
from problems.ridgelet.labels import check_targets, mean_labels
from problems.ridgelet.nodes import Nodes, check_are_nodes
from problems.ridgelet.points import Points, Rows, Samples, compact_rows
from problems.ridgelet.transform import WORTHWHILE, Transform, compiled_transform
from problems.ridgelet.transform.chunked import ChunkedTransform
from problems.ridgelet.transform.reference import NumpyTransform
from problems.showing import Shows

__all__ = ["RidgeletProblem"]


@dataclass(frozen=True, eq=False, repr=False)
class RidgeletProblem(Shows):
    """Data over Z_P^D with a regularization and a ridgelet; make one with `from_samples` or `from_chunks`.

    K is the number of distinct points, C the number of outputs.

    Attributes
    ----------
    prime
        The prime P.
    data
        The distinct points, shape (K, D), in lexicographic order; sparse ones, and those on disk, in the order of their
        first appearance.
    counts
        How many samples sit at each point, shape (K,), positive.
    labels
        Mean targets f(x), shape (K, C).
    regularization
        The ridge parameter lambda >= 0.
    ridgelet
        r(0), ..., r(P-1): shape (P,), zero mean, unit norm.
    activation
        What the ridgelet was made from: a name, or "table".
    """

    prime: int
    data: Points | ChunkedPoints
    counts: NDArray[np.int64]
    labels: NDArray[np.float64]
    regularization: float
    ridgelet: NDArray[np.float64]
    activation: str

    @classmethod
    def from_samples(
        cls,
        x: Samples,
        y: ArrayLike,
        prime: int,
        regularization: float = 1e-3,
        activation: Activation = "relu",
    ) -> Self:
        """Make the problem of a training set.

        Parameters
        ----------
        x
            Points, shape (n, D), whole numbers 0..P-1; repetitions count. An array, which is copied; an `np.memmap` of
            integers, which is read in blocks and never loaded whole, and whose file must stay as it is; or any sparse
            matrix or array of SciPy, which is copied and never made dense.
        y
            Real targets, shape (n,), or (n, C) for several outputs.
        prime
            The prime P.
        regularization
            The ridge parameter lambda >= 0. It shapes the distribution only where points repeat unequally.
        activation
            A name in `problems.activations.ACTIVATIONS`, or a table of P real numbers.

        Raises
        ------
        InputError
            If P is no prime; x is no array of whole numbers 0..P-1; x and y differ in length; there is no data;
            a target is NaN or infinite; all mean targets are zero; lambda is negative or not finite; or the
            activation is unknown or constant.
        """
        prime = check_prime(prime)
        ridgelet = activation_table(activation, prime)
        regularization = non_negative("regularization", regularization)
        rows = compact_rows("x", x, prime)
        targets = check_targets(y, rows.shape[0])
        data, where, counts = Points.of_rows(rows, prime)
        labels = mean_labels(where, counts, targets)
        name = activation if isinstance(activation, str) else "table"
        return cls(prime, data, counts, labels, regularization, ridgelet, name)

    @classmethod
    def from_chunks(
        cls,
        points: Any,
        labels: Any,
        prime: int,
        regularization: float = 1e-3,
        activation: Activation = "relu",
        *,
        quantizer: Levels | None = None,
        chunk: int = CHUNK,
        memory: int | str | None = None,
        packed: bool = False,
    ) -> Self:
        """Make the problem of a training set that stays where it is, however large: it is read once here.

        Whatever then uses the points reads them again, `chunk` rows at a time, in the order of the file. Held are
        about 56 + 24 C bytes a row. The distinct points stand in the order of their first appearance.

        Parameters
        ----------
        points
            Points, shape (n, D): the path of an NPY file; an open one; anything that has a shape and gives slices of
            rows, as Zarr, HDF5 and Dask arrays do; or several of these in a list, one behind the other. They must stay
            as they are; files are held against their size and the time of their last change. Whole numbers 0..P-1, or
            real numbers if there is a quantizer.
        labels
            Real targets, shape (n,) or (n, C), given in the same ways. They are held in memory.
        prime, regularization, activation
            As for `from_samples`.
        quantizer
            Makes residues of the points: a fitted quantizer of `problems.quantizers`.
        chunk
            Rows that are read at once, at most; rows of many coordinates are read fewer at a time, 64 MiB of them.
        memory
            Bytes that all this, and what is drawn from it, may take beside the interpreter and its libraries, or text
            such as ``2GiB``. Left out, 768 MiB, or twice the least if that is more.
        packed
            Whether residues are held in memory, one bit each for P = 2, two for P = 3 and four for primes up to 13, and
            not read again: for data that are larger than the page cache, or quantized, which is then done once.

        Raises
        ------
        InputError
            As `from_samples` does, naming the row; or if the points cannot be read, change meanwhile, or take more
            memory than they may.
        """
        prime = check_prime(prime)
        ridgelet = activation_table(activation, prime)
        regularization = non_negative("regularization", regularization)
        data, counts, means = read_chunks(points, labels, prime, quantizer, chunk, memory, packed)
        name = activation if isinstance(activation, str) else "table"
        return cls(prime, data, counts, means, regularization, ridgelet, name)

    def _facts(self) -> Mapping[str, object]:
        # As a power: P^(D+1) may have thousands of digits.
        return {
            "P": self.prime,
            "D": self.dimension,
            "K": len(self.data),
            "samples": self.samples,
            "outputs": self.outputs,
            "hidden nodes": f"{self.prime}^{self.dimension + 1}",
            "lambda": float(self.regularization),
            "activation": self.activation,
        }

    @property
    def points(self) -> NDArray[np.int64]:
        """The distinct points, shape (K, D), where arithmetic never wraps around.

        Made anew on each call, at 8 K D bytes: take it once, outside of loops, or blocks of `data` instead.
        """
        return self.data.dense()

    @property
    def samples(self) -> int:
        """The number of samples."""
        return int(np.sum(self.counts))

    @cached_property
    def frequencies(self) -> NDArray[np.float64]:
        """Empirical frequencies p(x), shape (K,), positive, summing to 1."""
        return self.counts / self.samples

    @property
    def dimension(self) -> int:
        """The data dimension D."""
        return self.data.shape[1]

    @property
    def outputs(self) -> int:
        """The number of outputs C."""
        return self.labels.shape[1]

    @property
    def node_count(self) -> int:
        """The number of hidden nodes, P^(D+1)."""
        return self.prime ** (self.dimension + 1)

    @property
    def coverage(self) -> float:
        """The share K/P^D of all points that the data covers."""
        return len(self.data) / self.prime**self.dimension

    @cached_property
    def coefficients(self) -> NDArray[np.float64]:
        """h(x) = p(x) f(x)/(p(x) + lambda): shape (K, C)."""
        p = self.frequencies[:, None]
        return p * self.labels / (p + self.regularization)

    @cached_property
    def norm(self) -> float:
        """||h||, over all points and outputs; also ||w*||."""
        # Scaled, so that tiny or huge targets do not underflow or overflow when squared.
        largest = float(np.max(np.abs(self.coefficients)))
        return largest * float(np.linalg.norm(self.coefficients / largest))

    @cached_property
    def amplitudes(self) -> NDArray[np.float64]:
        """h/||h||: shape (K, C), Euclidean norm 1. The amplitudes that the quantum circuit loads."""
        scaled = self.coefficients / np.max(np.abs(self.coefficients))
        return scaled / np.linalg.norm(scaled)

    @cached_property
    def digest(self) -> str:
        """A name made from the content: SHA-256 of prime, points, counts, labels, regularization and ridgelet, in hex.

        It does not depend on how the points are stored or ordered, nor on the name of the activation.
        """
        counts, labels, points = _portable(self.counts), _portable(self.labels), []
        for block in row_blocks(len(self.data), self.data.entries_in_a_row):
            rows = _sparse_rows(self.data.take(block))
            columns, values = _portable(rows.indices), _portable(rows.data)
            ends = rows.indptr.tolist()
            for row, start, stop in zip(range(block.start, block.stop), ends[:-1], ends[1:], strict=True):
                one = slice(row, row + 1)
                parts = columns[start:stop], values[start:stop], counts[one], labels[one]
                points.append(sha256(b"".join(part.tobytes() for part in parts)).digest())
        sizes = [self.prime, len(self.data), self.dimension, self.outputs]
        head = [_portable(part).tobytes() for part in (sizes, [float(self.regularization)], self.ridgelet)]
        return sha256(b"".join([*head, *sorted(points)])).hexdigest()

    def scaled_ridgelet(self, nodes: Nodes) -> NDArray[np.float64]:
        """Return P^(D/2) R[h](a,b)/||h|| for each node: shape (n, C).

        The factor P^(D/2) is left out because it leaves the range of floating point at large D. O(K D) a node, or
        O(nonzeros) for sparse points. In blocks of nodes and of points: beyond nodes and result, memory is bounded.

        Compiled and on all cores, or on as many as OMP_NUM_THREADS says; in plain NumPy where there is little to do,
        where nothing can be compiled, for primes above 1,021 and for memory-mapped points of foreign byte order.

        Raises
        ------
        InputError
            If the nodes have another dimension or digits outside 0..P-1.
        """
        self.check_nodes(nodes)
        return self._transform(len(nodes)).at(nodes.a, nodes.b)

    def density(self, nodes: Nodes) -> NDArray[np.float64]:
        """Return P^(D+1) p*(a,b), the optimized probability relative to the uniform one: shape (n,)."""
        return self.prime * np.sum(self.scaled_ridgelet(nodes) ** 2, axis=1)

    def line_density(self, a: NDArray[np.integer]) -> NDArray[np.float64]:
        """Return P^(D+1) p*(a,b) for every b: shape (n, P). It costs little more than one b.

        Parameters
        ----------
        a
            Weights, shape (n, D), whole numbers 0..P-1 of any integer type.

        Raises
        ------
        InputError
            If they have another dimension or digits outside 0..P-1.
        """
        self._check_weights(a)
        return self.prime * self._transform(len(a)).squared_lines(a)

    def _transform(self, n: int) -> Transform:
        """Return the way that the transform at `n` nodes goes."""
        if isinstance(self.data, ChunkedPoints):
            return ChunkedTransform(self.data, self.amplitudes, self.ridgelet)
        if n * self.data.stored < WORTHWHILE:
            return NumpyTransform(self.data, self.amplitudes, self.ridgelet)
        return _compiled(self)

    def probability(self, nodes: Nodes) -> NDArray[np.float64]:
        """Return p*(a,b) for each node: shape (n,).

        It underflows to 0 where P^(D+1) is beyond 10^308; `density` does not.
        """
        exponent = -(self.dimension + 1) * np.log(self.prime)
        return np.exp(exponent) * self.density(nodes)

    def importance_weights(
        self, nodes: Nodes, sampling_density: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64]:
        """Return output weights of the unbiased estimator of the full network: shape (n, C).

        The estimator is (1/n) sum_i w*(a_i,b_i)/q(a_i,b_i) P^(-D/2) r(a_i.x - b_i); its expectation is
        S[w*](x) = h(x), for nodes drawn from q.

        Parameters
        ----------
        nodes
            Nodes drawn from q.
        sampling_density
            P^(D+1) q at the nodes, shape (n,); left out, the nodes were drawn from p*.

        Raises
        ------
        InputError
            If the nodes are none of this problem's, or the density is not positive at each of them.
        """
        ridgelet = self.scaled_ridgelet(nodes)
        if sampling_density is None:
            sampling_density = self.prime * np.sum(ridgelet**2, axis=1)
        if np.shape(sampling_density) != (len(nodes),) or not np.all(sampling_density > 0):
            raise InputError(
                f"sampling_density of shape {np.shape(sampling_density)} does not give each of the {len(nodes)} nodes "
                "a positive density; nodes that were drawn have one, so give the density of the sampler that drew them."
            )
        return self.norm * ridgelet * (self.prime / (len(nodes) * sampling_density))[:, None]

    def check_nodes(self, nodes: Nodes) -> None:
        """Refuse nodes that are none of this problem's.

        Raises
        ------
        InputError
            If they are no `Nodes`, have another dimension or digits outside 0..P-1.
        """
        check_are_nodes(nodes)
        self._check_weights(nodes.a)
        if len(nodes) > 0:
            check_residues("nodes.b", nodes.b, self.prime, 1)

    def _check_weights(self, a: NDArray[np.integer]) -> None:
        if a.shape[1:] != (self.dimension,):
            raise InputError(
                f"The nodes have dimension {', '.join(map(str, a.shape[1:]))}, but the problem has {self.dimension}; "
                "were they drawn for another problem?"
            )
        if len(a) > 0:
            check_residues("nodes.a", a, self.prime, 2)


@kept
def _compiled(problem: RidgeletProblem) -> Transform:
    """Return the compiled transform of a problem in memory, made once."""
    assert isinstance(problem.data, Points)
    return compiled_transform(problem.data, problem.amplitudes, problem.ridgelet)


def _sparse_rows(rows: Rows) -> csr_array:
    """Return rows of points as what is not zero in them, column by column."""
    # SciPy reads no foreign byte order, which a memory-mapped file may have.
    return rows if issparse(rows) else csr_array(np.asarray(rows, dtype=np.int64))


def _portable(values: ArrayLike) -> NDArray:
    """Return whole or real numbers in 64 bits, in the order of bytes that is the same on every machine."""
    array = np.asarray(values)
    # Added to 0, so that -0 is 0.
    return (array + 0.0).astype("<f8") if array.dtype.kind == "f" else array.astype("<i8")
