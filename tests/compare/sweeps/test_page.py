import json
import shutil

import pytest

from compare.report import write_reports
from compare.sweeps.ledger import RECORDS, Ledger
from compare.sweeps.page import is_sweep, load_reports
from compare.sweeps.running import open_folder, run_tasks
from compare.sweeps.task import failure
from problems.errors import InputError
from tests.compare.sweeps.runs import Here, small_tasks

SIZES = {"method": "uniform,leverage", "dimension": "2,3,4,5"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("sweep")
    with open_folder(path):
        run_tasks(small_tasks(3, **SIZES), path, Here())
    return path


@pytest.fixture
def copy(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "copy")
    return tmp_path / "copy"


def tables_of(report):
    return {table.title: table for section in report.sections for table in section.tables}


def test_a_folder_its_file_and_its_halves_say_the_same(folder, tmp_path):
    lines = (folder / RECORDS).read_bytes().splitlines(keepends=True)
    (tmp_path / "b.jsonl").write_bytes(b"".join(lines[:10]))
    (tmp_path / "a.jsonl").write_bytes(b"".join(lines[10:]))
    (whole,) = load_reports([folder])
    (file,) = load_reports([folder / RECORDS])
    (halves,) = load_reports([tmp_path / "a.jsonl", tmp_path / "b.jsonl"])
    assert whole.verdict == file.verdict == halves.verdict
    for title in ("Seconds a sample", "Growth over D"):
        assert tables_of(whole)[title].rows == tables_of(file)[title].rows == tables_of(halves)[title].rows
    assert len(tables_of(whole)["Seconds a sample"].rows) == 8
    assert {json.dumps(task, sort_keys=True) for task in halves.run["tasks"]} == {
        json.dumps(dict(task.settings), sort_keys=True) for task in small_tasks(3, **SIZES)
    }


def test_the_run_says_what_a_study_s_run_says(folder):
    (report,) = load_reports([folder])
    assert report.run["kind"] == "scale"
    assert report.run["settings"] == {
        "method": "uniform, leverage",
        "dimension": "2, 3, 4, 5",
        "prime": "3",
        "points": "4",
        "samples": "5",
        "seed": "0",
        "repeat": "0, 1, 2",
    }
    assert report.run["versions"]["quantum-tickets"]
    assert report.run["machine"]["cores"]
    assert "Where it ran" not in tables_of(report)
    assert report.run["command"].startswith("tickets")
    assert report.run["started"]


def test_missing_tasks_damage_and_failures_are_said(copy):
    lines = (copy / RECORDS).read_bytes().splitlines(keepends=True)
    (copy / RECORDS).write_bytes(b"".join(lines[:20]) + lines[20][:60])
    ledger = Ledger(copy / RECORDS)
    failing = small_tasks(3, **SIZES)[-1]
    ledger.write(failing, failure("no memory"))
    ledger.close()
    (report,) = load_reports([copy])
    assert report.verdict[0] == "4 of 24 tasks have no result yet; the same command goes on."
    assert tables_of(report)["Tasks that failed"].rows[0][0] == failing.id
    assert tables_of(report)["Tasks that failed"].rows[0][2] == "no memory"
    (behind,) = report.sections[-1].findings
    assert "line 21 (no JSON" in behind


def test_refusals_are_listed_once(tmp_path):
    tasks = small_tasks(2, method="enumeration", dimension="2,80")
    with open_folder(tmp_path):
        run_tasks(tasks, tmp_path, Here())
    (report,) = load_reports([tmp_path])
    ((settings, why, count),) = tables_of(report)["What does not apply"].rows
    assert "D = 80" in settings
    assert "Enumerating 3^81 nodes needs" in why
    assert count == "2"
    assert len(tables_of(report)["Seconds a sample"].rows) == 1


def test_several_machines_are_told_apart(copy):
    lines = [json.loads(line) for line in (copy / RECORDS).read_text().splitlines()]
    for line in lines[:5]:
        line["machine"]["system"] = "another"
    (copy / RECORDS).write_text("".join(json.dumps(line) + "\n" for line in lines))
    (report,) = load_reports([copy])
    assert [row[1] for row in tables_of(report)["Where it ran"].rows] == ["5", "19"]
    assert tables_of(report)["Where it ran"].rows[0][2] == "another"


def test_two_kinds_are_two_reports(folder, tmp_path):
    from compare.sweeps.grid import read_grids

    asked = {"dataset": "iris", "features": "2", "prime": "3", "nodes": "2,4", "method": "uniform,dequantized"}
    tasks = [task for grid in read_grids("tickets", asked | {"repeats": "3"}) for task in grid.tasks()]
    with open_folder(tmp_path / "study"):
        run_tasks(tasks, tmp_path / "study", Here())
    reports = load_reports([folder, tmp_path / "study"])
    assert [report.run["kind"] for report in reports] == ["scale", "tickets"]
    assert len(tables_of(reports[1])["Risk by settings"].rows) == 4
    page = write_reports(reports, tmp_path).read_text()
    assert "Seconds a sample" in page
    assert "Tickets over a grid" in page


def test_what_holds_no_finished_task_is_refused(tmp_path, folder):
    with pytest.raises(InputError, match="no task is finished yet"):
        load_reports([tmp_path])
    (tmp_path / "empty.jsonl").touch()
    with pytest.raises(InputError, match="no task is finished yet"):
        load_reports([tmp_path / "empty.jsonl"])
    with pytest.raises(InputError, match="cannot be read"):
        load_reports([tmp_path / "none.jsonl"])
    asked = {"kind": "scale", "command": "", "started": "", "tasks": [5]}
    for content in ("{", "[]", '{"kind": "scale"}', "[" * 100_000, json.dumps(asked)):
        (tmp_path / "sweep.json").write_text(content)
        with pytest.raises(InputError, match="remove it, the records say the rest"):
            load_reports([tmp_path, folder])


def test_what_is_a_sweep(folder, tmp_path):
    assert is_sweep(folder)
    assert is_sweep(folder / RECORDS)
    assert not is_sweep(tmp_path)
