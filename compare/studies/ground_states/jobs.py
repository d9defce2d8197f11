"""An energy as jobs: a circuit measured in one setting a job, with all that it is made from travelling along."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from compare.hardware.payload import Built, Decoded, Payload, PayloadKind
from compare.hardware.scores import Scores
from problems.errors import InputError, choose
from problems.ground_states import IsingModel, SpinModel, ToricCode
from quantum.ground_states import HamiltonianAnsatz, setting_circuit, setting_energies, toric_circuit
from quantum.ground_states.rotations import rotation_circuit
from quantum.ground_states.settings import SETTINGS, Setting

__all__ = ["CIRCUITS", "ENERGY", "KIND", "energy_payload", "model_of"]

KIND = "states/energy"

CIRCUITS = ("rotations", "hamiltonian", "toric")
"""Families of circuits: gates and angles, angles of layers, and the toric code's own."""


def energy_payload(
    model: SpinModel,
    setting: Setting,
    circuit: str = "rotations",
    angles: ArrayLike = (),
    gates: ArrayLike = (),
    description: str = "a circuit given in Python",
    origin: Mapping[str, Any] | None = None,
) -> Payload:
    """Return one setting of an energy as a payload; an energy takes one of each in `SETTINGS`.

    Parameters
    ----------
    model
        An `IsingModel` or a `ToricCode`.
    setting
        "Z" or "X".
    circuit
        A name in `CIRCUITS`.
    angles
        Of rotations, one for each gate, shape (G,); of the Hamiltonian ansatz, shape (2, p); of "toric", none.
    gates
        Of rotations: qubit i of Y and qubit j of Z of each gate, shape (G, 2), those that were pruned left out.
        No gates are |+>^N.
    description
        What the circuit is, in words.
    origin
        Where it comes from, plain data for the record.

    Raises
    ------
    InputError
        If there is no such setting or circuit, the model is none that it is made for, angles or gates have another
        shape or are not finite, or a gate is on no two sites.
    """
    choose("setting", setting, dict.fromkeys(SETTINGS, None))
    choose("circuit", circuit, dict.fromkeys(CIRCUITS, None))
    if not isinstance(model, ToricCode if circuit == "toric" else IsingModel):
        raise InputError(f"A circuit of the kind {circuit!r} is not made for {model!r}; give a model of its own.")
    turns = np.asarray(angles, dtype=float)
    pairs = np.asarray(gates, dtype=float).reshape(-1, 2) if np.size(gates) else np.zeros((0, 2))
    if circuit == "rotations":
        _check_gates(model.sites, turns, pairs)
    settings: dict[str, Any] = {
        "model": {"kind": "toric" if isinstance(model, ToricCode) else "ising", "shape": [model.rows, model.columns]},
        "circuit": circuit,
        "setting": setting,
        "origin": dict(origin or {}),
    }
    if isinstance(model, IsingModel):
        settings["model"] |= {"field": model.field, "periodic": model.periodic}
    payload = Payload(
        KIND,
        settings,
        {"angles": turns, "gates": pairs.astype(np.int64)},
        f"{description}, {model.rows} x {model.columns}, setting {setting}",
    )
    _circuit(payload)  # refuses angles of another shape, before anything is submitted
    return payload


def model_of(payload: Payload) -> IsingModel | ToricCode:
    """Return the model that a payload carries."""
    said = payload.settings["model"]
    if said["kind"] == "toric":
        return ToricCode(*said["shape"])
    rows, columns = said["shape"]
    return IsingModel(rows, columns, said["field"], said["periodic"])


def _check_gates(sites: int, angles: NDArray[np.float64], gates: NDArray[np.float64]) -> None:
    if angles.shape != (len(gates),) or not np.all(np.isfinite(angles)):
        raise InputError(f"angles have shape {angles.shape}; give {len(gates)} finite numbers, one for each gate.")
    if not np.all(np.isin(gates, np.arange(sites))) or np.any(gates[:, 0] == gates[:, 1]):
        raise InputError(f"A gate is on no two of the {sites} sites 0..{sites - 1}; give two different ones for each.")


def _circuit(payload: Payload) -> Any:
    model, angles = model_of(payload), payload.arrays["angles"]
    family = payload.settings["circuit"]
    if family == "toric":
        return toric_circuit(model)
    if family == "hamiltonian":
        return HamiltonianAnsatz(model, max(1, angles.size // 2)).circuit(angles)
    gates = payload.arrays["gates"].tolist()
    return rotation_circuit(model.sites, list(zip(angles.tolist(), gates, strict=True)), short=True)


def _build(payload: Payload, device: str | None) -> Built:
    return Built(payload, setting_circuit(_circuit(payload), payload.settings["setting"]))


def _decode(payload: Payload, bits: NDArray[np.bool_]) -> Decoded:
    energies = setting_energies(model_of(payload), payload.settings["setting"], bits)
    mean, setting = float(energies.mean()), payload.settings["setting"]
    variance = float(energies.var(ddof=1)) if len(energies) > 1 else None
    numbers = {"mean": mean, "variance": variance, "shots": len(energies)}
    return Decoded({"energies": energies}, numbers, f"{mean:.4f} is the energy of setting {setting}")


def _scores(payload: Payload, bits: NDArray[np.bool_]) -> Scores:
    setting = payload.settings["setting"]
    return Scores(f"energy of setting {setting}", setting_energies(model_of(payload), setting, bits))


ENERGY = PayloadKind(_build, _decode, _scores)
"""A setting's part of an energy: `energies` (n,), one a shot, with their `mean`, `variance` (None for one shot) and
number `shots`."""
