"""A fetched run of a simulator holds what a direct run with the same seed gives, byte for byte."""

import shutil
import warnings

import msgspec
import pytest

from compare.hardware.create import create
from compare.hardware.local import run_job
from compare.hardware.plan import Order, make_plan
from compare.hardware.record import Ways
from compare.hardware.run import HardwareRun
from compare.studies.ridgelet.jobs import measurement_of, payloads_of_data, problem_of
from quantum.backends.options import NotHonored, Suppression
from quantum.ridgelet import CircuitSampler
from tests.compare.hardware.runs import bring, small_plan


@pytest.mark.parametrize(
    ("backend", "encodings"),
    [
        ("aer_statevector", ["binary", "rader"]),
        ("aer_mps", ["binary", "rader"]),
        ("fake_fez", ["binary"]),  # and rader in the commands' test
    ],
)
def test_a_fetched_run_is_the_direct_run(backend, encodings, tmp_path):
    payloads = payloads_of_data(["digits"], [3], [1], [2], encodings, None, 1e-3, "relu", 1)
    plan = make_plan(payloads, Order(backend, 300, 5))
    written = create(plan, tmp_path / "here")
    run = HardwareRun(shutil.move(written.path, tmp_path / "elsewhere"))
    bring(run, None)
    assert [job.settings["encoding"] for job in run.jobs] == encodings
    for job, payload in zip(run.jobs, payloads, strict=True):
        problem = problem_of(payload)
        direct = CircuitSampler(problem, backend, encoding=job.settings["encoding"]).measure(300, job.seed)
        arrays = run.result(job).arrays
        kept = measurement_of(arrays)
        assert kept.bits.tobytes() == direct.bits.tobytes()
        assert kept.valid.tobytes() == direct.valid.tobytes()
        for name in ("a", "b"):
            found, wanted = getattr(kept.nodes, name), getattr(direct.nodes, name)
            assert (found.dtype, found.tobytes()) == (wanted.dtype, wanted.tobytes())
        assert arrays["density"].tobytes() == problem.density(direct.nodes).tobytes()
        assert kept.bits.any()
    assert run.jobs[0].seed == 5


def test_suppression_is_recorded_and_run(tmp_path):
    suppression = Suppression(dynamical_decoupling=True, twirling=True)
    payloads = payloads_of_data(["digits"], [2], [2], [2], ["binary"], None, 1e-3, "relu", 0)
    with pytest.warns(NotHonored):
        plan = make_plan(payloads, Order("fake_fez", 50, 2, suppression))
    run = create(plan, tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # what was told is not told again
        (bits,) = bring(run, None).values()
    with pytest.warns(NotHonored):
        direct = CircuitSampler(problem_of(payloads[0]), "fake_fez", suppression=suppression).measure(50, 2)
    assert bits == direct.bits.tobytes()
    run.record = msgspec.structs.replace(run.record, suppression=Ways(dynamical_decoupling=False, twirling=False))
    assert bits != run_job(run, run.jobs[0]).tobytes()


def test_a_second_fetch_of_a_lost_result_gives_it_again(tmp_path):
    run = create(small_plan("aer_mps"), tmp_path)
    first = bring(run, None)
    (run.path / "result-000.json").unlink()
    content = (run.path / "result-000.npz").read_bytes()
    assert bring(run, None) == first
    assert (run.path / "result-000.npz").read_bytes() == content
