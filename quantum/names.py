"""Names of encodings, loaders and backends, known without Qiskit: for refusals, lists and completion that come at once.

The tables of what they name are `quantum.ridgelet.ENCODINGS`, `quantum.ridgelet.LOADERS` and `quantum.backends`; tests
hold the names here to them.
"""

import difflib
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from problems.errors import InputError

__all__ = [
    "ENCODINGS",
    "LOADERS",
    "QUBIT_MODELS",
    "ROTATION_WAYS",
    "SIMULATORS",
    "SNAPSHOT",
    "VENDORS",
    "check_backend",
    "declared_vendors",
    "is_device",
    "snapshot_names",
    "unknown_backend",
]

ENCODINGS: Mapping[str, str] = {
    "binary": "any prime P: digits as numbers in ceil(log2 P) qubits",
    "rader": "P = 3, 5, 17, 257: digits as discrete logarithms, with a flag for zero",
    "crt": "P such as 7, 13, 31, 241: discrete logarithms modulo the factors of P - 1, with flags for zeros",
}
"""Encodings of the digits in qubits, each in words."""

LOADERS: Mapping[str, str] = {
    "ideal": "hands the state to a simulator, without gates",
    "sparse": "prepares the state by gates, in the order of K n D of them",
    "filtered": "prepares p f and applies the filter 1/(p + lambda) by gates, for few points",
}
"""Loaders of the data, each in words."""

SIMULATORS: Mapping[str, str] = {
    "aer_statevector": "exact, a state vector",
    "aer_mps": "exact, a matrix product state",
}
"""Simulators without noise, each in words."""

QUBIT_MODELS: Mapping[str, str] = {
    "gate_ns_e3": "gates of 50 ns, as of superconducting qubits, errors of 10^-3",
    "gate_ns_e4": "the same with errors of 10^-4",
    "gate_us_e3": "gates of 100 us, as of ions, errors of 10^-3",
    "gate_us_e4": "the same with errors of 10^-4",
    "maj_ns_e4": "Majorana qubits, measured in 100 ns with errors of 10^-4, in a Floquet code",
    "maj_ns_e6": "the same with errors of 10^-6",
}
"""Physical qubits of the resource estimator, each in words."""

ROTATION_WAYS: Mapping[str, str] = {
    "single": "one by one, a synthesis each",
    "mixture": "one by one, a mixture of two",
    "together": "equal ones together, a mixture of two",
    "measured": "equal ones together, ANDs measured away",
}
"""Ways of making a circuit's rotations of Clifford and T gates, each in words."""

SNAPSHOT = "fake_"
"""Beginning of a snapshot's name."""

VENDORS: dict[str, tuple[str, ...]] = {
    "ibm": ("ibm_", "ibmq_"),
    "ionq": ("ionq_",),
    "braket": ("arn:aws:braket:",),
}
"""Vendors of devices, by their folders in `quantum.backends`: the beginnings of their devices' names."""


PACKAGES = "quantum_tickets.vendors"
"""Entry points by which other packages bring vendors, each named as its devices' names begin."""


def is_device(name: str) -> bool:
    """Tell whether a name begins like those of some vendor's devices; whether there is one, its service knows."""
    if any(name.startswith(beginnings) for beginnings in VENDORS.values()):
        return True
    return not name.startswith((SNAPSHOT, *SIMULATORS)) and name.startswith(tuple(declared_vendors()))


@cache
def declared_vendors() -> Mapping[str, str]:
    """Return the vendors of other packages: "module:attribute" by how their devices' names begin; none is imported.

    Names that would stand for something that is here are passed over.
    """
    from importlib.metadata import entry_points

    taken = [SNAPSHOT, *SIMULATORS, *(one for found in VENDORS.values() for one in found)]
    return {
        one.name: one.value
        for one in entry_points(group=PACKAGES)
        if not any(one.name.startswith(other) or other.startswith(one.name) for other in taken)
    }


def snapshot_names() -> tuple[str, ...]:
    """Return the names of the snapshots of devices, sorted: "fake_fez", "fake_torino", ...

    Those of the folder of qiskit-ibm-runtime, which is not imported: `quantum.backends.snapshots` makes them.

    Raises
    ------
    InputError
        If qiskit-ibm-runtime is missing.
    """
    found = find_spec("qiskit_ibm_runtime")
    if found is None or not found.submodule_search_locations:
        raise InputError(
            "Device targets need qiskit-ibm-runtime, which is not installed; "
            "install it with: pip install 'quantum-tickets[ibm]'"
        )
    folders = (Path(place) / "fake_provider" / "backends" for place in found.submodule_search_locations)
    names = sorted({path.stem for folder in folders for path in folder.glob(f"*/{SNAPSHOT}*.py")})
    if not names:  # where the package is laid out in another way
        from quantum.backends.snapshots import snapshot_names as imported

        names = imported()
    return tuple(names)


def check_backend(name: str) -> None:
    """Refuse a name that can be no backend; whether a device exists, its vendor's service knows.

    Raises
    ------
    InputError
        If it is none.
    """
    if name in SIMULATORS or is_device(name):
        return
    # An unknown name is told without the extra; a snapshot's name asks for it.
    if name.startswith(SNAPSHOT) and name in snapshot_names():
        return
    raise unknown_backend(name)


def unknown_backend(backend: object) -> InputError:
    """Return the refusal of what is no backend, with the nearest ones."""
    try:
        snapshots = snapshot_names()
    except InputError:
        snapshots = ()
    nearest = difflib.get_close_matches(str(backend).lower(), [*SIMULATORS, *snapshots], n=2, cutoff=0.5)
    hint = f"Did you mean {' or '.join(map(repr, nearest))}? " if nearest else ""
    return InputError(
        f"There is no backend {backend!r}. {hint}There are: {', '.join(sorted(SIMULATORS))}, {len(snapshots)} "
        "snapshots of devices such as fake_fez (listed by: tickets list devices), IBM's devices as ibm_..., IonQ's as "
        "ionq_qpu..., Amazon Braket's as arn:aws:braket:..., and any BackendV2 or BaseSamplerV2."
    )
