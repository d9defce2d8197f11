import errno
import json
import os

import pytest

from compare.durable import NotWritten
from compare.records import provenance
from compare.sweeps import ledger
from compare.sweeps.ledger import SCHEMA, Ledger, read_records
from compare.sweeps.task import failure, run_task, task_id
from problems.errors import InputError
from tests.compare.sweeps.runs import small_tasks

TASKS = small_tasks(2)
OUTCOMES = [run_task(task.kind, task.settings) for task in TASKS]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "records.jsonl"
    written = Ledger(path)
    for task, outcome in zip(TASKS, OUTCOMES, strict=True):
        written.write(task, outcome)
    written.close()
    return path


def change(path, number, **changes):
    lines = path.read_text().splitlines()
    record = json.loads(lines[number])
    for name, value in changes.items():
        if value is None:
            del record[name]
        else:
            record[name] = value
    lines[number] = json.dumps(record)
    path.write_text("\n".join(lines) + "\n")


def test_a_line_holds_all_there_is_to_know_and_is_read_as_it_was_written(file):
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [line["task"] for line in lines] == [task.id for task in TASKS]
    own = {"schema", "task", "kind", "settings", "result", "seconds", "finished"}
    assert set(lines[0]) == own | provenance().keys()
    found = read_records([file])
    assert not found.damaged
    assert not found.failed
    for task, outcome in zip(TASKS, OUTCOMES, strict=True):
        record = found.finished[task.id]
        assert (record.kind, record.settings, record.result) == ("scale", task.settings, outcome["result"])
        assert record.versions["quantum-tickets"]
        assert record.machine["threads"] == {"OMP_NUM_THREADS": "1"}


def test_concatenated_files_are_one_and_the_first_result_of_a_task_counts(file, tmp_path):
    other = tmp_path / "other.jsonl"
    other.write_text(file.read_text())
    change(other, 0, result={"refused": "another"})
    joined = tmp_path / "joined.jsonl"
    joined.write_bytes(file.read_bytes() + other.read_bytes())
    assert read_records([file, other]).finished == read_records([joined]).finished == read_records([file]).finished
    joined.write_bytes(other.read_bytes() + file.read_bytes())
    assert read_records([joined]).finished[TASKS[0].id].result == {"refused": "another"}


def test_a_failure_counts_until_there_is_a_result(tmp_path):
    path = tmp_path / "records.jsonl"
    written = Ledger(path)
    assert written.write(TASKS[0], failure("first")).error == "first"
    written.write(TASKS[0], failure("second"))
    written.write(TASKS[1], failure("for good"))
    assert read_records([path]).failed[TASKS[0].id].error == "second"
    written.write(TASKS[0], OUTCOMES[0])
    written.close()
    found = read_records([path])
    assert list(found.finished) == [TASKS[0].id]
    assert [record.error for record in found.failed.values()] == ["for good"]


@pytest.mark.parametrize("cut", [1, 40, 300])
def test_a_line_that_was_cut_off_stands_for_itself_and_is_passed_over(file, cut):
    whole = file.read_bytes()
    file.write_bytes(whole[:-cut])
    again = Ledger(file)
    if cut > 1:  # without the end of the line alone, nothing is lost
        again.write(TASKS[-1], OUTCOMES[-1])
    again.close()
    found = read_records([file])
    assert list(found.finished) == [task.id for task in TASKS]
    assert len(found.damaged) == (cut > 1)
    assert file.read_bytes().startswith(whole[:-cut])
    if cut > 1:
        assert found.damage().startswith(f"{file}, line {len(TASKS)} (no JSON")
        assert "kept and skipped; its task counts as not run" in found.damage()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"{", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"[1]", "names no schema"),
        (b"{}", "names no schema"),
        (b'{"schema": 1}', "task is missing"),
        (b'{"schema": "1"}', "names no schema"),
    ],
)
def test_any_damage_is_told_and_kept(file, line, said):
    lines = file.read_bytes().splitlines()
    file.write_bytes(b"\n".join([lines[0], line, *lines[1:]]) + b"\n")
    found = read_records([file])
    assert list(found.finished) == [task.id for task in TASKS]
    assert "line 2" in found.damaged[0]
    assert said in found.damaged[0]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"settings": {"dimension": 1}}, "not those that its task's hash stands for"),
        ({"kind": "tickets"}, "not those that its task's hash stands for"),
        ({"task": "0" * 16}, "not those that its task's hash stands for"),
        ({"task": None}, "task is missing"),
        ({"seconds": "1"}, "seconds is none"),
        ({"result": None}, "neither result nor error"),
        ({"result": 3}, "neither result nor error"),
        ({"versions": []}, "versions is none"),
        ({"seconds": 10**400}, "seconds is none"),
        ({"commit": "abc"}, "commit is none"),
        ({"commit": {"id": 5, "changed": False}}, "commit is none"),
    ],
)
def test_a_line_whose_fields_do_not_fit_is_damaged(file, changes, said):
    change(file, 1, **changes)
    found = read_records([file])
    assert len(found.finished) == len(TASKS) - 1
    assert said in found.damaged[0]


def rehashed(path, number, **settings):
    """Change settings of a line, and its hash with them."""
    record = json.loads(path.read_text().splitlines()[number])
    settings = {name: value for name, value in (record["settings"] | settings).items() if value is not ...}
    change(path, number, settings=settings, task=task_id("scale", settings))


@pytest.mark.parametrize(
    "settings",
    [
        {"seed": ...},
        {"dimension": "3"},
        {"dimension": None},
        {"dimension": 3.0},
        {"dimension": [3]},
        {"dimension": 10**400},
        {"prime": 4},
        {"method": 5},
        {"method": "none"},
        {"colour": 1},
    ],
)
def test_settings_that_no_task_has_are_damaged_even_with_their_own_hash(file, settings):
    rehashed(file, 1, **settings)
    found = read_records([file])
    assert len(found.finished) == len(TASKS) - 1
    assert "line 2 (no record: " in found.damaged[0]


@pytest.mark.parametrize(
    "result",
    [{}, {"seconds": "1"}, {"seconds": None}, {"points": 1.5}, {"density": 2.0}, {"density": {"low": 1.0}}],
)
def test_a_result_that_lacks_what_is_measured_is_damaged(file, result):
    known = json.loads(file.read_text().splitlines()[1])["result"]
    change(file, 1, result=known | result if result else {})
    assert "the result's" in read_records([file]).damaged[0]


@pytest.mark.parametrize("text", ["[" * 100_000, '{"schema": 1, "seconds": NaN}', '{"schema": true}'])
def test_lines_that_json_does_not_know_are_damaged(file, text):
    with file.open("a") as end:
        end.write(text + "\n")
    found = read_records([file])
    assert len(found.finished) == len(TASKS)
    assert len(found.damaged) == 1


def test_the_order_of_keys_does_not_matter(file):
    lines = [json.dumps(json.loads(line), sort_keys=True) for line in file.read_text().splitlines()]
    expected = [list(record.settings) for record in read_records([file]).finished.values()]
    file.write_text("\n".join(lines) + "\n")
    assert [list(record.settings) for record in read_records([file]).finished.values()] == expected


def test_of_many_damaged_lines_a_few_are_named(file):
    with file.open("ab") as end:
        end.write(b"x\n" * 9)
    said = read_records([file]).damage()
    assert said.count("line ") == ledger.NAMED
    assert "and 4 more" in said
    assert "their tasks count" in said


def test_an_older_version_is_migrated_if_it_is_known_how_and_refused_if_not(file, monkeypatch):
    change(file, 0, schema=0, seconds=None, duration=3.5)
    with pytest.raises(InputError, match=f"line 1 is of schema 0, and this version reads {SCHEMA}"):
        read_records([file])

    def migrate(line):
        return {name: value for name, value in line.items() if name != "duration"} | {
            "schema": 1,
            "seconds": line["duration"],
        }

    monkeypatch.setitem(ledger.MIGRATIONS, 0, migrate)
    found = read_records([file])
    assert not found.damaged
    assert found.finished[TASKS[0].id].seconds == 3.5


def test_a_newer_version_is_refused(file):
    change(file, 3, schema=SCHEMA + 1)
    with pytest.raises(InputError, match=f"line 4 is of schema {SCHEMA + 1}"):
        read_records([file])


def test_a_disk_that_is_full_leaves_no_part_of_a_line(file, monkeypatch):
    known, real = file.read_bytes(), os.write
    again = Ledger(file)

    def full(descriptor, content):
        if len(content) > 30:
            return real(descriptor, bytes(content)[:30])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(NotWritten, match="No space left on device"):
            again.write(TASKS[0], OUTCOMES[0])
    assert file.read_bytes() == known
    again.close()


def test_a_file_that_cannot_be_read_or_written_is_refused(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_records([tmp_path / "none.jsonl"])
    with pytest.raises(InputError, match="cannot be written"):
        Ledger(tmp_path)
