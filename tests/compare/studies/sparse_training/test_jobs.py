"""Steps of training as a job: the payload has all it takes, and a fetched run holds the weights."""

import json

import numpy as np
import pytest

from compare.hardware.create import create
from compare.hardware.payload import find_kind
from compare.hardware.plan import Order, make_plan
from compare.hardware.run import HardwareRun
from compare.studies.sparse_training.jobs import KIND, WEIGHTS, solver_of, update_of, weights_payload
from problems.errors import InputError
from problems.sparse_training import PolynomialUpdate
from quantum.sparse_training import HistorySolver, MarchingSolver
from tests.compare.hardware.runs import bring, in_one_line

TINY = PolynomialUpdate([[-0.2], [[-0.3]], [[-0.1]]])
PAIR = PolynomialUpdate([[-0.1, 0.2], [[-0.2, 0.05], [0.05, -0.3]]])


def fetched(payload, backend, shots, folder, seed=5):
    run = HardwareRun(create(make_plan([payload], Order(backend, shots, seed)), folder).path)
    bring(run, None)
    (job,) = run.jobs
    return run.result(job)


@pytest.mark.parametrize("method", ["marching", "kernel-reflection", "qsvt", "hhl"])
def test_the_update_travels_along_and_everything_left_open_is_decided(method):
    payload = weights_payload(TINY, [0.1], 2, 1, method, description="one weight")
    assert find_kind(KIND) is WEIGHTS
    for sent, given in zip(update_of(payload).coefficients, TINY.coefficients, strict=True):
        np.testing.assert_array_equal(sent, given)
    settings = json.loads(json.dumps(dict(payload.settings)))
    assert settings["scale"] == 1.0
    assert (settings["guess"] is not None) == (method == "kernel-reflection")
    solver = solver_of(payload)
    assert isinstance(solver, MarchingSolver if method == "marching" else HistorySolver)
    np.testing.assert_array_equal(solver.start, [0.1])
    assert payload.description == f"one weight, n = 1, T = 2, N = 1, {method}"


@pytest.mark.parametrize(("method", "steps"), [("marching", 2), ("qsvt", 1)])
def test_a_simulated_job_reads_the_weights(tmp_path, method, steps):
    payload = weights_payload(PAIR, steps=steps, method=method)
    shots = 20_000
    arrays = fetched(payload, "aer_statevector", shots, tmp_path).arrays
    solver = solver_of(payload)
    np.testing.assert_array_equal(arrays["expected"], solver.solve())
    assert np.all(np.abs(arrays["weights"] - arrays["expected"]) < 5 * arrays["errors"])
    direct = solver.counts(arrays["bits"])
    np.testing.assert_array_equal(arrays["counts"], direct)
    assert abs(direct.sum() - shots * solver.good) < 5 * np.sqrt(shots * solver.good)


def test_a_job_on_a_noisy_snapshot_is_planned_run_and_fetched(tmp_path):
    """One weight, two steps by marching: three qubits; noise shifts the weight by less than .1."""
    payload = weights_payload(TINY, steps=2)
    result = fetched(payload, "fake_fez", 2000, tmp_path)
    assert result.arrays["weights"].shape == (1,)
    assert abs(result.arrays["weights"][0] - result.arrays["expected"][0]) < 0.1


def test_what_noise_leaves_nothing_of_is_said_and_its_counts_kept():
    payload = weights_payload(TINY, steps=1)
    width = solver_of(payload).measured.num_clbits
    decoded = WEIGHTS.decode(payload, np.ones((10, width), dtype=bool))
    assert np.all(np.isnan(decoded.arrays["weights"]))
    assert decoded.numbers["good"] == 0
    assert decoded.numbers["refused"].startswith("None of 10 shots came out")
    assert decoded.told == "nothing that can be read"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"method": "marchin"}, "There is no method 'marchin'. Did you mean 'marching'"),
        ({"guess": 2.0}, "guess = 2.0 says nothing to method='marching'"),
        ({"steps": 30}, "The circuit has 31 qubits, more than the 20"),
        ({"scale": 0.1}, r"scale = 0.1 is not above \|u\(T\)\|"),
        ({"start": [1.0, 2.0]}, r"start has shape \(2,\)"),
    ],
)
def test_bad_jobs_are_refused(changes, message):
    with pytest.raises(InputError, match=message) as refusal:
        weights_payload(TINY, **changes)
    in_one_line(refusal)
