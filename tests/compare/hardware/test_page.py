"""The page of runs on devices: every run has its row, whatever became of it, and every number is its record's."""

import json
import math
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from compare.engine.record import sealed
from compare.hardware.bill import make_bill
from compare.hardware.compiled import AS_SENT, compiled_gates
from compare.hardware.create import create
from compare.hardware.gather import gather
from compare.hardware.page import hardware_report, write_hardware
from compare.hardware.plain_rows import plain_rows
from compare.hardware.plan import Order, make_plan
from compare.hardware.prices import read_prices
from compare.hardware.run import HardwareRun
from compare.hardware.scores import Scores, mitigated, raw
from compare.hardware.submit import send
from compare.statistics import mean_estimate
from compare.studies.ridgelet.jobs import problem_of
from problems.errors import InputError
from problems.ridgelet import Nodes
from quantum.backends.readout import ReadoutErrors
from tests.compare.hardware.runs import SHOTS, bring, first_job, small_payloads, submitted

PRICES = """
date = 2024-11-20
currency = "EUR"
source = "invented"
[[device]]
name = "ibm_*"
each = { shot = 0.5 }
"""


def altered(path, **fields):
    content = json.loads(path.read_text()) | fields
    path.write_text(json.dumps(content | {"digest": sealed(content)}))


@pytest.fixture(scope="module")
def folder(served, tmp_path_factory):
    """Runs that are done, simulated in rounds, waiting, damaged, and of a newer version."""
    _, account, plan = served
    out = tmp_path_factory.mktemp("hardware")
    (out / "prices.toml").write_text(PRICES)
    prices = read_prices(out / "prices.toml", date(2026, 11, 29))
    single = replace(first_job(plan), estimate=replace(plan.estimate, seconds=plan.estimate.seconds[:1]))
    create(single, out, bill=make_bill(single, prices)).path.rename(out / "hw-done")
    done = HardwareRun(out / "hw-done")
    send(done, account, plan.device)
    bring(done, account)
    local = make_plan(small_payloads(1), Order("fake_fez", SHOTS, 3, rounds=3))
    rounds = create(local, out)
    rounds.path.rename(out / "hw-rounds")
    bring(HardwareRun(out / "hw-rounds"), None)
    shutil.copytree(out / "hw-rounds", out / "hw-damaged")
    (out / "hw-damaged" / "result-001.npz").write_bytes(b"PK")
    submitted(first_job(plan), account, out).path.rename(out / "hw-waiting")
    shutil.copytree(out / "hw-waiting", out / "hw-newer")
    altered(out / "hw-newer" / "run.json", schema=99)
    return out


@pytest.fixture(scope="module")
def rows(folder):
    return {row.name: row for row in gather([folder])}


def test_every_run_has_its_row_whatever_became_of_it(rows):
    assert set(rows) == {"hw-done", "hw-rounds", "hw-damaged", "hw-waiting", "hw-newer"}
    assert rows["hw-newer"].jobs == ()
    assert "has schema 99, newer than" in rows["hw-newer"].notes[0]
    assert rows["hw-waiting"].notes == ("1 of 1 job without a result yet (submitted).",)
    assert [job.raw is None for job in rows["hw-damaged"].jobs] == [False, True, False]
    assert "result-001.npz is damaged" in rows["hw-damaged"].jobs[1].notes[0]
    assert rows["hw-done"].notes == ()


def test_the_numbers_are_those_of_the_records(folder, rows):
    run, row = HardwareRun(folder / "hw-done"), rows["hw-done"]
    (job,), (kept,) = row.jobs, run.jobs
    assert (row.device, row.vendor, row.study, row.simulated) == ("ibm_fez", "IBM Quantum", None, False)
    assert (row.bill.total, row.bill.date, row.shots) == (30.0, "2024-11-20", SHOTS)
    assert (job.qubits, job.gates) == (len(kept.fit["qubits"]), kept.fit["two_qubit_gates"])
    assert job.fetched is not None
    # The cross-entropy fidelity by its definition, invalid shots as density 0.
    problem, result = problem_of(run.payload(kept)), run.result(kept).arrays
    every = [[int(digit) for digit in np.base_repr(i, problem.prime).zfill(problem.dimension + 1)]
             for i in range(problem.prime ** (problem.dimension + 1))]  # fmt: skip
    table = np.array(every)
    density = problem.density(Nodes(table[:, :-1], table[:, -1]))
    wanted = (result["density"].sum() / SHOTS - 1) / (np.mean(density**2) - 1)
    assert math.isclose(job.raw.best, wanted, rel_tol=1e-9)
    assert job.number == "cross-entropy fidelity"
    assert job.perfect == 1.0
    plain = {one["run"]: one for one in plain_rows(list(rows.values()))}
    assert plain["hw-done"]["jobs"][0]["raw"]["best"] == job.raw.best
    assert plain["hw-rounds"]["money"] is None
    json.dumps(plain, allow_nan=False)


def test_mitigation_undoes_planted_readout_errors_without_bias():
    rng = np.random.default_rng(5)
    errors = ReadoutErrors(np.array([[0.05, 0.12], [0.02, 0.2]]))
    law = np.array([0.5, 0.1, 0.15, 0.25])  # of 00, 10, 01, 11, bit 0 first
    true = rng.choice(4, size=200_000, p=law)
    bits = np.column_stack([true & 1, true >> 1]).astype(bool)
    wrong = rng.random(bits.shape) < np.where(bits, errors.flips[:, 1], errors.flips[:, 0])
    read = bits ^ wrong
    values = np.array([1.0, -2.0, 3.0, 0.5])
    scores = Scores("a number", values[read @ np.array([1, 2])], zero=0.2, unit=0.4)
    wanted = (law @ values - 0.2) / 0.4
    found, seen = mitigated(scores, read, errors), raw(scores)
    assert found.low < wanted < found.high
    assert not seen.low < wanted < seen.high
    assert math.isclose(seen.best, (mean_estimate(scores.values).best - 0.2) / 0.4, rel_tol=1e-12)
    # By the whole matrix, as a reference: the reading law is A times the law.
    one, two = (np.array([[1 - zero, one], [zero, 1 - one]]) for zero, one in errors.flips)
    inverse = np.linalg.inv(np.kron(two, one))
    shares = np.bincount(read @ np.array([1, 2]), minlength=4) / len(read)
    assert math.isclose(found.best, (values @ inverse @ shares - 0.2) / 0.4, rel_tol=1e-5)  # mthree has 32-bit entries


def test_gates_of_the_service_are_counted_where_its_words_are_known():
    program = (
        "OPENQASM 3.0;\nbit[2] b;\n#pragma braket verbatim\nbox{\nprx(0.5,0.1) $3;\ncz $3,$4;\ncz $4, $3;\n"
        "barrier $3, $4;\n}\nb[0] = measure $3;"
    )
    assert compiled_gates(program, 7) == 2
    assert compiled_gates(f"OPENQASM 3.0;\ncz{' ' * 10**6}!", 7) == 0  # in no time that grows with its square
    circuit = {"circuit": [{"gate": "gpi", "target": 0}, {"gate": "ms", "targets": [0, 1]},
               {"gate": "cnot", "control": 0, "target": 1}]}  # fmt: skip
    assert compiled_gates(json.dumps(circuit), 7) == 2
    assert compiled_gates(AS_SENT, 7) == 7
    assert [compiled_gates(said, 7) for said in (None, "DECLARE ro BIT[2]", "[" * 9999, "{}")] == [None] * 4


def test_the_page_is_read_on_every_screen(folder, rows, look):
    page = write_hardware(list(rows.values()), folder / "page", "tickets hardware")
    text = look(page)
    for words in ("30.00 EUR (2024-11-20)", "hw-waiting: 1 of 1 job without a result yet", "has schema 99",
                  "IBM Quantum", "simulated here", "3 rounds of 60 shots", "tickets hardware"):  # fmt: skip
        assert words in text
    assert "tickets again" not in text
    assert 'href="../hw-done/run.json"' in page.read_text()
    assert len(json.loads((folder / "page" / "hardware.json").read_text())) == 5


def test_a_study_s_report_is_linked_and_a_name_begins_no_scheme(folder, rows, tmp_path):
    odd = replace(rows["hw-done"], path=tmp_path / "javascript:alert(1)", study="few", report=tmp_path / "a" / "b.html",
                  calibrated="2026-11-20T23:30:00-05:00")  # fmt: skip
    (table,) = hardware_report([odd], tmp_path, "").sections[0].tables
    assert [cell.link for cell in table.rows[0][:2]] == ["javascript%3Aalert%281%29/run.json", "a/b.html"]
    assert table.rows[0][4].text == "2026-11-21"  # in UTC


def test_the_command_takes_folders_and_runs_and_refuses_what_has_none(folder, tickets, tmp_path, monkeypatch):
    code, out, errors = tickets("hardware", folder / "hw-done", folder / "hw-done", "--out", tmp_path / "page")
    assert (code, errors) == (0, "")
    assert out.startswith("• 1 run on 1 device: 1 of 1 job has its result.\n")
    assert Path(out.splitlines()[-1].removeprefix("Report: ")) == tmp_path / "page" / "report.html"
    monkeypatch.chdir(tmp_path)
    code, out, errors = tickets("hardware")
    assert (code, out) == (2, "")
    assert "runs cannot be read (there is no such folder)" in errors
    (tmp_path / "runs").mkdir()
    with pytest.raises(InputError, match="runs holds no runs on devices; make one with tickets submit"):
        gather([Path("runs")])
