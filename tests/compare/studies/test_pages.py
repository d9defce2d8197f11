"""The page of every study is read by a browser, in the tests of its room: see `tests.looking`."""

from pathlib import Path

import pytest

from compare.studies import STUDIES


@pytest.mark.parametrize("name", STUDIES)
def test_the_page_of_every_study_is_looked_at(name):
    room = Path(__file__).parent.joinpath(*STUDIES[name].report.partition(":")[0].split(".")[2:-1])
    assert any("    look(" in file.read_text() or "= look(" in file.read_text() for file in room.glob("test_*.py"))
