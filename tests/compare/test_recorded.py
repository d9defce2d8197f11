"""Pages and folders tell of their runs, and of another version or commit."""

import json

import pytest

import compare
from compare.engine.fields import recorded
from compare.engine.plain import plain
from compare.engine.provenance import differences
from compare.recorded import read_page, recorded_runs
from compare.studies import STUDIES
from problems.errors import InputError
from tests.compare.engine import toy

NOW = {"versions": {"numpy": "2.4.0", "scipy": "1.17"}, "commit": {"id": "a" * 40, "changed": False}}


@pytest.mark.parametrize("name", STUDIES)
def test_the_settings_of_every_study_come_back_as_they_were(name):
    settings = STUDIES[name].settings
    assert recorded(settings, json.loads(json.dumps(plain(settings())))) == settings()


def test_other_versions_and_commits_are_named_and_the_same_ones_are_not():
    assert differences(NOW, NOW) == []
    then = {"versions": {"numpy": "1.26.4", "scipy": "1.17", "gone": "1"}, "commit": {"id": "b" * 40, "changed": True}}
    assert differences(then, NOW) == [
        "numpy 2.4.0 (recorded: 1.26.4)",
        "commit aaaaaaaaaa (recorded: bbbbbbbbbb, changed)",
    ]
    assert differences({}, NOW) == []
    assert differences({"versions": None, "commit": None}, NOW) == []


def test_a_folder_and_its_page_give_the_same_run(tmp_path, monkeypatch):
    monkeypatch.setattr("compare.studies.STUDIES", {"toy": toy.STUDY})
    compare.run(toy.STUDY, out=tmp_path, progress=False, sizes=2, repeats=1).report(tmp_path)
    (run,) = recorded_runs(tmp_path)
    assert (run["kind"], run["settings"]["repeats"], len(run["asks"])) == ("toy", 1, 1)
    assert read_page(tmp_path / "report.html") == [run]
    with pytest.raises(InputError, match="nowhere holds no run"):
        recorded_runs(tmp_path / "nowhere")
