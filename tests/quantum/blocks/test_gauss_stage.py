"""The stage of Gauss sums, against the sums themselves and the matrix it stands for."""

import functools

import numpy as np
import pytest
from qiskit import QuantumCircuit

from quantum.blocks.gauss_stage import GAUSS_STAGE_GATES, gauss_phases, gauss_stage
from quantum.blocks.parity_walk import ParityWalk
from quantum.resources import gate_counts
from tests.quantum.blocks.agreement import act, assert_close, probes_of, smallest_generator

BITS = {3: 1, 5: 2, 17: 4, 257: 8}
GATES = {3: 1, 5: 4, 17: 19, 257: 391}
CLEAN_GATES = 198
"""At P = 257 with 6 clean qubits."""


@functools.cache
def gauss_sums(prime):
    """G_j = sum_n w^(-g^n) e^(2 pi i j n/N), term by term."""
    g, order = smallest_generator(prime), prime - 1
    return np.array(
        [
            sum(np.exp(-2j * np.pi * pow(g, n, prime) / prime + 2j * np.pi * j * n / order) for n in range(order))
            for j in range(order)
        ]
    )


@pytest.mark.parametrize("prime", BITS)
def test_the_phases_are_those_of_the_gauss_sums(prime):
    sums, phases = gauss_sums(prime), gauss_phases(prime)
    assert phases.shape == (prime - 1,)
    assert phases[0] == 0
    assert_close(sums[0], -1, 1e-10)
    assert_close(abs(sums[1:]), np.sqrt(prime), 1e-10)
    assert_close(np.sqrt(prime) * np.exp(1j * phases[1:]), sums[1:], 1e-10)


@pytest.mark.parametrize("prime", [5, 17, 257])
def test_opposite_characters_have_opposite_phases(prime):
    """G_(N-j) = (-1)^j conj(G_j), which halves the multiplexer."""
    phases = gauss_phases(prime)
    for j in range(1, prime - 1):
        assert_close(np.exp(1j * phases[prime - 1 - j]), (-1) ** j * np.exp(-1j * phases[j]), 1e-12)


def bit(number, i):
    return number >> i & 1


@functools.cache
def plain_stage(prime, added, clean):
    """Return the stage that tests share: nobody changes it."""
    return stage(prime, added, clean)


def stage(prime, added, clean=0, ask=None):
    """Return the stage alone; wire m-1-t first holds j_t plus the bits of `added[t]`, which are below t."""
    m = BITS[prime]
    circuit = QuantumCircuit(m + 1 + clean)
    wires, zero = circuit.qubits[:m], circuit.qubits[m]
    walk = ParityWalk(circuit)
    characters = []
    for t in range(m):
        plus = sum(variable for s, variable in enumerate(characters) if bit(added[t], s))
        characters.append(walk.start(wires[m - 1 - t], plus=plus))
    if ask:
        ask(walk, characters)
    gauss_stage(walk, wires, zero, characters, gauss_phases(prime), circuit.qubits[m + 1 :])
    assert [walk.held(wires[m - 1 - t]) for t in range(m)] == characters
    walk.finish()
    return circuit


def stage_places(prime, added):
    """The states (z=0, j) and (z=1, j=0) as the wires hold them first and last, P basis states each."""
    m = BITS[prime]
    first, last = [], []
    for j in range(prime - 1):
        held = [bit(j, t) ^ (j & added[t]).bit_count() % 2 for t in range(m)]
        first.append(sum(held[t] << (m - 1 - t) for t in range(m)))
        last.append(sum(bit(j, t) << (m - 1 - t) for t in range(m)))
    return [*first, 2**m], [*last, 2**m]


def stage_matrix(prime):
    matrix = np.diag(np.append(gauss_sums(prime), 0)) / np.sqrt(prime)
    corner = np.array([[-1, np.sqrt(prime - 1)], [np.sqrt(prime - 1), 1]]) / np.sqrt(prime)
    matrix[np.ix_([0, prime - 1], [0, prime - 1])] = corner
    return matrix


def assert_is_the_stage(circuit, prime, added, clean=0, before=None):
    first, last = stage_places(prime, added)
    before = np.ones(prime) if before is None else before
    probes = probes_of(prime)
    start, end = np.zeros((2, 2 ** (BITS[prime] + 1 + clean), probes.shape[1]), dtype=complex)
    start[first], end[last] = probes, stage_matrix(prime) @ (before[:, None] * probes)
    assert_close(act(circuit, start), end)


def differences(m):
    """Wire m-1-t holds j_t + j_(t-1), as the first Fourier transform leaves it."""
    return (0, *(1 << (t - 1) for t in range(1, m)))


STAGES = [(3, 0), (5, 0), (17, 0), (257, 0), (257, 6), (257, 7), (17, 5), (257, 5)]


@pytest.mark.parametrize(("prime", "clean"), STAGES)
def test_the_stage_is_a_diagonal_and_a_block(prime, clean):
    """Clean qubits start and end in |0>: the columns have no other part."""
    added = differences(BITS[prime])
    assert_is_the_stage(plain_stage(prime, added, clean), prime, added, clean)


@pytest.mark.parametrize(("prime", "clean"), STAGES)
def test_the_stage_costs_what_it_says(prime, clean):
    circuit = plain_stage(prime, differences(BITS[prime]), clean)
    expected = CLEAN_GATES if prime == 257 and clean >= 6 else GAUSS_STAGE_GATES[prime]
    assert gate_counts(circuit, optimization_level=0).two_qubit == expected
    assert gate_counts(circuit).two_qubit <= expected


def test_the_declared_gates_are_the_published_ones():
    assert GAUSS_STAGE_GATES == GATES


@pytest.mark.parametrize(
    ("prime", "added"),
    [(5, [0, 0]), (17, [0, 1, 3, 4])],
)
def test_the_wires_may_hold_any_parity_that_ends_with_their_bit(prime, added):
    assert_is_the_stage(stage(prime, added), prime, added)


@pytest.mark.parametrize("prime", [3, 5])
def test_phases_that_were_asked_for_before_are_made_as_well(prime):
    """All that is on the account for j alone goes into the same diagonal, at no more than the diagonal's price."""
    m, rng = BITS[prime], np.random.default_rng(prime)
    singles, pairs = rng.normal(scale=3, size=m), np.triu(rng.normal(scale=3, size=(m, m)), 1)

    def ask(walk, characters):
        for s, angle in enumerate(singles):
            walk.phase(characters[s], angle)
        for s, t in zip(*np.nonzero(pairs), strict=True):
            walk.couple(characters[t], characters[s], pairs[s, t])

    bits = np.array([[bit(j, t) for t in range(m)] for j in range(prime - 1)])
    angles = bits @ singles + np.einsum("js,st,jt->j", bits, pairs, bits)
    before = np.exp(1j * np.append(angles, 0))
    added = differences(m)
    assert_is_the_stage(stage(prime, added, ask=ask), prime, added, before=before)


def test_phases_that_cancel_those_of_the_stage_save_their_cnots():
    """At P = 5, where no wire holds j_0 + j_1, its rotation takes two CNOTs: unless nothing is left of it."""
    phases = np.angle(gauss_sums(5)) * [0, 1, 1, 1]
    angle = -(phases[0] - phases[1] - phases[2] + phases[3]) / 2
    circuit = stage(5, [0, 0], ask=lambda walk, j: walk.phase(j[0] ^ j[1], -angle))
    assert_is_the_stage(circuit, 5, [0, 0], before=np.exp(-1j * angle * np.array([0, 1, 1, 0, 0])))
    costs = [gate_counts(each, optimization_level=0).two_qubit for each in (circuit, stage(5, [0, 0]))]
    assert costs == [3, 5]
