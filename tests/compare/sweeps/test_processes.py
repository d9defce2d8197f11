"""Real processes: their outcomes, their deaths and their end."""

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import psutil
import pytest

from compare.sweeps import processes
from compare.sweeps.processes import DIED, Processes
from compare.sweeps.task import run_task
from tests.compare.sweeps.deadly import DEADLY, run_deadly, run_once_deadly
from tests.compare.sweeps.runs import small_tasks

TASKS = small_tasks(5)


def run_all(tasks, count):
    with Processes(count) as crew:
        return {task.id: outcome for task, outcome in crew.run(tasks)}


def test_processes_find_what_this_one_finds():
    found = run_all(TASKS, 2)
    assert found.keys() == {task.id for task in TASKS}
    for task in TASKS[:3]:
        here = run_task(task.kind, task.settings)["result"]
        there = found[task.id]["result"]
        assert there["density"] == here["density"]
        assert there["points"] == here["points"]
    assert {outcome["machine"]["threads"]["OMP_NUM_THREADS"] for outcome in found.values()} == {"1"}


def test_a_task_that_kills_its_process_fails_and_all_others_go_on(monkeypatch):
    monkeypatch.setattr(processes, "run_task", run_deadly)
    tasks = small_tasks(2, dimension="1,2,3,4")
    found = run_all(tasks, 2)
    assert found.keys() == {task.id for task in tasks}
    for task in tasks:
        deadly = task.settings["dimension"] == DEADLY
        assert found[task.id].get("error", "") == (DIED if deadly else "")


def test_a_process_that_dies_once_costs_nothing(monkeypatch, tmp_path):
    monkeypatch.setattr(processes, "run_task", partial(run_once_deadly, str(tmp_path / "mark")))
    tasks = small_tasks(3, dimension="1,2,3,4")
    found = run_all(tasks, 2)
    assert found.keys() == {task.id for task in tasks}
    assert all("result" in outcome for outcome in found.values())
    assert (tmp_path / "mark").exists()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_nothing_runs_on_when_a_sweep_is_killed_or_interrupted(tmp_path, how):
    endless = ["--method", "rejection", "--dimension", "30", "--samples", "2000000", "--repeats", "4"]
    command = [str(Path(sys.executable).with_name("tickets")), "scale", *endless, "--workers", "2"]
    with subprocess.Popen(
        [*command, "--out", "out"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as sweep:
        here = psutil.Process(sweep.pid)
        # Workers are those whose parent is the server of copies.
        wait_for(lambda: len(set(here.children(recursive=True)) - set(here.children())) == 2)
        children = here.children(recursive=True)
        sweep.send_signal(how)
        _, errors = sweep.communicate(timeout=20)
    wait_for(lambda: not any(child.is_running() for child in children))
    if how == signal.SIGINT:
        assert sweep.returncode == 130
        assert errors == "tickets: interrupted; finished steps are kept, and the same command continues.\n"


@pytest.mark.parametrize("seconds", [0.02, 0.5])
def test_an_interrupt_is_one_line_while_workers_are_made(tmp_path, seconds):
    """As a terminal does it, which interrupts all processes; the server of copies imports at this time."""
    command = [str(Path(sys.executable).with_name("tickets")), "scale", "--method", "uniform", "--workers", "2"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, start_new_session=True) as sweep:
        here = psutil.Process(sweep.pid)
        wait_for(lambda: any("forkserver" in " ".join(child.cmdline()) for child in here.children()))
        time.sleep(seconds)
        os.killpg(sweep.pid, signal.SIGINT)
        _, errors = sweep.communicate(timeout=30)
    assert sweep.returncode == 130
    assert errors == "tickets: interrupted; finished steps are kept, and the same command continues.\n"


def test_a_worker_that_dies_between_two_tasks_costs_nothing():
    here, found = psutil.Process(), {}
    with Processes(1) as crew:
        for task, outcome in crew.run(TASKS):
            if not found:
                # The next task is with the pool by now; it is killed when it waits for the one after.
                for worker in set(here.children(recursive=True)) - set(here.children()):
                    time.sleep(0.2)
                    worker.kill()
                time.sleep(0.2)
            found[task.id] = outcome
    assert found.keys() == {task.id for task in TASKS}
    assert all("result" in outcome for outcome in found.values())


def wait_for(condition, seconds=30):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)
