"""Nodes of files drawn on the workers of a scheduler: those that are drawn without one."""

import logging

import numpy as np
import pytest

import compare
from compare.studies.ridgelet.drawing import measures
from compare.studies.ridgelet.drawing.study import PART
from compare.studies.ridgelet.samplers.study import DRAW

distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def address():
    for name in ("distributed", "distributed.worker", "distributed.scheduler", "distributed.nanny"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": False, "dashboard_address": None}
    with distributed.LocalCluster(protocol="tcp", **options) as cluster:
        yield cluster.scheduler_address


@pytest.fixture
def files(tmp_path):
    rng = np.random.default_rng(0)
    np.save(tmp_path / "x.npy", rng.integers(0, 5, (300, 5)))
    np.save(tmp_path / "y.npy", rng.normal(size=300))
    return {"dataset": str(tmp_path / "x.npy"), "target": str(tmp_path / "y.npy"), "prime": 5, "memory": "200MiB"}


def test_the_same_nodes_are_drawn_with_a_scheduler(address, files, tmp_path, monkeypatch):
    from classical.ridgelet import ClusterSampler

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


def test_comparisons_draw_there_too_and_a_lost_file_is_one_line(address, files, tmp_path, monkeypatch):
    from classical.ridgelet import DequantizedSampler

    asked = {"methods": ("dequantized",), "nodes": 4, "samples": 50, "out": tmp_path / "out", "progress": False}
    runs = compare.run("compare", scheduler=address, **asked, **files)
    (row,) = runs[DRAW]
    from compare.engine.seeds import Seeds
    from compare.studies.ridgelet.samplers.measures import STREAM, _in_files, same
    from compare.studies.ridgelet.samplers.study import Draw, Part
    from compare.studies.rows import Files

    task = Draw(**{name: row[name] for name in Draw.__dataclass_fields__})
    where = Files(files["dataset"], files["target"], files["memory"])
    problem = _in_files(same(Part, task), where)[1]
    expected = DequantizedSampler(problem).sample(50, Seeds(task)("nodes", by=STREAM))
    np.testing.assert_array_equal(row["a"], expected.a)
    monkeypatch.setattr(measures, "sampler_of", _refuse)
    runs = compare.run("sample", out=tmp_path / "lost", progress=False, samples=20, seed=3, scheduler=address, **files)
    assert len(runs[PART]) == 0


def _refuse(name, problem):
    from problems.errors import OutOfReach

    raise OutOfReach("The worker tcp://10.0.0.2:4 cannot read the points.")
