"""Grover's search as a job: the payload has all it takes, and a fetched run holds masks and losses."""

import json

import numpy as np
import pytest

from compare.hardware.create import create
from compare.hardware.plan import Order, make_plan
from compare.hardware.run import HardwareRun
from compare.studies.neuron_selection.jobs import masks_payload, oracle_of, problem_of
from problems.errors import InputError
from problems.neuron_selection import index_of, ticket_problem
from quantum.neuron_selection import GroverSubspace, grover_circuit, measured_masks
from tests.compare.hardware.runs import bring, in_one_line


@pytest.mark.parametrize("oracle", ["fourier", "ripple", "lookup"])
def test_the_problem_travels_along_and_everything_left_open_is_decided(oracle):
    problem = ticket_problem(4, 0)
    payload = masks_payload(problem, oracle, description="ticket 0")
    assert problem_of(payload).digest == problem.digest
    settings = json.loads(json.dumps(dict(payload.settings)))
    assert settings["bits"] >= 1
    assert settings["rounds"] == 3
    marked = oracle_of(payload).loss.all_values() < 0
    assert np.flatnonzero(marked).tolist() == [problem.table().argmin()]
    assert payload.description == f"ticket 0, N = 4, {oracle} oracle, 3 rounds"


def test_a_search_on_a_simulator_finds_the_best_mask_as_often_as_the_formula_says(tmp_path):
    problem = ticket_problem(4, 1)
    payload = masks_payload(problem, threshold=None, rounds=2)
    plan = make_plan([payload], Order("aer_statevector", 400, 5))
    run = HardwareRun(create(plan, tmp_path).path)
    bring(run, None)
    (job,) = run.jobs
    arrays = run.result(job).arrays
    best = int(problem.table().argmin())
    np.testing.assert_allclose(arrays["losses"], problem.loss(arrays["masks"]))
    found = np.array([index_of(mask) for mask in arrays["masks"]])
    np.testing.assert_array_equal(arrays["marked"], found == best)
    oracle = oracle_of(payload)
    expected = GroverSubspace(problem.quantized(oracle.bits).table()).success(oracle.threshold, 2)
    assert abs(arrays["marked"].mean() - expected) < 5 * np.sqrt(expected * (1 - expected) / 400)
    direct = measured_masks(grover_circuit(oracle.circuit, 4, 2), "aer_statevector", 400, job.seed)
    np.testing.assert_array_equal(found, direct)


def test_a_search_on_a_snapshot_is_planned_run_and_fetched(tmp_path):
    payload = masks_payload(ticket_problem(3, 0), "lookup", rounds=1)
    run = HardwareRun(create(make_plan([payload], Order("fake_fez", 100, 2)), tmp_path).path)
    bring(run, None)
    (job,) = run.jobs
    assert run.result(job).arrays["masks"].shape == (100, 3)


def test_bad_searches_are_refused():
    problem = ticket_problem(4, 0)
    bad = {
        "There is no oracle 'furier'. Did you mean 'fourier'": {"oracle": "furier"},
        "No mask is below threshold = -5": {"threshold": -5.0},
        "threshold = nan is no finite number": {"threshold": float("nan")},
        "rounds = -1 is too small": {"rounds": -1},
        "bits = 0 is too small": {"bits": 0},
    }
    for told, changes in bad.items():
        with pytest.raises(InputError, match=told) as refusal:
            masks_payload(problem, **changes)
        in_one_line(refusal)
    with pytest.raises(InputError, match="13 neurons are more than a device can search"):
        masks_payload(ticket_problem(13, 0))
