import itertools
import math

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.circuit import Measure, Parameter
from qiskit.circuit.library import CXGate, ECRGate, RZGate, SXGate, XGate
from qiskit.quantum_info import Statevector
from qiskit.transpiler import InstructionProperties, Target

from problems.errors import InputError
from problems.ridgelet import RidgeletProblem
from problems.ridgelet.data import first_points, load_residues
from quantum.backends.embedding import neighbors_of, places_of
from quantum.backends.fitting import expect, fit_circuit
from quantum.backends.moving import moved
from quantum.backends.regions import place_circuits
from quantum.backends.simulated_device import SimulatedDevice
from quantum.backends.snapshots import shared_snapshot
from quantum.region_names import read_region, write_region
from quantum.ridgelet import ridgelet_circuit
from tests.quantum.backends.planted import exact_law


def lattice(pairs, qubits, gate=None, both=True, stated=True):
    """A device whose errors differ from place to place, or are not stated."""
    target = Target(num_qubits=qubits)

    def known(error):
        return InstructionProperties(error=error if stated else None, duration=1e-7)

    for one in (RZGate(Parameter("a")), SXGate(), XGate(), Measure()):
        target.add_instruction(one, {(qubit,): known(1e-3 * (1 + qubit % 3)) for qubit in range(qubits)})
    ways = [pair for one in pairs for pair in ((one, one[::-1]) if both else (one,))]
    errors = {pair: known(1e-3 * (2 + (3 * min(pair) + 5 * max(pair)) % 7)) for pair in ways}
    target.add_instruction(gate or CXGate(), errors)
    return target


def row(qubits, **options):
    return lattice([(qubit, qubit + 1) for qubit in range(qubits - 1)], qubits, **options)


def ghz(qubits):
    circuit = QuantumCircuit(qubits, qubits)
    circuit.h(0)
    for qubit in range(1, qubits):
        circuit.cx(qubit - 1, qubit)
    circuit.ry(0.3, 0)
    circuit.measure(range(qubits), range(qubits))
    return circuit


def digits(features):
    data = first_points(load_residues("digits", prime=3, features=features), 4)
    problem = RidgeletProblem.from_samples(data.x_train, data.y_train, prime=3)
    return ridgelet_circuit(problem, "rader", "sparse", ancillas=False)


def ideal(circuit):
    return Statevector(circuit.remove_final_measurements(inplace=False)).probabilities()


def steps(neighbors, first, second):
    reached, edge, count = set(first), set(first), 0
    while not edge & set(second):
        edge = {other for one in edge for other in neighbors[one]} - reached
        reached |= edge
        count += 1
    return count


def refused(told, *given, **options):
    with pytest.raises(InputError, match=told) as refusal:
        place_circuits(*given, **options)
    assert "\n" not in str(refusal.value)


def test_places_are_all_that_an_exhaustive_search_finds():
    square = [(0, 1), (1, 2), (2, 3), (3, 0), (1, 4)]
    target = lattice(square, 5)
    fitted = fit_circuit(ghz(3), target, "square", tries=2)
    best = {}
    for qubits in itertools.permutations(range(5), 3):
        where = dict(zip(fitted.qubits, qubits, strict=True))
        there = moved(fitted.circuit, where, 5)
        index = {qubit: wire for wire, qubit in enumerate(there.qubits)}
        if all(target.instruction_supported(one.name, tuple(index[q] for q in one.qubits)) for one in there.data):
            key = frozenset(qubits)
            best[key] = max(best.get(key, 0.0), expect(there, target, 0).fidelity)
    places = places_of(fitted.circuit, fitted.qubits, target)
    assert {frozenset(place.qubits) for place in places} == set(best)
    for place in places:
        assert math.exp(-place.loss) == pytest.approx(best[frozenset(place.qubits)], rel=1e-12)
    assert [place.loss for place in places] == sorted(place.loss for place in places)


def test_a_moved_circuit_measures_the_same_and_knows_where_its_qubits_are():
    target = row(7)
    circuit = ghz(4)
    circuit.barrier()
    fitted = fit_circuit(circuit, target, "row", tries=1)
    where = dict(zip(fitted.qubits, (6, 5, 4, 3), strict=True))
    there = expect(moved(fitted.circuit, where, 9), lattice([(q, q + 1) for q in range(8)], 9), 0)
    np.testing.assert_allclose(exact_law(there.circuit), ideal(circuit), atol=1e-12)
    assert there.layout == [where[qubit] for qubit in fitted.layout]
    assert there.two_qubit_gates == fitted.two_qubit_gates
    measured = {there.circuit.find_bit(one.qubits[0]).index for one in there.circuit.data if one.name == "measure"}
    assert measured == set(there.layout)


def test_gates_of_one_direction_are_turned():
    target = row(8, gate=ECRGate(), both=False)
    regions = place_circuits([ghz(3), ghz(2)], target, "row", buffer=1, tries=2)
    for region, circuit in zip(regions, (ghz(3), ghz(2)), strict=True):
        index = {qubit: wire for wire, qubit in enumerate(region.fitted.circuit.qubits)}
        for one in region.fitted.circuit.data:
            assert target.instruction_supported(one.name, tuple(index[qubit] for qubit in one.qubits))
        np.testing.assert_allclose(exact_law(region.fitted.circuit), ideal(circuit), atol=1e-10)
    assert steps(neighbors_of(target), regions[0].qubits, regions[1].qubits) >= 2


def test_four_circuits_of_eight_qubits_on_a_snapshot_are_nearly_as_good_as_the_best(record_property):
    device = SimulatedDevice(shared_snapshot("fake_fez"))
    circuit = digits(3)
    regions = place_circuits([circuit] * 4, device.target, "fake_fez", buffer=1)
    neighbors, law = neighbors_of(device.target), ideal(circuit)
    fidelities = []
    for region in regions:
        assert len(region.qubits) == 8
        assert steps(neighbors, region.qubits[:1], region.qubits[-1:]) < 8
        # Each simulated apart: the noise of a snapshot is local.
        noisy = device.program(region.fitted.circuit).probabilities()
        fidelities.append((256 * noisy @ law - 1) / (256 * law @ law - 1))
        assert 0 <= region.lost == region.best - region.fitted.fidelity
    for first, second in itertools.combinations(regions, 2):
        assert steps(neighbors, first.qubits, second.qubits) >= 2
    lost = [region.lost for region in regions]
    text = (
        f"4 x 8 qubits on fake_fez: expected fidelities {[round(region.fitted.fidelity, 4) for region in regions]}, "
        f"{max(lost):.4f} below the best place at most; cross-entropy fidelities of each simulated apart "
        f"{[round(float(one), 4) for one in fidelities]}"
    )
    record_property("measured", text)
    assert min(lost) == 0.0  # one has the best place
    assert max(lost) < 0.03
    assert max(fidelities) - min(fidelities) < 0.03


def test_without_stated_errors_places_come_in_order():
    regions = place_circuits([ghz(2)] * 3, row(8, stated=False), "row", buffer=1, tries=2)
    assert [region.qubits for region in regions] == [(0, 1), (3, 4), (6, 7)]
    assert [(region.best, region.lost, region.fitted.fidelity) for region in regions] == [(None, None, None)] * 3


def test_room_is_found_where_the_best_places_leave_none():
    pairs = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)]
    regions = place_circuits([ghz(2)] * 3, lattice(pairs, 6), "row", tries=1)
    assert sorted(region.qubits for region in regions) == [(0, 1), (2, 3), (4, 5)]
    everything = list(itertools.combinations(range(6), 2))
    regions = place_circuits([ghz(3)] * 2, lattice(everything, 6), "ions", tries=1)
    assert sorted(qubit for region in regions for qubit in region.qubits) == list(range(6))


def test_named_regions_are_kept():
    target = row(9)
    regions = place_circuits([ghz(3), ghz(3)], target, "row", 1, [(4, 5, 6, 7), (0, 1, 2)], tries=2)
    assert [region.qubits for region in regions] == [(4, 5, 6, 7), (0, 1, 2)]
    for region in regions:
        assert set(region.fitted.qubits) <= set(region.qubits)
        assert set(region.fitted.layout) <= set(region.qubits)
        assert 0 <= region.lost < 0.1
        np.testing.assert_allclose(exact_law(region.fitted.circuit), ideal(ghz(3)), atol=1e-10)


def test_what_cannot_be_is_refused():
    target, pair = row(6), [ghz(3), ghz(3)]
    refused("toy has room for 1 of these 2 circuits at once with 1 unused between them", pair, target, "toy", 1)
    refused(r"run them one by one, let them stand closer, or choose a larger device", pair, target, "toy", 1)
    refused(
        "toy has room for 2 of these 3 circuits at once, as far as was searched; take 2", [*pair, ghz(2)], target, "toy"
    )
    refused("The circuit has 7 qubits, but toy connects 6", [ghz(7)] * 2, target, "toy")
    refused("buffer = -1 is too small", pair, target, "toy", -1)
    refused("1 region cannot hold 2 circuits", pair, target, "toy", regions=[(0, 1, 2)])
    refused(
        "There is no region 4-6 on toy: qubit 6 is none of its qubits, 0 to 5",
        pair,
        target,
        "toy",
        0,
        [(0, 1, 2), (4, 5, 6)],
    )
    refused("0-1,3 is no region of toy: no working gates connect qubit 3", pair, target, "toy", 0, [(0, 1, 3), (4, 5)])
    refused("The regions 0-2 and 2-4 of toy share qubit 2", pair, target, "toy", 0, [(0, 1, 2), (2, 3, 4)])
    refused(
        "The regions 0-2 and 3-5 of toy are not 1 unused qubits apart at qubit 3",
        pair,
        target,
        "toy",
        1,
        [(0, 1, 2), (3, 4, 5)],
    )
    refused("has 3 qubits, but the region 4-5 of toy connects 2", pair, target, "toy", 0, [(0, 1, 2), (4, 5)])
    fed = QuantumCircuit(1, 1)
    fed.measure(0, 0)
    with fed.if_test((0, 1)):
        fed.x(0)
    refused("feeds outcomes forward makes those beside it wait", [ghz(2), fed], target, "toy")


def test_regions_are_read_as_they_are_written():
    assert read_region("0-7") == tuple(range(8))
    assert read_region("9-11, 0,1,2") == (9, 10, 11, 0, 1, 2)
    assert write_region((9, 10, 11, 0, 1, 2, 5)) == "0-2,5,9-11"
    for text, told in (
        ("", "names no region"),
        ("1,,2", "names no region"),
        ("a-b", "names no region"),
        ("1-2-3", "names no region"),
        ("-3", "names no region"),
        ("٣", "names no region"),
        ("7-2", "'7-2' is no range of a region's qubits"),
        ("0-99999", "is no range"),
        ("1,0-2", "has a qubit twice"),
    ):
        with pytest.raises(InputError, match=told):
            read_region(text)
