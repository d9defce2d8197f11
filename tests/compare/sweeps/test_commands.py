import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from compare.sweeps.ledger import RECORDS
from tests.compare.sweeps.runs import finished_in, lines_of

QUICK = ["scale", "--method", "uniform", "--dimension", "2,3", "--points", "4", "--samples", "5", "--repeats", "3"]


def test_scale_leaves_one_line_a_task(tmp_path, tickets):
    code, said, errors = tickets(*QUICK, "--seed", "1", "--out", tmp_path)
    assert (code, errors) == (0, "")
    assert f"6 tasks run: {tmp_path / RECORDS}" in said
    assert f"Its report: tickets report {tmp_path}" in said
    records = [json.loads(line) for line in (tmp_path / RECORDS).read_text().splitlines()]
    assert [(r["settings"]["repeat"], r["settings"]["dimension"]) for r in records] == [
        (repeat, dimension) for repeat in range(3) for dimension in (2, 3)
    ]
    assert all({"task", "settings", "result"} <= record.keys() for record in records)
    assert len({record["task"] for record in records}) == 6
    assert "0 tasks run, 6 were finished before" in tickets(*QUICK, "--seed", "1", "--out", tmp_path)[1]


def test_study_runs_a_grid_from_a_file_with_several_workers(tmp_path, tickets):
    grid = tmp_path / "grid.yaml"
    grid.write_text(
        "dataset: [iris, sine]\nfeatures: 2\nprime: 3\nmethod: [dequantized, uniform]\nnodes: [2, 4]\nrepeats: 3\n"
    )
    code, said, errors = tickets("study", "--grid", grid, "--repeats", "2", "--workers", "2", "--out", tmp_path / "out")
    assert (code, errors) == (0, "")
    assert "16 tasks run" in said
    records = [json.loads(line) for line in (tmp_path / "out" / RECORDS).read_text().splitlines()]
    assert {record["kind"] for record in records} == {"tickets"}
    assert {record["settings"]["dataset"] for record in records} == {"iris", "sine"}


def test_the_folder_is_named_for_the_tasks(tmp_path, tickets, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for more in ([], [], ["--seed", "2"]):
        assert tickets(*QUICK[:-1], "1", *more)[0] == 0
    assert len(list((tmp_path / "runs").glob("scale-*"))) == 2


def test_a_sweep_that_is_killed_goes_on_with_the_same_command(tmp_path, tickets):
    asked = ["scale", "--method", "rejection", "--dimension", "12", "--samples", "200", "--repeats", "40"]
    command = [str(Path(sys.executable).with_name("tickets")), *asked, "--workers", "2", "--out", "out"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL) as sweep:
        until = time.monotonic() + 60
        while len(lines_of(tmp_path / "out")) < 6:
            assert time.monotonic() < until
            time.sleep(0.01)
        sweep.send_signal(signal.SIGKILL)
    before = finished_in(tmp_path / "out")
    assert 5 <= len(before) < 40
    code, said, _ = tickets(*asked, "--workers", "2", "--out", tmp_path / "out")
    assert code == 0
    assert f"{40 - len(before)} tasks run, {len(before)} were finished before" in said
    after = finished_in(tmp_path / "out")
    assert len(after) == 40
    assert before.items() <= after.items()
    tasks = [json.loads(line)["task"] for line in lines_of(tmp_path / "out") if line.endswith(b"}")]
    assert len(tasks) == len(set(tasks)) == 40


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--method", "dequantised"], "There is no method 'dequantised'. Did you mean 'dequantized'?"),
        (["--prime", "4"], "prime"),
        (["--dimension", "x"], "dimension = 'x' is not a whole number"),
        (["--repeats", "0"], "repeats = 0 is too small; give at least 1."),
        (["--workers", "0"], "workers = 0 is too small; give at least 1."),
        (["--grid", "none.yaml"], "The grid none.yaml cannot be read"),
        (["--points", "0"], "points = 0 is too small; give at least 1."),
        (["--colour", "red"], "No such option"),
    ],
)
def test_bad_input_is_one_line_and_nothing_is_made(tmp_path, tickets, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    code, _, errors = tickets(*QUICK, *arguments, "--out", "out")
    assert code == 2
    assert said in errors
    assert errors.startswith("tickets: ")
    assert errors.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_does_not_exist_is_refused_with_the_nearest(tmp_path, tickets):
    grid = tmp_path / "grid.yaml"
    grid.write_text("dimensoin: 4\n")
    code, _, errors = tickets("scale", "--grid", grid, "--out", tmp_path / "out")
    assert code == 2
    assert errors.startswith("tickets: There is no key of a grid 'dimensoin'. Did you mean 'dimension'?")
    assert errors.count("\n") == 1


def test_damaged_lines_are_kept_reported_and_skipped(tmp_path, tickets):
    tickets(*QUICK, "--out", tmp_path)
    with (tmp_path / RECORDS).open("ab") as end:
        end.write(b'{"schema": 1, "task": "87ac')
    code, said, errors = tickets(*QUICK, "--out", tmp_path)
    assert code == 0
    assert "0 tasks run, 6 were finished before" in said
    assert errors.startswith(f"tickets: {tmp_path / RECORDS}, line 7 (no JSON")
    assert errors.endswith("damaged, kept and skipped; its task counts as not run.\n")
    assert errors.count("\n") == 1
    assert b'"87ac' in (tmp_path / RECORDS).read_bytes()


def test_records_of_an_older_version_are_refused(tmp_path, tickets):
    tickets(*QUICK, "--out", tmp_path)
    path = tmp_path / RECORDS
    path.write_text(path.read_text().replace('"schema": 1', '"schema": 0', 1))
    known = path.read_bytes()
    code, _, errors = tickets(*QUICK, "--out", tmp_path)
    assert code == 2
    assert "line 1 is of schema 0, and this version reads 1" in errors
    assert errors.count("\n") == 1
    assert path.read_bytes() == known


def test_tasks_that_fail_are_told_with_their_reason(tmp_path, tickets, monkeypatch):
    from compare.sweeps import processes
    from tests.compare.sweeps.deadly import run_deadly

    monkeypatch.setattr(processes, "run_task", run_deadly)
    code, said, errors = tickets(*QUICK, "--out", tmp_path)
    assert code == 1
    assert "3 tasks run" in said
    assert errors.startswith("tickets: 3 of 6 tasks failed, the first (")
    assert "the process that ran it died, twice" in errors
    assert errors.endswith("The same command tries them again.\n")
