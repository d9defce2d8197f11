import itertools
import random

import pytest

from compare.sweeps.grid import LARGEST, read_grids
from compare.sweeps.task import Task, task_id
from problems.errors import InputError


def tasks(grids):
    return [task for grid in grids for task in grid.tasks()]


def written(tmp_path, text):
    path = tmp_path / "grid.yaml"
    path.write_text(text)
    return path


def test_every_combination_is_one_task_and_whole_repeats_come_one_after_the_other():
    flags = {"method": "dequantized, uniform", "dimension": "4,8", "repeats": "3", "seed": "1", "prime": None}
    found = tasks(read_grids("scale", flags))
    expected = itertools.product(range(3), ["dequantized", "uniform"], [4, 8])
    assert [(t.settings["repeat"], t.settings["method"], t.settings["dimension"]) for t in found] == list(expected)
    rest = {"prime": 3, "points": 50, "samples": 1000, "seed": 1}
    assert all(rest.items() <= task.settings.items() for task in found)
    assert len({task.id for task in found}) == 12


def test_a_file_says_the_same_as_flags(tmp_path):
    text = "dataset: [iris, digits]\nfeatures: [2, null]\nridge: [1e-3, 0.1]\nregularization: 0\nrepeats: 2\nprime: 3\n"
    flags = {
        "dataset": "iris,digits",
        "features": "2,all",
        "ridge": "0.001,.1",
        "regularization": "0.0",
        "repeats": "2",
        "prime": "3",
    }
    from_file, from_flags = (
        [task.id for task in tasks(grids)]
        for grids in (read_grids("tickets", {}, written(tmp_path, text)), read_grids("tickets", flags))
    )
    assert from_file == from_flags
    assert len(from_file) == 16


def test_flags_take_the_place_of_the_file_and_lists_of_grids_are_run_one_after_the_other(tmp_path):
    text = "- {method: rejection, dimension: [2, 3]}\n- {method: uniform, dimension: 100}\n"
    found = tasks(read_grids("scale", {"repeats": "1", "seed": "9"}, written(tmp_path, text)))
    assert [(t.settings["method"], t.settings["dimension"], t.settings["seed"]) for t in found] == [
        ("rejection", 2, 9),
        ("rejection", 3, 9),
        ("uniform", 100, 9),
    ]


def test_a_value_that_is_there_twice_counts_once():
    assert len(tasks(read_grids("scale", {"dimension": "4,4,5", "repeats": "1"}))) == 2


def test_the_hash_is_that_of_readable_settings_in_any_order():
    settings = dict(tasks(read_grids("scale", {"repeats": "1"}))[0].settings)
    shuffled = list(settings.items())
    random.Random(1).shuffle(shuffled)
    assert task_id("scale", settings) == task_id("scale", dict(shuffled)) == Task.of("scale", settings).id
    # As the documentation says it: anyone can recompute it. Changing this orphans all records there are.
    assert settings == {
        "method": "dequantized",
        "dimension": 8,
        "prime": 3,
        "points": 50,
        "samples": 1000,
        "seed": 0,
        "repeat": 0,
    }
    assert task_id("scale", settings) == "87ac871459ac6f02"
    others = [task_id("tickets", settings)] + [task_id("scale", settings | {name: 7}) for name in settings]
    assert len({task_id("scale", settings), *others}) == len(settings) + 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("dimensions: 4\n", "no key of a grid 'dimensions'. Did you mean 'dimension'"),
        ("repeat: 4\n", "Did you mean 'repeats'"),
        ("dimension: four\n", "dimension = 'four' is not a whole number"),
        ("dimension: 4.5\n", "dimension = 4.5 is not a whole number"),
        ("dimension: true\n", "dimension = True is not a whole number"),
        ("dimension: [4, [5]]\n", "dimension = [5] is not a whole number"),
        ("dimension: []\n", "dimension has no value"),
        ("dimension:\n", "dimension = None is not a whole number"),
        ("method: 3\n", "method = 3 is not a name"),
        ("method: dequantised\n", "There is no method 'dequantised'. Did you mean 'dequantized'"),
        ("prime: 4\n", "4"),
        ("repeats: [1, 2]\n", "repeats = [1, 2] is a list"),
        ("repeats: 0\n", "repeats = 0 is too small"),
        ("samples: -1\n", "samples = -1 is too small"),
        ("dimension: 2\ndimension: 3\n", "the key 'dimension' stands twice"),
        (f"seed: 0x{'f' * 5000}\n", "seed is a number of more than 18 digits"),
        (f"seed: {'9' * 5000}\n", "is no YAML"),
        ("repeats: 10000000000\n", "and 1,000,000 are the most"),
        ("seed: " + "[" * 3000 + "]" * 3000 + "\n", "is no YAML"),
        ("- 4\n", "no mapping"),
        ("", "no mapping"),
        ("[]\n", "no mapping"),
        ("dimension: [4\n", "is no YAML"),
        ("!!python/object/apply:os.system ['true']\n", "is no YAML"),
        ("dimension: [1, 2, 3]\nseed: [0, 1]\nrepeats: 1000000\n", f"and {LARGEST:,} are the most"),
    ],
)
def test_bad_files_are_refused_in_one_line(tmp_path, text, said):
    with pytest.raises(InputError) as refused:
        tasks(read_grids("scale", {}, written(tmp_path, text)))
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ({"dimension": "4,,8"}, "has an empty place"),
        ({"dimension": "4;8"}, "'4;8' is not a whole number"),
        ({"repeats": "2,3"}, "is a list"),
        ({"seed": "-1"}, "seed = -1 is too small"),
    ],
)
def test_bad_flags_are_refused(flags, said):
    with pytest.raises(InputError, match=said):
        tasks(read_grids("scale", flags))


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_grids("scale", {}, tmp_path / "none.yaml")
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="is no YAML"):
        read_grids("scale", {}, tmp_path / "bytes.yaml")


def test_a_kind_that_is_not_there_is_refused():
    with pytest.raises(InputError, match=r"no experiment 'scales'\. Did you mean 'scale'"):
        read_grids("scales", {})


def test_settings_that_are_unknown_are_refused_where_a_task_is_made():
    with pytest.raises(InputError, match="no setting 'colour'"):
        Task.of("scale", {"colour": 1})
