"""ADAPT: a circuit that is grown gate by gate instead of pruned.

Grimsley, Economou, Barnes and Mayhall 2019 (arXiv:1812.11173), with the gates of the rotation circuit as its pool.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit

from problems.errors import InputError, whole_number
from problems.seeds import Seed, generator
from quantum.ground_states.engine import RealEngine, State
from quantum.ground_states.fitting import ITERATIONS, Fitted, fit
from quantum.ground_states.rotations import rotation_circuit, rotation_pool

__all__ = ["AdaptResult", "adapt"]

TIE = 1e-6
"""Slopes this near to the steepest, in its units, are as steep: those of symmetric gates differ by the fit's rest."""

FLAT = 1e-9
"""Slopes up to this one, in units of |E0|, are none: no gate of the pool lowers the energy."""


@dataclass(frozen=True, eq=False)
class AdaptResult:
    """Gates that were chosen one by one, and all angles fitted after each choice.

    Attributes
    ----------
    gates
        Qubit i of Y and qubit j of Z of each gate, shape (G, 2), in the order of the circuit.
    fits
        What came out with the first 1, ..., G gates: `fits[k].angles` has shape (k + 1,).
    engine
        The state vectors behind it.
    """

    gates: NDArray[np.int64]
    fits: Sequence[Fitted]
    engine: RealEngine

    @property
    def fitted(self) -> Fitted:
        """The last of the fits."""
        return self.fits[-1]

    @property
    def error(self) -> float:
        """(E - E0)/|E0| with all gates."""
        return self.fitted.error

    @property
    def energy(self) -> float:
        """<H> with all gates."""
        return self.fitted.energy

    @property
    def parameters(self) -> int:
        """The number of gates, one angle each."""
        return len(self.gates)

    def circuit(self, angles: ArrayLike | None = None, short: bool = False) -> QuantumCircuit:
        """Return the circuit as Qiskit's.

        Parameters
        ----------
        angles
            Of the first so many gates; None takes the last fit's, of all.
        short
            As `RotationCircuit.circuit` takes it.

        Raises
        ------
        InputError
            If there are more angles than gates, or one is not finite.
        """
        given = self.fitted.angles if angles is None else np.asarray(angles, dtype=float)
        if given.ndim != 1 or len(given) > len(self.gates) or not np.all(np.isfinite(given)):
            raise InputError(
                f"angles have shape {given.shape}; give at most {len(self.gates)} finite numbers, one for each gate."
            )
        gates = list(zip(given.tolist(), self.gates.tolist(), strict=False))
        return rotation_circuit(self.engine.sites, gates, short)

    def state(self) -> State:
        """Return the real amplitudes after all gates, shape (2^N,)."""
        return self.engine.state(self.fitted.angles, self.gates)


def adapt(model: Any, parameters: int, seed: Seed = 0, iterations: int = ITERATIONS) -> AdaptResult:
    """Grow a circuit on |+>^N: again and again the gate whose angle would lower the energy most steeply, put last.

    Parameters
    ----------
    model
        An `IsingModel`.
    parameters
        How many gates, at least 1. It ends earlier where no gate lowers the energy.
    seed
        Of the choice between gates that are equally steep, as symmetric ones are.
    iterations
        Steps of each fit of all angles, at most.

    Raises
    ------
    InputError
        If parameters or iterations are no whole numbers of at least 1, or the model is refused by `RealEngine`.

    Notes
    -----
    Cost: a choice takes the derivatives of the whole pool, two gates a bond, and a fit.
    """
    most, rng = whole_number("parameters", parameters, 1), generator(seed)
    engine, pool = RealEngine(model), rotation_pool(model)
    flat = FLAT * abs(model.ground_energy())
    gates = np.zeros((0, 2), dtype=np.int64)
    angles = np.zeros(0)
    fits: list[Fitted] = []
    while len(gates) < most:
        slopes = np.abs(engine.pulls(engine.state(angles, gates), pool))
        if fits and slopes.max() < flat:
            break
        steepest = np.flatnonzero(slopes >= (1 - TIE) * slopes.max())
        gates = np.vstack([gates, pool[rng.choice(steepest)]])
        fits.append(_refitted(engine, gates, np.append(angles, 0.0), model, iterations))
        angles = fits[-1].angles
    return AdaptResult(gates, tuple(fits), engine)


def _refitted(
    engine: RealEngine, gates: NDArray[np.int64], start: NDArray[np.float64], model: Any, iterations: int
) -> Fitted:
    return fit(lambda some: engine.gradient(some, gates), start, model, iterations)
