"""Energies from two settings: all qubits measured as they are for the products of Z, all turned by H for those of X."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit
from qiskit.primitives import BaseSamplerV2
from qiskit.providers import BackendV2

from problems.errors import InputError, choose, whole_number
from problems.ground_states import SpinModel
from problems.seeds import Seed, generator, integer_seed
from quantum.backends import resolve

__all__ = [
    "SETTINGS",
    "MeasuredEnergy",
    "Setting",
    "energy_of_bits",
    "measure_energy",
    "setting_circuit",
    "setting_energies",
    "setting_terms",
    "setting_variances",
    "shots_for_error",
]

Setting = Literal["Z", "X"]

SETTINGS: tuple[Setting, ...] = ("Z", "X")
"""Terms of one setting commute qubit by qubit, so that each of its shots tells of all of them."""


@dataclass(frozen=True)
class MeasuredEnergy:
    """An energy as measured.

    Attributes
    ----------
    energy, standard_error
        The sum of the means of both settings, and its standard error.
    error
        (E - E0)/|E0|; negative where shots happen to fall below the ground energy.
    shots
        Of each setting.
    """

    energy: float
    standard_error: float
    error: float
    shots: int


def setting_circuit(circuit: QuantumCircuit, setting: Setting) -> QuantumCircuit:
    """Return a circuit with all of its qubits measured in a setting, qubit k into classical bit k.

    Parameters
    ----------
    circuit
        Without classical bits.
    setting
        "Z" or "X".

    Raises
    ------
    InputError
        If there is no such setting, or the circuit has classical bits.
    """
    choose("setting", setting, dict.fromkeys(SETTINGS, None))
    if circuit.num_clbits:
        raise InputError(f"The circuit has {circuit.num_clbits} classical bits; give one made of gates alone.")
    measured = QuantumCircuit(circuit.num_qubits, circuit.num_qubits, name=f"{circuit.name}_{setting.lower()}")
    measured.compose(circuit, inplace=True)
    if setting == "X":
        measured.h(range(circuit.num_qubits))
    measured.measure(range(circuit.num_qubits), range(circuit.num_qubits))
    return measured


def setting_terms(model: SpinModel, setting: Setting) -> tuple[Sequence[Sequence[int]], float]:
    """Return the sites of each term of a setting, and minus what all of its terms are multiplied by.

    Raises
    ------
    InputError
        If there is no such setting.
    """
    choose("setting", setting, dict.fromkeys(SETTINGS, None))
    return (model.products, 1.0) if setting == "Z" else (model.flips, model.strength)


def setting_energies(model: SpinModel, setting: Setting, bits: ArrayLike) -> NDArray[np.float64]:
    """Return the energy of a setting's terms in each shot, shape (n,).

    Parameters
    ----------
    model
        The model.
    setting
        "Z" for its products, "X" for its flips.
    bits
        Measured bits, shape (n, N), bit k of site k.

    Raises
    ------
    InputError
        If there is no such setting, or the bits have another width.
    """
    groups, strength = setting_terms(model, setting)
    given = np.asarray(bits)
    if given.ndim != 2 or given.shape[1] != model.sites:
        raise InputError(f"Bits of shape {given.shape} are no shots of {model.sites} sites; give (n, {model.sites}).")
    spins = 1.0 - 2.0 * given
    energies = np.zeros(len(spins))
    for sites in groups:
        energies -= strength * spins[:, list(sites)].prod(axis=1)
    return energies


def energy_of_bits(model: SpinModel, bits: Mapping[Setting, ArrayLike]) -> MeasuredEnergy:
    """Return the energy that the shots of both settings tell.

    Parameters
    ----------
    model
        The model.
    bits
        By setting, shape (n, N) each.

    Raises
    ------
    InputError
        If a setting is missing or has fewer than two shots, or bits have another width.
    """
    energy = variance = 0.0
    for setting in SETTINGS:
        if setting not in bits or len(np.asarray(bits[setting])) < 2:
            raise InputError(f"Setting {setting!r} has fewer than two shots; an energy needs both settings.")
        shots = setting_energies(model, setting, bits[setting])
        energy += float(shots.mean())
        variance += float(shots.var(ddof=1)) / len(shots)
    least = min(len(np.asarray(bits[setting])) for setting in SETTINGS)
    return MeasuredEnergy(energy, float(np.sqrt(variance)), model.relative_error(energy), least)


def measure_energy(
    circuit: QuantumCircuit,
    model: SpinModel,
    backend: str | BackendV2 | BaseSamplerV2,
    shots: int,
    seed: Seed = None,
) -> MeasuredEnergy:
    """Return the energy of a circuit's state by shots.

    Parameters
    ----------
    circuit
        On N qubits, without classical bits.
    model
        The model.
    backend
        As `quantum.backends.resolve` takes it: "aer_statevector", a snapshot with its noise ("fake_fez"), a device.
    shots
        Of each setting, at least 2.
    seed
        The seed.

    Raises
    ------
    InputError
        If the circuit has another number of qubits, there is no such backend, or it cannot take the circuit.
    """
    check_circuit(circuit, model)
    count, rng, place = whole_number("shots", shots, 2), generator(seed), resolve(backend)
    bits: dict[Setting, ArrayLike] = {}
    for setting in SETTINGS:
        bits[setting] = place.prepare(setting_circuit(circuit, setting), 0).run(count, integer_seed(rng))
    return energy_of_bits(model, bits)


def setting_variances(model: SpinModel, state: ArrayLike) -> dict[Setting, float]:
    """Return the exact variance of a shot's energy in each setting.

    In the ground state both are equal: H = A + B and H psi = E psi give (A - <A>) psi = -(B - <B>) psi.

    Parameters
    ----------
    model
        The model.
    state
        Amplitudes, shape (2^N,).

    Raises
    ------
    InputError
        If the state has another shape.
    """
    given = np.asarray(state)
    if given.shape != (1 << model.sites,):
        raise InputError(f"The state has shape {given.shape}; give 2^{model.sites} amplitudes.")
    diagonal = model.diagonal()
    places = np.arange(len(given))
    flipped = np.zeros_like(given)
    for sites in model.flips:
        flipped = flipped - model.strength * given[places ^ sum(1 << site for site in sites)]
    found: dict[Setting, float] = {}
    for setting, applied in zip(SETTINGS, (diagonal * given, flipped), strict=True):
        mean = np.vdot(given, applied).real
        found[setting] = float(np.vdot(applied, applied).real - mean**2)
    return found


def shots_for_error(model: SpinModel, state: ArrayLike, error: float = 1e-3) -> int:
    """Return how many shots, of both settings together, give (E - E0)/|E0| to a standard error.

    The shots are shared out by the settings' deviations, which takes the fewest: (sigma_Z + sigma_X)^2 / accuracy^2.

    Parameters
    ----------
    model
        The model.
    state
        Amplitudes, shape (2^N,).
    error
        The standard error, above 0.

    Raises
    ------
    InputError
        If the error is not above 0, or the state has another shape.
    """
    if not error > 0:
        raise InputError(f"error = {error} asks for infinitely many shots; give one above 0, as 0.001.")
    deviation = sum(np.sqrt(variance) for variance in setting_variances(model, state).values())
    return int(np.ceil((deviation / (error * abs(model.ground_energy()))) ** 2))


def check_circuit(circuit: QuantumCircuit, model: SpinModel) -> None:
    """Refuse a circuit that is none of the model's sites.

    Raises
    ------
    InputError
        If it has another number of qubits.
    """
    if circuit.num_qubits != model.sites:
        raise InputError(
            f"The circuit has {circuit.num_qubits} qubits and the model {model.sites} sites; give one of each other."
        )
