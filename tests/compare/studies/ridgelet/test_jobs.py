"""Problems as payloads: all that a job needs to measure their nodes, and to decode them anywhere."""

import pytest

from compare.hardware.plan import Order, make_plan
from compare.studies.ridgelet.jobs import payloads_of_data, problem_of
from problems.errors import InputError
from tests.compare.hardware.runs import in_one_line, small_plan


def test_every_combination_is_a_payload():
    payloads = payloads_of_data(["digits", "iris"], [2, 3], [1, 2], [2], ["binary"], "sparse", 1e-3, "relu", 0)
    problems = [problem_of(payload) for payload in payloads]
    names = [payload.settings["origin"]["dataset"] for payload in payloads]
    assert [(name, one.prime, one.dimension) for name, one in zip(names, problems, strict=True)] == [
        (name, prime, width) for name in ("digits", "iris") for prime in (2, 3) for width in (1, 2)
    ]
    assert {payload.settings["loader"] for payload in payloads} == {"sparse"}
    assert all(len(problem.data) <= 2 for problem in problems)
    assert payloads[0].description == "digits, P = 2, D = 1, K = 2, binary, sparse loader"
    several = payloads_of_data(["digits"], [3], [1], [2], ["binary", "rader"], None, 1e-3, "relu", 0)
    assert [payload.settings["encoding"] for payload in several] == ["binary", "rader"]
    assert len({payload.digest for payload in several}) == 2
    assert problem_of(several[0]).digest == problem_of(several[1]).digest


def test_devices_load_by_gates():
    assert small_plan("fake_fez").jobs[0].payload.settings["loader"] == "sparse"
    ideal = payloads_of_data(["digits"], [2], [1], [2], ["binary"], "ideal", 1e-3, "relu", 0)
    with pytest.raises(InputError, match="loader = 'ideal' hands a state to a simulator, and fake_fez takes gates"):
        make_plan(ideal, Order("fake_fez", 10))


BAD_DATA = {
    "seed": ("seed = -1 is too small", {"seed": -1}),
    "encoding": ("There is no encoding 'radar'. Did you mean 'rader'", {"encodings": ["binary", "radar"]}),
    "loader": ("There is no loader 'spare'. Did you mean 'sparse'", {"loader": "spare"}),
    "points": ("points = 0 is too small", {"points": [0]}),
    "data set": ("There is no data set 'digit'. Did you mean 'digits'", {"datasets": ["digit"]}),
    "prime": ("prime = 4 is not prime; the nearest primes are 3 and 5", {"primes": [4]}),
    "features": ("features = 65", {"features": [65]}),
    "regularization": ("regularization = -1", {"regularization": -1.0}),
    "activation": ("There is no activation 'rely'. Did you mean 'relu'", {"activation": "rely"}),
}


@pytest.mark.parametrize("name", BAD_DATA)
def test_bad_data_are_refused(name):
    told, changes = BAD_DATA[name]
    good = {
        "datasets": ["digits"],
        "primes": [3],
        "features": [2],
        "points": [2],
        "encodings": ["binary"],
        "loader": None,
        "regularization": 1e-3,
        "activation": "relu",
        "seed": 0,
    }
    assert len(payloads_of_data(**good)) == 1
    with pytest.raises(InputError, match=told) as refusal:
        payloads_of_data(**(good | changes))
    in_one_line(refusal)
