"""Fourier moments of the nodes against those of p*, which are exact at any dimension.

With r(t) = P^(-1/2) sum_s r^(s) e^(2 pi i s t/P),

    E_p*[e^(2 pi i (c.a + d b)/P)] = sum_s r^(s) r^(d - s) sum h_m h_m'   over s x_m + (d - s) x_m' + c = 0 mod P,

summed over outputs. For d = 0 it lives on the multiples c of differences of data points. Each frequency costs O(K P)
look-ups once every point has a key; the keys are linear in the point, so no look-up costs D.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft, stats
from scipy.sparse import issparse

from problems.finite_field import inverse, row_blocks, scalar_products
from problems.keeping import kept
from problems.ridgelet import Nodes, RidgeletProblem
from problems.ridgelet.chunks import ChunkedPoints

__all__ = ["PointKeys", "choose_differences", "digit_moments", "exact_moments", "moment_test"]

DIFFERENCES = 8
"""Differences of data points that are tested, at most."""

MOST_DIGITS = 128
"""Single weights that are tested, at most."""

MOST_LOOKUPS = 2 * 10**6
"""Points times P up to which moments are tested: bounds time and memory."""

LISTED = 2**18
"""Values of the first functionals together that are listed, at most, unless P is more: no others are searched for."""

REMEMBERED = 4096
"""Frequencies whose moments are remembered, at most: few points have few differences, and tests come in tables."""

LEAST_EVENTS = 10.0
"""A feature is tested where its variance times the samples is at least this: rarer events are not normal."""


class PointKeys:
    """A key in 63 bits for each vector of Z_P^D, linear in the vector: random functionals modulo P, read as one number.

    Where D is small the functionals are the coordinates and the keys are exact. Otherwise two given vectors share a
    key with probability below 2^-40 for P < 2^20 (P to the minus number of functionals).
    """

    def __init__(self, problem: RidgeletProblem) -> None:
        prime, dimension = problem.prime, problem.dimension
        self.prime, self.data, self.amplitudes = prime, problem.data, problem.amplitudes
        self.spectrum = fft.fft(problem.ridgelet, norm="ortho")
        count = max(1, int(62 / np.log2(prime)))
        if dimension <= count:
            self.functionals = np.eye(dimension, dtype=np.int64)
        else:
            self.functionals = np.random.default_rng(0).integers(0, prime, (count, dimension))
        self._places = prime ** np.arange(len(self.functionals), dtype=np.int64)
        parts = [
            scalar_products(self.functionals, problem.data.take(block), prime).T
            for block in row_blocks(len(problem.data), max(problem.data.entries_in_a_row, count))
        ]
        self.points = np.concatenate(parts)
        keys = self.keys(self.points)
        self._order = np.argsort(keys)
        self._sorted = keys[self._order]
        # The values that the first functionals take together: many more are possible, if there are not too many points.
        first = min(len(self.functionals), max(1, int(np.log(LISTED) / np.log(prime))))
        self._columns = np.ascontiguousarray(self.points[:, :first].T)
        self._listed = np.zeros(prime**first, dtype=bool)
        self._listed[self._places[:first] @ self._columns] = True
        self.of_digits = np.full((2, dimension), np.nan)
        self.of_frequencies: dict[tuple[int, int], complex] = {}

    def keys(self, images: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the keys of vectors that the functionals were applied to: shape (n, functionals) to (n,)."""
        return images @ self._places

    def find(self, images: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the number of the data point with each image, -1 where there is none."""
        keys = self.keys(images)
        at = np.minimum(np.searchsorted(self._sorted, keys), len(self._sorted) - 1)
        return np.where(self._sorted[at] == keys, self._order[at], -1)

    def pairs(self, factor: int, shift: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the numbers of all points m and m' with x_m' = factor x_m + s, given the image of s."""
        values = (factor * np.arange(self.prime) + shift[: len(self._columns), None]) % self.prime
        cells = sum(
            (place * row)[column] for place, row, column in zip(self._places, values, self._columns, strict=False)
        )
        first = np.flatnonzero(self._listed[cells])
        second = self.find((factor * self.points[first] + shift) % self.prime)
        return first[second >= 0], second[second >= 0]


def exact_moments(keys: PointKeys, c: NDArray[np.int64], d: NDArray[np.int64]) -> NDArray[np.complex128]:
    """Return E_p*[e^(2 pi i (c.a + d b)/P)] for each row of c, shape (f, D), and entry of d, shape (f,): shape (f,).

    The keys remember what was found, by the frequencies' own keys.
    """
    images = scalar_products(c, keys.functionals, keys.prime)
    names = list(zip(keys.keys(images).tolist(), d.tolist(), strict=True))
    if len(keys.of_frequencies) + len(names) > REMEMBERED:
        keys.of_frequencies = {}  # a new one: another thread that reads the old one still finds all in it
    known = keys.of_frequencies
    new = [f for f, name in enumerate(names) if name not in known]
    known.update(zip([names[f] for f in new], _moments_at(keys, images[new], d[new]).tolist(), strict=True))
    return np.array([known[name] for name in names], dtype=complex)


def _moments_at(keys: PointKeys, images: NDArray[np.int64], d: NDArray[np.int64]) -> NDArray[np.complex128]:
    prime, amplitudes, spectrum = keys.prime, keys.amplitudes, keys.spectrum
    found = np.zeros(len(d), dtype=complex)
    for f, (image, bias) in enumerate(zip(images, d.tolist(), strict=True)):
        for s in range(1, prime):
            if s == bias:
                continue
            partner = -pow(bias - s, -1, prime)
            first, second = keys.pairs(s * partner % prime, image * partner % prime)
            products = float(np.sum(amplitudes[first] * amplitudes[second]))
            found[f] += spectrum[s] * spectrum[(bias - s) % prime] * products
    return found


def digit_moments(keys: PointKeys, digits: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return E_p*[e^(2 pi i k a_j/P)], which is real, for k = 1 and 2 and each digit j: shape (2, len(digits)).

    Only points that differ in coordinate j alone contribute, so that one sort of the points serves a digit. The keys
    remember what was found.
    """
    new = digits[np.isnan(keys.of_digits[0, digits])]
    keys.of_digits[:, new] = _moments_of(keys, new)
    return keys.of_digits[:, digits]


def _moments_of(keys: PointKeys, digits: NDArray[np.int64]) -> NDArray[np.float64]:
    prime = keys.prime
    # The multiples k/s of a unit vector, for s = 1..P-1.
    steps = np.outer([1, 2], inverse(np.arange(1, prime), prime)) % prime
    weights = np.abs(keys.spectrum[1:]) ** 2
    columns = _columns(keys.data, digits)
    found = np.zeros((2, len(digits)))
    for i, (j, values) in enumerate(zip(digits.tolist(), columns.T, strict=True)):
        others = keys.keys((keys.points - values[:, None] * keys.functionals[:, j]) % prime)
        order = np.argsort(others)
        same = others[order[1:]] == others[order[:-1]]
        if not np.any(same):
            continue
        rows = np.empty(len(order), dtype=np.int64)
        rows[order] = np.r_[0, np.cumsum(~same)]
        several = np.bincount(rows)[rows] > 1
        rows = np.unique(rows[several], return_inverse=True)[1]
        for amplitudes in keys.amplitudes[several].T:
            line = np.zeros((rows.max() + 1, prime))
            line[rows, values[several]] = amplitudes
            power = np.abs(fft.rfft(line)) ** 2
            overlap = fft.irfft(power.sum(axis=0), n=prime)
            found[:, i] += overlap[steps] @ weights
    if prime == 2:
        found[1] = 1.0  # twice a frequency is none
    return found


@kept
def _keys(problem: RidgeletProblem) -> PointKeys:
    """Return the keys of a problem's points, made once."""
    return PointKeys(problem)


def _columns(data: Any, digits: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return some coordinates of all points: shape (K, m). Those on disk are read by chunks."""
    if not isinstance(data, ChunkedPoints):
        return _dense(data.take(slice(None))[:, digits])
    found = np.empty((len(data), len(digits)), dtype=np.int64)
    for which, rows in data.chunks():
        found[which] = rows[:, digits]
    return found


def _dense(rows: Any) -> NDArray[np.int64]:
    return np.asarray(rows.toarray() if issparse(rows) else rows, dtype=np.int64)


def choose_differences(problem: RidgeletProblem, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return distinct differences of data points, shape (f, D), f <= 8, of pairs drawn by squared amplitudes."""
    weights = np.sum(problem.amplitudes**2, axis=1)
    pairs = rng.choice(len(weights), (DIFFERENCES, 2), p=weights / weights.sum())
    ends = [problem.data.take(column) for column in pairs.T]
    first, second = map(_dense, ends)
    differences = np.unique((first - second) % problem.prime, axis=0)
    return differences[np.any(differences, axis=1)]


def moment_test(problem: RidgeletProblem, nodes: Nodes, rng: np.random.Generator) -> tuple[float, int]:
    """Test the Fourier moments of nodes together, against their exact means and variances.

    The frequencies: the bias, up to 8 differences of data points, and single weights in random order. Cosine and sine
    of each are a feature, tested where its exact variance makes 10 events among the samples; past 2 10^6 points times P
    none is. The statistic is the sum of squared standardized means, whose mean under p* is the number of features; its
    law is a scaled chi-square (Satterthwaite 1946), with the correlations as the samples have them.

    Returns
    -------
    tuple
        The p-value, and the number of features; (1, 0) where no feature can be tested.
    """
    n, prime, dimension = len(nodes), problem.prime, problem.dimension
    if len(problem.data) * prime > MOST_LOOKUPS:
        return 1.0, 0
    keys, differences = _keys(problem), choose_differences(problem, rng)
    digits = rng.permutation(dimension)[:MOST_DIGITS]
    several = 1 + len(differences)
    c = np.zeros((several + len(digits), dimension), dtype=np.int64)
    d = np.zeros(len(c), dtype=np.int64)
    d[0] = 1
    c[1:several] = differences
    c[np.arange(several, len(c)), digits] = 1
    exact, double = (
        np.r_[exact_moments(keys, k * c[:several] % prime, k * d[:several] % prime), of_digits]
        for k, of_digits in enumerate(digit_moments(keys, digits), start=1)
    )
    mean = np.r_[exact.real, exact.imag]
    variance = np.r_[1 + double.real, 1 - double.real] / 2 - mean**2
    chosen = np.flatnonzero(n * variance >= LEAST_EVENTS)
    if len(chosen) == 0:
        return 1.0, 0
    features = _features(nodes, c, d, prime, chosen)
    features -= mean[chosen]
    features /= np.sqrt(variance[chosen])
    means = features.mean(axis=0)
    features -= means
    # The sum of squared correlations, without what each sample makes with itself.
    own = float(np.sum(np.einsum("ij,ij->i", features, features) ** 2))
    squared = (float(np.sum((features.T @ features) ** 2)) - own) / (n * (n - 1))
    scale = max(squared / len(chosen), 1.0)
    return float(stats.chi2.sf(n * float(means @ means) / scale, len(chosen) / scale)), len(chosen)


def _features(
    nodes: Nodes, c: NDArray[np.int64], d: NDArray[np.int64], prime: int, chosen: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return those chosen of the cosines of all frequencies, and the sines behind them: shape (n, features)."""
    phases = scalar_products(nodes.a, c, prime)
    phases[:, d > 0] += nodes.b[:, None] * d[d > 0]
    phases %= prime
    sine, frequency = np.divmod(chosen, len(c))
    angles = 2 * np.pi / prime * np.arange(prime)
    waves = np.concatenate([np.cos(angles), np.sin(angles)])
    return waves[phases[:, frequency] + prime * sine]
