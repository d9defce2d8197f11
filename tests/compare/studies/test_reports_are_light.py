"""Reports are made of records alone: what makes them imports nothing that measures, for every study there is."""

import json
import subprocess
import sys

import pytest

from compare.studies import STUDIES
from tests.compare.studies.lightness import heavy

PROGRAM = """
import json, sys
from compare.engine.kind import imported
from compare.studies import STUDIES

study = STUDIES[sys.argv[1]]
imported(study.report)
print(json.dumps(sorted(sys.modules)))
"""


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_and_its_report_import_nothing_heavy(name):
    done = subprocess.run([sys.executable, "-c", PROGRAM, name], capture_output=True, text=True, check=True)
    loaded = json.loads(done.stdout)
    assert heavy(loaded) == []
