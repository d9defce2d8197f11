"""Arithmetic in Z_P, the integers modulo a prime P."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.arrays import as_numbers
from problems.errors import InputError, whole_number
from problems.single_products import single_product

if TYPE_CHECKING:  # whoever asks whether a number is prime does not wait for SciPy
    from scipy.sparse import csr_array

__all__ = [
    "check_prime",
    "check_residues",
    "discrete_log_table",
    "exponential_table",
    "generator_of",
    "inverse",
    "is_prime",
    "residue_type",
    "residues",
    "row_blocks",
    "scalar_products",
]

MAX_PRIME = 2**31 - 1
"""Largest prime taken: products of two residues stay inside int64."""


def is_prime(number: int) -> bool:
    """Tell whether a whole number is prime (trial division; meant for numbers up to 2^31)."""
    if number < 4:
        return number in (2, 3)
    if number % 2 == 0 or number % 3 == 0:
        return False
    return all(number % d and number % (d + 2) for d in range(5, int(number**0.5) + 1, 6))


def check_prime(prime: object) -> int:
    """Return `prime` as an int, or refuse what is no prime and name the nearest ones.

    Raises
    ------
    InputError
        If the value is no whole number, no prime, or above 2^31 - 1.
    """
    number = whole_number("prime", prime, 2)
    if number > MAX_PRIME:
        raise InputError(f"prime = {number} is above 2^31 - 1, where products leave 64-bit integers; give less.")
    if not is_prime(number):
        below = next(n for n in range(number - 1, 1, -1) if is_prime(n))
        above = next(n for n in range(number + 1, 2 * number) if is_prime(n))
        raise InputError(f"prime = {number} is not prime; the nearest primes are {below} and {above}.")
    return number


def inverse(value: ArrayLike, prime: int) -> NDArray[np.int64]:
    """Invert residues modulo a prime, by Fermat's little theorem.

    Parameters
    ----------
    value
        Residues 1..P-1, any shape.
    prime
        The prime P.

    Raises
    ------
    InputError
        If a value is 0 modulo P.
    """
    base = np.mod(np.asarray(value, dtype=np.int64), prime)
    if np.any(base == 0):
        raise InputError(f"0 has no inverse modulo {prime}; leave zero out.")
    result, exponent = np.ones_like(base), prime - 2
    while exponent > 0:
        if exponent & 1:
            result = result * base % prime
        base = base * base % prime
        exponent >>= 1
    return result


def generator_of(prime: int) -> int:
    """Return the smallest generator of the multiplicative group of Z_P (1 for P = 2)."""
    order = prime - 1
    return next(g for g in range(1, prime) if all(pow(g, order // q, prime) != 1 for q in _prime_factors(order)))


def _prime_factors(number: int) -> list[int]:
    factors, divisor = [], 2
    while divisor * divisor <= number:
        if number % divisor == 0:
            factors.append(divisor)
            while number % divisor == 0:
                number //= divisor
        divisor += 1
    return [*factors, number] if number > 1 else factors


def exponential_table(prime: int) -> NDArray[np.int64]:
    """Return g^0, ..., g^(P-2) modulo P for the smallest generator g; shape (P-1,)."""
    g, powers = generator_of(prime), np.ones(prime - 1, dtype=np.int64)
    for k in range(1, prime - 1):
        powers[k] = powers[k - 1] * g % prime
    return powers


def discrete_log_table(prime: int) -> NDArray[np.int64]:
    """Return the table k with g^k[x] = x for the smallest generator g.

    Shape (P,), entries 0..P-2; entry 0 is -1, because zero has no logarithm.
    """
    logs = np.full(prime, -1, dtype=np.int64)
    logs[exponential_table(prime)] = np.arange(prime - 1)
    return logs


def residues(name: str, values: ArrayLike, prime: int, ndim: int) -> NDArray[np.int64]:
    """Return an array of residues 0..P-1 as int64, or refuse it.

    Whole numbers stored as floats are taken; nothing is rounded or reduced.

    Raises
    ------
    InputError
        If the array has another number of dimensions, no entries, or an entry that is no residue.
    """
    return check_residues(name, values, prime, ndim).astype(np.int64)


def check_residues(name: str, values: ArrayLike, prime: int, ndim: int) -> NDArray:
    """Return an array of residues 0..P-1 in the type it has, an array uncopied, or refuse it.

    Entries are read in blocks of bounded size, so that a memory-mapped array is never loaded whole.

    Raises
    ------
    InputError
        As for `residues`.
    """
    array = as_numbers(name, values)
    if array.ndim != ndim:
        shape = {1: "(n,)", 2: "(n, D)"}[ndim]
        raise InputError(f"{name} has shape {array.shape}, but shape {shape} is needed; reshape it.")
    if array.size == 0:
        raise InputError(f"{name} is empty (shape {array.shape}); give at least one entry.")
    if array.dtype.kind not in "iufb":
        raise InputError(f"{name} holds {array.dtype} entries; give whole numbers 0..{prime - 1}.")
    for rows in row_blocks(len(array), array.size // len(array)):
        if array.dtype.kind in "iu" and array[rows].min() >= 0 and array[rows].max() < prime:
            continue  # told in less time than which entry is bad
        bad = no_residue(array[rows], prime)
        if np.any(bad):
            first, *others = (int(i) for i in np.argwhere(bad)[0])
            where = (rows.start + first, *others)
            raise refused_entry(name, where, array[where], prime)
    return array


def no_residue(array: NDArray, prime: int) -> NDArray[np.bool_]:
    """Tell which entries are no whole numbers 0..P-1; the shape stays."""
    # NaN fails every comparison, so it counts as bad here.
    bad = ~((array >= 0) & (array <= prime - 1))
    if array.dtype.kind == "f":
        bad |= np.floor(array) != array
    return bad


def refused_entry(name: str, where: tuple[int, ...], value: object, prime: int) -> InputError:
    """Make the error that refuses an entry which is no residue."""
    return InputError(
        f"{name}[{', '.join(map(str, where))}] = {value} is no whole number in 0..{prime - 1}; "
        "quantize the data first (problems.quantizers)."
    )


def scalar_products(rows: "NDArray | csr_array", columns: "NDArray | csr_array", prime: int) -> NDArray[np.int64]:
    """Return all scalar products modulo P of two sets of vectors over Z_P.

    Centered residues go through the floating-point matrix product as long as it is exact, in single precision
    while D (P//2)^2 < 2^24 and in double precision while it is < 2^53; integer arithmetic serves beyond. Where one
    set is sparse, all is done in 64-bit integers, and the cost is its nonzeros times the number of other vectors.

    Parameters
    ----------
    rows, columns
        Residues 0..P-1, shapes (n, D) and (K, D), of any integer type; one of them may be a `scipy.sparse.csr_array`.
    prime
        The prime P.

    Returns
    -------
    NDArray
        Shape (n, K), entries 0..P-1.
    """
    if not isinstance(rows, np.ndarray):
        return _sparse_products(rows, columns, prime)
    if not isinstance(columns, np.ndarray):
        return _sparse_products(columns, rows, prime).T
    bound = rows.shape[1] * (prime // 2) ** 2
    if bound >= 2**53:
        total = np.zeros((len(rows), len(columns)), dtype=np.int64)
        for j in range(rows.shape[1]):
            pair = (z[:, j].astype(np.int64, copy=False) for z in (rows, columns))
            total = (total + np.outer(*pair)) % prime
        return total
    # Residues are exact in either type, and no small integer type wraps around.
    dtype = np.float32 if bound < 2**24 else np.float64
    floats: list[NDArray[np.floating]] = [z.astype(dtype) for z in (rows, columns)]
    smaller, larger = sorted(floats, key=len)
    smaller -= dtype(prime) * (smaller > prime // 2)
    if rows.shape[1] * (prime // 2) * (prime - 1) >= (2**24 if dtype is np.float32 else 2**53):
        larger -= dtype(prime) * (larger > prime // 2)  # exact only if centered as well
    product = single_product(floats[0], floats[1].T).astype(np.int64)
    product -= prime * (product // prime)  # several times as fast as np.mod
    return product


def _sparse_products(rows: "csr_array", columns: NDArray, prime: int) -> NDArray[np.int64]:
    """Return the products of sparse rows (n, D) and dense columns (K, D): shape (n, K), entries 0..P-1.

    The dense digits are cut into limbs of as many bits as keep every sum of products below 2^63.
    """
    from scipy.sparse import csr_array

    wide = csr_array((rows.data.astype(np.int64), rows.indices, rows.indptr), shape=rows.shape)
    longest = int(np.max(np.diff(rows.indptr), initial=1))
    bits = (prime - 1).bit_length()
    width = min(bits, 63 - (longest * (prime - 1)).bit_length())
    digits = columns.T.astype(np.int64)
    total = np.zeros((rows.shape[0], len(columns)), dtype=np.int64)
    for shift in reversed(range(0, bits, width)):
        total = (total << width) + (wide @ (digits >> shift & (1 << width) - 1)) % prime
        total %= prime
    return total


def residue_type(prime: int) -> type[np.unsignedinteger]:
    """Return the smallest unsigned type that holds residues 0..P-1."""
    return next(kind for kind in (np.uint8, np.uint16, np.uint32) if prime - 1 <= np.iinfo(kind).max)


def row_blocks(rows: int, columns: int, entries: int = 2**21) -> Iterator[slice]:
    """Cut `rows` into consecutive slices so that rows x columns stays below `entries`: bounded memory."""
    step = max(1, entries // max(1, columns))
    return (slice(start, min(start + step, rows)) for start in range(0, rows, step))
