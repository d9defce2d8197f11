"""The study's run: which tasks there are, what stands in their records, what more repeats run, and what is refused."""

import shutil
import sys
from functools import partial

import numpy as np
import pytest

from classical.ridgelet import EnumerationSampler
from classical.ridgelet.enumeration import enumerate_probabilities
from compare.engine import Seeds
from compare.engine.fields import make
from compare.studies import STUDIES
from compare.studies.data import TABLE
from compare.studies.ridgelet.noise import arms, measures
from compare.studies.ridgelet.noise.readings import Reading
from compare.studies.ridgelet.noise.study import (
    CIRCUIT,
    IDEAL,
    IDEAL_BACKEND,
    PROBLEM,
    READING,
    SHOTS,
    STUDY,
    SUPPRESSIONS,
    Settings,
    tasks,
)
from compare.studies.ridgelet.sources import Source, loaded
from problems.errors import InputError
from problems.ridgelet import SparseNetwork
from quantum.backends import Suppression, resolve
from quantum.ridgelet import ENCODINGS, ridgelet_circuit
from tests.compare.studies.ridgelet.noise import SMALL, run_in, small_run

ARMS = [IDEAL, *SMALL["suppressions"]]

FIT = arms.fit_circuit


def planned(kind, **changes):
    return [one.task for one in tasks(make(Settings, SMALL | changes)) if one.kind == kind]


def source_of(task):
    return Source.of(task, task.dataset)


def source(**changes):
    return source_of(planned(PROBLEM, **changes)[0])


def bits_of(row):
    return np.unpackbits(row["bits"], axis=1, count=row["clbits"], bitorder="little").astype(bool)


def test_the_study_is_known_by_its_command():
    assert STUDIES["noise"] is STUDY


def test_every_arm_of_every_encoding_is_there():
    groups = small_run()[READING].group("encoding")
    assert [key for (key,) in groups] == list(SMALL["encodings"])
    for found in groups.values():
        assert found.column("arm") == ARMS
        for row in found:
            assert row["raw"].fidelity.samples == SMALL["shots"] * SMALL["repeats"]
            assert (row["mitigated"] is None) == (row["gain"] is None) == (row["arm"] == IDEAL)


def test_without_noise_the_samples_are_those_of_p():
    for row in small_run()[READING].where(arm=IDEAL):
        found = row["raw"]
        assert found.surviving.best == 1
        assert found.fidelity.low < 1 < found.fidelity.high
        assert found.goodness_of_fit.pvalue > 1e-3


def test_the_record_holds_the_shots_that_the_device_gives_with_its_seed():
    circuit = ridgelet_circuit(loaded(source())[1], "rader", "sparse")
    program = resolve("fake_fez").prepare(circuit, 1)
    rows = small_run()[SHOTS].where(encoding="rader", arm="none")
    assert len(set(rows.column("simulator_seed"))) == 2
    for row in rows:
        np.testing.assert_array_equal(bits_of(row), program.run(SMALL["shots"], row["simulator_seed"]))


def test_no_two_runs_share_a_seed():
    seeds = small_run()[SHOTS].column("simulator_seed")
    assert len(set(seeds)) == len(seeds) == len(SMALL["encodings"]) * len(ARMS) * SMALL["repeats"]


def test_results_are_of_the_shots_on_record():
    _, problem = loaded(source())
    for encoding in SMALL["encodings"]:
        bits = [bits_of(row) for row in small_run()[SHOTS].where(encoding=encoding, arm="none")]
        reading = Reading.of(problem, ENCODINGS[encoding](3), np.concatenate(bits))
        (row,) = small_run()[READING].where(encoding=encoding, arm="none")
        raw = row["raw"]
        assert raw.surviving.best == pytest.approx(np.mean(reading.valid[reading.which]))
        excess = problem.node_count * np.sum(enumerate_probabilities(problem) ** 2) - 1
        assert raw.fidelity.best == pytest.approx((reading.density @ reading.raw - 1) / excess)
        # Repeats of equal size: the mean over them is that of all shots.
        assert raw.fidelity_over_repeats.best == pytest.approx(raw.fidelity.best)
        assert raw.fidelity_over_repeats.samples == SMALL["repeats"]


def test_the_readout_errors_are_those_of_the_measured_qubits():
    fitted, target = arms.fitted(source(), "binary", "fake_fez"), resolve("fake_fez").target
    measured = {}
    for instruction in fitted.circuit.data:
        if instruction.name == "measure":
            bit = fitted.circuit.find_bit(instruction.clbits[0]).index
            measured[bit] = target["measure"][(fitted.circuit.find_bit(instruction.qubits[0]).index,)].error
    (row,) = small_run()[CIRCUIT].where(encoding="binary")
    np.testing.assert_allclose(row["flips"][:, 0], [measured[bit] for bit in range(len(measured))])
    np.testing.assert_allclose(row["flips"][:, 1], row["flips"][:, 0])
    assert row["calibrated"].startswith("20")


def test_more_repeats_run_the_new_shots_and_what_reads_them(tmp_path):
    shutil.copytree(small_run().folder, tmp_path / "run")
    before = (tmp_path / "run" / "records.jsonl").read_bytes()
    more = run_in(tmp_path / "run", repeats=3, encodings="rader")
    after = (tmp_path / "run" / "records.jsonl").read_bytes()
    circuits = len(ARMS)
    assert after.startswith(before)
    # Of each arm one run and the reading; and the control, which has as many uniform nodes as an arm has shots.
    assert after[len(before) :].count(b"\n") == 2 * circuits + 1
    assert more.missing == 0
    assert {row["raw"].fidelity.samples for row in more[READING]} == {3 * SMALL["shots"]}


def test_lost_records_are_drawn_again_the_same_whatever_else_runs(tmp_path):
    """One worker, one encoding: what a process has run before makes no difference."""
    shutil.copytree(small_run().folder, tmp_path / "run")
    path = tmp_path / "run" / "records.jsonl"
    kept = [line for line in path.read_text().splitlines() if '"noise/circuit"' in line]
    path.write_text("\n".join(kept) + "\n")
    again = run_in(tmp_path / "run", encodings="binary", suppressions="dd")
    for kind in (SHOTS, READING):
        for record in again.of_kind(kind):
            before = small_run().records.finished[record.planned.id]
            assert record.line.result == before.line.result
            assert record.line.arrays == before.line.arrays


def test_without_noise_the_device_makes_no_difference():
    ideal = {one.id for one in tasks(Settings(**SMALL)) if getattr(one.task, "arm", "") == IDEAL}
    other = {one.id for one in tasks(Settings(**SMALL, backend="fake_torino"))}
    assert ideal <= other
    assert {task.backend for task in planned(SHOTS) if task.arm == IDEAL} == {IDEAL_BACKEND}


def test_a_process_fits_a_circuit_once(monkeypatch):
    calls = []

    def counted(*arguments):
        calls.append(arguments)
        return FIT(*arguments, tries=1)

    monkeypatch.setattr(arms, "fit_circuit", counted)
    for task in planned(SHOTS, encodings="rader", seed=77):
        measures.run(task, Seeds(task), {})
    assert len(calls) == 1


def test_fewer_valid_shots_make_fewer_networks():
    (task,) = planned(PROBLEM)
    data, problem = loaded(source())
    nodes = EnumerationSampler(problem).sample(5, 0)  # two networks of two nodes, where 50 were asked for
    networks = [SparseNetwork.fit(problem, nodes[i : i + 2], data.x_train, data.y_train, 1e-4) for i in (0, 2)]
    expected = [
        np.mean([one.risk(x, y) for one in networks])
        for x, y in ((data.x_train, data.y_train), (data.x_test, data.y_test))
    ]
    assert [one.best for one in measures.risk(task, source(), [nodes])] == pytest.approx(expected)


def test_the_problem_is_the_first_points_of_the_data():
    (one,) = (one.task for one in tasks(Settings()) if one.kind == PROBLEM)
    _, problem = loaded(source_of(one))
    assert (problem.prime, problem.dimension, len(problem.data)) == (3, 3, 4)


def test_a_twirled_arm_gives_as_many_shots_as_asked_for_and_says_what_cannot_help():
    task = next(task for task in planned(SHOTS, shots=101, suppressions="dd+twirling") if task.arm != IDEAL)
    assert measures.run(task, Seeds(task), {}).bits.shape == (101, 1)
    assert arms.notes(IDEAL_BACKEND, IDEAL) == arms.notes("fake_fez", "none") == ()
    both = arms.notes("fake_fez", "dd+twirling")
    assert ["Twirling" in note for note in both] == [False, True]
    assert "Dynamical decoupling" in both[0]
    assert both == arms.notes("fake_fez", "dd") + arms.notes("fake_fez", "twirling")
    assert Suppression(**SUPPRESSIONS["dd+twirling"]).chosen == ("dynamical decoupling", "twirling")


def test_a_users_own_file_is_a_data_set(tmp_path):
    rng = np.random.default_rng(0)
    rows = "".join(f"{a:.3f},{b:.3f},{'cat' if a + b > 1 else 'dog'}\n" for a, b in rng.random((60, 2)))
    path = tmp_path / "my.csv"
    path.write_text(f"a,b,species\n{rows}")
    asked = {"dataset": str(path), "target": "species", "encodings": "rader", "suppressions": "none"}
    runs = run_in(tmp_path / "run", **asked)
    assert runs.missing == 0
    assert runs[TABLE][0]["classes"] == ("cat", "dog")
    assert "dog (+1) against cat (-1)" in runs.made().sections[0].paragraphs[0]
    # Without the file, what is on record is enough for more.
    more = run_in(tmp_path / "run", **asked | {"dataset": runs.settings.dataset, "target": None, "repeats": 3})
    assert more.missing == 0
    # What its data do not allow is refused before a folder is made.
    with pytest.raises(InputError, match="features = 3"):
        run_in(tmp_path / "new", **asked | {"features": 3})
    assert not (tmp_path / "new").exists()


def test_without_a_file_and_its_record_tasks_wait_and_say_for_what(tmp_path, capsys):
    runs = run_in(tmp_path, dataset="file:0123456789abcdef")
    assert runs.missing == runs.asked
    assert "for the table of a file: name the file again" in capsys.readouterr().err


# Refusals

BAD_SETTINGS = [
    ({"shots": 99}, "shots = 99 is too few"),
    ({"shots": 300, "nodes": 76}, "at least 304 are needed"),
    ({"shots": 2.5}, "shots = 2.5 is not a whole number"),
    ({"repeats": 1}, "repeats = 1 is too small"),
    ({"points": 0}, "points = 0 is too small"),
    ({"features": 0}, "features = 0 is too small"),
    ({"nodes": 0}, "nodes = 0 is too small"),
    ({"seed": -1}, "seed = -1 is too small"),
    ({"ridge": -1.0}, "ridge = -1.0 is too small"),
    ({"regularization": -1.0}, "regularization = -1.0 is too small"),
    ({"activation": (1, 2)}, "shape (2,)"),
    ({"prime": 4}, "prime = 4 is not prime"),
    ({"prime": 7}, "7"),
    ({"dataset": "digts"}, "Did you mean 'digits'"),
    ({"target": "species"}, "targets of their own"),
    ({"encodings": ("radar",)}, "no encoding 'radar'. Did you mean 'rader'"),
    ({"encodings": ()}, "There is no encoding; give at least one"),
    ({"encodings": ("rader", "rader")}, "'rader' is there 2 times"),
    ({"suppressions": ("d",)}, "no suppression 'd'"),
    ({"suppressions": ()}, "There is no suppression; give at least one"),
    ({"suppressions": ("dd", "dd")}, "'dd' is there 2 times"),
    ({"backend": "fake_fes"}, "no noisy device 'fake_fes'. Did you mean 'fake_fez'"),
    ({"backend": "aer_statevector"}, "no noisy device 'aer_statevector'"),
    ({"backend": "ibm_fez"}, "tickets submit --backend ibm_fez"),
]


@pytest.mark.parametrize(("bad", "said"), BAD_SETTINGS)
def test_bad_settings_are_refused_before_anything_is_fitted(bad, said, monkeypatch, tmp_path):
    monkeypatch.setattr(arms, "fit_circuit", None)
    with pytest.raises(InputError) as refused:
        run_in(tmp_path / "new", **bad)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"shots": 100_001}, "shots = 100001 is more than fake_fez takes in one run, 100000"),
        ({"features": 6, "points": 120}, "too deep for fake_fez"),
        ({"features": 65}, "features"),
        ({"backend": "fake_manila", "features": 3}, "fake_manila connects 5"),
        ({"prime": 2, "points": 1, "activation": (0, 1), "encodings": "binary"}, "p\\* is uniform"),
    ],
)
def test_what_data_and_device_do_not_take_is_refused_before_a_folder_is_made(bad, said, monkeypatch, tmp_path):
    monkeypatch.setattr(arms, "fit_circuit", partial(FIT, tries=1))
    with pytest.raises(InputError, match=said):
        run_in(tmp_path / "new", **{"encodings": "rader", "suppressions": "none"} | bad)
    assert not (tmp_path / "new").exists()


def test_a_missing_mthree_is_told_before_anything_runs(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "mthree", None)
    with pytest.raises(InputError, match="quantum-tickets\\[ibm\\]"):
        run_in(tmp_path / "new")
    assert not (tmp_path / "new").exists()
