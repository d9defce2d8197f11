"""Signs of test images as jobs: the payload has all it takes, and a device's snapshot keeps every sign."""

import json

import numpy as np
import pytest

from compare.hardware.create import create
from compare.hardware.plan import Order, make_plan
from compare.hardware.run import HardwareRun
from compare.studies.kernel_training.jobs import OVERLAP, overlap_payload, payloads_of_task
from problems.errors import InputError
from problems.kernel_training import ErfNtk, KernelTask, kernel_states
from quantum.resources import gate_counts
from tests.compare.hardware.runs import bring, in_one_line

IMAGES = [0, 1, 32]
"""Two of one class, and one of the other."""
SHOTS = 4000


@pytest.fixture(scope="module")
def task():
    return KernelTask.draw(4, 0, tests=64)


@pytest.fixture(scope="module")
def payloads(task):
    return payloads_of_task(task, ErfNtk(17), IMAGES)


def test_the_instance_travels_along_and_its_circuit_is_small(task, payloads):
    payload = payloads[0]
    assert payload.description == "mnist-8-9, L = 17, test image 0, n = 4, degree 1"
    settings = json.loads(json.dumps(dict(payload.settings)))
    assert settings["origin"] == {"dataset": "mnist-8-9", "depth": 17, "convention": "unit", "image": 0}
    assert settings["kappa"] == pytest.approx(np.linalg.cond(task.kernel(ErfNtk(17))), rel=1e-9)
    circuit = OVERLAP.build(payload, "fake_fez").circuit
    assert (circuit.num_qubits, circuit.num_clbits) == (6, 1)
    # Two states in 6, a query in 24 and two Toffoli gates, two phases in 8 each: 70 in the page's throw-away circuit.
    assert gate_counts(circuit, 1).two_qubit == 58


def test_a_simulator_reads_the_overlap(task, payloads, tmp_path):
    plan = make_plan(payloads[:1], Order("aer_statevector", SHOTS, 5))
    run = HardwareRun(create(plan, tmp_path).path)
    bring(run, None)
    result = run.result(run.jobs[0])
    kernel, states = task.kernel(ErfNtk(17)), kernel_states(task.test_kernel(ErfNtk(17)), 1.0)
    # At degree 1 the polynomial is x over its largest value, which is at 1.
    exact = 0.999 * states.amplitudes[0] @ kernel @ task.y / 2 / np.linalg.norm(kernel, 2)
    assert result.numbers["exact"] == pytest.approx(exact, abs=1e-12)
    assert abs(result.numbers["mean"] - exact) < 4 / SHOTS**0.5
    assert result.numbers["mean"] == result.arrays["outcomes"].mean()
    assert result.numbers["kept"] == pytest.approx(result.numbers["mean"] / exact, rel=1e-12)


def test_a_snapshot_keeps_the_signs_of_test_images_and_about_half_of_the_signal(payloads, tmp_path):
    """Qubits that wait decay here; without that, as Aer has it of a backend, three quarters are kept."""
    plan = make_plan(payloads, Order("fake_fez", SHOTS, 1))
    assert all(job.fitted.two_qubit_gates <= 129 for job in plan.jobs)
    run = HardwareRun(create(plan, tmp_path).path)
    bring(run, None)
    results = [run.result(job).numbers for job in run.jobs]
    assert [result["right"] for result in results] == [True] * len(IMAGES)
    exact = np.array([result["exact"] for result in results])
    kept = exact @ [result["mean"] for result in results] / (exact @ exact)
    assert 0.45 < kept < 0.65


def test_bad_instances_are_refused():
    kernel, labels, values = np.eye(4), [-1, -1, 1, 1], [0.5, 0.1, 0.1, 0.1]
    bad = {
        "n = 16 training images are more than a device can invert": (np.eye(16), [-1, 1] * 8, np.ones(16)),
        r"A kernel of shape \(2, 2\)": (np.eye(2), labels, values),
        "The matrix is singular": (np.ones((4, 4)), labels, values),
        "labels has the labels 0, 1": (kernel, [0, 0, 1, 1], values),
        "values.1. = nan is not finite": (kernel, labels, [0.5, np.nan, 0.1, 0.1]),
    }
    for told, arguments in bad.items():
        with pytest.raises(InputError, match=told) as refusal:
            overlap_payload(*arguments)
        in_one_line(refusal)
    with pytest.raises(InputError, match="epsilon = 2"):
        overlap_payload(kernel, labels, values, epsilon=2)
    with pytest.raises(InputError, match="There is no test image 64"):
        payloads_of_task(KernelTask.draw(4, 0, tests=64), ErfNtk(17), [64])
