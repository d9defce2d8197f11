"""The examples in the docstrings."""

import doctest

import pytest

from compare.estimators import classifier, regressor


@pytest.mark.parametrize("module", [classifier, regressor])
def test_examples_print_what_they_say(module):
    found = doctest.testmod(module)
    assert found.attempted > 3
    assert found.failed == 0
