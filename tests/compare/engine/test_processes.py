"""Real processes: their outcomes, their deaths and their end."""

import contextlib
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections import deque
from functools import partial

import psutil
import pytest

from compare.engine import processes
from compare.engine.processes import DIED, Processes
from compare.engine.work import Job, run_job
from tests.compare.engine import toy
from tests.compare.engine.deadly import DEADLY, run_deadly, run_once_deadly

PLANNED = [toy.DRAW(toy.Draw(size, repeat, 0)) for size in (1, 2, 3, 4) for repeat in range(3)]


def jobs(planned=PLANNED):
    return deque(Job(one, dict) for one in planned)


def run_all(count):
    with Processes(count, ["tests.compare.engine.toy"]) as crew:
        return {one.id: outcome for one, outcome in crew.run(jobs())}


def test_processes_find_what_this_one_finds():
    found = run_all(2)
    assert found.keys() == {one.id for one in PLANNED}
    for one in PLANNED[:3]:
        assert found[one.id].result == run_job(one.kind, one.task, {}).result
    assert {outcome.threads for outcome in found.values()} == {1}


def test_a_task_that_kills_its_process_fails_and_all_others_go_on(monkeypatch):
    monkeypatch.setattr(processes, "run_job", run_deadly)
    found = run_all(2)
    assert found.keys() == {one.id for one in PLANNED}
    for one in PLANNED:
        assert found[one.id].error == (DIED if one.task.size == DEADLY else None)


def test_a_process_that_dies_once_costs_nothing(monkeypatch, tmp_path):
    monkeypatch.setattr(processes, "run_job", partial(run_once_deadly, str(tmp_path / "mark")))
    found = run_all(2)
    assert found.keys() == {one.id for one in PLANNED}
    assert all(outcome.result for outcome in found.values())
    assert (tmp_path / "mark").exists()


def test_a_worker_that_dies_between_two_tasks_costs_nothing():
    before, found = set(multiprocessing.active_children()), {}
    with Processes(1) as crew:
        for one, outcome in crew.run(jobs()):
            if not found:
                # The next task is with the pool by now; it is killed when it waits for the one after.
                (worker,) = set(multiprocessing.active_children()) - before
                time.sleep(0.2)
                worker.kill()
                time.sleep(0.2)
            found[one.id] = outcome
    assert found.keys() == {one.id for one in PLANNED}
    assert all(outcome.result for outcome in found.values())


SCRIPT = """
import signal
import sys
# Where tests run in the background interrupts are ignored, and would be here too.
signal.signal(signal.SIGINT, signal.default_int_handler)
import compare
from compare.cli import main
from tests.compare.engine.toy import STUDY
import compare.studies
compare.studies.STUDIES._modules["toy"] = "tests.compare.engine.toy"
import typer
from compare import cli
from compare.engine.flags import command
from compare.engine.session import run_command
cli.app.command("toy")(command(STUDY, run_command))
main(sys.argv[1:])
"""
"""The command line with the toy study, as a program that its workers must not run again."""


@contextlib.contextmanager
def started(tmp_path, *arguments):
    """Start the program; a test that fails before its end does not wait for it, but kills it and all its processes."""
    script = tmp_path / "program.py"
    script.write_text(SCRIPT)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, str(script), "toy", *arguments],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as program:
        try:
            yield program
        finally:
            if program.poll() is None:
                os.killpg(program.pid, signal.SIGKILL)


def is_server_of_copies(process):
    """Whether a process is the one that others begin as copies of; one that is just ending is not."""
    with contextlib.suppress(psutil.Error):
        return "forkserver" in " ".join(process.cmdline())
    return False


def test_a_program_without_a_guard_runs_on_several_processes(tmp_path):
    with started(tmp_path, "--workers", "2", "--repeats", "1", "--size", "2") as program:
        said, errors = program.communicate()
    assert (program.returncode, errors) == (0, "")
    assert "3 tasks run: runs/toy/records.jsonl" in said


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_nothing_runs_on_when_a_study_is_killed_or_interrupted(tmp_path, how):
    with started(tmp_path, "--method", "slow", "--workers", "2") as program:
        here = psutil.Process(program.pid)
        # Workers are those whose parent is the server of copies.
        wait_for(lambda: len(set(here.children(recursive=True)) - set(here.children())) == 2)
        children = here.children(recursive=True)
        program.send_signal(how)
        _, errors = program.communicate()
    wait_for(lambda: not any(child.is_running() for child in children))
    if how == signal.SIGINT:
        assert program.returncode == 130
        assert errors == "tickets: interrupted; finished steps are kept, and the same command continues.\n"


@pytest.mark.parametrize("seconds", [0.02, 0.5])
def test_an_interrupt_is_one_line_while_workers_are_made(tmp_path, seconds):
    """As a terminal does it, which interrupts all processes; the server of copies imports at this time."""
    with started(tmp_path, "--method", "slow", "--workers", "2") as program:
        here = psutil.Process(program.pid)
        wait_for(lambda: any(map(is_server_of_copies, here.children())))
        time.sleep(seconds)
        os.killpg(program.pid, signal.SIGINT)
        _, errors = program.communicate()
    assert program.returncode == 130
    assert errors == "tickets: interrupted; finished steps are kept, and the same command continues.\n"


def wait_for(condition, seconds=300):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)
