"""A real scheduler and real workers on loopback: the same sweep, one worker killed half-way, the scheduler gone."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from pathlib import Path

import pytest

from compare.engine import cluster
from compare.engine.cluster import Cluster
from compare.engine.folder import RECORDS
from compare.engine.kind import Kind
from compare.engine.lent import lent
from compare.engine.work import Job
from compare.studies.ridgelet.tickets.study import STUDY, TICKET, Settings, tasks
from compare.unfinished import Unfinished
from problems.errors import InputError
from tests.compare.engine import toy
from tests.compare.engine.prepared import finished_in, lines_of

STUDY_FLAGS = ["--dataset", "digits", "--method", "rejection", "--nodes", "40", "--seed", "3"]
"""Tasks of a tenth of a second or so."""

PATIENCE = 120


def wait_for(condition, seconds=PATIENCE):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


class Machines:
    """A scheduler and two workers, each in a group of processes of its own."""

    def __init__(self, folder):
        self.file, self.groups = folder / "scheduler.json", []
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0")
        wait_for(lambda: self.file.exists() and self.file.read_text())
        self.address = json.loads(self.file.read_text())["address"]
        self.workers = [self._start("worker", "--nthreads", "1", "--host", "127.0.0.1") for _ in range(2)]

    def _start(self, what, *arguments):
        dask = Path(sys.executable).with_name("dask")
        command = [str(dask), what, "--scheduler-file", str(self.file), "--no-dashboard", *arguments]
        group = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        self.groups.append(group)
        return group

    def kill(self, group):
        os.killpg(group.pid, signal.SIGKILL)
        group.wait()

    def close(self):
        for group in self.groups:
            if group.poll() is None:
                self.kill(group)


@pytest.fixture(scope="module")
def machines(tmp_path_factory):
    started = Machines(tmp_path_factory.mktemp("cluster"))
    yield started
    started.close()


def test_a_sweep_goes_on_when_one_of_two_workers_is_killed_half_way(machines, tmp_path, tickets, record_property):
    with Cluster(machines.address) as connected:
        wait_for(lambda: connected.workers == 2)
    out = tmp_path / "out"
    asked = ["study", *STUDY_FLAGS, "--scheduler", machines.address, "--out", out]
    assert tickets(*asked, "--repeats", "2")[0] == 0
    first = (out / RECORDS).read_bytes()

    killed_at = []

    def kill():
        wait_for(lambda: len(lines_of(out)) > 12)
        machines.kill(machines.workers[0])
        killed_at.append(len(lines_of(out)) - 1)

    killer = threading.Thread(target=kill)
    killer.start()
    code, said, errors = tickets(*asked, "--repeats", "30")
    killer.join()
    assert (code, errors) == (0, "")
    assert "28 tasks run, 2 were finished before" in said
    assert (out / RECORDS).read_bytes().startswith(first)
    assert len(finished_in(out, STUDY.by_name)) == 30
    assert len(lines_of(out)) == 31  # each once, and the last line ends
    assert killed_at[0] < 30
    with Cluster(machines.address) as connected:
        assert connected.workers == 1
    record_property(
        "measured", f"a sweep on two dask workers, one killed after {killed_at[0]} of 30 tasks: all there, once"
    )


def test_tasks_on_a_cluster_are_those_of_processes(machines):
    from compare.engine.processes import Processes

    planned = tasks(Settings(datasets=("iris",), methods=("uniform", "leverage"), nodes=(5,), repeats=2))
    found = []
    for crew in (Cluster(machines.address), Processes(2)):
        with crew:
            queue = deque(Job(one, dict) for one in planned)
            found.append({one.id: outcome.result for one, outcome in crew.run(queue)})
    assert found[0] == found[1]
    assert len(found[0]) == len(planned) == 4
    assert TICKET.name == planned[0].kind.name


def test_results_of_others_are_taken_while_a_task_shares_out_its_own_work(machines):
    """It waits until theirs have been taken: if they were kept for its end, it would never come."""
    taken = threading.Event()

    def share_out(task, seeds, inputs):
        assert taken.wait(PATIENCE)
        assert lent().submit(sum, [task.size, 1]).result() == 3
        return toy.Timed(0.0, 1)

    sharing = Kind("toy/sharing", toy.Timing, toy.Timed, share_out, spreads=lambda task: True)
    others = tasks(Settings(datasets=("iris",), methods=("uniform",), nodes=(5,), repeats=3))
    queue, found = deque(Job(one, dict) for one in [sharing(toy.Timing(2)), *others]), []
    with Cluster(machines.address) as crew:
        for one, outcome in crew.run(queue):
            found.append((one.kind.name, outcome.error))
            if len(found) == len(others):
                taken.set()
    assert found == [*[(TICKET.name, None)] * 3, ("toy/sharing", None)]


def test_a_scheduler_that_goes_away_is_told_and_what_is_finished_is_kept(machines, tmp_path, tickets):
    """The last test of the module: it takes the scheduler down."""
    out = tmp_path / "out"

    def kill():
        wait_for(lambda: len(lines_of(out)) > 3)
        machines.kill(machines.scheduler)

    killer = threading.Thread(target=kill)
    killer.start()
    code, _, errors = tickets("study", *STUDY_FLAGS, "--scheduler", machines.address, "--repeats", "200", "--out", out)
    killer.join()
    assert code == 1
    assert errors.startswith(f"tickets: The scheduler at {machines.address} went away; finished tasks are kept")
    assert errors.count("\n") == 1
    assert len(finished_in(out, STUDY.by_name)) >= 3


def test_a_scheduler_that_does_not_answer_is_refused_before_anything_is_made(tmp_path, tickets, monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    code, _, errors = tickets("study", "--scheduler", "tcp://127.0.0.1:9", "--out", tmp_path / "out")
    assert code == 2
    assert errors.startswith("tickets: No scheduler answers at tcp://127.0.0.1:9 (")
    assert errors.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "address", ["nonsense", "tcp://", "tcp://here", "tcp://here:port", "", "http://127.0.0.1:9", "inproc://1:2"]
)
def test_what_is_no_address_is_refused_at_once(address):
    with pytest.raises(InputError, match="is no address; give the one that"):
        Cluster(address)


def test_without_the_extra_it_is_said_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"pip install 'quantum-tickets\[cluster\]'"):
        Cluster("tcp://127.0.0.1:8786")


def test_workers_that_lack_the_packages_are_refused(monkeypatch):
    class Client:
        def run(self, function, on_error):
            return {"tcp://127.0.0.1:1": ModuleNotFoundError("No module named 'compare'"), "tcp://127.0.0.1:2": None}

        def close(self, timeout):
            pass

    import distributed

    monkeypatch.setattr(distributed, "Client", lambda *arguments, **options: Client())
    with pytest.raises(InputError, match=r"cannot run tasks .ModuleNotFoundError: No module named 'compare'.; install"):
        Cluster("tcp://127.0.0.1:8786")


class Answers:
    """A client and its one future, whose scheduler is gone at one of the questions."""

    loop, key, status = None, "", "finished"

    def __init__(self, gone_at, error):
        self.gone_at, self.error, self.sent = gone_at, error, []

    def ask(self, question, answer=None):
        if question == self.gone_at:
            raise self.error
        return answer

    def run(self, function, on_error):
        return self.ask("run", {})

    def close(self, timeout):
        raise self.error

    def scheduler_info(self, n_workers):
        return self.ask("scheduler_info", {"workers": {}})

    def submit(self, function, *arguments, key, pure):
        self.key = key
        return self.ask("submit", self)

    def result(self):
        return self.ask("result")

    def release(self):
        self.ask("release")

    def add(self, future):
        self.sent.append(self.ask("add", future))

    def is_empty(self):
        return not self.sent

    def __next__(self):
        return self.ask("next", self.sent.pop())


def answering(monkeypatch, gone_at="", error=None):
    import distributed

    client = Answers(gone_at, error)
    monkeypatch.setattr(distributed, "Client", lambda *arguments, **options: client)
    monkeypatch.setattr(distributed, "as_completed", lambda loop: client)
    return client


def outcomes():
    planned = tasks(Settings(datasets=("iris",), methods=("uniform",), nodes=(5,), repeats=1))
    with Cluster("tcp://127.0.0.1:8786") as connected:
        assert connected.workers == 0
        return [outcome for _, outcome in connected.run(deque(Job(one, dict) for one in planned))]


def lost():
    from distributed.client import FutureCancelledError
    from distributed.comm import CommClosedError

    # A client that was closed meanwhile has no workers, and sends nothing.
    return [FutureCancelledError("key", "scheduler-connection-lost"), CommClosedError("in <TCP>"), KeyError("workers")]


@pytest.mark.parametrize("gone_at", ["run", "scheduler_info", "submit", "add", "next", "result", "release"])
@pytest.mark.parametrize("error", [0, 1, 2])
def test_a_scheduler_that_goes_away_between_any_two_questions_is_told_alike(monkeypatch, gone_at, error):
    answering(monkeypatch, gone_at, lost()[error])
    with pytest.raises(Unfinished, match=r"^The scheduler at tcp://127.0.0.1:8786 went away; finished tasks are kept"):
        outcomes()


def test_a_client_that_was_closed_meanwhile_has_no_outcome(monkeypatch):
    answering(monkeypatch)  # its results are None
    with pytest.raises(Unfinished, match="went away"):
        outcomes()


def test_what_a_worker_could_not_run_is_the_outcome_of_its_task_alone(monkeypatch):
    client = answering(monkeypatch, "result", ModuleNotFoundError("No module named 'mthree'"))
    client.status = "error"
    (outcome,) = outcomes()
    assert outcome.error == "ModuleNotFoundError: No module named 'mthree'"
