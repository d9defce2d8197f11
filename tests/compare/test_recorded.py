"""Settings that come back from a file: every one, each of its type, whoever wrote the file."""

import dataclasses
import json

import pytest

from compare.engine.provenance import differences
from compare.recorded import recorded_runs
from compare.records import plain
from compare.settings import as_settings
from compare.studies import OLD_STUDIES as STUDIES
from problems.errors import InputError

NOW = {"versions": {"numpy": "2.4.0", "scipy": "1.17"}, "commit": {"id": "a" * 40, "changed": False}}


def recorded(settings):
    return json.loads(json.dumps(plain(settings)))


@pytest.mark.parametrize("kind", STUDIES)
def test_the_settings_of_every_study_come_back_as_they_were(kind):
    settings = STUDIES[kind].settings()
    again = as_settings(STUDIES[kind].settings, recorded(settings))
    assert plain(again) == plain(settings)
    assert again == dataclasses.replace(settings)


@pytest.mark.parametrize("activation", ["sine", [0.0, 1, -2.5, 0.0, 0.0]])
def test_an_activation_is_a_name_or_a_table(activation):
    study = STUDIES["noise"].settings
    again = as_settings(study, recorded(study(activation=activation)))
    assert plain(again.activation) == activation


@pytest.mark.parametrize(
    ("kind", "change", "said"),
    [
        ("noise", {"prime": "five"}, "prime = 'five' is no such setting"),
        ("noise", {"prime": True}, "prime = True is no such setting"),
        ("noise", {"prime": 5.5}, "prime = 5.5 is no such setting"),
        ("noise", {"prime": None}, "prime = None"),
        ("noise", {"encodings": 3}, "encodings = 3"),
        ("noise", {"encodings": ["rader", 2]}, "encodings ="),
        ("noise", {"activation": {"a": 1}}, "activation ="),
        ("noise", {"activation": ["x"]}, "activation ="),
        ("noise", {"encodings": "rader"}, "encodings = 'rader'"),
        ("noise", {"features": [4]}, "features ="),
        ("noise", {"primes": 5}, "There is no setting 'primes'. Did you mean 'prime'"),
    ],
)
def test_what_is_no_such_setting_is_refused(kind, change, said):
    study = STUDIES[kind].settings
    with pytest.raises(InputError) as refused:
        as_settings(study, recorded(study()) | change)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_whole_number_passes_for_a_real_one():
    study = STUDIES["noise"].settings
    assert as_settings(study, recorded(study()) | {"ridge": 1}).ridge == 1


def test_a_setting_that_is_missing_is_refused_and_not_guessed():
    study = STUDIES["noise"].settings
    record = recorded(study())
    del record["ridge"]
    with pytest.raises(InputError, match="lacks the setting 'ridge', which this version has"):
        as_settings(study, record)


def test_other_versions_and_commits_are_named_and_the_same_ones_are_not():
    assert differences(NOW, NOW) == []
    then = {"versions": {"numpy": "1.26.4", "scipy": "1.17", "gone": "1"}, "commit": {"id": "b" * 40, "changed": True}}
    assert differences(then, NOW) == [
        "numpy 2.4.0 (recorded: 1.26.4)",
        "commit aaaaaaaaaa (recorded: bbbbbbbbbb, changed)",
    ]
    assert differences({}, NOW) == []
    assert differences({"versions": None, "commit": None}, NOW) == []


def test_a_folder_gives_its_run(tmp_path):
    record = {"schema": 1, "kind": "noise", "settings": {}, "command": "tickets noise"}
    (tmp_path / "run.json").write_text(json.dumps(record))
    assert recorded_runs(tmp_path) == [record]
    with pytest.raises(InputError, match="holds no run"):
        recorded_runs(tmp_path / "nowhere")
