"""IBM's devices as they once were: calibration snapshots that need no account and no network."""

import inspect
from collections.abc import Callable
from functools import cache
from importlib import import_module

from qiskit.providers import BackendV2
from qiskit.transpiler import InstructionProperties, Target

from problems.errors import InputError, choose

__all__ = ["calibration_date", "shared_snapshot", "snapshot", "snapshot_names", "working_target"]


def snapshot_names() -> list[str]:
    """Return the names of the snapshots: "fake_fez", "fake_torino", ...

    Raises
    ------
    InputError
        If qiskit-ibm-runtime is missing.
    """
    return sorted(_snapshots())


def snapshot(name: str, kind: str = "backend") -> BackendV2:
    """Return a device as it once was.

    Parameters
    ----------
    name
        One of `snapshot_names`.
    kind
        What is being chosen, in words, for the message.

    Raises
    ------
    InputError
        If qiskit-ibm-runtime is missing, or there is no such snapshot.
    """
    return choose(kind, name, _snapshots())()


def shared_snapshot(name: str, kind: str = "backend") -> BackendV2:
    """Return a device as it once was, the same object at each call: it is decoded once, and nobody changes it.

    Parameters
    ----------
    name, kind
        As `snapshot` takes them.

    Raises
    ------
    InputError
        If qiskit-ibm-runtime is missing, or there is no such snapshot.
    """
    return _made_once(choose(kind, name, _snapshots()))


def calibration_date(backend: BackendV2) -> str | None:
    """Return when a snapshot, or a device of IBM's, was last calibrated, in ISO format; None where it does not say."""
    properties = getattr(backend, "properties", lambda: None)()
    date = getattr(properties, "last_update_date", None)
    return None if date is None else date.isoformat()


def working_target(target: Target) -> Target:
    """Return a device's description without the two-qubit gates that its calibration marks as broken (error 1)."""
    working = Target(
        num_qubits=target.num_qubits,
        dt=target.dt,
        granularity=target.granularity,
        min_length=target.min_length,
        pulse_alignment=target.pulse_alignment,
        acquire_alignment=target.acquire_alignment,
        qubit_properties=target.qubit_properties,
    )
    for name in target.operation_names:
        known = target[name]
        kept = {
            qubits: properties
            for qubits, properties in known.items()
            if qubits is None or len(qubits) == 1 or not _is_broken(properties)
        }
        # Feed-forward belongs to no qubits.
        working.add_instruction(target.operation_from_name(name), None if None in kept else kept, name=name)
    return working


def _snapshots() -> dict[str, Callable[[], BackendV2]]:
    try:
        provider = import_module("qiskit_ibm_runtime.fake_provider")
    except ImportError:
        raise InputError(
            "Device targets need qiskit-ibm-runtime, which is not installed; "
            "install it with: pip install 'quantum-tickets[ibm]'"
        ) from None
    # The provider's own list makes every device, which takes seconds and warns about some.
    classes = [kind for kind in vars(provider).values() if inspect.isclass(kind)]
    named = {getattr(kind, "backend_name", None): kind for kind in classes}
    return {name: kind for name, kind in named.items() if isinstance(name, str)}


@cache
def _made_once(kind: Callable[[], BackendV2]) -> BackendV2:
    return kind()


def _is_broken(properties: InstructionProperties | None) -> bool:
    return properties is not None and properties.error is not None and properties.error >= 1
