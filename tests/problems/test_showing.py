import dataclasses
import importlib
import pickle
import pkgutil

import numpy as np
import pytest

import problems
from classical.kernel_training import Solution
from classical.neuron_selection import GrayCode
from classical.ridgelet import DequantizedSampler
from compare.engine import Rows
from problems.datasets import Dataset
from problems.neuron_selection import ticket_problem
from problems.ridgelet import Nodes, RidgeletProblem, SparseNetwork
from problems.ridgelet.data import load_residues
from problems.showing import Shows, small, so_many
from quantum.ridgelet import CircuitSampler

X, Y = np.array([[0, 1], [2, 2], [1, 0]]), np.array([1.0, -1.0, 0.5])


@pytest.fixture(scope="module")
def problem():
    return RidgeletProblem.from_samples(X, Y, prime=3)


def test_problems_nodes_networks_and_samplers_show_themselves_in_one_line(problem):
    nodes = DequantizedSampler(problem).sample(5, 0)
    assert repr(problem) == (
        "RidgeletProblem(P = 3, D = 2, K = 3, samples = 3, outputs = 1, hidden nodes = 3^3, lambda = 0.001, "
        "activation = relu)"
    )
    assert repr(nodes) == "Nodes(nodes = 5, D = 2)"
    assert repr(SparseNetwork.fit(problem, nodes, X, Y)) == "SparseNetwork(N = 5, P = 3, D = 2, outputs = 1)"
    for sampler in (DequantizedSampler(problem), CircuitSampler(problem)):
        assert repr(sampler) == f"{type(sampler).__name__}(problem = {problem!r})"


def test_masks_say_what_they_are():
    ticket = ticket_problem(6, 0)
    chosen = GrayCode().solve(ticket)
    assert f"{int(chosen.mask.sum())} of 6 neurons" in repr(chosen)
    assert "proven = yes" in repr(chosen)
    assert "<code>TicketProblem(" in ticket._repr_html_()


def test_rounding_is_not_told_apart():
    assert (small(3.2e-7), small(2e-16), small(0.0)) == ("3e-07", "< 1e-10", "< 1e-10")
    one, two = Solution(np.ones(3), 1e-16, {"iterations": 4}), Solution(np.ones(3), 3e-16, {"iterations": 4})
    assert repr(one) == repr(two) == "Solution(n = 3, residual = < 1e-10, iterations = 4)"


def test_a_notebook_gets_a_short_table_escaped(problem):
    page = problem._repr_html_()
    assert page.count("<tr>") == 8
    assert len(page) < 2500

    class Odd(Shows):
        def _facts(self):
            return {"<b>": "<script>", "many": 1234567, "x": 0.1 + 0.2}

    assert "&lt;b&gt;" in Odd()._repr_html_()
    assert "<script>" not in Odd()._repr_html_()
    assert "many = 1,234,567, x = 0.3" in repr(Odd())


def test_what_shows_itself_is_what_it_was(problem):
    back = pickle.loads(pickle.dumps(problem))
    assert back.digest == problem.digest
    assert pickle.loads(pickle.dumps(Nodes(X, np.zeros(3, int)))) == Nodes(X, np.zeros(3, int))


def test_data_with_arrays_show_themselves_in_one_line():
    data = load_residues("iris", 5)
    assert repr(data) == "Residues(name = iris, P = 5, D = 4, training samples = 112, held out = 38)"
    for module in pkgutil.walk_packages(problems.__path__, "problems."):
        for name, found in vars(importlib.import_module(module.name)).items():
            public = isinstance(found, type) and found.__module__ == module.name and not name.startswith("_")
            if public and dataclasses.is_dataclass(found):
                arrays = any("NDArray" in str(field.type) and field.repr for field in dataclasses.fields(found))
                # What dataclasses make writes whole arrays.
                assert not (arrays and hasattr(found.__repr__, "__wrapped__")), found


@pytest.mark.parametrize(("count", "said"), [(0, "0 rows"), (1, "1 row"), (2000, "2,000 rows")])
def test_a_count_agrees_with_its_noun(count, said):
    assert so_many(count, "row") == said
    data = Dataset.from_samples(np.arange(4.0)[:, None], [0, 0, 1, 1])
    assert repr(data).startswith("Dataset('data': 4 samples, 1 feature, target")
    assert repr(Rows([{"a": 1}])) == "1 row of a"
