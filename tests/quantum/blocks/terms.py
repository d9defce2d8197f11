"""A readable simulator of circuits whose states have few terms: every term as its bits and a real amplitude."""

import numpy as np
from qiskit import QuantumCircuit

NOTHING = 1e-13
"""Amplitudes up to this are rounding."""


class Terms:
    """The state that a circuit of X, H, RY, CX, CZ, measurements and blocks that depend on them makes of |0...0>.

    `bits` has a row for each qubit and a column for each term; `amplitudes` are real. Outcomes are drawn by `seed`.
    """

    def __init__(self, circuit: QuantumCircuit, seed: int = 0) -> None:
        rng = np.random.default_rng(seed)
        self.bits = np.zeros((circuit.num_qubits, 1), dtype=bool)
        self.amplitudes = np.full(1, np.cos(circuit.global_phase))
        self._clbits = np.zeros(circuit.num_clbits, dtype=bool)
        self._rng = rng
        # A term's key is the sum over Z_2 of its qubits' random numbers: equal terms are found by it.
        self._numbers = rng.integers(2**63, size=circuit.num_qubits, dtype=np.uint64)
        self._keys = np.zeros(1, dtype=np.uint64)
        self._run(circuit, list(range(circuit.num_qubits)), list(range(circuit.num_clbits)))

    def _run(self, circuit: QuantumCircuit, qubits: list[int], clbits: list[int]) -> None:
        for instruction in circuit.data:
            at = [qubits[circuit.find_bit(qubit).index] for qubit in instruction.qubits]
            bits = [clbits[circuit.find_bit(clbit).index] for clbit in instruction.clbits]
            operation = instruction.operation
            match operation.name:
                case "x":
                    self._flip(at[0], np.ones(len(self.amplitudes), dtype=bool))
                case "cx":
                    self._flip(at[1], self.bits[at[0]].copy())
                case "cz":
                    self.amplitudes = np.where(self.bits[at[0]] & self.bits[at[1]], -1, 1) * self.amplitudes
                case "h":
                    self._mix(at[0], np.array([[1, 1], [1, -1]]) / np.sqrt(2))
                case "ry":
                    half = operation.params[0] / 2
                    self._mix(at[0], np.array([[np.cos(half), -np.sin(half)], [np.sin(half), np.cos(half)]]))
                case "measure":
                    one = self.bits[at[0]]
                    self._clbits[bits[0]] = outcome = self._rng.random() < np.sum(self.amplitudes[one] ** 2)
                    self._keep(one == outcome)
                    self.amplitudes /= np.linalg.norm(self.amplitudes)
                case "if_else":
                    (block, *others) = operation.blocks
                    clbit, value = operation.condition
                    assert not [other for other in others if other is not None]
                    if self._clbits[clbits[circuit.find_bit(clbit).index]] == value:
                        self._run(block, at, bits)
                case name:
                    raise AssertionError(name)

    def _flip(self, qubit: int, where: np.ndarray) -> None:
        self.bits[qubit] ^= where
        self._keys = self._keys ^ np.where(where, self._numbers[qubit], np.uint64(0))

    def _keep(self, kept: np.ndarray) -> None:
        self.bits, self.amplitudes, self._keys = self.bits[:, kept], self.amplitudes[kept], self._keys[kept]

    def _mix(self, qubit: int, matrix: np.ndarray) -> None:
        one = self.bits[qubit]
        base = self._keys ^ np.where(one, self._numbers[qubit], np.uint64(0))
        keys, first, which = np.unique(base, return_index=True, return_inverse=True)
        pair = np.zeros((2, len(keys)))
        pair[one.astype(int), which] = self.amplitudes
        pair = matrix @ pair
        self.bits = np.hstack([self.bits[:, first], self.bits[:, first]])
        self.bits[qubit] = np.repeat([False, True], len(keys))
        self._keys = np.hstack([keys, keys ^ self._numbers[qubit]])
        self.amplitudes = pair.reshape(-1)
        self._keep(np.abs(self.amplitudes) > NOTHING)


def assert_makes(circuit: QuantumCircuit, bits: np.ndarray, amplitudes: np.ndarray, seed: int = 0) -> None:
    """Assert that a circuit makes sum_m amplitude_m |bits_m>, qubits behind those of `bits` in |0>."""
    made = Terms(circuit, seed)
    assert not made.bits[bits.shape[1] :].any()
    found = dict(zip(map(bytes, np.packbits(made.bits[: bits.shape[1]].T, axis=1)), made.amplitudes, strict=True))
    wanted = dict(zip(map(bytes, np.packbits(bits, axis=1)), amplitudes, strict=True))
    sign = 1.0
    if circuit.clbits:  # a state after measurements is known up to its sign
        some = max(wanted, key=lambda term: abs(wanted[term]))
        sign = np.sign(found[some] * wanted[some])
    for term in wanted.keys() | found.keys():
        assert abs(sign * found.get(term, 0) - wanted.get(term, 0)) < 1e-11
