"""Windows cover every pair, and what is loaded is what a loss says of their neurons."""

from itertools import combinations

import numpy as np
import pytest

from quantum.neuron_selection.whole_loss import WholeLoss
from quantum.neuron_selection.window_load import WindowLoad, product_qubits
from quantum.neuron_selection.window_sum import WindowSum
from quantum.neuron_selection.windows import coverings, windows_of
from tests.quantum.neuron_selection.reversible import every_mask, run


@pytest.mark.parametrize("density", [1.0, 0.2, 0.0])
@pytest.mark.parametrize("neurons", [1, 2, 5, 9, 11, 14, 16, 18, 24])
def test_windows_add_up_to_the_loss(neurons, density):
    rng = np.random.default_rng([neurons, int(10 * density)])
    linear = tuple(int(value) for value in rng.integers(-9, 10, neurons))
    pairs = {pair: int(rng.integers(1, 10)) for pair in combinations(range(neurons), 2) if rng.random() < density}
    loss = WholeLoss(-4, linear, pairs)
    masks = rng.integers(0, 2, (50, neurons))
    for largest in (2, 3, 4):
        for covering in coverings(loss, largest):
            windows = windows_of(loss, covering)
            assert all(len(window.neurons) <= largest for window in windows)
            total = WindowSum.ordered(windows, loss.constant, loss.width)
            values = sum(
                np.array(window.values)[masks[:, window.neurons] @ (1 << np.arange(len(window.neurons)))]
                for window in total.windows
            )
            np.testing.assert_array_equal(values, loss.values(masks))
            assert all(min(window.values) == 0 for window in total.windows[:-1])


@pytest.mark.parametrize(("neurons", "fewest"), [(4, 1), (8, 6), (12, 13), (16, 20)])
def test_coverings_of_all_pairs_are_small(neurons, fewest):
    loss = WholeLoss(0, (1,) * neurons, dict.fromkeys(combinations(range(neurons), 2), 1))
    assert min(len(windows_of(loss, covering)) for covering in coverings(loss, 4)) == fewest


@pytest.mark.parametrize("neurons", [0, 1, 2, 3, 4])
def test_a_window_is_loaded_and_taken_back(neurons):
    width = 5
    values = np.random.default_rng(neurons).integers(-16, 16, 2**neurons).tolist()
    gate = WindowLoad(values, width)
    masks = every_mask(neurons)
    start = np.hstack([masks, np.zeros((len(masks), product_qubits(neurons) + width), dtype=bool)])
    images, _ = run(gate.definition, start)
    for mask, image in enumerate(images):
        number = int(sum(1 << i for i in np.flatnonzero(image)))
        _, products, value = gate.classical_action(mask, 0, 0)
        assert value == values[mask] % 2**width
        assert number == mask | products << neurons | value << (neurons + product_qubits(neurons))
    back, phases = run(gate.definition.compose(gate.definition.inverse()), start)
    np.testing.assert_array_equal(back, start)
    np.testing.assert_allclose(phases, 1)
