"""Walks of CNOTs and Hadamards with phases on parities, against a literal sum over paths."""

import itertools

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.circuit.library import CZGate, RYGate, TGate, XGate

from quantum.blocks.parity_walk import ParityWalk
from tests.quantum.blocks.agreement import act, assert_close, assert_equal_up_to_row_phases


class Paths:
    """The oracle: what each wire holds, as a set of variables, and the phases asked for; everything enumerated."""

    def __init__(self, wires, rng):
        self.variables, self.hadamards, self.factors = 0, 0, []
        self.held = []
        for _ in range(wires):
            plus = self.held[-1] if self.held and rng.random() < 0.5 else frozenset()
            self.held.append(self.new(plus))
        self.first, self.seen = list(self.held), set(self.held)

    def new(self, plus=frozenset()):
        self.variables += 1
        return frozenset([self.variables - 1]) ^ plus

    def hold(self, wire, parity):
        self.held[wire] = parity
        self.seen.add(parity)

    def matrix(self):
        """Sum over the values of all variables: from what the wires held first to what they hold last."""
        size = 2 ** len(self.held)
        matrix = np.zeros((size, size), dtype=complex)
        for values in itertools.product((0, 1), repeat=self.variables):

            def value(parity, values=values):
                return sum(values[variable] for variable in parity) % 2

            start = sum(value(parity) << wire for wire, parity in enumerate(self.first))
            end = sum(value(parity) << wire for wire, parity in enumerate(self.held))
            angle = sum(angle for *parities, angle in self.factors if all(map(value, parities)))
            matrix[end, start] += np.exp(1j * angle) * 2 ** (-self.hadamards / 2)
        return matrix


def number(parity):
    return sum(1 << variable for variable in parity)


def random_walk(rng, wires=3, steps=18, hadamards=4):
    """Return a finished circuit, its walk before `finish` and the oracle: moves, then requests wherever legal."""
    circuit = QuantumCircuit(wires)
    walk, paths = ParityWalk(circuit), Paths(wires, rng)
    for wire, qubit in enumerate(circuit.qubits):
        assert walk.start(qubit, plus=number(paths.first[wire]) ^ 1 << wire) == 1 << wire
    singles, pairs = [frozenset([wire]) for wire in range(wires)], []
    for kind in rng.permutation(["h"] * hadamards + ["cz"] * 2 + ["t"] * 2 + ["cx"] * (steps - hadamards)):
        source, target = rng.permutation(wires)[:2].tolist()
        one, two = circuit.qubits[source], circuit.qubits[target]
        if kind == "cx":
            walk.cx(one, two)
            paths.hold(target, paths.held[target] ^ paths.held[source])
        elif kind == "cz":
            walk.gate(CZGate(), one, two)
            paths.factors.append((paths.held[source], paths.held[target], np.pi))
        elif kind == "t":
            walk.gate(TGate(), one)
            paths.factors.append((paths.held[source], np.pi / 4))
        else:
            old = paths.held[source]
            plus = [frozenset(), paths.held[target], old][rng.integers(3)]
            variable = walk.h(one, plus=number(plus))
            new = paths.new()
            assert variable == number(new)
            paths.hold(source, new ^ plus)
            paths.hadamards += 1
            singles.append(new)
            # The Hadamard's own sign must be asked for; the pairs may be more than one if a wire holds a sum.
            for a, b in itertools.product(old, new ^ plus):
                walk.phase(1 << a, np.pi) if a == b else walk.couple(1 << a, 1 << b, np.pi)
            paths.factors.append((old, paths.held[source], np.pi))
        assert [walk.held(qubit) for qubit in circuit.qubits] == [number(parity) for parity in paths.held]
    for parity in sorted(paths.seen - {frozenset()}, key=sorted):
        angle = rng.normal(scale=5)
        walk.phase(number(parity), angle)
        paths.factors.append((parity, angle))
    for a, b in itertools.combinations(singles, 2):
        if {a, b, a | b} <= paths.seen:
            angle = rng.normal(scale=5)
            walk.couple(*(number(v) for v in rng.permutation([a, b])), angle)
            paths.factors.append((a, b, angle))
            pairs.append((a, b))
    return circuit, walk, paths, pairs


def test_random_walks_are_the_sum_over_their_paths():
    coupled = 0
    for seed in range(40):
        circuit, walk, paths, pairs = random_walk(np.random.default_rng(seed))
        walk.finish()
        assert_close(act(circuit, np.eye(8)), paths.matrix())
        assert circuit.count_ops()["cx"] == 14
        assert circuit.count_ops()["h"] == 4
        coupled += len(pairs)
    assert coupled > 80  # the seeds do ask for couplings


def test_a_hadamard_asks_for_the_opposite_of_its_sign():
    """Taken off the account, the sign stays in the circuit; one wire holds d + c, so its sign is made of two."""
    circuit = QuantumCircuit(2)
    walk = ParityWalk(circuit)
    a, b = (walk.start(qubit) for qubit in circuit.qubits)
    c = walk.h(circuit.qubits[0])
    d = walk.h(circuit.qubits[1], plus=c)
    assert walk.held(circuit.qubits[1]) == c ^ d
    assert [walk.take(*pair) for pair in [(a, c), (b, c), (b, d)]] == pytest.approx([np.pi] * 3)
    walk.finish()
    hadamard = np.array([[1, 1], [1, -1]]) / np.sqrt(2)
    assert_close(act(circuit, np.eye(4)), np.kron(hadamard, hadamard))
    assert circuit.count_ops() == {"h": 2}


def test_a_hadamard_whose_sign_nobody_asks_for_is_refused():
    circuit = QuantumCircuit(1)
    walk = ParityWalk(circuit)
    walk.start(circuit.qubits[0])
    walk.h(circuit.qubits[0])
    with pytest.raises(RuntimeError, match="no wire held the parity 11"):
        walk.finish()


def fourier_walk(m):
    """The Fourier transform over 2^m points, wire m-1-t ending as output bit t; angles come in halves."""
    circuit = QuantumCircuit(m)
    walk = ParityWalk(circuit)
    inputs = [walk.start(qubit) for qubit in circuit.qubits]
    outputs = []
    for t in range(m):
        wire = m - 1 - t
        for s in range(t):
            walk.cx(circuit.qubits[m - 1 - s], circuit.qubits[wire])
            walk.couple(outputs[s], inputs[wire], -2 * np.pi * 2.0 ** (wire + s - m) / 2)
            walk.couple(inputs[wire], outputs[s], -2 * np.pi * 2.0 ** (wire + s - m) / 2)
        # The wire now holds its bit and all earlier outputs.
        outputs.append(walk.h(circuit.qubits[wire], plus=outputs[-1] if t else 0))
        walk.couple(inputs[wire], outputs[t], np.pi)
    for t in range(1, m):
        walk.cx(circuit.qubits[m - t], circuit.qubits[m - 1 - t])
    return circuit, walk, outputs


@pytest.mark.parametrize("m", range(1, 6))
def test_a_fourier_transform_is_one_cnot_a_coupling(m):
    circuit, walk, _ = fourier_walk(m)
    walk.finish()
    size = 2**m
    x = np.arange(size)
    mirrored = [int(f"{k:0{m}b}"[::-1], 2) for k in range(size)]
    expected = np.exp(-2j * np.pi * np.outer(x, x) / size) / np.sqrt(size)
    assert_close(act(circuit, np.eye(size)), expected[mirrored])
    assert circuit.count_ops().get("cx", 0) == m * (m - 1) // 2 + m - 1


def test_take_table_returns_the_table_and_takes_it_off_the_account():
    circuit = QuantumCircuit(4)
    walk = ParityWalk(circuit)
    a, b, c, d = (walk.start(qubit) for qubit in circuit.qubits)
    walk.phase(a, 0.3)
    walk.phase(a ^ b ^ c, 7.0)  # no wire holds it, and 2 pi are not taken off
    walk.phase(a ^ b ^ c, 1.0)
    walk.phase(b ^ d, 0.25)
    walk.phase(d, 0.125)
    walk.couple(c, a, -0.9)
    walk.couple(b, d, 2 * np.pi)
    table = walk.take_table([c, a, b])  # the first is the lowest bit of the row
    assert table.shape == (8,)
    for row, value in enumerate(table):
        in_c, in_a, in_b = row & 1, row >> 1 & 1, row >> 2
        assert value == pytest.approx(0.3 * in_a + 8.0 * ((in_a + in_b + in_c) % 2) - 0.9 * in_a * in_c)
    assert_close(walk.take_table([c, a, b]), np.zeros(8))
    assert walk.take(a, c) == 0
    assert_close(walk.take_table([d]), [0, 0.125])
    walk.cx(circuit.qubits[1], circuit.qubits[3])
    walk.finish()  # b + d stays
    state = np.arange(16)
    image = state ^ (state >> 1 & 1) << 3
    assert_close(act(circuit, np.eye(16))[image], np.diag(np.exp(0.25j * (image >> 3))))
    assert circuit.count_ops() == {"cx": 1, "p": 1}


@pytest.mark.parametrize("seed", range(8))
def test_what_is_settled_and_what_is_left_make_the_whole(seed):
    rng = np.random.default_rng(seed)
    circuit, walk, paths, _ = random_walk(rng)
    inputs = rng.permutation(3)
    table = walk.take_table([1 << int(wire) for wire in inputs])
    walk.finish()
    diagonal = np.empty(8, dtype=complex)
    for values in range(8):
        bits = [values >> i & 1 for i in range(3)]
        column = sum((sum(bits[v] for v in parity) % 2) << wire for wire, parity in enumerate(paths.first))
        diagonal[column] = np.exp(1j * table[sum(bits[wire] << i for i, wire in enumerate(inputs))])
    assert np.ptp(diagonal) != 0
    assert_close(act(circuit, np.diag(diagonal)), paths.matrix())


@pytest.mark.parametrize(
    ("asked", "taken"),
    [(0.7, 0.7), (2.5 * np.pi, np.pi / 2), (np.pi, np.pi), (-np.pi, np.pi), (-1.25 * np.pi, 0.75 * np.pi)],
)
def test_take_returns_the_reduced_angle_once_and_in_either_order(asked, taken):
    walk = ParityWalk(QuantumCircuit(2))
    a, b = (walk.start(qubit) for qubit in walk.circuit.qubits)
    walk.couple(a, b, asked)
    assert walk.take(b, a) == pytest.approx(taken, abs=1e-12)
    assert walk.take(a, b) == 0
    walk.couple(b, a, asked)
    assert walk.take(a, b) == pytest.approx(taken, abs=1e-12)
    walk.finish()
    assert len(walk.circuit.data) == 0


def measured_walk(unseen):
    """All wires end with a fresh variable, some phases are on outcomes alone, some are not."""
    circuit, walk, outputs = fourier_walk(3)
    first, second, third = outputs
    walk.phase(first, 0.4)
    walk.phase(first ^ second, -1.1)
    walk.couple(second, third, 0.3)
    walk.phase(1, 0.6)  # an input
    walk.phase(2 ^ first, 0.8)  # an input and an outcome
    walk.finish(unseen=sum(outputs) if unseen else 0)
    return circuit


def test_unseen_drops_phases_of_outcomes_alone():
    seen, dropped = measured_walk(unseen=False), measured_walk(unseen=True)
    exact, measured = act(seen, np.eye(8)), act(dropped, np.eye(8))
    assert_equal_up_to_row_phases(measured, exact)
    assert not np.allclose(measured, exact)
    # 0.4, -1.1 and the three of the coupling.
    assert seen.count_ops()["p"] - dropped.count_ops()["p"] == 5
    assert seen.count_ops()["cx"] == dropped.count_ops()["cx"]


def test_unseen_keeps_each_phase_that_has_another_variable():
    circuit = QuantumCircuit(2)
    walk = ParityWalk(circuit)
    a, b = (walk.start(qubit) for qubit in circuit.qubits)
    walk.cx(circuit.qubits[0], circuit.qubits[1])
    for parity, angle in [(a, 0.1), (b, 0.2), (a ^ b, 0.4)]:
        walk.phase(parity, angle)
    walk.finish(unseen=b)
    angles = sorted(step.operation.params[0] for step in circuit.data if step.operation.name == "p")
    assert angles == pytest.approx([0.1, 0.4])


def test_an_unseen_phase_needs_no_wire():
    circuit = QuantumCircuit(2)
    walk = ParityWalk(circuit)
    a, b = (walk.start(qubit) for qubit in circuit.qubits)
    walk.couple(a, b, 0.3)
    walk.finish(unseen=a | b)
    assert len(circuit.data) == 0


@pytest.mark.parametrize("asked", ["phase", "couple"])
def test_a_parity_that_no_wire_held_is_refused(asked):
    circuit = QuantumCircuit(3)
    walk = ParityWalk(circuit)
    a, _, c = (walk.start(qubit) for qubit in circuit.qubits)
    walk.cx(circuit.qubits[0], circuit.qubits[1])
    walk.cx(circuit.qubits[1], circuit.qubits[2])  # a + b + c, never a + c
    if asked == "phase":
        walk.phase(a ^ c, 0.5)
    else:
        walk.couple(a, c, 1.0)
    with pytest.raises(RuntimeError, match="no wire held the parity 101"):
        walk.finish()


def test_whole_turns_need_neither_gate_nor_wire():
    circuit = QuantumCircuit(2)
    walk = ParityWalk(circuit)
    a, b = (walk.start(qubit) for qubit in circuit.qubits)
    walk.couple(a, b, 2 * np.pi)
    walk.couple(b, a, -4 * np.pi)
    walk.phase(a ^ b, 6 * np.pi)
    walk.phase(a, 1e-14)
    walk.finish()
    assert len(circuit.data) == 0


def test_a_coupling_is_reduced_before_it_is_halved():
    circuit = QuantumCircuit(2)
    walk = ParityWalk(circuit)
    a, b = (walk.start(qubit) for qubit in circuit.qubits)
    walk.cx(*circuit.qubits)
    walk.couple(a, b, 2 * np.pi + 0.5)
    walk.finish()
    expected = np.eye(4)[[0, 3, 2, 1]] @ np.diag([1, 1, 1, np.exp(0.5j)])
    assert_close(act(circuit, np.eye(4)), expected)


def test_requests_may_come_before_the_wire_holds_the_parity():
    circuit = QuantumCircuit(2)
    walk = ParityWalk(circuit)
    a, b = (walk.start(qubit) for qubit in circuit.qubits)
    walk.phase(a ^ b, 0.7)
    walk.gate(XGate(), circuit.qubits[0])  # a bystander, undone before it matters
    walk.gate(XGate(), circuit.qubits[0])
    walk.cx(*circuit.qubits)
    walk.gate(RYGate(0.0), circuit.qubits[1])
    walk.cx(*circuit.qubits)
    walk.finish()
    assert_close(act(circuit, np.eye(4)), np.diag(np.exp([0, 0.7j, 0.7j, 0])))
    assert [step.operation.name for step in circuit.data] == ["x", "x", "cx", "p", "ry", "cx"]


def test_the_circuit_keeps_what_it_had():
    circuit = QuantumCircuit(1, global_phase=0.2)
    circuit.s(0)
    walk = ParityWalk(circuit)
    walk.phase(walk.start(circuit.qubits[0]), 0.3)
    walk.finish()
    assert_close(act(circuit, np.eye(2)), np.exp(0.2j) * np.diag([1, 1j * np.exp(0.3j)]))
