"""Flags of an order to a device: where circuits run and how, read and checked before anything heavy is imported."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from compare.options import whole_option
from compare.wishes import Wishes
from problems.errors import InputError

if TYPE_CHECKING:
    from compare.hardware.at_once import AtOnce
    from compare.hardware.plan import Order

# Qiskit is imported by what needs it, so that help and refusals come at once.

__all__ = [
    "AT_ONCE",
    "BACKEND",
    "BUFFER",
    "DD",
    "REGION",
    "TWIRLING",
    "check_folder",
    "named_backend",
    "order_of",
    "read_at_once",
]


def _backends(incomplete: str) -> list[str]:
    from quantum.names import SIMULATORS, snapshot_names

    try:
        names = [*SIMULATORS, *snapshot_names()]
    except InputError:
        names = [*SIMULATORS]
    return [name for name in names if name.startswith(incomplete)]


BACKEND = Annotated[
    str | None,
    typer.Option(
        help="Device of IBM (ibm_fez, ...), IonQ (ionq_qpu.forte-1, ...) or Amazon Braket (its ARN), snapshot "
        "(fake_fez, ...) or aer_statevector.",
        autocompletion=_backends,
    ),
]
DD = Annotated[bool, typer.Option("--dd", help="Decouple waiting qubits dynamically.")]
TWIRLING = Annotated[bool, typer.Option("--twirling", help="Twirl gates and measurements.")]
AT_ONCE = Annotated[
    int,
    whole_option("Circuits that run at once in one job, each on a region of the device of its own."),
]
BUFFER = Annotated[int, whole_option("With --at-once: unused qubits between any two circuits, at least.")]
REGION = Annotated[
    list[str] | None,
    typer.Option(
        metavar="QUBITS",
        help="With --at-once: the qubits of the first circuit, again for the second, ..., such as 0-7 or 0,1,2,9-11; "
        "the best there is room for if left out.",
    ),
]


def named_backend(backend: str | None) -> str:
    """Return the backend that a user names, or refuse that none is, or one that there is not."""
    from quantum.names import check_backend

    if backend is None:
        raise InputError("No backend is named; give --backend: a vendor's device, a snapshot or a simulator.")
    check_backend(backend)
    return backend


def order_of(
    backend: str | None, shots: int, seed: int, dd: bool, twirling: bool, wishes: Wishes, at_once: "AtOnce"
) -> "Order":
    """Return the order that flags make."""
    backend = named_backend(backend)
    from compare.hardware.plan import Order
    from quantum.backends.options import Suppression

    suppression = Suppression(dd, twirling)
    return Order(backend, shots, seed, suppression, wishes.rounds, wishes.every, at_once, wishes.mitigation)


def read_at_once(circuits: int, buffer: int, regions: Sequence[str] | None, alone: bool = False) -> "AtOnce":
    """Return how many circuits run at once and where, or refuse it before anything heavy is imported."""
    from compare.hardware.at_once import AtOnce
    from quantum.region_names import read_region

    found = AtOnce(circuits, buffer, tuple(map(read_region, regions)) if regions else None, alone)
    found.check()
    return found


def check_folder(out: Path) -> None:
    """Refuse a folder for runs that cannot be one."""
    there = next(path for path in (out, *out.absolute().parents) if path.exists())
    if not there.is_dir():
        raise InputError(f"--out {out} cannot be a folder: {there} is a file; name another.")
