"""Reports are made of records alone: what makes them imports nothing that measures, for every study there is."""

import json
import subprocess
import sys

import pytest

from compare.studies import STUDIES

PROGRAM = """
import json, sys
from compare.engine.kind import imported
from compare.studies import STUDIES
from tests.compare.studies.lightness import heavy

found = {}
for name in STUDIES:
    before = set(sys.modules)
    imported(STUDIES[name].report)
    found[name] = heavy(set(sys.modules) - before)
print(json.dumps([heavy(sys.modules), found]))
"""


@pytest.fixture(scope="module")
def loaded():
    """Everything heavy that a process loads in which all of them are imported, and what each is the first to load."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_and_its_report_import_nothing_heavy(name, loaded):
    assert loaded[1][name] == []


def test_all_of_them_import_nothing_heavy(loaded):
    assert loaded[0] == []
