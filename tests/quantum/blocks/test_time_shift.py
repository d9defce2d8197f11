"""The step in time: its matrix, action, decomposition and cost, and the shift that the last slot drops out of."""

import numpy as np
import pytest

from problems.errors import InputError
from quantum.blocks import TimeShift
from tests.quantum.blocks.agreement import assert_block_agrees


def step_matrix(bits, sign):
    """Written out: where the control, the lowest bit, is 1, the number above it grows by sign."""
    size = 2 ** (bits + 1)
    matrix = np.zeros((2 * size, 2 * size))
    for n in range(size):
        matrix[2 * n, 2 * n] = 1
        matrix[2 * ((n + sign) % size) + 1, 2 * n + 1] = 1
    return matrix


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("bits", [1, 2, 3, 4])
def test_the_time_shift_agrees_with_itself(bits, inverted):
    assert_block_agrees(TimeShift(bits, inverted), [1, bits, 1], step_matrix(bits, -1 if inverted else 1))


@pytest.mark.parametrize("bits", [1, 2, 3])
def test_with_the_overflow_empty_the_last_slot_drops_out(bits):
    slots = 2**bits
    kept = np.asarray(TimeShift(bits)).real[: 2 * slots, : 2 * slots]  # overflow 0 before and after
    np.testing.assert_array_equal(kept[::2, ::2], np.eye(slots))
    np.testing.assert_array_equal(kept[1::2, 1::2], np.eye(slots, k=-1))


def test_shifts_compare_by_what_they_do_and_bad_ones_are_refused():
    assert TimeShift(2) == TimeShift(2).inverse().inverse() != TimeShift(2).inverse()
    assert TimeShift(2) != TimeShift(3)
    with pytest.raises(InputError, match="bits = 0 is too small"):
        TimeShift(0)
