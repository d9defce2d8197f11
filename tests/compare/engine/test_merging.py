"""Folders joined: only what lines name and digests confirm is copied, and nothing from outside of the folders."""

import json
import os

import numpy as np
import pytest

from compare.engine.folder import ARRAYS, ASKS, RECORDS
from compare.engine.merging import merge
from problems.errors import InputError


@pytest.fixture
def folder(toy_command, tmp_path):
    """A finished run with two arrays as files."""
    toy_command("toy", "--method", "plain,large", "--repeats", "1", "--out", tmp_path / "run")
    return tmp_path / "run"


def copied(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_lines_arrays_and_asks_are_there_and_nothing_else(folder, tmp_path):
    (folder / ARRAYS / "other.npy").write_bytes(b"x")
    (folder / "report.html").write_text("page")
    merged = merge([folder], tmp_path / "out")
    assert (merged.lines, merged.told) == (len((folder / RECORDS).read_bytes().splitlines()), [])
    known, found = copied(folder), copied(tmp_path / "out")
    del found[".lock"], known[f"{ARRAYS}/other.npy"]
    assert found == {name: held for name, held in known.items() if name == RECORDS or name.startswith((ARRAYS, ASKS))}


@pytest.mark.parametrize(
    ("spoil", "said"),
    {
        "link to a device": (lambda path: os.symlink("/dev/zero", path), "leads out of the folder"),
        "link to a file": (lambda path: os.symlink(path.parents[2] / "secret", path), "leads out of the folder"),
        "pipe": (os.mkfifo, "it is no regular file"),
        "changed": (lambda path: np.save(path, np.arange(3)), "its content is not what its name says"),
        "large": (lambda path: os.truncate(os.open(path, os.O_CREAT | os.O_WRONLY), 2**40), "are the most"),
        "gone": (lambda path: None, "No such file"),
    }.values(),
    ids=["device", "file", "pipe", "changed", "large", "gone"],
)
def test_arrays_that_are_not_what_they_seem_are_named_and_not_copied(folder, tmp_path, spoil, said):
    (tmp_path / "secret").write_text("secret")
    first, second = sorted((folder / ARRAYS).iterdir())
    first.unlink()
    spoil(first)
    (told,) = merge([folder], tmp_path / "out").told
    assert told.startswith(f"{first} is not copied (")
    assert said in told
    assert [path.name for path in (tmp_path / "out" / ARRAYS).iterdir()] == [second.name]


def test_asks_that_were_changed_are_named_and_not_copied(folder, tmp_path):
    (ask,) = (folder / ASKS).iterdir()
    ask.write_text(ask.read_text().replace('"repeats": 1', '"repeats": 2'))
    (told,) = merge([folder], tmp_path / "out").told
    assert "is not copied" in told
    assert not (tmp_path / "out" / ASKS).exists()


def test_records_that_are_a_link_out_of_the_folder_are_refused(folder, tmp_path):
    (folder / RECORDS).rename(tmp_path / "elsewhere")
    os.symlink(tmp_path / "elsewhere", folder / RECORDS)
    with pytest.raises(InputError, match="leads out of the folder"):
        merge([folder], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_folders_without_a_record_are_refused(tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / RECORDS).write_bytes(b"\n")
    with pytest.raises(InputError, match="there is no record to join yet"):
        merge([tmp_path / "run"], tmp_path / "out")


def test_the_order_of_lines_changes_no_report(toy_command, folder, tmp_path):
    def page(run):
        assert toy_command("report", run)[0] == 0
        return (run / "report.html").read_text()

    before = page(folder)
    lines = (folder / RECORDS).read_bytes().splitlines(keepends=True)
    (folder / RECORDS).write_bytes(b"".join(lines[::-1]))
    assert page(folder) == before


def test_an_ask_that_lists_other_tasks_than_its_settings_make_is_told(toy_command, folder):
    from compare.engine.record import sealed

    (ask,) = (folder / ASKS).iterdir()
    content = json.loads(ask.read_text())
    content["tasks"] = content["tasks"][:-1]
    ask.write_text(json.dumps(content | {"digest": sealed(content)}))
    for command in ("report", "again"):
        code, _, errors = toy_command(
            command, folder, *(("--out", folder.parent / "new") if command == "again" else ())
        )
        assert code == 0
        assert "and its settings make others" in errors
        assert errors.count("\n") == 1


def test_half_a_character_is_no_text_of_a_record():
    from compare.engine.plain import read_json

    assert read_json(r'"\ud83d\ude00"') == "\U0001f600"
    for text in (r'"\ud800"', r'{"\uDFFF": 1}', rb'["\ud83d"]'):
        with pytest.raises(ValueError, match="bytes that are no text"):
            read_json(text)


def test_no_more_tasks_are_made_than_there_may_be():
    from compare.engine.kind import at_most
    from tests.compare.engine import toy

    settings = toy.STUDY.settings()
    made = toy.STUDY.made([settings])
    assert list(made) == list(toy.STUDY.made([settings, settings], 2 * len(made)))
    with pytest.raises(InputError, match="more are the most; ask for fewer"):
        toy.STUDY.made([settings, settings], 2 * len(made) - 1)
    with at_most(0), pytest.raises(InputError, match="would have"):
        toy.STUDY.tasks(settings)
