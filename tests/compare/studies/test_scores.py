"""The number that each study judges a device by: what a device without noise has, and what it has in noise alone."""

import numpy as np
import pytest

from compare.hardware.payload import KINDS, find_kind
from compare.hardware.scores import raw
from compare.studies.ground_states.jobs import energy_payload
from compare.studies.kernel_training.jobs import overlap_payload
from compare.studies.neuron_selection.jobs import masks_payload
from compare.studies.ridgelet.jobs import payloads_of_data
from compare.studies.sparse_training.jobs import weights_payload
from problems.ground_states import IsingModel
from problems.neuron_selection import ticket_problem
from problems.sparse_training import PolynomialUpdate
from quantum.backends import resolve

SHOTS = 20_000

PAYLOADS = {
    "kernels/overlap": lambda: overlap_payload(
        np.array([[1.0, 0.3], [0.3, 1.0]]), np.array([1.0, -1.0]), np.array([0.9, 0.1])
    ),
    "neurons/masks": lambda: masks_payload(ticket_problem(3, 0), "lookup", rounds=1),
    "ridgelet/nodes": lambda: payloads_of_data(["digits"], [3], [2], [4], ["binary"], "sparse", 1e-3, "relu", 0)[0],
    "states/energy": lambda: energy_payload(IsingModel(2, 2, 3.0), "X"),
    "training/weights": lambda: weights_payload(PolynomialUpdate([[-0.2], [[-0.3]], [[-0.1]]]), steps=1),
}


def test_every_kind_has_a_number():
    assert set(PAYLOADS) == set(KINDS)
    assert all(find_kind(name).scores is not None for name in KINDS)


def test_a_mean_of_zero_is_no_unit():
    even = overlap_payload(np.array([[1.0, 0.3], [0.3, 1.0]]), np.array([1.0, -1.0]), np.array([0.5, 0.5]))
    scores = find_kind(even.kind).scores(even, np.array([[True], [False]] * 50))
    assert (scores.name, scores.unit, raw(scores).best) == ("mean", 1.0, 0.0)
    assert abs(scores.perfect) < 1e-9


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_device_without_noise_is_told_from_noise(name):
    kind, payload = find_kind(name), PAYLOADS[name]()
    built = kind.build(payload, "fake_fez")
    bits = resolve("aer_statevector").prepare(built.circuit, 0).run(SHOTS, 11)
    scores = kind.scores(payload, bits)
    found = raw(scores)
    if name == "states/energy":  # |+>^N has all of its field's energy, and that is the number itself
        assert (found.low, found.best, found.high) == (-12.0, -12.0, -12.0)
        assert (scores.perfect, scores.pvalue) == (None, None)
        return
    assert abs(found.best - scores.perfect) < 1.5 * (found.high - found.best)  # three standard errors
    assert scores.pvalue > 0.001
    nothing = kind.scores(payload, np.random.default_rng(3).random(bits.shape) < 0.5)
    assert nothing.pvalue < 1e-6
    if scores.perfect == 1.0 and name != "ridgelet/nodes":  # of its bit strings some are no nodes
        assert abs(raw(nothing).best) < 1.5 * (raw(nothing).high - raw(nothing).best)
