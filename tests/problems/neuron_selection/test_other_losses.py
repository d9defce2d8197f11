"""Losses that are not quadratic: two layers of masks, and a count of errors."""

import numpy as np
import pytest

from problems.errors import InputError, OutOfReach
from problems.neuron_selection import (
    DistillationProblem,
    ErrorCountProblem,
    distillation_problem,
    error_count_problem,
    masks_of,
    ticket_problem,
)


@pytest.fixture(scope="module")
def student() -> DistillationProblem:
    return distillation_problem(0, first=4, teacher=2, second=3)


def test_two_layers_fall_apart_by_teacher_neuron(student: DistillationProblem) -> None:
    assert (student.shape, student.neurons) == ((4, 2, 3), 10)
    masks = masks_of(range(1 << 10), 10)
    losses = student.loss(masks)
    np.testing.assert_allclose(student.table(), losses, atol=1e-12)
    tables = student.second_tables(masks[5][:4])
    for one, other in ((0, 7), (3, 4)):
        assert tables[0, one] + tables[1, other] == pytest.approx(losses[5 + (one << 4) + (other << 7)])


def test_a_student_is_what_its_docstring_says(student: DistillationProblem) -> None:
    mask = masks_of([0b101_011_1101], 10)[0]
    grey = student.first * mask[:4]
    loss = 0.0
    for k in range(2):
        neurons = np.maximum(grey @ student.weights[k].T, 0) * student.signs[k]
        pooled = (neurons - neurons.mean(axis=0)) @ mask[4 + 3 * k : 7 + 3 * k]
        loss += np.mean((student.network.hidden[:, k] - pooled) ** 2) / 2
    assert student.loss(mask) == pytest.approx(loss)
    np.testing.assert_allclose(student.network.hidden.std(axis=0), 1)


def test_the_teacher_has_learned_and_the_empty_student_nothing() -> None:
    problem = distillation_problem(0)
    assert problem.neurons == 36
    assert problem.teacher_accuracy() > 0.95
    assert problem.loss(np.zeros(36)) == pytest.approx(1)
    assert 0.3 < problem.accuracy(np.zeros(36)) < 0.7
    assert "12 + 4 x 6" in repr(problem)
    with pytest.raises(OutOfReach, match="Layerwise"):
        problem.table()


@pytest.mark.parametrize("sizes", [(0, 1, 1), (1, 0, 1), (1, 1, 2.5)])
def test_layers_have_neurons(sizes: tuple) -> None:
    with pytest.raises(InputError, match="neurons of the"):
        distillation_problem(0, *sizes)


def test_a_teacher_is_trained_on_two_classes() -> None:
    with pytest.raises(InputError, match="10 classes"):
        distillation_problem(0, dataset="digits-classes")


def test_errors_are_counted_and_ties_are_wrong() -> None:
    problem = ErrorCountProblem(np.array([[1, -1, 2], [3, 0, -3], [-1, 2, 0]]))
    masks = masks_of(range(8), 3)
    direct = np.sum(masks @ problem.contributions.T <= 0, axis=1)
    np.testing.assert_array_equal(problem.table(), direct)
    np.testing.assert_array_equal(problem.loss(masks), direct)
    assert problem.loss(np.zeros(3, dtype=int)) == 3
    with pytest.raises(InputError, match="no network"):
        problem.accuracy([1, 1, 1])


def test_the_errors_are_those_of_the_ticket() -> None:
    problem, ticket = error_count_problem(7, 2, bits=25), ticket_problem(7, 2)
    mask = np.array([1, 0, 1, 1, 0, 1, 0])
    outputs = ticket.outputs(mask, held_out=False)
    assert problem.loss(mask) == np.sum(np.sign(outputs) != ticket.network.y)
    assert problem.accuracy(mask) == ticket.accuracy(mask)
    some = error_count_problem(7, 2, samples=12, bits=3)
    assert some.contributions.shape == (12, 7)
    assert np.abs(some.contributions).max() == 7


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"bits": 0}, "bits = 0"),
        ({"bits": 31}, "bits = 31"),
        ({"samples": 0}, "samples = 0"),
        ({"samples": 701}, "samples = 701 are more than the 700"),
        ({"dataset": "digits-classes"}, "10 classes"),
    ],
)
def test_bad_counts_are_refused(arguments: dict, said: str) -> None:
    with pytest.raises(InputError, match=said):
        error_count_problem(4, 0, **arguments)


@pytest.mark.parametrize("votes", [[[0.5]], [[2.0**31]], [[np.nan]], np.zeros((0, 2)), [1, 2]])
def test_bad_contributions_are_refused(votes: object) -> None:
    with pytest.raises(InputError, match="contributions"):
        ErrorCountProblem(votes)  # type: ignore[arg-type]
