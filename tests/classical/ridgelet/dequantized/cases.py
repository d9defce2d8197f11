"""The common parts of the dequantized sampler's tests: problems, their storage, and the paths that draw."""

import numpy as np
from scipy import sparse

from classical.ridgelet import DequantizedSampler
from classical.ridgelet.dequantized.compiled.kernel import Compiled
from problems.finite_field import is_prime
from problems.ridgelet import RidgeletProblem
from tests import reference

COMPILED_PRIMES = [2, 3, 5, 7, 17, 31, 61, 67, 257, 521, 1021]
ALL_PRIMES = [number for number in range(2, 1022) if is_prime(number)]
PATHS = ("numpy", "kernel", "compiled")


def make(prime, dimension, n=12, outputs=1, seed=0):
    x, y = reference.random_samples(np.random.default_rng(seed), prime, dimension, n, outputs)
    return RidgeletProblem.from_samples(x, y, prime)


def sampler_of(problem, path="compiled", threads=1):
    """A sampler by one path: plain NumPy, the kernels, or whatever `compiled` means for this prime."""
    sampler = DequantizedSampler(problem, threads, compiled=path == "compiled")
    if path == "kernel":
        sampler._draw = Compiled(sampler._plan).draw_nodes
    return sampler


def assert_same(one, other):
    np.testing.assert_array_equal(one.a, other.a)
    np.testing.assert_array_equal(one.b, other.b)


def unbalanced(rng, shape, orders=12):
    """Targets of either sign over many orders of magnitude."""
    return rng.choice([-1, 1], shape) * 10.0 ** -rng.uniform(0, orders, shape)


def equal_but_for(coordinate, prime, dimension, seed=0):
    """As many points as fit, up to 12, all equal but for one coordinate."""
    x = np.tile(np.random.default_rng(seed).integers(0, prime, dimension), (min(prime, 12), 1))
    x[:, coordinate] = np.arange(len(x))
    return x


def memory_map(folder, x, dtype, order="C"):
    """The same array in a file, opened for reading."""
    path = folder / f"{np.dtype(dtype).str.strip('<>|=')}{order}{len(list(folder.iterdir()))}.npy"
    np.save(path, np.asarray(x, dtype=dtype, order=order))
    return np.load(path, mmap_mode="r")


def stored(x, kind, folder):
    """The same points, kept otherwise."""
    if kind == "dense":
        return x
    if kind == "sparse":
        return sparse.csr_array(x)
    return memory_map(folder, x, kind.removeprefix("mapped "))


def rank(rows, prime):
    """The rank over Z_P, by elimination in Python integers."""
    rows, found = [[int(z) for z in row] for row in rows], 0
    for j in range(len(rows[0]) if rows else 0):
        pivot = next((i for i in range(found, len(rows)) if rows[i][j] % prime), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        scale = pow(rows[found][j], -1, prime)
        for i in range(found + 1, len(rows)):
            factor = rows[i][j] * scale
            rows[i] = [(u - factor * v) % prime for u, v in zip(rows[i], rows[found], strict=True)]
        found += 1
    return found
