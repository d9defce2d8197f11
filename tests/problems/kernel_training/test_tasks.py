"""Tasks of real images, sparse patterns, states of test images, and how they are answered."""

import math
import pickle
from collections.abc import Callable

import numpy as np
import pytest

from problems.datasets import load_dataset
from problems.errors import InputError
from problems.kernel_training import (
    PATTERNS,
    ErfNtk,
    KernelTask,
    PooledConvNtk,
    decide,
    kept_pairs,
    kernel_states,
    overlaps,
    pattern,
    readout_shots,
    share_right,
    sparse_kernel,
    standardized,
)


@pytest.fixture(scope="module")
def task() -> KernelTask:
    return KernelTask.draw(64, 0, tests=100)


@pytest.mark.parametrize(
    ("depth", "least", "ratio"), [(4, "0.4507891620", "6.4569942639"), (17, "0.9614596230", "1.1588742331")]
)
def test_first_eight_images_are_those_of_the_page(depth: int, least: str, ratio: str) -> None:
    data = load_dataset("mnist-8-9")
    x = np.concatenate([data.x[data.y == one][:4] for one in (0, 1)]) / 255
    x = (x - x.mean()) / x.std()
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    first = KernelTask.first(8)
    np.testing.assert_allclose(first.x, x, atol=1e-15)
    kernel = first.kernel(ErfNtk(depth))
    values = np.linalg.eigvalsh(kernel)
    assert f"{values[0]:.10f} {np.linalg.eigvalsh(np.abs(kernel))[-1] / values[0]:.10f}" == f"{least} {ratio}"
    assert first.y.tolist() == [-1] * 4 + [1] * 4
    assert first.classes == ("9", "8")


def test_tasks_are_balanced_disjoint_and_standardized_apart(task: KernelTask) -> None:
    assert (task.y.sum(), task.y_test.sum(), task.n, len(task.x_test)) == (0, 0, 64, 100)
    assert np.max(task.x @ task.x_test.T) < 1 - 1e-6
    np.testing.assert_allclose(np.linalg.norm(task.x_test, axis=1), 1)
    assert task.digest == KernelTask.draw(64, 0, tests=100).digest != KernelTask.draw(64, 1, tests=100).digest
    again = pickle.loads(pickle.dumps(task))
    assert again.digest == task.digest
    assert repr(task) == "KernelTask('mnist-8-9': 9 v 8, n = 64, 100 test images)"
    assert KernelTask.draw(16, 0, "digits").classes == ("odd", "even")


def test_depth_follows_the_rule(task: KernelTask) -> None:
    delta = min(1 - abs(task.x[i] @ task.x[j]) for i in range(64) for j in range(i))
    assert task.separation == pytest.approx(delta, rel=1e-12)
    assert task.depth(0.1) == round(0.8 * math.log(64 / delta) / 0.08641715712)
    assert task.depth(0) == 1
    assert task.k_max(ErfNtk(5)) == ErfNtk(5).normalised(1 - task.separation)


def test_images_of_ones_own_are_sorted_by_class() -> None:
    pixels = np.random.default_rng(0).uniform(size=(6, 16))
    own = KernelTask.of_images(pixels[:4], [1, -1, 1, -1], pixels[4:], [1, 1])
    assert own.y.tolist() == [-1, -1, 1, 1]
    np.testing.assert_array_equal(own.x, standardized("x", pixels[[1, 3, 0, 2]]))
    assert own.kernel(PooledConvNtk(1, 2)).shape == (4, 4)
    assert 0 < own.k_max(PooledConvNtk(1, 2)) < 1
    assert own.test_kernel(ErfNtk(2)).shape == (2, 4)


@pytest.mark.parametrize("name", PATTERNS)
def test_patterns_are_symmetric_and_keep_the_diagonal(task: KernelTask, name: str) -> None:
    kernel = task.kernel(ErfNtk(4))
    kept = pattern(name, kernel, task.y, 3)
    assert np.array_equal(kept, kept.T)
    assert np.all(np.diag(kept))
    assert np.array_equal(kept, pattern(name, kernel, task.y, 3))
    sparse = sparse_kernel(name, kernel, task.y, 3)
    np.testing.assert_array_equal(sparse, kernel * kept)


def test_each_pattern_keeps_what_it_says(task: KernelTask) -> None:
    kernel, n = task.kernel(ErfNtk(4)), task.n
    assert kept_pairs(n) == 4
    published = pattern("published", kernel, task.y, 0)
    assert not np.any(published[: n // 2, n // 2 :])
    assert 2 < published.sum() / n - 1 < 7  # ln n = 4.2, fewer by repeats
    offsets = pattern("offsets", kernel, task.y, 0)
    drawn = np.flatnonzero(offsets[0])
    assert len(drawn) == 5
    assert all(set(np.flatnonzero(offsets[i])) == set(i ^ drawn) for i in range(n))
    nearest = pattern("nearest", kernel, task.y)
    for i in range(n):
        others = np.delete(kernel[i], i)
        assert np.all(nearest[i][np.abs(kernel[i]) >= np.sort(np.abs(others))[-4]])
    assert pattern("diagonal", kernel, task.y).sum() == n
    assert pattern("dense", kernel, task.y).all()
    odd = pattern("offsets", kernel[:6, :6], [-1, -1, -1, 1, 1, 1], 0)
    assert odd.shape == (6, 6)
    assert np.array_equal(odd, odd.T)


def test_the_published_pattern_is_indefinite_in_shallow_networks() -> None:
    task = KernelTask.draw(256, 0, tests=2)
    least = [np.linalg.eigvalsh(sparse_kernel("published", task.kernel(ErfNtk(L)), task.y, 0))[0] for L in (4, 17)]
    assert least[0] < -0.1
    assert least[1] > 0.8


def test_states_say_what_they_take(task: KernelTask) -> None:
    ntk = ErfNtk(4)
    values = task.test_kernel(ntk)
    states = kernel_states(values, ntk.k_max)
    np.testing.assert_allclose(np.linalg.norm(states.amplitudes, axis=1), 1)
    np.testing.assert_allclose(states.tries, 64 / np.sum((values / ntk.k_max) ** 2, axis=1), rtol=1e-12)
    assert kernel_states([0.5, -3.0]).values.tolist() == [[0.5, -1.0]]
    solution = np.linalg.solve(task.kernel(ntk), task.y)
    found = overlaps(states, solution)
    expected = values @ solution / np.linalg.norm(solution) / np.linalg.norm(values, axis=1)
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert readout_shots([0.1, 0.0]).tolist() == pytest.approx([99, math.inf])


def test_both_rules() -> None:
    outputs, labels = [3.0, 1.0, 0.0, -1.0], [1, 1, 1, -1]
    assert decide(outputs).tolist() == [1, 1, 0, -1]
    assert decide(outputs, "median").tolist() == [1, 1, -1, -1]
    assert share_right(outputs, labels) == share_right(outputs, labels, "median") == 0.75


ONE = np.ones((2, 4)) / 2


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: KernelTask.draw(15), "n = 15 is odd"),
        (lambda: KernelTask.draw(1000), "more than the 1000"),
        (lambda: KernelTask.draw(8, 0, "wine"), "3 classes.*two"),
        (lambda: KernelTask.draw(8, 0, "diabetes"), "a number as its target"),
        (lambda: KernelTask.draw(8, 0, "mnist"), "no data set 'mnist'"),
        (lambda: KernelTask.draw(8, 0, tests=3), "tests = 3 is odd"),
        (lambda: KernelTask.of_images(np.eye(4), [0, 1, 2, 1], np.eye(4), [1, 1, 1, 1]), "labels 0, 1, 2, 3 in number"),
        (lambda: KernelTask.of_images(np.eye(4), [1, 1, 1, 1], np.eye(4), [1, 1, 1, 1]), "two classes"),
        (lambda: KernelTask.of_images(np.ones((2, 3)), [1, -1], np.eye(2), [1, 1]), "all pixels are 1"),
        (lambda: KernelTask.of_images([[1, np.nan], [0, 1]], [1, -1], np.eye(2), [1, 1]), r"x\[0, 1\] = nan"),
        (lambda: KernelTask.of_images(np.eye(3), [1, -1], np.eye(2), [1, 1]), "one label an image"),
        (lambda: KernelTask(ONE, [1, -1], ONE, [1, 1]), "sort the training images"),
        (lambda: KernelTask(2 * ONE, [-1, 1], ONE, [1, 1]), "other norms"),
        (lambda: KernelTask(ONE, [-1, 1], ONE, [0, 1]), "other than -1 and"),
        (lambda: KernelTask(ONE, [-1, 1], ONE, [1]), "give as many"),
        (lambda: KernelTask(ONE, [-1, 1], ONE, [1, 1]).depth(), "are parallel"),
        (lambda: standardized("x", [[0.0, 2.0], [1.0, 1.0]]), "every pixel is the mean"),
        (lambda: pattern("random", np.eye(2), [-1, 1]), "no pattern 'random'"),
        (lambda: pattern("dense", np.ones((2, 3)), [-1, 1]), "symmetric matrix"),
        (lambda: pattern("dense", [[1, 2], [0, 1]], [-1, 1]), "not symmetric"),
        (lambda: pattern("dense", np.eye(3), [-1, 1]), "give as many"),
        (lambda: kernel_states(np.zeros((1, 4))), "zero for every training image"),
        (lambda: kernel_states(np.ones((1, 4)), 0), "k_max = 0"),
        (lambda: kernel_states([np.inf]), "not finite"),
        (lambda: overlaps(kernel_states([1, 2]), [0, 0]), "solution is zero"),
        (lambda: overlaps(kernel_states([1, 2]), [1]), "one a training image"),
        (lambda: decide([1.0], "mean"), "no rule 'mean'"),
    ],
)
def test_bad_input_is_refused_in_one_line(make: Callable[[], object], message: str) -> None:
    with pytest.raises(InputError, match=message) as refused:
        make()
    assert "\n" not in str(refused.value)
