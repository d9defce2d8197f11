"""Workers in this process, which can be lost at a chosen moment; `test_machines` kills processes."""

import logging
import os
import pickle

import numpy as np
import pytest

from classical.ridgelet import ClusterSampler, DequantizedSampler
from classical.ridgelet.dequantized.chunks.part import shares
from classical.ridgelet.dequantized.chunks.plan import make_chunk_plan
from classical.ridgelet.dequantized.cluster import checking, tasks
from classical.ridgelet.dequantized.cluster.parts import ClusterParts
from classical.ridgelet.dequantized.randomness import Streams
from problems.errors import InputError
from problems.ridgelet import NodeSampler, RidgeletProblem
from problems.rows import as_rows
from tests import reference
from tests.classical.ridgelet.dequantized.cases import assert_same

distributed = pytest.importorskip("distributed")

SIZES = [(2, 9), (5, 4), (17, 3), (257, 2)]


class Workers:
    """A scheduler with workers of one thread each."""

    def __init__(self, count):
        for name in ("distributed", "distributed.worker", "distributed.scheduler", "distributed.nanny"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self.cluster = distributed.LocalCluster(
            n_workers=count, threads_per_worker=1, processes=False, dashboard_address=":0"
        )
        self.client = distributed.Client(self.cluster, set_as_default=False)
        self.client.wait_for_workers(count, timeout=20)

    def lose_one(self):
        """Take a worker away with all that it holds, and start another."""
        name, worker = next(iter(self.cluster.workers.items()))
        count = len(self.cluster.workers)
        del self.cluster.worker_spec[name]
        self.cluster.sync(worker.close, timeout=0, executor_wait=False, nanny=False, reason="lost")
        assert worker.status.name == "closed"
        # Of a connection within a process the scheduler may learn its end only when no sign of life came for minutes.
        lost = {"stimulus_id": "lost", "expected": False, "close": False}
        self.cluster.sync(self.cluster.scheduler.remove_worker, worker.address, **lost)
        self.cluster.scale(count)

    def close(self):
        self.client.close()
        self.cluster.close()


@pytest.fixture(scope="module")
def workers():
    started = Workers(3)
    yield started
    started.close()


@pytest.fixture
def files(tmp_path):
    def saved(prime, dimension, count=60, outputs=2):
        x, y = reference.random_samples(np.random.default_rng(0), prime, dimension, count, outputs)
        np.save(tmp_path / "x.npy", x)
        np.save(tmp_path / "y.npy", y)
        return RidgeletProblem.from_chunks(tmp_path / "x.npy", tmp_path / "y.npy", prime, chunk=7)

    return saved


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_nodes_are_the_same_with_any_number_of_parts(size, workers, files):
    problem = files(*size)
    expected = DequantizedSampler(problem, 1).sample(40, 3)
    for parts in (None, 1, 2, 3, 7):
        sampler = ClusterSampler(problem, workers.client, parts)
        assert isinstance(sampler, NodeSampler)
        assert_same(sampler.sample(40, 3), expected)
    np.testing.assert_array_equal(sampler.tail, DequantizedSampler(problem, 1).tail)


@pytest.mark.parametrize("size", [(2, 4), (5, 2)], ids=str)
def test_nodes_of_three_workers_follow_the_optimized_distribution(size, workers, files, record_property):
    """Exact law, 10,000 nodes, chunks of seven points, a fixed seed."""
    problem = files(*size, count=20)
    x, y = reference.random_samples(np.random.default_rng(0), *size, 20, 2)
    law = reference.optimized_distribution(x, y, size[0], 1e-3)
    nodes = ClusterSampler(problem, workers.client).sample(10_000, 1)
    value = reference.chi_square_pvalue(reference.node_numbers(nodes, size[0]), law)
    record_property("measured", f"three workers, chi-square against p*, P={size[0]} D={size[1]}: {value:.3g}")
    assert value > 1e-5


def test_streams_and_small_batches_draw_the_same(workers, files):
    problem = files(5, 4)
    sampler, counted = ClusterSampler(problem, workers.client), []
    sampler._most = 9
    expected = DequantizedSampler(problem, 1).sample(30, 8)
    assert_same(sampler.sample(30, 8, counted.append), expected)
    assert counted == [8, 8, 8, 6]
    one, other = sampler.stream(30, 20, 8)
    np.testing.assert_array_equal(np.vstack([one.a, other.a]), expected.a)


def test_parts_of_one_worker_share_its_memory(workers, files):
    problem = files(257, 2)
    alone, shared = (ClusterSampler(problem, workers.client, parts)._most for parts in (3, 6))
    assert 0 < shared <= alone // 2


@pytest.mark.parametrize("moment", [0, 1, 2, 3])
def test_a_worker_that_is_lost_is_replaced_at_every_stage(moment, workers, files, monkeypatch):
    """At the first sum the first pass is under way, at the last but one the second, at the last the histograms."""
    problem = files(17, 3)
    sampler, asked = ClusterSampler(problem, workers.client), []
    collect = ClusterParts._sum

    def lose(self, futures):
        if len(asked) == moment:
            workers.lose_one()
        asked.append(len(futures))
        return collect(self, futures)

    monkeypatch.setattr(ClusterParts, "_sum", lose)
    assert_same(sampler.sample(40, 3), DequantizedSampler(problem, 1).sample(40, 3))
    assert len(asked) == len(make_chunk_plan(problem).levels) + 1 == 4


def test_what_travels_is_a_seed_and_no_strings(files):
    from classical.ridgelet.dequantized.chunks.drawing import strings_of

    plan = make_chunk_plan(files(17, 3))
    strings, _ = strings_of(plan, Streams(0, 17, 3, len(plan.levels)).draw(5, 12))
    other = pickle.loads(pickle.dumps(strings))
    np.testing.assert_array_equal(other.prefix, strings.prefix)
    wide = Streams(0, 17, 100_000, len(plan.levels)).draw(5, 12)
    assert len(pickle.dumps((wide.origin, strings.code))) < 1000


def test_a_part_on_a_worker_is_made_of_its_own_points_alone(files):
    problem = files(5, 4)
    cut = shares(make_chunk_plan(problem), problem.data, 3)
    assert sum(len(share.points) for share in cut) == len(problem.data)
    part = tasks.make(pickle.loads(pickle.dumps(cut[1])), True)
    assert len(part._groups) == len(cut[1].points)


def test_bad_input_is_one_line_each(workers, files, tmp_path, monkeypatch):
    problem, client = files(5, 4), workers.client
    memory = RidgeletProblem.from_samples(problem.points, problem.labels, 5)
    held = RidgeletProblem.from_chunks(problem.points, problem.labels, 5)
    for bad, given, parts, said in (
        (memory, client, None, "Workers read points from files"),
        (held, client, None, "Workers read points from files"),
        (problem, "tcp://127.0.0.1:1", None, "is none of dask.distributed"),
        (problem, client, 0, "parts = 0 is too small"),
        ("no problem", client, None, "A RidgeletProblem is needed"),
    ):
        with pytest.raises(InputError, match=said) as caught:
            ClusterSampler(bad, given, parts)
        assert "\n" not in str(caught.value)
    here = checking.code()
    for answer, said in (
        (ModuleNotFoundError("No module named 'classical'"), "cannot run tasks .*; install this version"),
        (("0" * 16, None), f"has another version of quantum-tickets .code 0000000000000000, here {here}"),
        ((here, "There is no file '/x.npy'."), "cannot read the points: There is no file"),
    ):
        with pytest.raises(InputError, match=said) as caught:
            checking.check_workers({"tcp://10.0.0.1:4": (here, None), "tcp://10.0.0.2:4": answer})
        assert "tcp://10.0.0.2:4" in str(caught.value)
        assert "\n" not in str(caught.value)
    source = as_rows("points", tmp_path / "x.npy")
    assert checking.seen(source) == (here, None)
    sampler = ClusterSampler(problem, client)
    os.truncate(tmp_path / "x.npy", 300)
    assert "was cut since it was opened" in checking.seen(source)[1]
    with pytest.raises(InputError, match="was cut since it was opened"):
        sampler.sample(3, 0)
    with pytest.raises(InputError, match=r"The worker .* cannot read the points: .*was cut"):
        ClusterSampler(problem, client)


def test_a_scheduler_without_workers_is_one_line(files):
    class Empty:
        submit = run = None

        def scheduler_info(self, n_workers):
            return {"workers": {}}

    empty = Empty()
    empty.submit = empty.run = lambda *arguments, **more: {}
    with pytest.raises(InputError, match="The scheduler has no workers"):
        ClusterSampler(files(5, 4), empty)
