"""The ticket on real data, its classes, and its held-out accuracy."""

import numpy as np
import pytest

from problems.datasets import load_dataset
from problems.errors import InputError
from problems.neuron_selection import mask_of, ticket_problem


@pytest.mark.parametrize(
    ("neurons", "loss", "index"), [(8, 0.81200898, 33), (12, 0.68930578, 169), (20, 0.54439626, 605219)]
)
def test_minima_are_those_of_the_page(neurons: int, loss: float, index: int) -> None:
    table = ticket_problem(neurons, 0).table()
    assert table.min() == pytest.approx(loss, abs=5e-9)
    assert int(np.argmin(table)) == index


@pytest.mark.parametrize(("neurons", "accuracy"), [(32, 0.523), (64, 0.363), (128, 0.537)])
def test_all_neurons_on_is_worth_little(neurons: int, accuracy: float) -> None:
    assert ticket_problem(neurons, 0).accuracy(np.ones(neurons)) == pytest.approx(accuracy, abs=5e-4)


def test_the_network_is_the_one_of_the_page() -> None:
    data = load_dataset("mnist-8-9")
    pooled = data.x.reshape(1000, 14, 2, 14, 2).mean(axis=(2, 4)).reshape(1000, 196) / 255
    signs = np.where(data.y == 1, 1.0, -1.0)
    order = np.random.default_rng(0).permutation(1000)
    train, test = order[:700], order[700:]
    rng = np.random.default_rng([5, 10])
    weights = rng.standard_normal((196, 10)) * np.sqrt(2 / 196)
    hidden = np.maximum((pooled - pooled[train].mean(axis=0)) @ weights, 0)
    size = 0.3 / np.sqrt(10) / hidden[train].std(axis=0).mean()
    readout = size * rng.choice([-1.0, 1.0], (10, 1))
    hidden -= hidden[train].mean(axis=0)
    problem = ticket_problem(10, 5, scale=0.3)
    for index in (0, 5, 700, 1023):
        mask = mask_of(index, 10)
        outputs = ((hidden * mask) @ readout)[:, 0]
        assert problem.loss(mask) == pytest.approx(np.mean((signs[train] - outputs[train]) ** 2), rel=1e-12)
        assert problem.accuracy(mask) == np.mean(np.sign(outputs[test]) == signs[test])


def test_no_neuron_answers_nothing_right() -> None:
    assert ticket_problem(6, 0).accuracy(np.zeros(6)) == 0


def test_the_readout_is_as_large_as_asked() -> None:
    small, large = ticket_problem(9, 2, scale=0.1), ticket_problem(9, 2, scale=0.2)
    np.testing.assert_allclose(2 * small.linear, large.linear)
    np.testing.assert_allclose(4 * small.quadratic, large.quadratic)


def test_ten_classes_are_ten_masks_over_shared_neurons() -> None:
    problem = ticket_problem(6, 1, dataset="digits-classes")
    assert (problem.neurons, len(problem.classes)) == (60, 10)
    rng = np.random.default_rng(0)
    mask = rng.integers(0, 2, (10, 6))
    alone = [part.loss(row) for part, row in zip(problem.classes, mask, strict=True)]
    assert problem.loss(mask.ravel()) == pytest.approx(np.mean(alone), rel=1e-12)
    network = problem.network
    outputs = np.column_stack([(network.hidden * row) @ network.readout[:, c] for c, row in enumerate(mask)])
    assert problem.loss(mask.ravel()) == pytest.approx(np.mean((network.y - outputs) ** 2), rel=1e-12)
    held_out = np.column_stack([(network.hidden_test * row) @ network.readout[:, c] for c, row in enumerate(mask)])
    right = np.argmax(held_out, axis=1) == np.argmax(network.y_test, axis=1)
    assert problem.accuracy(mask.ravel()) == pytest.approx(np.mean(right))


@pytest.mark.parametrize("dataset", ["digits", "breast-cancer", "wine"])
def test_other_data_with_classes_have_tickets(dataset: str) -> None:
    problem = ticket_problem(5, 0, dataset=dataset)
    assert problem.constant == pytest.approx(1)
    assert 0 <= problem.accuracy(np.ones(problem.neurons)) <= 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"neurons": 0}, "neurons N = 0"),
        ({"neurons": 2.5}, "neurons N = 2.5"),
        ({"seed": -1}, "seed = -1"),
        ({"seed": None}, "seed = None"),
        ({"scale": 0}, "scale = 0"),
        ({"scale": -1}, "scale = -1"),
        ({"scale": np.nan}, "scale = nan"),
        ({"dataset": "mnist"}, "There is no data set 'mnist'. Did you mean 'mnist-8-9'"),
        ({"dataset": "diabetes"}, "a number as its target"),
    ],
)
def test_what_makes_no_ticket_is_refused(arguments: dict, said: str) -> None:
    with pytest.raises(InputError, match=said) as refused:
        ticket_problem(**({"neurons": 4, "seed": 0} | arguments))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("mask", [np.ones(3), np.full(4, 2), np.ones((1, 4))])
def test_the_accuracy_is_that_of_one_mask(mask: np.ndarray) -> None:
    with pytest.raises(InputError, match="mask"):
        ticket_problem(4, 0).accuracy(mask)
