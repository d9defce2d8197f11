import json

import numpy as np
import pytest

from classical.ridgelet import DequantizedSampler
from compare.drawing import draw_in_parts
from compare.progress import silent
from compare.records import RunFolder
from problems.ridgelet import RidgeletProblem
from tests import reference

SETTINGS = {"samples": 6000}
STREAM = {"seed": 3}
X, Y = reference.random_samples(np.random.default_rng(0), 5, 3, 20)
PROBLEM = RidgeletProblem.from_samples(X, Y, 5)


def folder(path):
    return RunFolder(path, "sample", SETTINGS)


def make():
    return DequantizedSampler(PROBLEM)


class Interrupted:
    """Draws so many parts, then Ctrl-C comes."""

    def __init__(self, parts):
        self.problem, self.left, self.drawing = PROBLEM, parts, make()

    def sample(self, n, seed=None):
        if self.left == 0:
            raise KeyboardInterrupt
        self.left -= 1
        return self.drawing.sample(n, seed)


@pytest.mark.parametrize("n", [1, 4, 37, 6000, 50_001, 300_000])
def test_all_nodes_are_drawn_and_the_parts_cleared_away(tmp_path, n):
    seen = []

    def track(title, steps):
        return lambda done: seen.append((steps, done))

    step = draw_in_parts(make, n, STREAM, folder(tmp_path / "run"), SETTINGS, track)
    assert step.arrays["a"].shape == (n, 3)
    assert step.arrays["b"].shape == step.arrays["density"].shape == (n,)
    assert len(seen) == seen[0][0] == step.result["time"]["per_sample"]["samples"] == -(-n // 1000)
    assert seen[-1][1] == f"{n} nodes"
    assert sorted(file.name for file in (tmp_path / "run").iterdir()) == ["nodes.json", "nodes.npz", "run.json"]


@pytest.mark.parametrize("parts", [1, 3, 5])
def test_interrupted_it_keeps_what_was_drawn_and_continues_from_there(tmp_path, parts):
    whole = draw_in_parts(make, 6000, STREAM, folder(tmp_path / "whole"), SETTINGS, silent)
    with pytest.raises(KeyboardInterrupt):
        draw_in_parts(lambda: Interrupted(parts), 6000, STREAM, folder(tmp_path / "cut"), SETTINGS, silent)
    kept = sorted((tmp_path / "cut").glob("part-*.npz"))
    assert len(kept) == parts
    with np.load(kept[0]) as file:
        np.testing.assert_array_equal(file["a"], whole.arrays["a"][: len(file["a"])])
    drawn = []

    class Counting:
        problem = PROBLEM

        def sample(self, n, seed=None):
            drawn.append(n)
            return make().sample(n, seed)

    rest = draw_in_parts(Counting, 6000, STREAM, folder(tmp_path / "cut"), SETTINGS, silent)
    assert sum(drawn) == 6000 - parts * 1000
    for name in ("a", "b", "density"):
        np.testing.assert_array_equal(rest.arrays[name], whole.arrays[name])


def test_parts_differ_from_one_another(tmp_path):
    a = draw_in_parts(make, 6000, STREAM, folder(tmp_path), SETTINGS, silent).arrays["a"]
    parts = a.reshape(6, 1000, 3)
    assert all(not np.array_equal(parts[i], parts[j]) for i in range(6) for j in range(i))


def test_a_finished_run_is_read_and_no_sampler_made(tmp_path):
    draw_in_parts(make, 100, STREAM, folder(tmp_path), SETTINGS, silent)
    draw_in_parts(lambda: pytest.fail("made a sampler"), 100, STREAM, folder(tmp_path), SETTINGS, silent)
    assert json.loads((tmp_path / "nodes.json").read_text())["settings"] == SETTINGS
