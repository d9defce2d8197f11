"""Processes that know of the loopback server and of no other account."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from qiskit import QuantumCircuit, generate_preset_pass_manager
from qiskit.transpiler import Target

from quantum.backends.ibm import Account, Patience
from tests.loopback.server import QUBITS, RuntimeServer

__all__ = ["HASTY", "PATIENCE", "account_file", "connected", "fitted_example", "no_account"]

PATIENCE = Patience(total=2, backoff=0.01, connect=2.0, read=10.0, submit=10.0)
HASTY = Patience(total=1, backoff=0.01, connect=1.0, read=1.0, submit=1.0)
"""For requests that hang."""

VARIABLES = ("QISKIT_IBM_", "IAM_URL", "GLOBAL_SEARCH_URL", "GLOBAL_CATALOG_URL", "QISKIT_FUNCTIONS")


def account_file(folder: Path) -> Path:
    """Return where accounts are looked for after `no_account`."""
    return folder / "qiskit-ibm.json"


@contextlib.contextmanager
def no_account(folder: Path) -> Iterator[pytest.MonkeyPatch]:
    """Look for accounts in this folder and nowhere else."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(VARIABLES):
                patch.delenv(name)
        file = str(account_file(folder))
        patch.setattr("qiskit_ibm_runtime.accounts.management._DEFAULT_ACCOUNT_CONFIG_JSON_FILE", file)
        yield patch


@contextlib.contextmanager
def connected(
    folder: Path, patience: Patience = PATIENCE, qubits: int | None = QUBITS
) -> Iterator[tuple[RuntimeServer, Account]]:
    """Start a server with a device of so many qubits, all of it if that is None, and connect to it."""
    with RuntimeServer(qubits=qubits) as server, no_account(folder) as patch:
        for name, value in server.environ.items():
            patch.setenv(name, value)
        yield server, Account.connect(patience)


def fitted_example(target: Target) -> QuantumCircuit:
    """Return three entangled qubits, and three bits in the register `node`, in a device's gates."""
    from qiskit.circuit import ClassicalRegister, QuantumRegister

    circuit = QuantumCircuit(QuantumRegister(3), ClassicalRegister(3, "node"), metadata={"row": 1})
    circuit.h(0)
    circuit.cx(0, 1)
    circuit.ry(0.7, 2)
    circuit.measure(range(3), range(3))
    return generate_preset_pass_manager(1, target=target, seed_transpiler=1).run(circuit)
