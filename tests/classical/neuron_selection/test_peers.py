"""Other uses of the network behind a ticket."""

import numpy as np
import pytest

from classical.neuron_selection import BranchAndBound
from classical.neuron_selection.peers import PEERS, all_on, refitted
from problems.errors import InputError
from problems.neuron_selection import gadget_problem, ticket_problem


@pytest.mark.parametrize("dataset", ["mnist-8-9", "wine"])
def test_peers_are_compared_at_as_many_neurons(dataset: str) -> None:
    problem = ticket_problem(12, 0, dataset=dataset)
    mask = BranchAndBound().solve(problem).mask
    kept = np.any(mask.reshape(-1, 12), axis=0).sum()
    found = {name: peer(problem, mask) for name, peer in PEERS.items()}
    assert {name: fitted.neurons for name, fitted in found.items()} == dict.fromkeys(PEERS, kept) | {"all-on": 12}
    assert found["trained"].loss < found["refitted"].loss <= problem.loss(mask) + 1e-12
    assert found["trained"].accuracy > problem.accuracy(mask)
    assert found["all-on"].loss == pytest.approx(problem.loss(np.ones(problem.neurons)))
    assert found["all-on"].accuracy == problem.accuracy(np.ones(problem.neurons))


def test_least_squares_fit_the_readout_alone() -> None:
    problem = ticket_problem(6, 0)
    mask = np.array([1, 0, 1, 1, 0, 0])
    hidden = problem.network.hidden[:, mask == 1]
    readout = np.linalg.solve(hidden.T @ hidden, hidden.T @ problem.network.y)
    assert refitted(problem, mask).loss == pytest.approx(np.mean((problem.network.y - hidden @ readout) ** 2))


def test_training_goes_down_its_gradient() -> None:
    from classical.neuron_selection.peers.training import answers, train

    network = ticket_problem(5, 3).network
    before = [network.weights, np.zeros(5), network.readout, np.zeros(1)]
    after = train(network, np.arange(5))
    losses = [np.mean((answers(parts, network.x) - network.y) ** 2) for parts in (before, after)]
    assert losses[1] < 0.2 < losses[0]


def test_what_has_no_peers_is_refused() -> None:
    problem = ticket_problem(4, 0)
    with pytest.raises(InputError, match="keeps no neuron"):
        all_on(problem, np.zeros(4))
    with pytest.raises(InputError, match="network behind a ticket_problem"):
        all_on(gadget_problem(4, 1, 0), np.ones(4))  # type: ignore[arg-type]
