import itertools

import numpy as np
import pytest

from classical.peers import PrunedPeer, pruned
from problems.ridgelet import RidgeletProblem
from tests import reference


def make(outputs=1):
    x, y = reference.random_samples(np.random.default_rng(0), 5, 3, 40, outputs)
    return x, y, RidgeletProblem.from_samples(x, y, 5)


@pytest.mark.parametrize("outputs", [1, 3])
def test_gradients_are_those_of_the_loss(outputs):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(9, 4)), rng.normal(size=(9, outputs))
    parts = [rng.normal(size=shape) for shape in ((4, 6), (6,), (6, outputs), (outputs,))]

    def loss(values):
        into, bias, out, offset = values
        error = np.maximum(x @ into + bias, 0) @ out + offset - y
        return np.mean(np.sum(error**2, axis=1)) + 0.3 / 2 * (np.sum(into**2) + np.sum(out**2))

    for i, gradient in enumerate(pruned.loss_gradients(parts, x, y, 0.3)):
        for where in np.ndindex(parts[i].shape):
            up, down = ([part.copy() for part in parts] for _ in range(2))
            up[i][where] += 1e-6
            down[i][where] -= 1e-6
            assert gradient[where] == pytest.approx((loss(up) - loss(down)) / 2e-6, abs=1e-6)


def test_training_that_diverges_is_noticed():
    """Flags that OpenBLAS raises by itself are passed over, those of the weights are not."""
    parts = [np.full(shape, 3e20, np.float32) for shape in ((3, 5), (5,), (5, 1), (1,))]
    with pytest.warns(RuntimeWarning) as told:
        pruned.loss_gradients(parts, np.ones((4, 3), np.float32), np.ones((4, 1), np.float32), 0.1)
    assert "overflow encountered in matmul" in {str(one.message) for one in told}


# 12 units, and 5 that are no quarter of a power of two: 20, 10, 5.
@pytest.mark.parametrize("nodes", [1, 5, 12])
def test_half_of_the_units_go_and_the_rest_is_rewound(nodes, monkeypatch):
    x, y, problem = make()
    trainings, original = [], pruned._train

    def record(initial, *arguments):
        trained = original(initial, *arguments)
        trainings.append(([part.copy() for part in initial], trained))
        return trained

    monkeypatch.setattr(pruned, "_train", record)
    monkeypatch.setattr(pruned, "STEPS", 50)
    model = PrunedPeer(problem).fit(x, y, nodes, seed=0)
    units = [initial[0].shape[1] for initial, _ in trainings]
    assert units == [nodes] * len(pruned.DECAYS) + [4 * nodes, 2 * nodes, nodes]
    trainings = trainings[len(pruned.DECAYS) :]
    assert model.parts[0].shape == (3, nodes)
    assert model.parts is trainings[-1][1]
    for (initial, trained), (rewound, _) in itertools.pairwise(trainings):
        size = np.linalg.norm(trained[0], axis=0) * np.linalg.norm(trained[2], axis=1)
        kept = sorted(np.argsort(-size)[: len(size) // 2])
        np.testing.assert_array_equal(rewound[0], initial[0][:, kept])
        np.testing.assert_array_equal(rewound[2], initial[2][kept])
        assert not np.any(rewound[1])
        assert not np.any(rewound[3])


def test_it_learns_what_no_linear_model_does():
    x = np.repeat(np.array([[0, 0], [0, 4], [4, 0], [4, 4]]), 10, axis=0)
    y = np.repeat([1.0, -1.0, -1.0, 1.0], 10)
    model = PrunedPeer(RidgeletProblem.from_samples(x, y, 5)).fit(x, y, 16, seed=0)
    assert np.mean((model.predict(x) - y) ** 2) < 0.05


def test_weight_decay_is_large_for_noise_and_small_for_what_can_be_learned():
    rng = np.random.default_rng(0)
    x = rng.uniform(-1, 1, (60, 4)).astype(np.float32)
    learnable = np.abs(x[:, :1]) - 0.5
    noise = rng.normal(size=(60, 1)).astype(np.float32)
    assert pruned._choose_decay(x, noise, 20, np.random.default_rng(1)) == max(pruned.DECAYS)
    assert pruned._choose_decay(x, 3 * learnable, 20, np.random.default_rng(1)) < 0.1


def test_three_samples_are_too_few_to_judge_by_and_fitted_all_the_same():
    x = np.array([[0, 0], [1, 2], [2, 1]])
    model = PrunedPeer(RidgeletProblem.from_samples(x, [1.0, -1.0, 0.0], 3)).fit(x, [1.0, -1.0, 0.0], 8, seed=0)
    np.testing.assert_allclose(model.predict(x), [1, -1, 0], atol=0.2)
