"""Answers of Amazon Braket, written by hand: what they say in bits, and what is no result."""

import json

import numpy as np
import pytest
from qiskit import QuantumCircuit

from quantum.backends.braket.result import read_result
from quantum.backends.braket.trouble import trouble_in
from quantum.backends.errors import ServiceError


def circuit():
    """Qubits 0 and 2, called 4 and 9 there, measured into bits 1 and 0; bit 2 is not measured."""
    made = QuantumCircuit(3, 3, metadata={"qubit_labels": [4, 7, 9]})
    made.measure([0, 2], [1, 0])
    return made


def answer(**said):
    return json.dumps({"measuredQubits": [9, 4], "measurements": [[1, 0], [1, 1]], **said})


def test_columns_are_told_apart_by_the_device_s_names_of_qubits():
    reading = read_result(answer(), circuit(), 2)
    np.testing.assert_array_equal(reading.bits, [[1, 0, 0], [1, 1, 0]])
    assert reading.compiled is None


def test_shares_of_outcomes_are_counts():
    said = answer(measurements=None, measurementProbabilities={"10": 0.75, "01": 0.25})
    bits = read_result(said, circuit(), 4).bits
    assert sorted(map(tuple, bits.astype(int))) == [(0, 1, 0), (1, 0, 0), (1, 0, 0), (1, 0, 0)]


def test_what_the_maker_ran_is_kept():
    said = answer(additionalMetadata={"action": {}, "rigettiMetadata": {"compiledProgram": "PRAGMA"}})
    assert read_result(said, circuit(), 2).compiled == "PRAGMA"


@pytest.mark.parametrize(
    ("text", "shots", "told"),
    [
        ("", 2, "cannot be read"),
        ("<html>", 2, "cannot be read"),
        ("[]", 2, "cannot be read"),
        (answer()[:40], 2, "cannot be read"),
        (answer(measurements=[[1, 2], [0, 0]]), 2, "cannot be read"),
        (answer(measurements=[[1], [0]]), 2, "cannot be read"),
        (answer(measurements=None), 2, "cannot be read"),
        (answer(measurements=None, measurementProbabilities={"10": 0.3, "01": 0.7}), 2, "cannot be read"),
        (answer(measurements=None, measurementProbabilities={"10": 1e300}), 2, "cannot be read"),
        (answer(measurements=None, measurementProbabilities={"10": -0.5, "01": 1}), 2, "cannot be read"),
        (answer(measurements=None, measurementProbabilities={"10": 1, "01": 1}), 2, "holds 4 of 2 shots"),
        ("[" * 100_000, 2, "nested too deeply"),
        (answer(measuredQubits=[9, 8]), 2, "nothing of qubit 4"),
        (answer(), 3, "holds 2 of 3 shots"),
    ],
)
def test_what_is_no_result_is_told_in_one_line(text, shots, told):
    with pytest.raises(ServiceError, match=told) as refusal:
        read_result(text, circuit(), shots)
    assert "\n" not in str(refusal.value)


class Refused(Exception):
    def __init__(self, code, message, status):
        self.response = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
        super().__init__(message)


class ReadTimeoutError(Exception):
    """As Amazon's client calls it."""


@pytest.mark.parametrize(
    ("error", "reason", "refused"),
    [
        (Refused("ExpiredTokenException", "expired", 403), "does not accept the credentials, status 401", True),
        (Refused("AccessDeniedException", "not allowed", 403), "has no access, status 403 (AccessDenied", True),
        (Refused("ThrottlingException", "slow down", 400), "too many requests, status 429", True),
        (Refused("ValidationException", "no such gate", 400), "status 400 (ValidationException: no such gate)", True),
        (Refused("InternalServiceException", "sorry", 500), "status 500", False),
        (ReadTimeoutError("late"), "no answer came in time", False),
        (OSError("gone"), "the connection broke off", False),
        (ValueError("odd"), "the answer could not be read", False),
    ],
)
def test_failures_of_the_client_are_told_in_one_line(error, reason, refused):
    trouble = trouble_in(error)
    assert reason in trouble.reason
    assert trouble.refused is refused
    assert str(trouble.told("do it")).startswith("Amazon Braket could not do it: ")
