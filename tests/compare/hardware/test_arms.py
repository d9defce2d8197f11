"""Folded circuits, and circuits with random gates, as jobs of a run: what is sent, and what averages come of them."""

import dataclasses
import json
import shutil

import msgspec
import numpy as np
import pytest
from qiskit import ClassicalRegister

from compare.engine.record import sealed
from compare.hardware.arms import check_arms
from compare.hardware.averages import half_interval, told_averages
from compare.hardware.averages_record import AveragesRecord
from compare.hardware.create import create, resumable
from compare.hardware.fetch import _summary
from compare.hardware.gather import gather
from compare.hardware.mitigated_offer import plain_mitigation
from compare.hardware.mitigation import Mitigation
from compare.hardware.offer import offer_lines
from compare.hardware.page import hardware_report
from compare.hardware.payload import Built, find_kind
from compare.hardware.plain_rows import plain_rows
from compare.hardware.plan import Order, as_file, make_plan
from compare.hardware.record import SCHEMA
from compare.hardware.replay import NEAR, replay
from compare.hardware.run import HardwareRun, file_digest
from compare.hardware.submit import send
from compare.statistics import student
from compare.statistics.extrapolation import extrapolate
from problems.errors import InputError
from quantum.backends.adapter import JobState
from quantum.backends.drawing import canceled_mean
from quantum.backends.folding import two_qubit_gates
from quantum.backends.readout import ReadoutErrors
from tests.compare.hardware.runs import QUICK, bring, counts, entangled_payloads, in_one_line, small_payloads
from tests.loopback import AFTER, cut

SHOTS = 300
ORDERED = Mitigation(("raw", "readout", "zne", "pec"), (1, 3, 5), "exponential", 2)
EACH = 1 + 3 + 3
"""Circuits of a round."""


@pytest.fixture(scope="module")
def plan():
    return make_plan(entangled_payloads(), Order("fake_fez", SHOTS, 5, rounds=2, mitigation=ORDERED))


@pytest.fixture(scope="module")
def fetched(plan, tmp_path_factory):
    run = create(plan, tmp_path_factory.mktemp("arms"))
    bring(run, None)
    return HardwareRun(run.path)


def test_every_way_has_its_circuits_and_as_many_shots(plan):
    assert len(plan.jobs) == 2 * EACH
    for turn in range(2):
        base, *arms = plan.jobs[turn * EACH : (turn + 1) * EACH]
        assert base.arm is None
        assert [one.arm.way for one in arms] == ["zne"] * 3 + ["pec"] * 3
        assert {one.arm.of for one in arms} == {f"{turn * EACH:03}"}
        assert {one.round for one in (base, *arms)} == {turn}
        assert [sum(one.shots for one in arms if one.arm.way == way) for way in ("zne", "pec")] == [SHOTS, SHOTS]
        gates = two_qubit_gates(base.circuit)
        assert [two_qubit_gates(one.circuit) for one in arms] == [gates, 3 * gates, 5 * gates, gates, gates, gates]
        assert [one.fitted.two_qubit_gates for one in arms] == [two_qubit_gates(one.circuit) for one in arms]
        assert [one.arm.paulis > 0 for one in arms[3:]] == [False, True, True]
        assert [one.arm.sign for one in arms[3:]] == [(-1) ** one.arm.paulis for one in arms[3:]]
    assert len({job.seed for job in plan.jobs}) == len(plan.jobs)


def test_what_is_ordered_runs_as_it_does_without_mitigation(plan):
    alone = make_plan(entangled_payloads(), Order("fake_fez", SHOTS, 5, rounds=2))
    own = [job for job in plan.jobs if job.arm is None]
    assert [job.seed for job in own] == [job.seed for job in alone.jobs]
    assert [job.circuit for job in own] == [job.circuit for job in alone.jobs]


def reference(run, base, way):
    """The averages in one way, by definition: one matrix of all readout errors, and every mean written out."""
    jobs = {job.name: job for job in run.jobs}
    found = find_kind(base.payload).observables(run.payload(base), base.bits)
    table = found.table
    if way != "raw":
        matrix = np.ones((1, 1))
        for up, down in ReadoutErrors.from_target(run.circuit(base), run.target()).flips:
            matrix = np.kron([[1 - up, down], [up, 1 - down]], matrix)
        table = np.linalg.solve(matrix.T, table.T).T

    def values(job):
        bits = run.result(jobs[job.name]).arrays["bits"]
        return np.array([table[:, int("".join("01"[int(bit)] for bit in row[::-1]), 2)] for row in bits])

    own = [job for job in run.jobs if job.arm is not None and (job.arm.of, job.arm.way) == (base.name, way)]
    if way in ("raw", "readout"):
        return values(base).mean(axis=0)
    means = np.array([values(job).mean(axis=0) for job in own])
    if way == "pec":
        plain, gamma = own[0].arm.plain, own[0].arm.gamma
        signs = np.array([job.arm.sign for job in own[1:]])
        return gamma * (plain * means[0] + (1 - plain) * (signs[:, None] * means[1:]).mean(axis=0))
    errors = np.array([values(job).std(axis=0, ddof=1) / np.sqrt(run.shots(job)) for job in own])
    floor, factors = table.mean(axis=1), [job.arm.factor for job in own]
    ends = [extrapolate(factors, means[:, k] - floor[k], errors[:, k]).value for k in range(len(floor))]
    return np.array(ends) + floor


def test_averages_are_what_their_definitions_say(fetched):
    assert fetched.record.schema == SCHEMA
    bases = [job for job in fetched.jobs if job.arm is None]
    for base in bases:
        kept = fetched.read(AveragesRecord, base)
        assert kept.names[0] == "cross-entropy fidelity"
        assert kept.ideal[0] == 1.0
        assert [way.name for way in kept.ways] == list(ORDERED.ways)
        for way in kept.ways:
            np.testing.assert_allclose(way.values, reference(fetched, base, way.name), rtol=1e-12)
            assert way.shots == SHOTS
            # Within four standard errors of the ideal, and of what the noise leaves.
            assert all(abs(value - one) < 0.12 + 4 * error for value, error, one
                       in zip(way.values, way.errors, kept.ideal, strict=True))  # fmt: skip
        gates = kept.by_name["raw"].gates[0]
        assert kept.by_name["zne"].gates == (gates, 3 * gates, 5 * gates)
        assert kept.by_name["pec"].gates == (gates,)
        pec, found = kept.by_name["pec"], kept.estimate(kept.by_name["pec"])
        assert found.high - found.best == pytest.approx(pec.halves[0])
        assert pec.halves[0] > 1.96 * pec.errors[0]
        assert kept.cost(kept.by_name["raw"]) == 1.0
        assert kept.cost(kept.by_name["readout"]) > 1.0
    first, second = (fetched.read(AveragesRecord, base) for base in bases)
    assert first.ways != second.ways
    lines = list(told_averages(fetched))
    assert lines[0].startswith("000: cross-entropy fidelity (without noise 1): raw ")
    assert lines[-1] == "These are averages over shots; nodes and other single shots are not mitigated."


def test_intervals_of_few_random_circuits_hold_the_truth():
    """4000 averages at once, most of their error by the circuits: 1.96 standard errors hold it far less often."""
    for count, normal in ((2, 0.8), (4, 0.9)):
        rng = np.random.default_rng(count)
        first, means = rng.normal(0.5, 0.3, (4000, 400)), rng.normal(-0.2, 0.5, (4000, count))
        values, parts = canceled_mean(first, means, -np.ones(count), 1.3, 0.8)
        away = np.abs(values - 1.3 * (0.8 * 0.5 + 0.2 * 0.2))
        assert np.mean(away <= half_interval(parts, (400, count))) > 0.94
        assert np.mean(away <= 1.96 * np.hypot(*parts)) < normal
    assert half_interval(np.array([[0.0], [2.0]]), (400, 3)) == pytest.approx(2 * student(2))


def test_averages_are_made_again_from_the_record_alone(fetched, tmp_path):
    again = replay(fetched)
    assert [one.averages > 20 for one in again] == ([True] + [False] * (EACH - 1)) * 2
    assert max(one.farthest for one in again) <= NEAR

    def altered(change):
        run = HardwareRun(shutil.copytree(fetched.path, tmp_path / "run", dirs_exist_ok=True))
        change(run)
        with pytest.raises(InputError) as refusal:
            replay(HardwareRun(run.path))
        return in_one_line(refusal)

    def value(run):
        path = run.path / "averages-000.json"
        content = json.loads(path.read_text())
        content["ways"][3]["values"][0] *= 1 + 1e-9
        path.write_text(json.dumps(content | {"digest": sealed(content)}))

    def record(edit):
        def change(run):
            path = run.path / "run.json"
            content = json.loads(path.read_text())
            edit(run, content["jobs"])
            path.write_text(json.dumps(content | {"digest": sealed(content)}))

        return change

    def gamma(run, jobs):
        for job in jobs[4:EACH]:
            job["arm"]["gamma"] = 1.5
        (run.path / "averages-000.json").unlink()

    def unfolded(run, jobs):
        jobs[2]["arm"]["factor"] = 5
        jobs[3]["arm"]["factor"] = 3

    def orphan(run, jobs):
        jobs[2]["arm"]["of"] = "001"

    assert "gives ways values = " in altered(value)
    assert "averages of job 000 of" in altered(lambda run: (run.path / "averages-000.json").unlink())
    assert "has 15 two-qubit gates, not 5 times 5" in altered(record(unfolded))
    assert "says that job 002 is of 001, which is none that was ordered" in altered(record(orphan))
    run = HardwareRun(shutil.copytree(fetched.path, tmp_path / "gamma"))
    record(gamma)(run)
    bring(run, None)  # makes averages of it, which are not what the calibration says
    with pytest.raises(InputError, match="gives gamma = "):
        replay(HardwareRun(run.path))


def test_a_circuit_that_does_not_measure_what_its_record_says_is_told_in_one_line(fetched, tmp_path):
    run = HardwareRun(shutil.copytree(fetched.path, tmp_path / "run"))
    circuit = run.circuit(run.jobs[0])
    circuit.add_register(ClassicalRegister(1, "more"))
    circuit.measure(0, circuit.clbits[-1])
    changed, bits = as_file(circuit), run.jobs[0].bits
    (run.path / "circuit-000.qpy").write_bytes(changed)
    content = json.loads((run.path / "run.json").read_text())
    content["jobs"][0]["files"]["circuit-000.qpy"] = file_digest(changed)
    (run.path / "run.json").write_text(json.dumps(content | {"digest": sealed(content)}))
    (run.path / "averages-000.json").unlink()
    with pytest.raises(InputError, match=f"measures {bits + 1} bits, and its record says {bits}") as refusal:
        bring(run, None)
    in_one_line(refusal)


def test_the_page_has_every_way_beside_what_is_read(fetched, tmp_path):
    (row,) = gather([fetched.path])
    assert row.notes == ()
    assert [one.round for one in row.averages] == [0, 1]
    assert [bool(job.way) for job in row.jobs] == ([False] + [True] * (EACH - 1)) * 2
    assert [job.raw is not None for job in row.jobs] == ([True] + [False] * (EACH - 1)) * 2
    page = hardware_report([row], tmp_path, "tickets hardware")
    section = next(one for one in page.sections if one.title == "Averages, mitigated")
    assert "Nodes themselves are not mitigated" in section.paragraphs[0]
    assert "depolarizing, of its stated error" in section.paragraphs[1]
    assert section.findings[0].startswith("The cross-entropy fidelity of digits, P = 3")
    table, took = section.tables
    kept = row.averages[0].kept
    assert len(table.rows) == 2 * 4 * len(kept.names)
    assert table.rows[2][2].text == f"zne, {kept.by_name['zne'].laws[0]}"
    assert [cell.text for cell in took.rows[2][1:]] == ["zne", "300", "3", "-", "5 / 15 / 25", "not known"]
    assert len(took.rows) == 2 * 4
    (plain,) = plain_rows([row])
    said = json.loads(json.dumps(plain, allow_nan=False))["averages"][0]["averages"][0]["ways"]["pec"]
    assert (said["best"], said["jobs"], said["gamma"]) == (
        kept.by_name["pec"].values[0], 3, kept.by_name["pec"].gamma)  # fmt: skip
    # What is damaged or waits says so, and the rest of the page stands.
    path = shutil.copytree(fetched.path, tmp_path / "damaged") / "averages-000.json"
    content = json.loads(path.read_text())
    content["ways"][1]["errors"].pop()
    path.write_text(json.dumps(content | {"digest": sealed(content)}))
    (row,) = gather([path.parent])
    assert "it has not every average by readout" in row.notes[0]
    assert [one.job for one in row.averages] == [f"{EACH:03}"]
    run = HardwareRun(shutil.copytree(fetched.path, tmp_path / "waiting"))
    (run.path / "averages-000.json").unlink()
    (row,) = gather([run.path])
    assert row.notes == ("The averages of 1 circuit wait for their jobs.",)


def test_a_further_circuit_that_failed_is_not_said_to_be_submitted_again_with_its_study(fetched):
    run = HardwareRun(fetched.path)
    run.record = msgspec.structs.replace(run.record, study="kernels")
    standings = dict.fromkeys((job.name for job in run.jobs), JobState("done"))
    told = _summary(run, standings | {"005": JobState("failed", "too hot")})
    assert "005 failed (too hot); averages of 000 will not be mitigated here" in told
    assert "new run of the study in another folder" in told
    assert "tickets submit" not in told
    told = _summary(run, standings | {"000": JobState("failed")})
    assert "what has failed needs a new run: tickets submit --study kernels" in told
    assert "averages" not in told


def test_the_offer_counts_circuits_and_shots(plan):
    lines = list(offer_lines(plan))
    assert lines[0].startswith("fake_fez: 7 jobs in each of 2 rounds")
    said = "\n".join(lines)
    for words in (
        "  005-006  pec: 2 circuits with random gates, ",
        "  raw: 300 shots in 1 job\n",
        "  readout: 300 shots in 1 job, the same\n",
        "  zne: 300 shots in 3 jobs, two-qubit gates 1, 3, 5 times, extrapolated by an exponential\n",
        "  pec: 300 shots in 3 jobs, signed averages times gamma = 1.0",
        "of two-qubit gates as depolarizing, are those of the device's calibration of 2025-02-26: no shots go into",
        "Averages of 1 circuit are mitigated; nodes and other single shots are not.",
    ):
        assert words in said
    unknown = dataclasses.replace(plan.estimate, seconds=(*plan.estimate.seconds[:6], None, *plan.estimate.seconds[7:]))
    (line,) = [one for one in offer_lines(dataclasses.replace(plan, estimate=unknown)) if one.startswith("  005-006")]
    assert line.endswith("quantum seconds unknown")
    assert plain_mitigation(plan)["shots"] == dict.fromkeys(ORDERED.ways, SHOTS)
    assert plain_mitigation(plan)["jobs"] == {"raw": 1, "readout": 1, "zne": 3, "pec": 3}


def on_the_wire(body):
    """The two-qubit gates of a circuit as IBM's service is given it."""
    from qiskit_ibm_runtime.quantum_program.params_converters import QUANTUM_PROGRAM_PARAMS_CONVERTERS

    converter = QUANTUM_PROGRAM_PARAMS_CONVERTERS[body["params"]["schema_version"]]
    program, _ = converter.decoder(converter.model.model_validate(body["params"]))
    return two_qubit_gates(program.items[0].circuit)


def test_folded_gates_are_in_what_a_service_is_given_and_nothing_is_submitted_twice(served, server, tmp_path):
    account = served[1]
    plan = make_plan(entangled_payloads(), Order("ibm_fez", SHOTS, 5, rounds=2, mitigation=ORDERED), account)
    run = create(plan, tmp_path)
    assert resumable(plan, tmp_path).path == run.path
    first = len(server.log)
    with server.failing(cut("POST", "/jobs", skip=2, times=1, when=AFTER)):
        send(run, account, plan.device, fresh=True, pace=QUICK)
    send(HardwareRun(run.path), account, plan.device, pace=QUICK)
    assert counts(server, run) == [1] * len(run.jobs)
    sent = {}
    for request in server.log[first:]:
        if request.method == "POST" and request.path.endswith("/jobs"):
            sent[next(tag for tag in request.body["tags"] if tag != run.tag)] = on_the_wire(request.body)
    gates = sent[run.jobs[0].tag]
    assert gates > 0
    for job in run.jobs:
        assert sent[job.tag] == gates * (1 if job.arm is None else job.arm.factor)
    # The same order again is no other run; another one is.
    other = make_plan(entangled_payloads(), Order("ibm_fez", SHOTS, 5, rounds=2), account)
    assert resumable(other, tmp_path) is None


@pytest.mark.parametrize(
    ("backend", "ways", "told"),
    [
        ("aer_statevector", ("raw",), "aer_statevector has no noise to be mitigated"),
        ("fake_fez", ("zne", "zen"), "There is no mitigation 'zen'. Did you mean 'zne'"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_fitted(backend, ways, told):
    with pytest.raises(InputError, match=told):
        make_plan(small_payloads(1), Order(backend, SHOTS, mitigation=Mitigation(ways)))


@pytest.mark.parametrize(
    ("ways", "shots", "told"),
    [
        (("raw",), 1, "shots = 1 have no spread"),
        (("zne",), 5, "shots = 5 do not go round 3 folded circuits"),
        (("pec",), 30, "shots = 30 do not go round 32 circuits with random gates"),
    ],
)
def test_too_few_shots_are_refused_for_each_way(plan, ways, shots, told):
    job = plan.jobs[0]
    with pytest.raises(InputError, match=told):
        check_arms(Mitigation(ways), Built(job.payload, job.circuit), job.fitted, plan.target, shots)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("--mitigation zen", "There is no mitigation 'zen'. Did you mean 'zne'"),
        ("--mitigation raw,zne --factor 1,2", "factor = 2 is even"),
        ("--mitigation zne --factor 3", "leave nothing to extrapolate from"),
        ("--mitigation zne --factor 1,101", "factor = 101 is too large"),
        ("--mitigation zne --factor 1,x", "factor = '1,x' is no list of whole numbers"),
        ("--mitigation zne --extrapolation cubic", "There is no extrapolation 'cubic'"),
        ("--mitigation pec --pec-circuits 1", "pec_circuits = 1 are too few"),
        ("--mitigation pec --pec-circuits 1001", "pec_circuits = 1001 are too many"),
        ("--mitigation raw --factor 1,5", "--factor says nothing without zne"),
        ("--pec-circuits 9", "--pec-circuits says nothing without pec"),
        ("--mitigation zne --at-once 2", "Leave --at-once out, or zne and pec"),
        ("--mitigation pec --turns 1000 --points 4", "a run has at most 10,000"),
        ("--resume hw-1 --mitigation raw", "--mitigation change"),
    ],
)
def test_flags_that_cannot_be_are_refused_in_one_line(tickets, tmp_path, words, told):
    code, out, errors = tickets("submit", "--backend", "fake_fez", *words.split(), "--out", tmp_path / "runs")
    assert (code, out) == (2, "")
    assert told in errors
    assert errors.count("\n") == 1
    assert not (tmp_path / "runs").exists()


def test_the_number_of_any_study_is_an_average_that_is_mitigated(fetched):
    """The one that devices are judged by, as a function of the bits: over all strings by their probabilities."""
    base = fetched.jobs[0]
    kind, payload = find_kind(base.payload), fetched.payload(base)
    by_scores = kind.__class__(kind.build, kind.decode, kind.scores).observables(payload, base.bits)
    own = kind.observables(payload, base.bits)
    np.testing.assert_allclose(by_scores.table[0], own.table[0], atol=1e-12)
    assert (by_scores.names[0], by_scores.ideal[0]) == (own.names[0], own.ideal[0])
    nothing = kind.__class__(kind.build, kind.decode)
    with pytest.raises(InputError, match="is no average over shots"):
        nothing.observables(payload, base.bits)
