"""Ways to suppress errors: what is taken, and how it is told."""

import pytest

from problems.errors import InputError
from quantum.backends import Suppression


def test_nothing_is_suppressed_unless_asked():
    assert Suppression() == Suppression(dynamical_decoupling=False, twirling=False)
    assert Suppression().chosen == ()


def test_the_chosen_ways_are_told_in_words():
    assert Suppression(dynamical_decoupling=True).chosen == ("dynamical decoupling",)
    assert Suppression(twirling=True).chosen == ("twirling",)
    assert Suppression(True, True).chosen == ("dynamical decoupling", "twirling")


@pytest.mark.parametrize("name", ["dynamical_decoupling", "twirling"])
@pytest.mark.parametrize("value", ["yes", 1, None])
def test_what_is_neither_true_nor_false_is_refused(name, value):
    with pytest.raises(InputError, match=f"{name} = {value!r} is neither True nor False"):
        Suppression(**{name: value})
