import io
import json
import logging
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from compare import cli
from compare.hardware.create import create
from compare.hardware.listing import find_run, open_runs
from problems.ridgelet import RidgeletProblem
from problems.ridgelet.data import first_points, load_residues
from quantum.backends.options import Suppression
from quantum.ridgelet import CircuitSampler
from tests.compare.hardware.runs import first_job, small_plan, submitted
from tests.loopback import CRN, TOKEN, RuntimeServer, refuse
from tests.loopback.environment import no_account

SMALL = shlex.split("--dataset digits --prime 2 --features 1 --points 2 --shots 60")


@pytest.fixture(autouse=True)
def empty_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def in_a_process(line, **environ):
    """Run the command line as another process does."""
    done = subprocess.run(
        [sys.executable, "-c", "from compare.cli import main; main()", *shlex.split(line)[1:]],
        env=os.environ | environ | {"PYTHONPATH": str(Path(cli.__file__).parents[1])},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def refused(tickets, tmp_path):
    """Run the command line, see it refuse in one line before anything is written; return the line."""

    def run(*arguments):
        before = sorted(tmp_path.rglob("*"))
        code, out, errors = tickets(*arguments)
        assert (code, out) == (2, "")
        assert errors.startswith("tickets: ")
        assert errors.count("\n") == 1
        assert errors.endswith("\n")
        assert "Traceback" not in errors
        assert sorted(tmp_path.rglob("*")) == before
        return errors

    return run


def test_the_lines_of_a_script(tickets, tmp_path):
    line = (
        "submit --backend fake_fez --dataset digits --prime 3 --features 3 --points 4 --shots 300 --encoding rader "
        "--seed 1 --yes --out DIR"
    )
    code, out, errors = tickets(*shlex.split(line))
    assert (code, errors) == (0, "")
    name = out.splitlines()[-1]
    assert [path.name for path in (tmp_path / "DIR").iterdir()] == [name]
    code, out, errors = tickets("fetch", name, "--wait", "--out", "DIR")
    assert (code, errors) == (0, "")
    result = np.load(tmp_path / "DIR" / name / "result-000.npz")

    data = first_points(load_residues("digits", 3, 3, 1), 4)
    problem = RidgeletProblem.from_samples(data.x_train, data.y_train, 3, 1e-3, "relu")
    direct = CircuitSampler(problem, "fake_fez", encoding="rader").measure(300, 1)
    assert result["bits"].tobytes() == direct.bits.tobytes()
    assert result["valid"].tobytes() == direct.valid.tobytes()
    assert result["a"].tobytes() == direct.nodes.a.tobytes()
    assert result["b"].tobytes() == direct.nodes.b.tobytes()
    assert result["density"].tobytes() == problem.density(direct.nodes).tobytes()

    code, out, _ = tickets("runs", "--out", "DIR", "--json")
    (listed,) = json.loads(out)
    assert code == 0
    assert {key: listed[key] for key in ("run", "status", "jobs", "shots")} == {
        "run": name,
        "status": "done",
        "jobs": 1,
        "shots": 300,
    }


def test_another_process_fetches_a_copy_when_all_else_is_gone(served, server, tmp_path):
    _, account, plan = served
    run = submitted(plan, account, tmp_path / "here")
    shutil.copytree(run.path, tmp_path / "there" / "copy")
    shutil.rmtree(tmp_path / "here")
    code, out, errors = in_a_process("tickets fetch copy --out there", **server.environ)
    assert (code, errors) == (0, "")
    copy = find_run(tmp_path / "there", "copy")
    assert out.splitlines() == [
        "Job 000: fetched.",
        "Job 001: fetched.",
        *(
            f"{job.name}: {job.description}: 60 shots, 100.0% of them nodes: "
            f"{tmp_path / 'there' / 'copy' / f'result-{job.name}.npz'}".replace(f"{tmp_path}/", "")
            for job in copy.jobs
        ),
    ]
    assert all(copy.has_result(job) for job in copy.jobs)
    assert [len(server.tagged(job.tag)) for job in copy.jobs] == [1, 1]


def test_submitting_to_a_device_says_what_it_costs(served, server, tickets, tmp_path):
    code, out, errors = tickets("submit", "--backend", "ibm_fez", *SMALL, "--yes", "--dd", "--twirling", "--out", "DIR")
    assert (code, errors) == (0, "")
    (run,) = open_runs(tmp_path / "DIR").values()
    fit = run.jobs[0].fit
    assert [line for line in out.splitlines() if "wait in the queue" not in line] == [
        "ibm_fez: 1 job, 60 shots each, dynamical decoupling, twirling",
        f"  000  digits, P = 2, D = 1, K = 2, binary, sparse loader: {len(fit['qubits'])} qubits, "
        f"depth {fit['depth']}, {fit['two_qubit_gates']} two-qubit gates, 60 shots, "
        f"an expected fidelity of {fit['fidelity']:.3g}, about 3 quantum seconds",
        "Expected cost: about 3 quantum seconds, 0.5% of the 588 s that the account has left.",
        "In money: not known; give your own prices with --prices.",
        f"Run: DIR/{run.name}",
        f"Job 000: {run.job_id(run.jobs[0])}",
        run.name,
    ]
    assert run.suppression == Suppression(dynamical_decoupling=True, twirling=True)


def test_the_queue_of_a_device_is_told_and_whether_it_works(served, server, tickets, tmp_path):
    _, account, plan = served
    server.delay = 3600.0
    submitted(plan, account, tmp_path / "DIR")
    code, out, _ = tickets("submit", "--backend", "ibm_fez", *SMALL, "--yes", "--out", "DIR")
    assert code == 0
    assert " jobs wait in the queue of ibm_fez.\n" in out
    server.operational = False
    code, out, _ = tickets("submit", "--backend", "ibm_fez", *SMALL, "--yes", "--out", "DIR")
    assert code == 0
    assert "ibm_fez is not operational now; the job waits until it is.\n" in out


def test_comma_lists_make_a_batch(served, server, tickets, tmp_path):
    lists = "--dataset digits,iris --prime 2 --features 1,2 --points 2 --shots 60 --encoding binary --yes --out DIR"
    code, out, _ = tickets("submit", "--backend", "ibm_fez", *shlex.split(lists))
    assert code == 0
    (run,) = open_runs(tmp_path / "DIR").values()
    assert [job.description for job in run.jobs] == [
        f"{name}, P = 2, D = {width}, K = 2, binary, sparse loader" for name in ("digits", "iris") for width in (1, 2)
    ]
    assert out.startswith("ibm_fez: 4 jobs, 60 shots each\n")
    assert "Expected cost: about 12 quantum seconds, 2.0% of the 588 s" in out
    assert len({job["session_id"] for job in server.tagged(run.tag)} - {None}) == 1
    code, out, _ = tickets("fetch", run.name, "--wait", "--out", "DIR")
    assert code == 0
    assert [line[:4] for line in out.splitlines()[-4:]] == ["000:", "001:", "002:", "003:"]
    code, out, _ = tickets("fetch", run.name, "--json", "--out", "DIR")
    assert [(one["job"], one["shots"]) for one in json.loads(out)] == [(f"00{i}", 60) for i in range(4)]
    assert code == 0


def test_a_file_of_one_s_own_is_a_data_set_wherever_it_lies(tickets, tmp_path):
    rows = [f"{i % 3},{(i * i) % 5},{'up' if i % 2 else 'down'}" for i in range(40)]
    (tmp_path / "my.csv").write_text("\n".join(["one,two,way", *rows]))
    sizes = [
        "--target",
        "way",
        "--prime",
        "2",
        "--features",
        "1,2",
        "--points",
        "2",
        "--shots",
        "60",
        "--backend",
        "aer_statevector",
        "--yes",
    ]
    code, out, errors = tickets("submit", "--dataset", "my.csv,digits", *sizes)
    assert (code, errors) == (0, "")
    assert "  000  my.csv, P = 2, D = 1, K = 2, binary, ideal loader: 2 qubits" in out
    name = out.splitlines()[-1]
    jobs = find_run(tmp_path / "runs", name).jobs
    assert [job.settings["origin"]["dataset"][:5] for job in jobs] == ["file:", "file:", "digit", "digit"]
    (tmp_path / "my.csv").rename(tmp_path / "other.csv")
    assert tickets("submit", "--dataset", "other.csv,digits", "--out", "DIR", *sizes)[0] == 0
    (other,) = open_runs(tmp_path / "DIR").values()
    assert [job.digest for job in other.jobs] == [job.digest for job in jobs]
    (tmp_path / "other.csv").unlink()
    assert tickets("fetch", name)[0] == 0  # the run has all it needs


def test_a_simulated_run_says_that_it_costs_nothing(tickets):
    code, out, _ = tickets("submit", "--backend", "fake_fez", *SMALL, "--twirling", "--yes", "--out", "DIR")
    assert code == 0
    assert out.startswith("Note: Twirling is applied on fake_fez, but ")
    assert (
        "at no cost; the device itself would take about 3 quantum seconds, 0.5% of the open plan's 10 minutes." in out
    )
    code, out, _ = tickets("submit", "--backend", "aer_mps", *SMALL, "--yes", "--out", "DIR")
    assert code == 0
    assert "ideal loader: 2 qubits, not compiled, 60 shots, no noise\n" in out
    assert "Simulated here, at the first fetch; no quantum seconds.\n" in out


@pytest.mark.parametrize("answer", ["y\n", " YES \n", "n\n", "\n", "maybe\n"])
def test_nothing_is_submitted_unless_one_agrees(served, server, tickets, tmp_path, monkeypatch, answer):
    monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
    before = len(server.jobs)
    code, out, errors = tickets("submit", "--backend", "ibm_fez", *SMALL, "--out", "DIR")
    assert "Submit? [y/N]" in out
    if "y" in answer.lower().split() or "yes" in answer.lower().split():
        assert (code, errors, len(server.jobs) - before) == (0, "", 1)
    else:
        assert (code, errors) == (1, "tickets: nothing was submitted.\n")
        assert len(server.jobs) == before
        assert not (tmp_path / "DIR").exists()


def test_where_nobody_can_answer_it_says_what_to_give(served, server, tickets, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    code, _, errors = tickets("submit", "--backend", "ibm_fez", *SMALL, "--out", "DIR")
    assert code == 2
    assert errors == "tickets: Nobody is there to answer; give --yes to submit without being asked.\n"
    assert not (tmp_path / "DIR").exists()


def test_an_interrupted_submission_is_resumed(served, server, tickets, tmp_path):
    with server.failing(refuse("POST", "/jobs", 400)):
        code, out, errors = tickets("submit", "--backend", "ibm_fez", *SMALL, "--yes", "--out", "DIR")
    (run,) = open_runs(tmp_path / "DIR").values()
    assert code == 1
    assert f"Run: DIR/{run.name}\n" in out
    assert errors.count("\n") == 1
    advice = f"tickets submit --resume {run.name} --out DIR"
    assert errors.endswith(f"continue it with: {advice}\n")
    code, out, errors = tickets(*shlex.split(advice)[1:])
    assert (code, errors) == (0, "")
    assert out.splitlines() == [f"Job 000: {run.job_id(run.jobs[0])}", run.name]
    code, out, errors = tickets(*shlex.split(advice)[1:])
    assert (code, out.splitlines()) == (0, ["All its jobs were submitted.", run.name])
    assert len(server.tagged(run.tag)) == 1


def test_a_simulated_run_needs_no_resuming(tickets, tmp_path):
    run = create(small_plan("aer_statevector"), tmp_path / "DIR")
    code, out, _ = tickets("submit", "--resume", run.name, "--out", "DIR")
    assert code == 0
    assert out.splitlines() == ["aer_statevector is simulated here and keeps no jobs: fetch the run.", run.name]


def test_a_fetch_that_is_not_ready_ends_with_1(served, server, tickets, tmp_path):
    _, account, plan = served
    server.delay = 3600.0
    run = submitted(plan, account, tmp_path / "DIR")
    code, out, errors = tickets("fetch", run.name, "--out", "DIR")
    assert (code, out) == (1, "")
    assert errors == (
        f"tickets: The run {run.name} has not all its results: job 000, 001 queued; later: tickets fetch {run.name} "
        "--out DIR\n"
    )


def test_runs_are_listed_in_columns(served, server, tickets, tmp_path):
    _, account, plan = served
    run = submitted(plan, account, tmp_path / "DIR")
    broken = create(plan, tmp_path / "DIR")
    (broken.path / "run.json").write_text("{}")
    code, out, errors = tickets("runs", "--out", "DIR")
    assert (code, errors) == (0, "")
    lines = out.splitlines()
    assert lines[0].split() == ["run", "status", "backend", "jobs", "done", "shots", "started"]
    started = run.record.started
    assert [run.name, "submitted", "ibm_fez", "2", "0", "60", started] in [line.split() for line in lines]
    assert [broken.name, "unreadable", *["-"] * 5] in [line.split() for line in lines]
    assert lines[-1].startswith(f"{broken.name}: DIR/{broken.name}/run.json is damaged, or no record of a hardware run")


# Refusals

BAD = {
    "": "No backend is named; give --backend",
    "--backend fake_fes": "There is no backend 'fake_fes'. Did you mean 'fake_fez'",
    "--backend fake_fez --shots 0": "shots = 0 is too small; give at least 1",
    "--backend fake_fez --shots -3": "shots = -3 is too small; give at least 1",
    "--backend fake_fez --shots many": "Invalid value for '--shots'",
    "--backend fake_fez --shots 100001": "shots = 100001 is beyond the limit of fake_fez, 100000 a run",
    "--backend fake_fez --seed -1": "seed = -1 is too small",
    "--backend fake_fez --prime 4": "prime = 4 is not prime",
    "--backend fake_fez --prime 3,4": "prime = 4 is not prime",
    "--backend fake_fez --prime 3,": "prime = '3,' is no list of whole numbers",
    "--backend fake_fez --features two": "features = 'two' is no list of whole numbers",
    "--backend fake_fez --dataset ,": "dataset = ',' is no list of names",
    "--backend fake_fez --dataset none.csv": "There is no file 'none.csv'",
    "--backend fake_fez --target way": "target = 'way': the data sets named here have targets of their own",
    "--backend fake_fez --dataset digit": "There is no data set 'digit'. Did you mean 'digits'",
    "--backend fake_fez --encoding binry": "There is no encoding 'binry'. Did you mean 'binary'",
    "--backend fake_fez --encoding crt": "prime = 3 has no transform by the Chinese remainder theorem",
    "--backend fake_fez --loader ideal": "hands a state to a simulator",
    "--backend fake_fez --activation 1,x": "activation = '1,x' is no list of numbers",
    "--backend fake_fez --out file": "--out file cannot be a folder: file is a file",
    "--backend fake_fez --out file/below": "--out file/below cannot be a folder: ",
    "--backend fake_yorktown": "has 8 qubits, but fake_yorktown connects 5",
    "--resume hw-1": "runs cannot be read",
    "--resume hw-1 --dry-run": "of a run as it was ordered, and --dry-run changes nothing of it; leave it out",
    "--resume hw-1 --turns 3": "of a run as it was ordered, and --turns changes nothing of it; leave it out",
    "--resume=hw-1 --shots 2000 --backend ibm_fez": "and --backend and --shots change nothing of it; leave them out",
}


@pytest.mark.parametrize("flags", BAD)
def test_bad_orders_are_refused_in_one_line(refused, tmp_path, flags):
    (tmp_path / "file").write_text("")
    assert BAD[flags] in refused("submit", *shlex.split(flags), "--yes")


def test_no_account_says_how_to_save_one(refused, tmp_path_factory):
    with no_account(tmp_path_factory.mktemp("account")):
        told = refused("submit", "--backend", "ibm_fez", *SMALL, "--yes")
    assert "No IBM Quantum account is saved on this computer" in told
    assert "QiskitRuntimeService.save_account(token=" in told


def test_an_unknown_device_names_the_nearest(served, server, refused):
    assert "There is no IBM device 'ibm_fes'. Did you mean 'ibm_fez'" in refused(
        "submit", "--backend", "ibm_fes", "--yes"
    )


def test_an_unknown_run_names_the_nearest(served, refused, tickets, tmp_path):
    run = create(first_job(served[2]), tmp_path / "DIR")
    for command in (["fetch"], ["submit", "--resume"]):
        told = refused(*command, f"{run.name[:-1]}x", "--out", "DIR")
        assert f"There is no run '{run.name[:-1]}x'. Did you mean '{run.name}'" in told
    (tmp_path / "empty").mkdir()
    assert "empty holds no hardware runs; make one with tickets submit" in refused("fetch", "x", "--out", "empty")
    assert tickets("runs", "--out", "empty", "--json")[:2] == (0, "[]\n")
    assert tickets("runs", "--out", "missing", "--json")[:2] == (0, "[]\n")
    assert "missing cannot be read" in refused("runs", "--out", "missing")


def test_a_newer_record_is_refused_by_all_commands(served, refused, tmp_path, tickets):
    run = create(first_job(served[2]), tmp_path / "DIR")
    path = run.path / "run.json"
    path.write_text(path.read_text().replace('"schema": 2', '"schema": 7'))
    for command in (["fetch"], ["submit", "--resume"]):
        told = refused(*command, run.name, "--out", "DIR")
        assert "run.json has schema 7, newer than 3" in told
    code, out, _ = tickets("runs", "--out", "DIR", "--json")
    assert (code, json.loads(out)[0]["status"]) == (0, "unreadable")


# Credentials


def test_no_credential_is_printed_logged_or_written(tickets, tmp_path, caplog):
    """Though the service repeats them in its answers, of rounds and of jobs that circuits share too."""
    caplog.set_level(logging.DEBUG)
    said = []

    def run(*arguments):
        said.extend(map(str, tickets(*arguments)))
        return said[-3]

    with RuntimeServer() as server, pytest.MonkeyPatch.context() as patch:
        for name, value in server.environ.items():
            patch.setenv(name, value)
        shared = ["--copies", "2", "--at-once", "2", "--alone", "--turns", "2"]
        submit = ["submit", "--backend", "ibm_fez", *SMALL, *shared, "--yes", "--out", "DIR"]
        chatty = {"errors": [{"code": 1, "message": f"no: {TOKEN} Bearer {TOKEN} {CRN}"}]}
        for method, path in (("POST", "/jobs"), ("GET", "/usage"), ("GET", "/backends")):
            with server.failing(refuse(method, path, 403, payload=chatty)):
                assert run(*submit) == "1"
        assert run(*submit) == "0"
        name = said[-2].splitlines()[-1]
        job = server.tagged(name)[0]["id"]
        with server.failing(refuse("GET", "/results", 403, payload=chatty)):
            assert run("fetch", name, "--out", "DIR") == "1"
        with server.failing(refuse("GET", "/results", 200, payload=f"<html>{TOKEN}")):
            assert run("fetch", name, "--out", "DIR") == "1"
        server.set_state(job, "Failed", reason=f"{TOKEN} {CRN}")
        assert run("fetch", name, "--out", "DIR") == "1"
        server.set_state(job, "Completed")
        assert run("fetch", name, "--out", "DIR") == "0"
        assert run("runs", "--out", "DIR") == "0"
        # A page that is no result is the service's own text, kept as it came.
        files = [path for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".half"]
        assert "/jobs" in caplog.text  # it was the DEBUG level
        texts = [*said, caplog.text, *(path.read_bytes().decode("latin-1") for path in files)]
    assert len(files) > 10
    assert "redacted" in "".join(said)
    for secret in (TOKEN, CRN, CRN.split("/")[1].split(":")[0], "eyJ"):
        assert not [text for text in texts if secret in text]
