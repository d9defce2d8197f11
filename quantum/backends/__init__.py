"""Where circuits run: on exact simulators, on devices simulated with their noise, on devices.

A new exact simulator is one new file here and one line in `BACKENDS`; devices are resolved by name, or handed over
as Qiskit's own backends and samplers.
"""

import warnings

from qiskit.primitives import BaseSamplerV2
from qiskit.providers import BackendV2

from quantum.backends.aer import AerBackend
from quantum.backends.bit_order import check_bit_order
from quantum.backends.fitting import FittedCircuit
from quantum.backends.options import NO_SUPPRESSION, NotHonored, Suppression, UnknownErrors
from quantum.backends.primitive import PrimitiveBackend
from quantum.backends.protocols import Backend, Program
from quantum.backends.service import connect_device
from quantum.backends.simulated_device import SimulatedDevice, can_simulate
from quantum.backends.snapshots import shared_snapshot
from quantum.backends.vendor import VendorBackend
from quantum.names import check_backend, is_device, unknown_backend

__all__ = [
    "BACKENDS",
    "Backend",
    "FittedCircuit",
    "NotHonored",
    "Program",
    "Suppression",
    "UnknownErrors",
    "check_bit_order",
    "resolve",
]

BACKENDS: dict[str, Backend] = {
    "aer_statevector": AerBackend("aer_statevector", "statevector"),
    "aer_mps": AerBackend("aer_mps", "matrix_product_state"),
}
"""Exact simulators by name."""


def resolve(backend: str | BackendV2 | BaseSamplerV2, suppression: Suppression = NO_SUPPRESSION) -> Backend:
    """Return a place where circuits run.

    Parameters
    ----------
    backend
        A name in `BACKENDS`; a snapshot's name ("fake_fez"), to be simulated with its noise; a vendor's device
        ("ibm_fez", "ionq_qpu.forte-1", "arn:aws:braket:..."), reached with the account that is saved; or an object.
        IBM's snapshots and Aer's simulators are simulated, IBM's devices taken by their names, all other backends run
        by themselves (their bits are taken to stand in Qiskit's order: see `check_bit_order`); samplers run as they
        are.
    suppression
        What is to be done against errors. The user is warned (`NotHonored`) of what the backend does not take, or
        what cannot help there.

    Raises
    ------
    InputError
        If there is no such backend, the extra or the account that it needs is missing, or the object is neither a
        backend nor a sampler.
    ServiceError
        If the vendor's service cannot be reached.
    """
    found = _find(backend, suppression)
    for note in found.notes(suppression) if suppression.chosen else ():
        warnings.warn(note, NotHonored, stacklevel=2)
    return found


def _find(backend: object, suppression: Suppression) -> Backend:
    if isinstance(backend, str):
        return _named(backend, suppression)
    if isinstance(backend, BaseSamplerV2):
        return PrimitiveBackend(backend)
    if isinstance(backend, BackendV2):
        if can_simulate(backend):
            return SimulatedDevice(backend, suppression)
        if type(backend).__module__.startswith("qiskit_ibm_runtime."):
            return connect_device(backend.name, suppression)
        return VendorBackend(backend)
    raise unknown_backend(backend)


def _named(name: str, suppression: Suppression) -> Backend:
    if name in BACKENDS:
        return BACKENDS[name]
    if is_device(name):
        return connect_device(name, suppression)
    check_backend(name)
    return SimulatedDevice(shared_snapshot(name), suppression)
