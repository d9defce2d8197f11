import importlib.util
import re

import numpy as np
import pytest

from classical.ridgelet import DequantizedSampler, UniformSampler
from compare import compare_samplers
from compare.distributions import fidelity, goodness_of_fit, total_variation
from compare.risk import risk_over_nodes
from problems.errors import InputError
from problems.ridgelet import RidgeletProblem
from problems.ridgelet.data import load_residues
from problems.seeds import named
from quantum.ridgelet import CircuitSampler

SAMPLES = 2000


@pytest.fixture(scope="module")
def data():
    return load_residues("digits", prime=3, features=4, seed=0)


@pytest.fixture(scope="module")
def problem(data):
    return RidgeletProblem.from_samples(data.x_train, data.y_train, prime=3)


@pytest.fixture(scope="module")
def found(problem, data):
    samplers = {
        "circuit": CircuitSampler(problem),
        "dequantized": DequantizedSampler(problem),
        "<uniform>": UniformSampler(problem),
        "named": "enumeration",
    }
    return compare_samplers(problem, samplers, samples=SAMPLES, seed=1, data=data)


def test_numbers_are_those_of_the_same_functions(found, problem, data):
    one = found["dequantized"]
    nodes = DequantizedSampler(problem).sample(SAMPLES, named("compared nodes", seed=1, sampler="dequantized"))
    assert one.nodes == nodes
    assert one.total_variation == total_variation(problem, nodes)
    assert one.fidelity == fidelity(problem, nodes)
    assert one.goodness_of_fit.pvalue == goodness_of_fit(problem, nodes).pvalue
    again = risk_over_nodes(problem, data, nodes, (10, 20, 40, 80, 160), 10)
    np.testing.assert_array_equal(one.risks.held_out, again.held_out)


def test_all_but_uniform_nodes_are_drawn_from_p_star(found):
    assert list(found) == ["circuit", "dequantized", "<uniform>", "named"]
    assert {name for name, one in found.items() if one.told_apart} == {"<uniform>"}
    assert all((one.pvalue < 0.05) == one.told_apart for one in found.values())


def test_it_shows_itself_escaped_and_without_anything_from_outside(found):
    page = found._repr_html_()
    assert page.count("<table") == 2
    assert "&lt;uniform&gt;" in page
    assert "<uniform>" not in page
    assert not re.search(r"https?:|<script|<link|src=", page)
    assert "dequantized" in repr(found)
    assert f"{found['circuit'].fidelity.best:.3f}" in page


def test_it_draws_frequencies_and_risks(found):
    figure = found.plot()
    titles = [axes.get_title() for axes in figure.axes]
    assert titles == ["circuit", "dequantized", "<uniform>", "named", "empirical risk", "held-out risk"]
    assert {axes.get_xlabel() for axes in figure.axes} == {"exact probability", "hidden nodes N"}


def test_rows_have_a_number_a_column(found):
    rows = found.rows()
    assert [row["sampler"] for row in rows] == list(found)
    assert len({tuple(row) for row in rows}) == 1
    assert rows[1]["held_out_risk_40"] == found["dequantized"].risks.held_out[:, 2].mean()
    if importlib.util.find_spec("pandas") is None:
        with pytest.raises(InputError, match="pandas, which is not installed"):
            found.to_pandas()
    else:
        assert found.to_pandas().loc["circuit", "fidelity"] == found["circuit"].fidelity.best


def test_the_same_seed_gives_the_same_whatever_stands_beside(found, problem):
    alone = compare_samplers(problem, {"named": "enumeration"}, samples=SAMPLES, seed=1, sizes=[])
    assert alone["named"].nodes == found["named"].nodes
    assert alone["named"].risks is None
    assert alone.plot().axes[0].get_title() == "named"


def test_past_enumeration_nodes_are_held_against_the_dequantized_sampler():
    digits = load_residues("digits", prime=17, features=16, seed=0)
    wide = RidgeletProblem.from_samples(digits.x_train, digits.y_train, prime=17)
    samplers = {"dequantized": DequantizedSampler(wide), "uniform": UniformSampler(wide)}
    found = compare_samplers(wide, samplers, samples=300, seed=2, sizes=[])
    assert found["dequantized"].total_variation is None
    assert found["dequantized"].two_sample is None
    assert found["uniform"].two_sample.pvalue < 0.05
    assert "two-sample p" in found._repr_html_()
    with pytest.raises(InputError, match="nothing to draw"):
        found.plot()


BAD = [
    ({}, {}, "no samplers"),
    ([1], {}, "no samplers"),
    ({"x": 3}, {}, "'x' is a int, which samples no nodes"),
    ({"x": "dequantised"}, {}, "Did you mean 'dequantized'"),
    ({"x": "uniform"}, {"samples": 49}, "samples = 49 is too small; give at least 50"),
    ({"x": "uniform"}, {"seed": -1}, "seed = -1 is too small"),
    ({"x": "uniform"}, {"samples": 100, "sizes": [51]}, "two networks of it take 102 samples"),
    ({"x": "uniform"}, {"samples": 10**15}, "samples"),
]


@pytest.mark.parametrize(("samplers", "options", "message"), BAD)
def test_bad_input_is_refused(problem, samplers, options, message):
    with pytest.raises(InputError, match=re.escape(message)):
        compare_samplers(problem, samplers, **options)


def test_what_belongs_to_another_problem_is_refused(problem, data):
    other = RidgeletProblem.from_samples(data.x_train, -data.y_train, prime=3)
    with pytest.raises(InputError, match="made for another problem"):
        compare_samplers(problem, {"x": UniformSampler(other)})
    with pytest.raises(InputError, match=re.escape("The data lie on Z_5^4")):
        compare_samplers(problem, {"x": "uniform"}, data=load_residues("digits", prime=5, features=4))
    with pytest.raises(InputError, match="has 60 nodes"):
        compare_samplers(problem, {"x": UniformSampler(problem).sample(60, 0)}, samples=100)
