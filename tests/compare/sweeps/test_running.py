import json
import multiprocessing

import pytest

from compare.sweeps.ledger import RECORDS
from compare.sweeps.running import SWEEP, open_folder, run_tasks
from compare.sweeps.task import Task, failure, run_task
from problems.errors import InputError
from tests.compare.sweeps.runs import Here, finished_in, lines_of, small_tasks

TASKS = small_tasks()


def swept(tasks, folder, workers=None, **more):
    with open_folder(folder):
        return run_tasks(tasks, folder, workers or Here(), **more)


def test_every_task_is_run_once_and_a_second_sweep_runs_none(tmp_path):
    first, second = Here(), Here()
    assert swept(TASKS, tmp_path, first).now == len(TASKS)
    content = (tmp_path / RECORDS).read_bytes()
    again = swept(TASKS, tmp_path, second)
    assert (again.before, again.now, again.failed) == (len(TASKS), 0, ())
    assert first.ran == [task.id for task in TASKS]
    assert second.ran == []
    assert (tmp_path / RECORDS).read_bytes() == content


def test_only_what_is_missing_is_run_and_a_larger_grid_goes_on_in_the_same_folder(tmp_path):
    swept(TASKS[:3], tmp_path)
    rest = Here()
    result = swept(TASKS, tmp_path, rest)
    assert rest.ran == [task.id for task in TASKS[3:]]
    assert (result.before, result.now) == (3, len(TASKS) - 3)
    assert finished_in(tmp_path).keys() == {task.id for task in TASKS}


def test_progress_counts_what_is_left_and_says_what_was_finished(tmp_path):
    shown = []

    def track(title, steps):
        shown.append((title, steps, []))
        return shown[-1][2].append

    swept(TASKS[:3], tmp_path, track=track)
    swept(TASKS, tmp_path, track=track)
    assert [(title, steps, len(done)) for title, steps, done in shown] == [
        ("Tasks", 3, 3),
        (f"Tasks (3 of {len(TASKS)} were finished)", len(TASKS) - 3, len(TASKS) - 3),
    ]
    assert shown[0][2][0] == "uniform, 2, 3, 4, 5, 0, 0"


def test_a_task_that_fails_is_told_recorded_and_tried_again(tmp_path):
    class Failing(Here):
        def run(self, tasks):
            for task in tasks:
                yield task, failure("no") if task is TASKS[1] else run_task(task.kind, task.settings)

    result = swept(TASKS, tmp_path, Failing())
    assert [record.error for record in result.failed] == ["no"]
    assert result.now == len(TASKS) - 1
    mended = Here()
    assert swept(TASKS, tmp_path, mended).failed == ()
    assert mended.ran == [TASKS[1].id]
    assert len(finished_in(tmp_path)) == len(TASKS)


def test_an_exception_in_a_task_is_its_outcome_with_its_traceback(monkeypatch):
    from compare.studies.ridgelet.scale import task as experiment

    monkeypatch.setattr(experiment, "measure", lambda settings: 1 / 0)
    outcome = run_task(TASKS[0].kind, TASKS[0].settings)
    assert outcome["error"] == "ZeroDivisionError: division by zero"
    assert "1 / 0" in outcome["traceback"]
    assert "result" not in outcome


def test_a_refusal_is_a_result():
    task = Task.of("scale", {"method": "enumeration", "dimension": 60, "prime": 5})
    (refused,) = run_task(task.kind, task.settings)["result"].items()
    assert refused[0] == "refused"
    assert "Enumerating 5^61 nodes needs" in refused[1]


def test_damaged_lines_are_told_once_and_their_tasks_run_again(tmp_path):
    swept(TASKS, tmp_path)
    lines = lines_of(tmp_path)
    lines[2] = lines[2][:50]
    (tmp_path / RECORDS).write_bytes(b"\n".join(lines))
    told, again = [], Here()
    swept(TASKS, tmp_path, again, tell=told.append)
    assert again.ran == [TASKS[2].id]
    assert len(told) == 1
    assert "line 3 (no JSON" in told[0]
    assert lines_of(tmp_path)[2] == lines[2]
    assert finished_in(tmp_path).keys() == {task.id for task in TASKS}


def test_the_folder_says_what_was_asked_for(tmp_path):
    swept(TASKS, tmp_path)
    content = json.loads((tmp_path / SWEEP).read_text())
    assert content["kind"] == "scale"
    assert content["tasks"] == [task.id for task in TASKS]
    assert content["command"].startswith("tickets")
    (tmp_path / SWEEP).write_text(json.dumps(content | {"started": "2001-01-01T00:00:00+00:00"}))
    swept(TASKS, tmp_path)  # it began when it began
    assert json.loads((tmp_path / SWEEP).read_text())["started"].startswith("2001")


def test_another_kind_in_the_same_folder_is_refused(tmp_path):
    swept(TASKS, tmp_path)
    with pytest.raises(InputError, match="holds a sweep of the kind 'scale', not 'tickets'"):
        swept([Task.of("tickets", {})], tmp_path)


def test_a_folder_that_cannot_be_used_is_refused(tmp_path):
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(InputError, match="cannot be made"), open_folder(tmp_path / "thesis.tex"):
        pass
    (tmp_path / "run.json").touch()
    with pytest.raises(InputError, match="holds a run of another command"), open_folder(tmp_path):
        pass


def test_the_grid_and_a_log_may_lie_in_the_folder(tmp_path):
    (tmp_path / "grid.yaml").touch()
    assert swept(TASKS[:1], tmp_path).now == 1


def test_records_put_into_a_folder_by_hand_are_gone_on_with(tmp_path):
    swept(TASKS[:2], tmp_path / "first")
    swept(TASKS[2:5], tmp_path / "second")
    (tmp_path / "joined").mkdir()
    parts = [(tmp_path / name / RECORDS).read_bytes() for name in ("first", "second")]
    (tmp_path / "joined" / RECORDS).write_bytes(b"".join(parts))
    rest = Here()
    swept(TASKS, tmp_path / "joined", rest)
    assert rest.ran == [task.id for task in TASKS[5:]]


def hold(folder, held, ended):
    with open_folder(folder):
        held.set()
        ended.wait(60)


def test_two_sweeps_do_not_write_one_folder_at_once_and_a_killed_one_holds_nothing(tmp_path):
    context = multiprocessing.get_context("spawn")
    held, ended = context.Event(), context.Event()
    other = context.Process(target=hold, args=(tmp_path, held, ended))
    other.start()
    assert held.wait(60)
    with pytest.raises(InputError, match="Another sweep writes in"), open_folder(tmp_path):
        pass
    other.kill()
    other.join()
    with open_folder(tmp_path):
        pass
