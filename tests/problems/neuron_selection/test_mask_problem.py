"""The loss of masks: its table, its quantization, and what it refuses."""

import numpy as np
import pytest

from problems.errors import InputError, OutOfReach
from problems.neuron_selection import MaskProblem, index_of, mask_of, masks_of
from tests.problems.neuron_selection import random_problem


@pytest.mark.parametrize("neurons", [1, 2, 5, 9])
def test_the_table_has_the_loss_of_every_mask(neurons: int) -> None:
    problem = random_problem(neurons, 3)
    masks = masks_of(range(1 << neurons), neurons)
    direct = [problem.constant + problem.linear @ m + m @ problem.quadratic @ m for m in masks.astype(float)]
    np.testing.assert_allclose(problem.table(), direct, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(problem.loss(masks), direct, rtol=1e-12, atol=1e-13)
    assert problem.loss(masks[-1]) == pytest.approx(direct[-1])


def test_quantized_coefficients_are_multiples_of_the_step() -> None:
    problem = random_problem(6, 1)
    _, linear, pairs = problem.coefficients
    for bits in (1, 3, 8):
        rough = problem.quantized(bits)
        step = max(np.abs(linear).max(), np.abs(pairs).max()) / (2**bits - 1)
        assert rough.step == pytest.approx(step)
        np.testing.assert_array_equal(rough.multiples.linear, np.rint(linear / step))
        np.testing.assert_allclose(rough.coefficients.pairs, np.rint(pairs / step) * step)
        assert rough.constant == pytest.approx(round(problem.constant / step) * step)
        assert max(np.abs(rough.multiples.linear).max(), np.abs(rough.multiples.pairs).max()) == 2**bits - 1
    np.testing.assert_allclose(problem.quantized(40).table(), problem.table(), atol=1e-9)


def test_a_constant_loss_is_quantized_to_itself() -> None:
    rough = MaskProblem(0.3, np.zeros(3), np.zeros((3, 3))).quantized(4)
    np.testing.assert_allclose(rough.table(), 0.3)


def test_masks_and_their_numbers() -> None:
    np.testing.assert_array_equal(mask_of(6, 4), [0, 1, 1, 0])
    large = (1 << 199) + 5
    assert index_of(mask_of(large, 200)) == large
    assert masks_of([], 3).shape == (0, 3)


def test_equal_losses_have_equal_digests() -> None:
    one, other = random_problem(4, 0), random_problem(4, 0)
    assert one.digest == other.digest != random_problem(4, 1).digest
    assert one.digest[:8] in repr(one)


@pytest.mark.parametrize(
    ("constant", "linear", "quadratic", "said"),
    [
        (0.0, [1.0, 2.0], [[1.0, 2.0], [0.0, 1.0]], r"not symmetric: \[0, 1\] = 2, \[1, 0\] = 0"),
        (0.0, [1.0, np.nan], np.eye(2), r"linear\[1\] = nan is not finite"),
        (np.inf, [1.0], [[1.0]], "constant = inf is not finite"),
        (0.0, [1.0, 2.0], [[np.inf, 0.0], [0.0, 1.0]], r"quadratic\[0, 0\] = inf"),
        (0.0, [1.0, 2.0], np.eye(3), r"quadratic has shape \(3, 3\), but linear has 2"),
        (0.0, [], np.zeros((0, 0)), "no neuron"),
        (0.0, [[1.0]], [[1.0]], "1 axes"),
        (0.0, [1.0], 3.0, "2 axes"),
        ([1.0], [1.0], [[1.0]], "one number"),
        (0.0, [1j], [[1.0]], "no real numbers"),
        (0.0, ["a"], [[1.0]], "no real numbers"),
    ],
)
def test_bad_coefficients_are_refused(constant: object, linear: object, quadratic: object, said: str) -> None:
    with pytest.raises(InputError, match=said) as refused:
        MaskProblem(constant, linear, quadratic)  # type: ignore[arg-type]
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("masks", "said"),
    [
        ([0, 1], r"shape \(2,\), but the problem has 3 neurons"),
        ([[0, 1, 1, 0]], "3 neurons"),
        ([0, 1, 2], r"masks\[2\] = 2 is neither 0 nor 1"),
        ([[0, 1, 0.5]], r"masks\[0, 2\] = 0.5"),
        ([0, np.nan, 1], r"masks\[1\] = nan"),
    ],
)
def test_bad_masks_are_refused(masks: object, said: str) -> None:
    with pytest.raises(InputError, match=said):
        random_problem(3, 0).loss(masks)  # type: ignore[arg-type]


def test_a_table_beyond_memory_is_refused_before_it_is_made() -> None:
    with pytest.raises(OutOfReach, match=r"A table of 2\^60 masks needs .* BranchAndBound"):
        MaskProblem(0.0, np.ones(60), np.eye(60)).table()


@pytest.mark.parametrize("bits", [0, 2.5, 53, "8"])
def test_bits_that_make_no_sense_are_refused(bits: object) -> None:
    with pytest.raises(InputError, match="bits"):
        random_problem(3, 0).quantized(bits)  # type: ignore[arg-type]


@pytest.mark.parametrize("index", [8, -1, 0.5])
def test_a_number_that_is_no_mask_is_refused(index: object) -> None:
    with pytest.raises(InputError, match="index"):
        mask_of(index, 3)  # type: ignore[arg-type]
