import errno
import gc
import json
import os
import stat
import time
from pathlib import Path

import numpy as np
import pytest

from compare.durable import NotWritten
from compare.records import SCHEMA, RunFolder, Step, provenance, settings_id
from problems.errors import InputError

SETTINGS = {"dataset": "digits", "prime": 5, "features": None, "table": [0.0, 1.5], "regularization": 1e-3}
ARRAYS = {"a": np.arange(6, dtype=np.uint8).reshape(3, 2), "x": np.array([0.1, np.inf, np.nan])}


def strict_json(path):
    """Read JSON as the standard has it: no NaN, no Infinity."""

    def refuse(name):
        raise ValueError(f"{path} holds {name}")

    return json.loads(path.read_text(), parse_constant=refuse)


def never():
    raise AssertionError("a finished step was computed again")


def step(result=None, arrays=None):
    return Step({} if result is None else result, ARRAYS if arrays is None else arrays)


@pytest.fixture
def folder(tmp_path):
    return RunFolder(tmp_path / "run", "ridgelet", SETTINGS)


# The folder


def test_a_new_folder_says_what_is_run_where_and_by_what(tmp_path):
    RunFolder(tmp_path / "deep" / "run", "ridgelet", SETTINGS)
    run = strict_json(tmp_path / "deep" / "run" / "run.json")
    assert run["schema"] == SCHEMA
    assert run["kind"] == "ridgelet"
    assert run["settings"] == SETTINGS
    assert run["command"].startswith("tickets")
    assert run["started"].endswith("+00:00")
    assert run["versions"]["numpy"] == np.__version__
    assert {"python", "qiskit", "qiskit-aer", "scipy", "quantum-tickets"} <= set(run["versions"])
    assert run["machine"]["cores"] == os.cpu_count()


def test_an_empty_folder_is_taken(tmp_path):
    RunFolder(tmp_path, "ridgelet", SETTINGS)
    assert [path.name for path in tmp_path.iterdir()] == ["run.json"]


def test_a_folder_continues_with_the_settings_it_was_begun_with(folder):
    before = (folder.path / "run.json").read_bytes()
    again = RunFolder(folder.path, "ridgelet", dict(reversed(SETTINGS.items())))
    assert (folder.path / "run.json").read_bytes() == before
    assert again.run == folder.run


def test_the_same_settings_have_the_same_identity_and_others_another():
    assert settings_id(SETTINGS) == settings_id(dict(reversed(SETTINGS.items())))
    assert settings_id(SETTINGS) == settings_id(SETTINGS | {"table": (0.0, np.float64(1.5))})
    changed = [{"prime": 7}, {"features": 4}, {"table": [0.0, 1.6]}, {"dataset": "iris"}, {"new": 1}]
    assert len({settings_id(SETTINGS | change) for change in [{}, *changed]}) == 6
    assert settings_id(SETTINGS).isalnum()


def test_provenance_is_plain():
    assert json.loads(json.dumps(provenance(), allow_nan=False)) == provenance()


# Steps


def test_a_step_is_computed_once_and_read_back_identically(folder):
    result = {"pvalue": 0.1 + 0.2, "none": None, "list": [1, 2.5, "x"], "deep": {"yes": True}}
    first = folder.once("step", SETTINGS, lambda: step(result))
    second = folder.once("step", SETTINGS, never)
    third = RunFolder(folder.path, "ridgelet", SETTINGS).once("step", SETTINGS, never)
    assert first.result == second.result == third.result == result
    for found in (first, second, third):
        assert set(found.arrays) == set(ARRAYS)
        for name, array in ARRAYS.items():
            assert found.arrays[name].dtype == array.dtype
            np.testing.assert_array_equal(found.arrays[name], array)


def test_a_record_says_what_it_depends_on_and_how_long_it_took(folder):
    folder.once("step", SETTINGS, lambda: time.sleep(0.02) or step({"x": 1}))
    record = strict_json(folder.path / "step.json")
    assert record["key"] == "step"
    assert record["settings"] == SETTINGS
    assert record["result"] == {"x": 1}
    assert record["versions"] == folder.run["versions"]
    assert record["seconds"] >= 0.02
    assert record["finished"].endswith("+00:00")


def test_a_step_without_arrays_is_read_back(folder):
    folder.once("step", {}, lambda: Step({"x": 1}, {}))
    assert folder.once("step", {}, never) == Step({"x": 1}, {})


def test_finished_tells_which_steps_have_their_record(folder):
    assert not folder.finished("step")
    folder.once("step", {}, step)
    assert folder.finished("step")
    assert not folder.finished("other")


def test_what_json_does_not_have_becomes_plain(folder):
    result = {
        "nan": np.nan,
        "infinite": [np.inf, -np.inf, np.float32(np.inf)],
        "numpy": (np.float64(0.5), np.int64(3), np.bool_(True)),
        "array": np.eye(2),
        "path": Path("a"),
        1: "number as a name",
    }
    plain = {
        "nan": None,
        "infinite": [None, None, None],
        "numpy": [0.5, 3, True],
        "array": [[1.0, 0.0], [0.0, 1.0]],
        "path": "a",
        "1": "number as a name",
    }
    assert folder.once("step", {}, lambda: step(result)).result == plain
    assert strict_json(folder.path / "step.json")["result"] == plain
    assert folder.once("step", {}, never).result == plain


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, MemoryError])
def test_a_step_that_fails_leaves_nothing_and_can_be_computed_later(folder, error):
    def fail():
        raise error

    with pytest.raises(error):
        folder.once("step", {}, fail)
    assert [path.name for path in folder.path.iterdir()] == ["run.json"]
    assert folder.once("step", {}, lambda: step({"x": 1})).result == {"x": 1}


@pytest.mark.parametrize("bad", [step({"x": {1, 2}}), step(arrays={"o": np.array([None, {}], dtype=object)})])
def test_what_is_not_plain_is_no_record(folder, bad):
    """Neither a pickle nor half a step is ever written."""
    with pytest.raises((TypeError, ValueError)):
        folder.once("step", {}, lambda: bad)
    assert not folder.finished("step")
    assert folder.once("step", {}, lambda: step({"x": 1})).result == {"x": 1}
    assert folder.once("step", {}, never).result == {"x": 1}


@pytest.mark.parametrize("written", [0, 1])
def test_a_full_disk_is_told_and_costs_no_finished_step(folder, monkeypatch, written):
    folder.once("first", {}, step)
    with monkeypatch.context() as patch:
        left, settle = [written], os.fsync

        def fsync(descriptor):
            left[0] -= not stat.S_ISDIR(os.fstat(descriptor).st_mode)
            if left[0] < 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            settle(descriptor)

        patch.setattr(os, "fsync", fsync)
        with pytest.raises(NotWritten, match=r"No space left on device\); make room, and the same command continues"):
            folder.once("step", {}, step)
    assert not list(folder.path.glob(".*.part"))
    folder.once("first", {}, never)
    assert folder.once("step", {}, lambda: step({"x": 1})).result == {"x": 1}


def test_a_step_interrupted_between_its_two_files_is_computed_again(folder, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(folder, "_write", lambda name, content: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            folder.once("step", {}, step)
    assert not folder.finished("step")
    assert folder.once("step", {}, lambda: step({"x": 1})).result == {"x": 1}


@pytest.mark.parametrize("name", [".step.json.123.part", ".step.npz.123.part", ".run.json.123.part"])
def test_what_a_killed_process_left_does_no_harm(folder, name):
    (folder.path / name).write_bytes(b"half a rec")
    again = RunFolder(folder.path, "ridgelet", SETTINGS)
    assert again.once("step", {}, lambda: step({"x": 1})).result == {"x": 1}
    assert again.once("step", {}, never).result == {"x": 1}


def test_a_process_killed_before_its_first_record_does_no_harm(tmp_path):
    (tmp_path / ".run.json.123.part").write_bytes(b'{"schema": 1, "ki')
    folder = RunFolder(tmp_path, "ridgelet", SETTINGS)
    assert strict_json(folder.path / "run.json")["settings"] == SETTINGS


# Refusals


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("ridgelet", SETTINGS | {"prime": 7}),
        ("ridgelet", SETTINGS | {"table": [0.0, 1.6]}),
        ("ridgelet", {name: value for name, value in SETTINGS.items() if name != "prime"}),
        ("ridgelet", SETTINGS | {"new": None}),
        ("sample", SETTINGS),
    ],
)
def test_a_run_with_other_settings_is_refused(folder, kind, settings):
    before = (folder.path / "run.json").read_bytes()
    with pytest.raises(InputError, match="holds a run with other settings; choose another folder"):
        RunFolder(folder.path, kind, settings)
    assert (folder.path / "run.json").read_bytes() == before


def test_a_step_made_with_other_settings_is_refused(folder):
    folder.once("step", {"prime": 5}, step)
    with pytest.raises(InputError, match=r"step\.json was made with other settings"):
        folder.once("step", {"prime": 7}, never)


@pytest.mark.parametrize("schema", [0, SCHEMA + 1, None, "1"])
def test_a_run_of_another_schema_is_refused(folder, schema):
    run = strict_json(folder.path / "run.json")
    (folder.path / "run.json").write_text(json.dumps(run | {"schema": schema}))
    with pytest.raises(InputError, match=f"records of schema {schema}, this version reads {SCHEMA}"):
        RunFolder(folder.path, "ridgelet", SETTINGS)
    with pytest.raises(InputError, match=f"records of schema {schema}, this version reads {SCHEMA}"):
        RunFolder.open(folder.path)


@pytest.mark.parametrize(
    "content",
    [b"", b'{"schema": 1, "kind": "comp', b"no json", b"[]", b"3", b"null", b"\xff\xfe\x00", b'{"schema": 1}'],
)
def test_a_damaged_run_is_refused(folder, content):
    (folder.path / "run.json").write_bytes(content)
    for opened in (lambda: RunFolder(folder.path, "ridgelet", SETTINGS), lambda: RunFolder.open(folder.path)):
        with pytest.raises(InputError, match=r"run\.json|schema"):
            opened()


@pytest.mark.parametrize("damage", ["json", "empty json", "no object", "npz", "no npz"])
def test_a_damaged_step_is_refused_with_its_name_and_a_remedy_that_works(folder, damage):
    folder.once("step", {}, step)
    record, arrays = folder.path / "step.json", folder.path / "step.npz"
    {
        "json": lambda: record.write_bytes(record.read_bytes()[:20]),
        "empty json": lambda: record.write_bytes(b""),
        "no object": lambda: record.write_bytes(b"[]"),
        "npz": lambda: arrays.write_bytes(arrays.read_bytes()[:20]),
        "no npz": arrays.unlink,
    }[damage]()
    with pytest.raises(InputError, match=r"step 'step' in .* is damaged .*; remove step\.json"):
        folder.once("step", {}, never)
    gc.collect()  # a file left open would raise here
    record.unlink()
    assert folder.once("step", {}, lambda: step({"x": 1})).result == {"x": 1}
    assert folder.once("step", {}, never).result == {"x": 1}


def test_a_foreign_folder_is_refused_and_left_alone(tmp_path):
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(InputError, match="is not empty and holds no run; choose another folder"):
        RunFolder(tmp_path, "ridgelet", SETTINGS)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_path_that_is_a_file_is_refused(tmp_path):
    file = tmp_path / "file"
    file.write_text("mine")
    for path in (file, file / "below"):
        with pytest.raises(InputError, match=r"cannot be made .*; choose another"):
            RunFolder(path, "ridgelet", SETTINGS)
    assert file.read_text() == "mine"


def test_an_unfinished_run_is_refused_for_reading_and_names_the_step_and_the_command(folder):
    folder.once("first", {}, step)
    opened = RunFolder.open(folder.path)
    assert opened.once("first", {}, never).result == {}
    with pytest.raises(InputError, match=r"is not finished: the step 'second' has no record.*with: tickets"):
        opened.once("second", {}, never)


def test_a_folder_without_a_run_is_refused_for_reading(tmp_path):
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(InputError, match=r"holds no run \(there is no run.json in it\)"):
            RunFolder.open(path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_refused_for_reading(tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(InputError, match="cannot be read"):
        RunFolder.open(tmp_path / "file")


def test_a_run_opened_for_reading_knows_its_kind_and_settings(folder):
    opened = RunFolder.open(folder.path)
    assert (opened.run["kind"], opened.run["settings"]) == ("ridgelet", SETTINGS)
