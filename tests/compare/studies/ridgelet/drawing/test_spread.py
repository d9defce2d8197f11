"""Nodes of files drawn on the workers of a scheduler: those that are drawn without one."""

import logging
from collections import deque

import numpy as np
import pytest

import compare
from classical.ridgelet import ClusterSampler, DequantizedSampler
from compare.engine.cluster import Cluster
from compare.engine.seeds import Seeds
from compare.engine.work import Job, Read
from compare.studies.ridgelet.drawing.study import PART
from compare.studies.ridgelet.samplers import measures
from compare.studies.ridgelet.samplers.study import DRAW, Draw, Part
from compare.studies.rows import Files, Rows
from problems.errors import OutOfReach
from problems.ridgelet.large import identity

distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def address():
    for name in ("distributed", "distributed.worker", "distributed.scheduler", "distributed.nanny"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": False, "dashboard_address": ":0"}
    with distributed.LocalCluster(protocol="tcp", **options) as cluster:
        yield cluster.scheduler_address


@pytest.fixture
def files(tmp_path):
    rng = np.random.default_rng(0)
    np.save(tmp_path / "x.npy", rng.integers(0, 5, (300, 5)))
    np.save(tmp_path / "y.npy", rng.normal(size=300))
    return {"dataset": str(tmp_path / "x.npy"), "target": str(tmp_path / "y.npy"), "prime": 5, "memory": "200MiB"}


def test_the_same_nodes_are_drawn_with_a_scheduler(address, files, tmp_path, monkeypatch):
    drawn, draw = [], ClusterSampler.sample
    monkeypatch.setattr(ClusterSampler, "sample", lambda self, *given: drawn.append(given[0]) or draw(self, *given))
    found = [
        compare.run("sample", out=tmp_path / name, progress=False, samples=1100, scheduler=where, **files)[PART]
        for name, where in (("here", None), ("there", address))
    ]
    assert drawn == [1000, 100]
    for one, other in zip(*found, strict=True):
        np.testing.assert_array_equal(one["a"], other["a"])
        np.testing.assert_array_equal(one["b"], other["b"])
        np.testing.assert_allclose(one["density"], other["density"])
    # Another method has nothing to share out, and runs as tasks of workers.
    runs = compare.run(
        "sample", out=tmp_path / "there", progress=False, samples=20, sampler="uniform", scheduler=address, **files
    )
    assert len(runs[PART]) == 1
    assert len(drawn) == 2


def test_comparisons_draw_there_too_and_what_workers_lack_is_tried_again(address, files, monkeypatch):
    where = Files(files["dataset"], files["target"], files["memory"])
    source = identity(where.points, where.labels)
    task = Draw("files", source, 5, None, None, 1e-3, "relu", 0, "dequantized", 50)
    expected = DequantizedSampler(measures._in_files(measures.same(Part, task), where)[1])
    job = Job(DRAW(task), lambda: {"rows": [Read(Rows(source), where, {})]})

    def refuse(name, problem):
        raise OutOfReach("The worker tcp://10.0.0.2:4 cannot read the points.")

    with Cluster(address) as crew:
        ((_, outcome),) = crew.run(deque([job]))
        monkeypatch.setattr(measures, "sampler_of", refuse)
        ((_, refused),) = crew.run(deque([job]))
    nodes = expected.sample(50, Seeds(task)("nodes", by=measures.STREAM))
    np.testing.assert_array_equal(np.reshape(outcome.result["a"]["values"], (50, 5)), nodes.a)
    assert (refused.refused, refused.again) == ("The worker tcp://10.0.0.2:4 cannot read the points.", True)
