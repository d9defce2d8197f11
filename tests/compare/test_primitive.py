"""The dequantized sampler in the place of a Qiskit sampler: registers, shapes, distribution, seeds, refusals."""

import io
import re

import numpy as np
import pytest
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister, generate_preset_pass_manager, qpy
from qiskit.circuit import Parameter
from qiskit.primitives import BaseSamplerV2, PrimitiveJob, PrimitiveResult, StatevectorSampler
from qiskit.primitives.containers.sampler_pub import SamplerPub
from qiskit.quantum_info import Statevector
from qiskit.transpiler import CouplingMap
from scipy import stats

from compare import primitive
from compare.distributions import goodness_of_fit
from compare.primitive import DequantizedPrimitive
from problems.errors import InputError
from problems.ridgelet import Nodes, RidgeletProblem
from quantum.backends.fitting import compact, fit_circuit
from quantum.backends.snapshots import snapshot
from quantum.ridgelet import ENCODINGS, CircuitSampler, ridgelet_circuit
from tests import reference

# Encoding, prime, dimension, samples, outputs.
CASES = [
    ("binary", 2, 3, 8, 1),
    ("binary", 3, 2, 6, 2),
    ("rader", 3, 2, 6, 1),
    ("rader", 5, 1, 5, 3),
    ("crt", 7, 1, 5, 1),
    ("crt", 13, 1, 6, 2),
]
SHOTS = 20_000


def problem_of(prime=3, dimension=2, n=6, outputs=1, seed=0):
    x, y = reference.random_samples(np.random.default_rng([seed, prime, n]), prime, dimension, n, outputs)
    return RidgeletProblem.from_samples(x, y, prime, 0.05)


def fitted(circuit, **options):
    """Gates of a device on a line of qubits."""
    line = CouplingMap.from_line(circuit.num_qubits + 1)
    gates = ["rz", "sx", "x", "cz"]
    passes = generate_preset_pass_manager(1, basis_gates=gates, coupling_map=line, seed_transpiler=1, **options)
    return passes.run(circuit)


def bits_of(result):
    """The bits as user code reads them: bit 0 of the register first."""
    return np.asarray(result.data.node.to_bool_array(order="little"))


def numbers_of(bits):
    return bits @ (1 << np.arange(bits.shape[-1]))


def exact_distribution(circuit):
    """The probability of every value of `node`, from the state before the measurement."""
    measured = [circuit.find_bit(item.qubits[0]).index for item in circuit.data if item.operation.name == "measure"]
    return Statevector(circuit.remove_final_measurements(inplace=False)).probabilities(measured)


PROBLEM = problem_of()
CIRCUIT = ridgelet_circuit(PROBLEM, "rader", "sparse")


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(map(str, case)))
def test_its_bits_have_the_distribution_of_the_circuit(case, record_property):
    encoding, *sizes = case
    problem = problem_of(*sizes)
    circuit = ridgelet_circuit(problem, encoding, "sparse")
    exact = exact_distribution(circuit)
    bits = bits_of(DequantizedPrimitive(problem, seed=7).run([circuit], shots=SHOTS).result()[0])
    pvalue = reference.chi_square_pvalue(numbers_of(bits), exact)
    name = f"dequantized primitive, {encoding}, P={sizes[0]}, D={sizes[1]}"
    record_property("measured", f"{name}: chi-square of {SHOTS} bit strings, p = {pvalue:.3f}")
    assert pvalue > 1e-3
    digits, valid = ENCODINGS[encoding](problem.prime).decode(bits)
    assert np.all(valid)
    nodes = Nodes(digits[:, :-1], digits[:, -1])
    assert np.all(problem.density(nodes) > 0)
    # The test sees bits that decode to the same nodes but are not what is measured, and nodes that are uniform.
    if encoding != "binary":
        constant = ENCODINGS[encoding](problem.prime).encode(digits)
        assert reference.chi_square_pvalue(numbers_of(constant), exact) < 1e-9
    uniform = np.random.default_rng(0).integers(0, problem.prime, digits.shape)
    wrong = ENCODINGS[encoding](problem.prime).encode_measured(uniform, np.random.default_rng(1))
    assert reference.chi_square_pvalue(numbers_of(wrong), exact) < 1e-9


def counted(sampler, circuits):
    """User code, written for any sampler."""
    results = sampler.run([(circuits[0], None, 3000), circuits[1]], shots=5000).result()
    return [result.data.node.get_counts() for result in results]


def test_it_drops_in_for_the_state_vector_sampler():
    circuits = [fitted(ridgelet_circuit(PROBLEM, name, "sparse")) for name in ("rader", "binary")]
    ours = counted(DequantizedPrimitive(PROBLEM, seed=1), circuits)
    theirs = counted(StatevectorSampler(seed=1), circuits)
    for one, other, shots in zip(ours, theirs, (3000, 5000), strict=True):
        assert {len(key) for key in one} == {len(key) for key in other} == {6}
        table = np.array([[counts.get(key, 0) for key in {**one, **other}] for counts in (one, other)])
        assert table.sum(axis=1).tolist() == [shots, shots]
        often = table.sum(axis=0) >= 10
        pooled = np.column_stack([table[:, often], table[:, ~often].sum(axis=1)])
        assert stats.chi2_contingency(pooled[:, pooled.sum(axis=0) > 0]).pvalue > 1e-3


def test_registers_shapes_and_metadata_are_those_of_the_state_vector_sampler():
    circuit = fitted(CIRCUIT)
    pubs = [circuit, (circuit,), (circuit, None, 7), (circuit, np.zeros((2, 3, 0)), 5), SamplerPub.coerce(circuit, 11)]
    ours = DequantizedPrimitive(PROBLEM, seed=1, default_shots=4)
    assert isinstance(ours, BaseSamplerV2)
    for shots in (None, 9):
        job = ours.run(iter(pubs), shots=shots)
        assert isinstance(job, PrimitiveJob)
        result, expected = job.result(), StatevectorSampler(seed=1, default_shots=4).run(pubs, shots=shots).result()
        assert isinstance(result, PrimitiveResult)
        assert job.done()
        assert result.metadata == expected.metadata
        assert [pub.data.node.num_shots for pub in result] == [shots or 4, shots or 4, 7, 5, 11]
        for one, other in zip(result, expected, strict=True):
            assert list(one.data) == list(other.data) == ["node"]
            assert one.data.shape == other.data.shape
            assert one.data.node.shape == other.data.node.shape
            assert one.data.node.array.shape == other.data.node.array.shape
            assert one.data.node.array.dtype == other.data.node.array.dtype
            assert (one.data.node.num_bits, one.data.node.num_shots) == (6, other.data.node.num_shots)
            assert one.metadata == other.metadata


def test_a_thousand_shots_are_the_default():
    assert DequantizedPrimitive(PROBLEM).default_shots == StatevectorSampler().default_shots == 1024
    assert len(bits_of(DequantizedPrimitive(PROBLEM).run([CIRCUIT]).result()[0])) == 1024


def saved_and_loaded(circuit):
    file = io.BytesIO()
    qpy.dump(circuit, file)
    file.seek(0)
    return qpy.load(file)[0]


@pytest.mark.parametrize(
    "change",
    [
        lambda circuit: circuit.copy(),
        lambda circuit: circuit.decompose(),
        fitted,
        saved_and_loaded,
        lambda circuit: saved_and_loaded(fitted(circuit)),
        lambda circuit: ridgelet_circuit(PROBLEM, "rader"),
        lambda circuit: ridgelet_circuit(PROBLEM, "rader", "filtered"),
        lambda circuit: ridgelet_circuit(PROBLEM, "rader", "sparse", dynamic=True),
    ],
    ids=["copied", "decomposed", "fitted", "loaded", "fitted-and-loaded", "ideal", "filtered", "dynamic"],
)
def test_all_forms_of_a_circuit_get_the_same_shots(change):
    sampler = DequantizedPrimitive(PROBLEM, seed=3)
    expected = bits_of(sampler.run([CIRCUIT], shots=50).result()[0])
    np.testing.assert_array_equal(bits_of(sampler.run([change(CIRCUIT)], shots=50).result()[0]), expected)


def test_a_note_of_the_user_in_the_metadata_does_no_harm():
    circuit = CIRCUIT.copy()
    circuit.metadata = {**circuit.metadata, "note": "mine"}
    assert (
        DequantizedPrimitive(PROBLEM).run([circuit], shots=1).result()[0].metadata["circuit_metadata"]["note"] == "mine"
    )


def shots_of(sampler, times=1):
    results = sampler.run([CIRCUIT] * times, shots=100).result()
    return np.array([numbers_of(bits_of(result)) for result in results])


@pytest.mark.parametrize("seed", [0, 5, [1, 2], np.random.SeedSequence(3)])
def test_the_same_seed_gives_the_same_shots(seed):
    sampler = DequantizedPrimitive(PROBLEM, seed=seed)
    expected = shots_of(sampler, 2)
    np.testing.assert_array_equal(shots_of(sampler, 2), expected)
    np.testing.assert_array_equal(shots_of(DequantizedPrimitive(PROBLEM, seed=seed), 2), expected)
    # A further pub changes nothing before it.
    np.testing.assert_array_equal(shots_of(sampler, 3)[:2], expected)


def test_other_seeds_other_pubs_and_other_jobs_share_no_shots():
    rng = np.random.default_rng(9)
    advancing, fresh = DequantizedPrimitive(PROBLEM, seed=rng), DequantizedPrimitive(PROBLEM)
    runs = [shots_of(DequantizedPrimitive(PROBLEM, seed=seed), 2) for seed in (0, 1)]
    runs += [shots_of(sampler, 2) for sampler in (advancing, advancing, fresh, fresh)]
    rows = np.concatenate(runs)
    assert len(np.unique(rows, axis=0)) == len(rows)
    np.testing.assert_array_equal(shots_of(DequantizedPrimitive(PROBLEM, seed=np.random.default_rng(9)), 2), runs[2])


def test_jobs_at_once_take_their_seeds_in_the_order_of_their_submission():
    sampler = DequantizedPrimitive(PROBLEM, seed=np.random.default_rng(4))
    jobs = [sampler.run([CIRCUIT], shots=2000) for _ in range(6)]
    seen = [bits_of(job.result()[0]) for job in jobs]
    again = DequantizedPrimitive(PROBLEM, seed=np.random.default_rng(4))
    for bits in seen:
        np.testing.assert_array_equal(bits, bits_of(again.run([CIRCUIT], shots=2000).result()[0]))


def test_each_circuit_gets_nodes_of_its_own_problem():
    problems = [problem_of(seed=seed) for seed in range(3)] + [problem_of(5, 1, 4)]
    circuits = [ridgelet_circuit(problem, "rader", "sparse") for problem in problems]
    results = DequantizedPrimitive(iter(problems), seed=0).run(circuits[::-1], shots=SHOTS).result()
    for circuit, result in zip(circuits[::-1], results, strict=True):
        for other in circuits:
            if other.num_clbits == circuit.num_clbits:
                pvalue = reference.chi_square_pvalue(numbers_of(bits_of(result)), exact_distribution(other))
                assert pvalue > 1e-3 if other is circuit else pvalue < 1e-9


def test_the_same_problem_made_again_is_the_same_problem():
    assert len(shots_of(DequantizedPrimitive(problem_of()))) == 1


@pytest.mark.parametrize("shots", [1, 7, 8, 20])
def test_batches_join_without_a_seam(shots, monkeypatch):
    expected = DequantizedPrimitive(PROBLEM, seed=2).run([CIRCUIT], shots=shots).result()[0]
    monkeypatch.setattr(primitive, "BATCH", 7)
    result = DequantizedPrimitive(PROBLEM, seed=2).run([CIRCUIT], shots=shots).result()[0]
    encoding = ENCODINGS["rader"](3)
    digits = [encoding.decode(bits_of(one))[0] for one in (expected, result)]
    assert len(digits[0]) == shots
    np.testing.assert_array_equal(*digits)


def test_circuits_far_past_every_simulator_run():
    rng = np.random.default_rng(0)
    problem = RidgeletProblem.from_samples(rng.integers(0, 3, (40, 200)), rng.normal(size=40), 3)
    circuit = ridgelet_circuit(problem, "rader")
    assert circuit.num_qubits == 402
    bits = bits_of(DequantizedPrimitive(problem, seed=0).run([circuit], shots=500).result()[0])
    digits, _ = ENCODINGS["rader"](3).decode(bits)
    density = problem.density(Nodes(digits[:, :-1], digits[:, -1]))
    # E_p*[w] is close to 2 at K << P^D, and E_uniform[w] = 1: 500 shots tell them apart.
    assert density.mean() > 1 + 3 * density.std() / 500**0.5


def test_the_circuit_of_a_device_runs_on_all_its_qubits_and_on_those_in_use_alone():
    """The circuit that a device would be sent, with all its 156 qubits, and the one simulated in its place."""
    device = fit_circuit(CIRCUIT, snapshot("fake_fez").target, "fake_fez", tries=1)
    assert device.circuit.num_qubits == 156
    sampler = DequantizedPrimitive(PROBLEM, seed=3)
    expected = bits_of(sampler.run([CIRCUIT], shots=50).result()[0])
    for circuit in (device.circuit, compact(device.circuit, device.qubits)):
        np.testing.assert_array_equal(bits_of(sampler.run([circuit], shots=50).result()[0]), expected)


@pytest.mark.parametrize("encoding", ["binary", "rader"])
def test_the_circuit_sampler_takes_it_as_a_backend(encoding):
    sampler = CircuitSampler(PROBLEM, backend=DequantizedPrimitive(PROBLEM, seed=1), encoding=encoding)
    measurement = sampler.measure(SHOTS)
    assert measurement.shots == SHOTS
    assert measurement.surviving == 1
    expected = DequantizedPrimitive(PROBLEM, seed=1).run([sampler.circuit], shots=SHOTS).result()[0]
    np.testing.assert_array_equal(measurement.bits, bits_of(expected))
    assert goodness_of_fit(PROBLEM, measurement.nodes).pvalue > 1e-3
    assert len(sampler.sample(17)) == 17


def test_the_circuit_sampler_of_another_problem_is_told():
    sampler = CircuitSampler(problem_of(seed=1), backend=DequantizedPrimitive(PROBLEM))
    with pytest.raises(InputError, match="is a circuit of another problem"):
        sampler.sample(10)


def unmeasured():
    return CIRCUIT.remove_final_measurements(inplace=False)


def with_other_register():
    circuit = unmeasured()
    circuit.measure_all()
    return circuit


def with_two_registers():
    circuit = CIRCUIT.copy()
    circuit.add_register(ClassicalRegister(1, "more"))
    return circuit


def measured_again():
    circuit = CIRCUIT.copy()
    circuit.measure(0, 0)
    return circuit


def half_measured():
    circuit = unmeasured()
    circuit.add_register(ClassicalRegister(6, "node"))
    circuit.measure(circuit.qubits[:5], circuit.clbits[:5])
    return circuit


def with_metadata(**changes):
    circuit = CIRCUIT.copy()
    circuit.metadata = {**circuit.metadata, **changes}
    return circuit


def bell():
    circuit = QuantumCircuit(QuantumRegister(2), ClassicalRegister(2, "node"))
    circuit.h(0)
    circuit.cx(0, 1)
    circuit.measure([0, 1], [0, 1])
    return circuit


def with_parameter():
    circuit = CIRCUIT.copy()
    circuit.rz(Parameter("t"), 0)
    return circuit


REFUSED = {
    "another circuit": (bell, "is no circuit of ridgelet_circuit: its metadata names no problem and encoding"),
    "no encoding": (lambda: with_metadata(encoding="radar"), "is no circuit of ridgelet_circuit"),
    "a list as encoding": (lambda: with_metadata(encoding=["rader"]), "is no circuit of ridgelet_circuit"),
    "no digest": (lambda: with_metadata(problem=3), "is no circuit of ridgelet_circuit"),
    "another problem": (
        lambda: ridgelet_circuit(problem_of(seed=1), "rader", "sparse"),
        r"is a circuit of another problem \([0-9a-f]{12}\.\.\.\) than the 1 given; give that problem",
    ),
    "another prime": (lambda: with_metadata(prime=5), "has metadata that contradict its problem"),
    "another dimension": (lambda: with_metadata(dimension=3), "has metadata that contradict its problem"),
    "an encoding of other primes": (lambda: with_metadata(encoding="crt"), "prime = 3 has no transform"),
    "unmeasured": (unmeasured, "does not measure the 6 bits of a register 'node' once each"),
    "another register": (with_other_register, "does not measure the 6 bits of a register 'node'"),
    "a second register": (with_two_registers, "does not measure the 6 bits of a register 'node'"),
    "measured twice": (measured_again, "does not measure the 6 bits of a register 'node' once each"),
    "half measured": (half_measured, "does not measure the 6 bits of a register 'node'"),
    "parameters": (lambda: (with_parameter(), [0.1]), "has parameters, and no circuit of ridgelet_circuit has any"),
    "parameters without values": (with_parameter, r"is no pub \(The number of values"),
    "no shots": (lambda: (CIRCUIT, None, 0), r"is no pub \(shots must be positive\); give a circuit, or a tuple"),
    "shots that are text": (lambda: (CIRCUIT, None, "10"), r"is no pub \(shots must be an integer\)"),
    "a number": (lambda: 3, "is no pub"),
    "a text": (lambda: "circuit", "is no pub"),
    "too many parts": (lambda: (CIRCUIT, None, 1, 2), "is no pub"),
    "an instruction": (lambda: CIRCUIT.data[0], "is no pub"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_none_of_its_circuits_is_refused_in_one_sentence_before_anything_is_drawn(name, monkeypatch):
    make, message = REFUSED[name]
    monkeypatch.setattr(primitive, "_run", None)
    with pytest.raises(InputError, match=message) as caught:
        DequantizedPrimitive(PROBLEM).run([CIRCUIT, make()], shots=10)
    assert "\n" not in str(caught.value)
    assert re.search(r"pubs\[1\]|prime = 3", str(caught.value))


@pytest.mark.parametrize("shots", [0, -1, 1.5, "10", True])
def test_shots_are_whole_numbers_of_at_least_one(shots):
    with pytest.raises(InputError, match=r"shots = .*give"):
        DequantizedPrimitive(PROBLEM).run([CIRCUIT], shots=shots)
    with pytest.raises(InputError, match=r"default_shots = .*give"):
        DequantizedPrimitive(PROBLEM, default_shots=shots)


def test_more_shots_than_memory_holds_are_refused():
    with pytest.raises(InputError, match=r"The bits of 1,000,000,000,000,000 shots need.*ask for fewer"):
        DequantizedPrimitive(PROBLEM).run([CIRCUIT], shots=10**15)


@pytest.mark.parametrize("pubs", [CIRCUIT, None, 3])
def test_pubs_come_in_a_list(pubs):
    with pytest.raises(InputError, match=rf"not {type(pubs).__name__}; give run\(\[circuit\]\)"):
        DequantizedPrimitive(PROBLEM).run(pubs)


def test_no_pubs_are_no_results():
    assert len(DequantizedPrimitive(PROBLEM).run([]).result()) == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([],), "no problem can run no circuit; give at least one"),
        ((None,), "not NoneType; make one with RidgeletProblem.from_samples"),
        (("digits",), "not str; make one with RidgeletProblem.from_samples"),
        (([PROBLEM, 3],), "not int; make one with RidgeletProblem.from_samples"),
        ((PROBLEM, -1), "seed = -1 cannot seed a random generator"),
        ((PROBLEM, "one"), "seed = 'one' cannot seed a random generator"),
    ],
)
def test_what_it_cannot_be_made_of_is_refused(arguments, message):
    with pytest.raises(InputError, match=message):
        DequantizedPrimitive(*arguments)
