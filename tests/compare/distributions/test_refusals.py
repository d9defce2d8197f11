import pytest

from classical.ridgelet import UniformSampler
from compare.distributions import (
    ENUMERABLE,
    fidelity,
    goodness_of_fit,
    hellinger,
    is_enumerable,
    kl_divergence,
    total_variation,
    two_sample_test,
)
from problems.errors import InputError
from problems.ridgelet import RidgeletProblem
from tests.compare.distributions import made, uniform


def test_the_limit_of_enumeration_is_a_million_nodes():
    def of(prime, dimension):
        return RidgeletProblem.from_samples([[0] * dimension, [1] * dimension], [1.0, -1.0], prime)

    assert ENUMERABLE == 10**6
    assert is_enumerable(of(5, 4))
    assert is_enumerable(of(3, 11))
    assert not is_enumerable(of(3, 12))
    assert not is_enumerable(of(17, 64))


ONE_SIDED = {
    "goodness_of_fit": goodness_of_fit,
    "total_variation": total_variation,
    "hellinger": hellinger,
    "kl_divergence": kl_divergence,
    "fidelity": fidelity,
}
EVERY = ONE_SIDED | {
    "goodness_of_fit by ranks": lambda problem, nodes: goodness_of_fit(problem, nodes, "ranks"),
    "two_sample_test": lambda problem, nodes: two_sample_test(nodes, uniform(problem, 20, 0), problem),
    "two_sample_test, other side": lambda problem, nodes: two_sample_test(uniform(problem, 20, 0), nodes, problem),
}


@pytest.mark.parametrize(
    "refused",
    [
        total_variation,
        hellinger,
        kl_divergence,
        lambda problem, nodes: goodness_of_fit(problem, nodes, "chi-square"),
        lambda problem, nodes: goodness_of_fit(problem, nodes, "g"),
    ],
)
def test_what_needs_all_nodes_refuses_a_problem_with_too_many(raw, refused):
    nodes = UniformSampler(raw).sample(10, seed=0)
    with pytest.raises(InputError, match=r"all 17\^65 nodes.*use goodness_of_fit, fidelity or two_sample_test"):
        refused(raw, nodes)


@pytest.mark.parametrize("name", EVERY)
def test_nodes_of_another_problem_are_refused_by_what_both_are(name):
    problem, other = made(5, 2)[0], made(5, 3)[0]
    identity = rf"none of problem {problem.digest[:12]} \(P = 5, D = 2\)"
    with pytest.raises(InputError, match=rf"{identity}: the nodes have dimension 3 and digits up to 4"):
        EVERY[name](problem, uniform(other, 20, 0))
    with pytest.raises(InputError, match=rf"{identity}: the nodes have dimension 2 and digits up to 6"):
        EVERY[name](problem, uniform(made(7, 2)[0], 50, 0))


@pytest.mark.parametrize("kind", ["the problem", "its digest"])
@pytest.mark.parametrize(
    "judged",
    [
        lambda problem, nodes, source: goodness_of_fit(problem, nodes, drawn_for=source),
        lambda problem, nodes, source: fidelity(problem, nodes, drawn_for=source),
        lambda problem, nodes, source: two_sample_test(nodes, nodes, problem, 19, drawn_for=source),
        lambda problem, nodes, source: two_sample_test(nodes, nodes, problem, 19, other_drawn_for=source),
    ],
)
def test_samples_on_record_as_another_problems_are_refused_though_their_digits_fit(judged, kind):
    problem, other = made(5, 2)[0], made(5, 2, 2)[0]
    nodes = uniform(problem, 100, 0)
    judged(problem, nodes, problem if kind == "the problem" else problem.digest)
    both = rf"drawn for problem {other.digest[:12]}.*not for problem {problem.digest[:12]} \(P = 5, D = 2\)"
    with pytest.raises(InputError, match=both):
        judged(problem, nodes, other if kind == "the problem" else other.digest)


@pytest.mark.parametrize("where", ["a", "b"])
@pytest.mark.parametrize("name", EVERY)
def test_negative_digits_are_refused(name, where):
    problem, _ = made(5, 2)
    nodes = uniform(problem, 20, 0)
    (nodes.a[3] if where == "a" else nodes.b[3:])[0] = -1
    with pytest.raises(InputError, match=rf"nodes\.{where}\[3.*\] = -1 is no whole number in 0\.\.4"):
        EVERY[name](problem, nodes)


@pytest.mark.parametrize("name", EVERY)
def test_no_samples_are_refused(name):
    problem, _ = made(5, 2)
    with pytest.raises(InputError, match=r"0 .*samples are too few.*at least \d+ .*needed"):
        EVERY[name](problem, uniform(problem, 0, 0))


@pytest.mark.parametrize(("name", "least"), [("fidelity", 2), ("two_sample_test", 2), ("goodness_of_fit by ranks", 50)])
def test_too_few_samples_are_refused_with_how_many_are_needed(name, least):
    problem, _ = made(5, 2)
    with pytest.raises(InputError, match=rf"{least - 1} .*samples are too few.*at least {least} .*needed") as refusal:
        EVERY[name](problem, uniform(problem, least - 1, 0))
    assert "\n" not in str(refusal.value)
    EVERY[name](problem, uniform(problem, least, 0))


def test_an_unknown_method_is_refused():
    problem, _ = made(5, 2)
    with pytest.raises(InputError, match=r"no goodness-of-fit test 'rank'\. Did you mean 'ranks'"):
        goodness_of_fit(problem, uniform(problem, 100, 0), "rank")


@pytest.mark.parametrize("given", [None, 3, "nodes", [[0, 1]], [(1, 2)]])
@pytest.mark.parametrize("test", EVERY.values(), ids=EVERY)
def test_what_are_no_nodes_are_refused(test, given):
    with pytest.raises(InputError, match=f"Nodes are needed, not {type(given).__name__}; make them with Nodes"):
        test(made(3, 2)[0], given)


@pytest.mark.parametrize("test", ONE_SIDED.values(), ids=ONE_SIDED)
def test_what_is_no_problem_is_refused(test):
    problem, _ = made(3, 2)
    with pytest.raises(InputError, match="A RidgeletProblem is needed, not str; make one with"):
        test("problem", uniform(problem, 60, 0))
