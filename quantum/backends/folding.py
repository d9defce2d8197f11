"""Gate folding: the same circuit with more noise, each two-qubit gate U run as U (U^-1 U)^n, for extrapolation to none.

A circuit is folded after it was compiled, and is never compiled again: a compiler would cancel what was added. Folding
is Qiskit's (qiskit-mitigation, `GateFoldingPass`); digital zero-noise extrapolation is that of Giurgica-Tiron et al.
2020 (arXiv:2005.10921).
"""

from collections.abc import Sequence
from importlib import import_module
from types import ModuleType

from qiskit import QuantumCircuit
from qiskit.transpiler import PassManager

from problems.errors import InputError, whole_number

__all__ = ["check_factors", "fold", "two_qubit_gates"]


def check_factors(factors: Sequence[int]) -> tuple[int, ...]:
    """Return the factors by which noise is scaled, or refuse them.

    Raises
    ------
    InputError
        If there are fewer than two, one is no odd whole number of at least 1, or one stands twice.
    """
    for factor in factors:
        if whole_number("factor", factor, 1) % 2 == 0:
            raise InputError(
                f"factor = {factor} is even, but gates are folded in pairs: U (U^-1 U)^n takes 1, 3, 5, ... times as "
                "many; give odd ones."
            )
    if len(set(factors)) < max(2, len(factors)):
        raise InputError(
            f"factors = {', '.join(map(str, factors)) or 'none'} leave nothing to extrapolate from; give two different "
            "ones or more, such as 1,3,5."
        )
    return tuple(int(factor) for factor in factors)


def fold(circuit: QuantumCircuit, factor: int) -> QuantumCircuit:
    """Return a compiled circuit with each two-qubit gate run an odd number of times; without noise it does the same.

    Parameters
    ----------
    circuit
        In a device's gates, on its qubits.
    factor
        1, 3, 5, ...: how many of each two-qubit gate there are afterwards.

    Raises
    ------
    InputError
        If the factor is none of these, a two-qubit gate is not its own inverse (only CX, CY, CZ, ECR and swap are
        folded), outcomes are fed forward, or qiskit-mitigation is missing.
    """
    if whole_number("factor", factor, 1) % 2 == 0:
        check_factors([factor])
    if circuit.has_control_flow_op():
        raise InputError("Gates within feed-forward are not folded; leave feed-forward or extrapolation out.")
    folding = mitigation("zne.gate_folding")
    pairs = [one.operation for one in circuit.data if len(one.qubits) == 2 and one.name != "barrier"]
    other = next((one.name for one in pairs if not isinstance(one, folding.SUPPORTED_FOLDED_GATES)), None)
    if other is not None:
        raise InputError(
            f"The gate {other!r} is not its own inverse and is not folded; CX, CY, CZ, ECR and swap are. Choose "
            "another device, or leave zne out."
        )
    folded = PassManager([folding.GateFoldingPass(factor)]).run(circuit)
    folded._layout = circuit.layout
    return folded


def two_qubit_gates(circuit: QuantumCircuit) -> int:
    """Return the number of a circuit's two-qubit gates."""
    return sum(len(one.qubits) == 2 and one.name != "barrier" for one in circuit.data)


def mitigation(module: str) -> ModuleType:
    """Return a module of qiskit-mitigation.

    Raises
    ------
    InputError
        If it is missing.
    """
    try:
        return import_module(f"qiskit_mitigation.{module}")
    except ImportError as error:
        raise InputError(
            f"Mitigation past readout needs qiskit-mitigation, which cannot be imported ({error}); install it with: "
            "pip install 'quantum-tickets[ibm]'"
        ) from None
