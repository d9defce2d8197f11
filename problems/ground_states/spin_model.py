"""The common parts of the models: products of Z and products of X, exact matrices, energies and gaps."""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.errors import InputError
from problems.ground_states.configurations import bits_of
from problems.memory import require_memory
from problems.showing import Shows

if TYPE_CHECKING:
    from qiskit.quantum_info import SparsePauliOp
    from scipy.sparse import csr_array

__all__ = ["SpinModel"]

Sites = tuple[int, ...]


class SpinModel(Shows, ABC):
    """Spins with H = - sum of products of Z - strength * sum of products of X.

    Attributes
    ----------
    products
        Sites whose Z are multiplied, one tuple a term.
    flips
        Sites whose X are multiplied, one tuple a term.
    strength
        What the products of X are multiplied with.
    """

    products: tuple[Sites, ...]
    flips: tuple[Sites, ...]
    strength: float

    @property
    @abstractmethod
    def sites(self) -> int:
        """The number of spins N."""

    @property
    @abstractmethod
    def degeneracy(self) -> int:
        """How many states have the ground energy."""

    @abstractmethod
    def ground_energy(self) -> float:
        """Return the ground energy E0."""

    @abstractmethod
    def gap(self) -> float:
        """Return the distance from the ground energy to the next one above it."""

    def operator(self) -> "SparsePauliOp":
        """Return the Hamiltonian as a `qiskit.quantum_info.SparsePauliOp` on N qubits."""
        from qiskit.quantum_info import SparsePauliOp

        terms = [("Z" * len(sites), list(sites), -1.0) for sites in self.products]
        terms += [("X" * len(sites), list(sites), -self.strength) for sites in self.flips]
        return SparsePauliOp.from_sparse_list(terms, num_qubits=self.sites)

    def matrix(self) -> "csr_array":
        """Return the Hamiltonian as a real sparse matrix of side 2^N.

        Raises
        ------
        OutOfReach
            If it does not fit in memory; about 24 bytes an entry are needed, of which a row has one for each flip.
        """
        from scipy.sparse import coo_array

        terms = len(self.flips) + 1
        require_memory(
            (32 * terms) << self.sites,
            f"The matrix of {self.sites} spins",
            "take fewer sites, or matrix product states (the extra [tensor]) or samples",
        )
        size = 1 << self.sites
        states = np.arange(size)
        columns = np.concatenate([states, *(states ^ bits_of(sites) for sites in self.flips)])
        values = np.concatenate([self.diagonal(), np.full(size * len(self.flips), -self.strength)])
        return coo_array((values, (np.tile(states, terms), columns)), shape=(size, size)).tocsr()

    def diagonal(self, sites: int | None = None) -> NDArray[np.float64]:
        """Return the energies of the products of Z in each basis state, shape (2^N,).

        Parameters
        ----------
        sites
            The first so many sites vary, the others have spin +1; all of them if None.

        Raises
        ------
        OutOfReach
            If they do not fit in memory.
        """
        free = self.sites if sites is None else sites
        require_memory(
            3 * 8 << free, f"A number for each of 2^{free} states", "take fewer sites, or estimate by samples"
        )
        energies = np.zeros(1 << free)
        states = np.arange(1 << free)
        for product in self.products:
            parity = np.bitwise_count(states & bits_of(product)) & 1
            energies -= 1.0 - 2.0 * parity
        return energies

    def product_energies(self, spins: ArrayLike) -> NDArray[np.float64]:
        """Return the energies, shape (n,), of the products of Z in configurations of +1 and -1, shape (n, N)."""
        given = np.asarray(spins, dtype=float)
        energies = np.zeros(len(given))
        for product in self.products:
            energies -= given[:, list(product)].prod(axis=1)
        return energies

    def plateau(self) -> float:
        """Return the relative error of |+>^N, the state of a network without weights: 1 - strength * flips / |E0|.

        Raises
        ------
        OutOfReach
            If the ground energy is out of reach.
        """
        return self.relative_error(-self.strength * len(self.flips))

    def relative_error(self, energy: float) -> float:
        """Return (E - E0) / |E0|.

        Raises
        ------
        InputError
            If the ground energy is 0, which leaves no relative error.
        """
        ground = self.ground_energy()
        if ground == 0:
            raise InputError(f"{self!r} has the ground energy 0, so that errors cannot be relative; give it a field.")
        return (energy - ground) / abs(ground)
