"""Results as vendors write them: read right, or refused in one line; never wrong."""

from types import SimpleNamespace

import numpy as np
import pytest
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister
from qiskit.result import Result
from qiskit.result.models import ExperimentResult, ExperimentResultData

from problems.errors import InputError
from quantum.backends.errors import ServiceError
from quantum.backends.vendor_result import shots_of_result

BITS = np.random.default_rng(0).integers(0, 2, (200, 5)).astype(bool)
CIRCUIT = QuantumCircuit(QuantumRegister(5, "q"), ClassicalRegister(3, "node"), ClassicalRegister(2, "more"))
HEADER = {"creg_sizes": [["node", 3], ["more", 2]], "memory_slots": 5}
SWAPPED = {"creg_sizes": [["more", 2], ["node", 3]], "memory_slots": 5}
OTHER = {"creg_sizes": [["meas", 5]], "memory_slots": 5}


def text(row, space="", order=(0, 1)):
    """Write one shot as Qiskit does: the last register first, and in it the last bit first."""
    registers = [row[:3], row[3:]]
    parts = ["".join(str(int(bit)) for bit in registers[place][::-1]) for place in order]
    return space.join(reversed(parts))


def hexadecimal(row, order=(0, 1)):
    return hex(int(text(row, order=order), 2))


def counted(outcomes):
    return {outcome: outcomes.count(outcome) for outcome in dict.fromkeys(outcomes)}


def result_of(header=None, success=True, **data):
    experiment = ExperimentResult(len(BITS), True, ExperimentResultData(**data), header=header)
    return Result(results=[experiment], success=success, status="calibrating")


MEMORIES = {
    "hex": [hexadecimal(row) for row in BITS],
    "hex, padded and in capitals": [f"0X{int(hexadecimal(row), 16):04X}" for row in BITS],
    "bits": [text(row) for row in BITS],
    "bits, registers apart": [text(row, " ") for row in BITS],
    "hex and bits mixed": [(hexadecimal if i % 2 else text)(row) for i, row in enumerate(BITS)],
}


@pytest.mark.parametrize("header", [HEADER, None, OTHER], ids=["header", "none", "one register"])
@pytest.mark.parametrize("memory", MEMORIES.values(), ids=MEMORIES)
def test_single_shots_in_their_order(memory, header):
    np.testing.assert_array_equal(shots_of_result(result_of(header, memory=memory), CIRCUIT, 200, 0, "dev"), BITS)


@pytest.mark.parametrize("header", [HEADER, None, OTHER], ids=["header", "none", "one register"])
@pytest.mark.parametrize("memory", MEMORIES.values(), ids=MEMORIES)
def test_counts_are_written_out_as_often_as_they_were_seen(memory, header):
    result = result_of(header, counts=counted(memory))
    read = shots_of_result(result, CIRCUIT, 200, 1, "dev")
    assert read.dtype == bool
    assert counted([text(row) for row in read]) == counted([text(row) for row in BITS])
    np.testing.assert_array_equal(shots_of_result(result, CIRCUIT, 200, 1, "dev"), read)


def test_registers_stand_in_the_order_that_the_header_states():
    for memory in ([hexadecimal(row, (1, 0)) for row in BITS], [text(row, " ", (1, 0)) for row in BITS]):
        result = result_of(SWAPPED, memory=memory)
        np.testing.assert_array_equal(shots_of_result(result, CIRCUIT, 200, 0, "dev"), BITS)
    header = SimpleNamespace(**SWAPPED)
    bare = SimpleNamespace(results=[SimpleNamespace(header=header, data=SimpleNamespace(memory=memory))], success=True)
    np.testing.assert_array_equal(shots_of_result(bare, CIRCUIT, 200, 0, "dev"), BITS)


def test_the_order_of_counts_carries_nothing():
    result = result_of(counts={"0x0": 500, "0x1f": 500})
    bits = shots_of_result(result, CIRCUIT, 1000, 0, "dev")
    assert 200 < np.count_nonzero(bits[:500, 0]) < 300
    assert not np.array_equal(bits, shots_of_result(result, CIRCUIT, 1000, 1, "dev"))


def test_two_bits_that_could_be_a_number_are_bits():
    """An array that another class parsed took the bits 10 for the number ten, and told nobody."""
    circuit = QuantumCircuit(QuantumRegister(2, "q"), ClassicalRegister(2, "node"))
    result = Result(results=[ExperimentResult(2, True, ExperimentResultData(memory=["10", "01"]))], success=True)
    np.testing.assert_array_equal(shots_of_result(result, circuit, 2, 0, "dev"), [[False, True], [True, False]])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"memory": [0.25] * 200}, "returned 0.25 as an outcome, which is neither hexadecimal"),
        ({"memory": [[0.1, 0.2]] * 200}, r"returned \[0.1, 0.2\] as an outcome"),
        ({"memory": [3] * 200}, "returned 3 as an outcome"),
        ({"memory": ["3"] * 200}, "returned '3' as an outcome, which is neither hexadecimal .* nor 5 bits 0 and 1"),
        ({"memory": ["0101"] * 200}, "'0101' as an outcome"),
        ({"memory": ["012101"] * 200}, "'012101' as an outcome"),
        ({"memory": ["0x20"] * 200}, "'0x20' has more than 5 bits"),
        ({"memory": ["0xg"] * 200}, "'0xg' as an outcome"),
        ({"memory": ["-1"] * 200}, "'-1' as an outcome"),
        ({"memory": [""] * 200}, "'' as an outcome"),
        ({"memory": ["00000"] * 199}, "half a result: 199 shots where 200 were asked for"),
        ({"memory": ["00000"] * 201}, "returned 201 shots where 200 were asked for"),
        ({"counts": {"0x1": 199}}, "half a result: 199 shots where 200"),
        ({"counts": {"0x1": 0.5, "0x2": 0.5}}, "returned 0.5 as the count of '0x1', and a count is a whole number"),
        ({"counts": {"0x1": True}}, "returned True as the count"),
        ({"counts": {"0x1": 201, "0x2": -1}}, "returned -1 as the count"),
        ({"counts": {"000": 200}}, "'000' as an outcome"),
    ],
)
def test_what_is_no_outcome_is_refused(data, message):
    with pytest.raises(ServiceError, match=f"dev .*{message}"):
        shots_of_result(result_of(**data), CIRCUIT, 200, 0, "dev")


@pytest.mark.parametrize("data", [{}, {"memory": []}, {"counts": {}}, {"memory": [], "counts": {}}])
def test_neither_shots_nor_counts(data):
    with pytest.raises(InputError, match="dev gave neither single shots nor counts, so nothing of its 200 shots"):
        shots_of_result(result_of(**data), CIRCUIT, 200, 0, "dev")


@pytest.mark.parametrize(
    ("result", "message"),
    [
        (result_of(success=False), "could not run the circuit: calibrating"),
        (Result(results=[], success=True), "a result of 0 circuits where one circuit was run"),
        (None, "a result of NoneType where"),
        ({"counts": {}}, "a result of dict where"),
        (
            result_of({"creg_sizes": [["node", 4]]}, memory=["0x1"] * 200),
            "registers of {'node': 4} bits",
        ),
        (result_of({"creg_sizes": [["a", 3], ["b", 2]]}, memory=["0x1"] * 200), "registers of {'a': 3, 'b': 2}"),
        (result_of({"creg_sizes": [3]}, memory=["0x1"] * 200), "a header whose registers cannot be read"),
    ],
)
def test_what_is_no_result_is_refused(result, message):
    with pytest.raises(ServiceError, match=f"dev .*{message}"):
        shots_of_result(result, CIRCUIT, 200, 0, "dev")
