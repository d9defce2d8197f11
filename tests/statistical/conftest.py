import pytest


@pytest.fixture
def measured(record_property):
    """Call it with a line of text: all such lines are printed at the end of the run."""

    def record(text):
        record_property("measured", text)

    return record
