"""A real scheduler and real workers on loopback: one worker killed while it multiplies, then the scheduler."""

import threading

import numpy as np
import pytest

from classical.ridgelet import ClusterSampler, DequantizedSampler
from problems.errors import InputError
from problems.ridgelet import RidgeletProblem
from tests.classical.ridgelet.dequantized.cases import assert_same
from tests.compare.engine.test_cluster import Machines, wait_for

distributed = pytest.importorskip("distributed")


@pytest.fixture
def machines(tmp_path):
    started = Machines(tmp_path)
    yield started
    started.close()


def test_a_killed_worker_is_replaced_and_a_killed_scheduler_is_one_line(machines, tmp_path, record_property):
    rng = np.random.default_rng(0)
    np.save(tmp_path / "x.npy", rng.integers(0, 17, (4000, 16), dtype=np.uint8))
    problem = RidgeletProblem.from_chunks(tmp_path / "x.npy", rng.normal(size=4000), 17, chunk=10)
    expected = DequantizedSampler(problem, 1).sample(20, 1)
    with distributed.Client(machines.address, set_as_default=False, timeout=20) as client:
        client.wait_for_workers(2, timeout=60)
        sampler = ClusterSampler(problem, client)
        assert_same(sampler.sample(20, 1), expected)  # compiled everywhere by now
        drawn, moments = [], []

        def kill():
            # In the middle of a pass over hundreds of chunks.
            wait_for(lambda: any(client.processing().values()))
            moments.append(len(drawn))
            machines.kill(machines.workers[0])

        killer = threading.Thread(target=kill)
        killer.start()
        drawn += [sampler.sample(20, 1), sampler.sample(20, 1)]
        killer.join()
        for nodes in drawn:
            assert_same(nodes, expected)
        assert len(client.scheduler_info(n_workers=-1)["workers"]) == 1
        machines.kill(machines.scheduler)
        with pytest.raises(InputError, match=r"The scheduler at .* went away") as caught:
            sampler.sample(20, 2)
        assert "\n" not in str(caught.value)
    record_property(
        "measured", f"cluster sampler, one of two workers killed in sample {moments[0] + 1} of 2: same nodes"
    )
