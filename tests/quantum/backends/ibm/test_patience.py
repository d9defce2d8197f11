"""How long is waited."""

import pytest

from problems.errors import InputError
from quantum.backends.ibm import Patience


def test_waits_double_unless_the_service_asks_for_others():
    patience = Patience(backoff=0.5, read=60)
    assert [patience.wait(attempt, None) for attempt in range(3)] == [0.5, 1.0, 2.0]
    assert [patience.wait(attempt, 7.0) for attempt in range(2)] == [7.0, 7.0]
    assert (patience.wait(0, 60.0), patience.wait(0, 60.1)) == (60.0, None)


@pytest.mark.parametrize("bad", [{"total": -1}, {"total": 1.5}, {"backoff": -1}, {"read": "long"}])
def test_a_patience_that_is_none_is_refused(bad):
    with pytest.raises(InputError, match=next(iter(bad))):
        Patience(**bad)
