"""Addition of two registers by rippling carries, and the top bit of a sum without the sum."""

from qiskit import QuantumCircuit
from qiskit.circuit import Gate

from problems.errors import whole_number

__all__ = ["RippleAddition", "RippleSign", "RippleTopBit"]


class _OfTwoRegisters(Gate):
    """A gate on two registers of so many bits."""

    def __init__(self, name: str, width: int) -> None:
        self.width = whole_number("width", width, 1)
        super().__init__(name, 2 * self.width, [])


class RippleAddition(_OfTwoRegisters):
    """|a>|b> -> |a>|a + b mod 2^n>, up to phases that its inverse takes back.

    Parameters
    ----------
    width
        The bits n >= 1 of each register.

    Raises
    ------
    InputError
        If the width is no whole number of at least 1.

    Notes
    -----
    Registers: a, then b, n qubits each, the lowest bit first. Decomposition: carries on the wires of a, without
    ancilla (Takahashi, Tani, Kunihiro 2010, arXiv:0910.2530, section 2), the last one straight into b's last bit.
    Cost: 2n - 3 Toffoli gates for n >= 2. They are relative-phase ones (Maslov 2016, arXiv:1508.03273), 4 T and 3 CX
    each: all but the last carry's come in pairs whose phases cancel, and its phase depends on a and b alone.
    """

    def __init__(self, width: int) -> None:
        super().__init__("ripple_addition", width)

    def classical_action(self, a: int, b: int) -> tuple[int, int]:
        """Return what the gate makes of a basis state."""
        return a, (a + b) % 2**self.width

    def _define(self) -> None:
        n = self.width
        a, b = list(range(n)), list(range(n, 2 * n))
        circuit = self.definition = QuantumCircuit(2 * n, name=self.name)
        circuit.compose(RippleTopBit(n).definition, inplace=True)
        for i in range(n - 2, 0, -1):
            circuit.cx(a[i], b[i])
            circuit.rccx(a[i - 1], b[i - 1], a[i])
        for i in range(1, n - 2):
            circuit.cx(a[i], a[i + 1])
        for i in range(n - 1):
            circuit.cx(a[i], b[i])


class RippleTopBit(_OfTwoRegisters):
    """Write bit n-1 of a + b in the place of b's; the other bits hold what the gate's inverse turns back.

    Parameters
    ----------
    width
        The bits n >= 1 of each register.

    Raises
    ------
    InputError
        If the width is no whole number of at least 1.

    Notes
    -----
    Registers: a, then b, n qubits each, the lowest bit first. Decomposition: the first half of `RippleAddition`,
    which ends here. Cost: n - 1 relative-phase Toffoli gates.
    """

    def __init__(self, width: int) -> None:
        super().__init__("ripple_top_bit", width)

    def top_bit(self, a: int, b: int) -> int:
        """Return the last bit of b that the gate makes of a basis state."""
        return (a + b) >> (self.width - 1) & 1

    def _define(self) -> None:
        n = self.width
        a, b = list(range(n)), list(range(n, 2 * n))
        circuit = self.definition = QuantumCircuit(2 * n, name=self.name)
        for i in range(min(1, n - 1), n):
            circuit.cx(a[i], b[i])
        if n > 2:
            circuit.cx(a[n - 2], b[n - 1])
        circuit.compose(_carries(n), inplace=True)
        if n > 1:
            circuit.rccx(a[n - 2], b[n - 2], b[n - 1])


class RippleSign(_OfTwoRegisters):
    """|a>|b> -> (-1)^(bit n-1 of a + b) |a>|b>: the sign of a sum in two's complement, as a phase.

    Parameters
    ----------
    width
        The bits n >= 1 of each register.

    Raises
    ------
    InputError
        If the width is no whole number of at least 1.

    Notes
    -----
    Registers: a, then b, n qubits each, the lowest bit first. Decomposition: the carries of `RippleAddition` up to
    the last but one, computed and uncomputed; the last is a product, whose phase is one CZ. Cost: 2 (n - 2)
    relative-phase Toffoli gates for n >= 2: half of an addition and its inverse.
    """

    def __init__(self, width: int) -> None:
        super().__init__("ripple_sign", width)

    def negative(self, a: int, b: int) -> bool:
        """Tell whether the gate gives a basis state the phase -1."""
        return (a + b) >> (self.width - 1) & 1 == 1

    def inverse(self, annotated: bool = False) -> "RippleSign":
        """Return the gate: it is its own inverse."""
        return RippleSign(self.width)

    def _define(self) -> None:
        n = self.width
        a, b = list(range(n)), list(range(n, 2 * n))
        circuit = self.definition = QuantumCircuit(2 * n, name=self.name)
        circuit.z([a[n - 1], b[n - 1]])
        if n > 2:
            circuit.z(a[n - 2])
        carried = QuantumCircuit(2 * n)
        for i in range(1, n - 1):
            carried.cx(a[i], b[i])
        carried.compose(_carries(n), inplace=True)
        circuit.compose(carried, inplace=True)
        if n > 1:
            circuit.cz(a[n - 2], b[n - 2])
        circuit.compose(carried.inverse(), inplace=True)


def _carries(n: int) -> QuantumCircuit:
    """Add to wire i of a, for 1 <= i <= n - 2, the carry into bit i; b holds the sums without carries."""
    circuit = QuantumCircuit(2 * n)
    for i in range(n - 3, 0, -1):
        circuit.cx(i, i + 1)
    for i in range(n - 2):
        circuit.rccx(i, n + i, i + 1)
    return circuit
