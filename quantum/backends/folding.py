"""Gate folding: the same circuit with more noise, each two-qubit gate U run as U (U^-1 U)^n, for extrapolation to none.

A circuit is folded after it was compiled, and is never compiled again: a compiler would cancel what was added. Folding
is Qiskit's (qiskit-mitigation, `GateFoldingPass`); digital zero-noise extrapolation is that of Giurgica-Tiron et al.
2020 (arXiv:2005.10921).
"""

from importlib import import_module
from types import ModuleType

from qiskit import QuantumCircuit
from qiskit.circuit import Operation
from qiskit.transpiler import PassManager

from problems.errors import InputError, whole_number
from quantum.fold_factors import check_factors

__all__ = ["check_factors", "fold", "two_qubit_gates"]


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
        If the factor is none of these, a two-qubit gate is not its own inverse (only CX, CY, CZ, ECR, swap and IonQ's
        MS and ZZ are folded), outcomes are fed forward, or qiskit-mitigation is missing.
    """
    if whole_number("factor", factor, 1) % 2 == 0:
        check_factors([factor])
    if circuit.has_control_flow_op():
        raise InputError("Gates within feed-forward are not folded; leave feed-forward or extrapolation out.")
    folding = mitigation("zne.gate_folding")
    pairs = [one.operation for one in circuit.data if len(one.qubits) == 2 and one.name != "barrier"]
    foreign = [one for one in pairs if not isinstance(one, folding.SUPPORTED_FOLDED_GATES)]
    other = next((one.name for one in foreign if not _of_ions(one)), None)
    if other is not None:
        raise InputError(
            f"The gate {other!r} is not its own inverse and is not folded; CX, CY, CZ, ECR, swap and IonQ's MS and ZZ "
            "are. Choose another device, or leave zne out."
        )
    folded = _folded_ions(circuit, factor) if foreign else PassManager([folding.GateFoldingPass(factor)]).run(circuit)
    folded._layout = circuit.layout
    return folded


def _of_ions(gate: Operation) -> bool:
    """Tell whether a gate is one of IonQ's own on two qubits."""
    return gate.name in ("ms", "zz") and type(gate).__module__.startswith("qiskit_ionq.")


def _folded_ions(circuit: QuantumCircuit, factor: int) -> QuantumCircuit:
    """Fold IonQ's gates, which are rotations: each is undone by itself, turned the other way round in its frame.

    MS with the first phase half a turn on is its inverse. ZZ is between two X (GPI of phase 0) on the first qubit: so
    no angle is sent that the service may not take.
    """
    from qiskit_ionq import GPIGate, MSGate

    folded = circuit.copy_empty_like()
    for one in circuit.data:
        folded.append(one.operation, one.qubits, one.clbits)
        if len(one.qubits) != 2 or one.name == "barrier":
            continue
        for _ in range(factor // 2):
            if one.name == "ms":
                first, second, angle = one.operation.params
                folded.append(MSGate((first + 0.5) % 1, second, angle), one.qubits)
            elif one.name == "zz":
                folded.append(GPIGate(0), one.qubits[:1])
                folded.append(one.operation, one.qubits)
                folded.append(GPIGate(0), one.qubits[:1])
            else:
                folded.append(one.operation, one.qubits)
            folded.append(one.operation, one.qubits)
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
