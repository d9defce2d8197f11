"""The study's run: what is planned, what stands in its record, what a resumed run draws, and what is refused."""

import json
import shutil
import sys
from dataclasses import asdict
from functools import partial

import numpy as np
import pytest

from classical.ridgelet import EnumerationSampler
from classical.ridgelet.enumeration import enumerate_probabilities
from compare.records import RunFolder
from compare.studies import OLD_STUDIES as STUDIES
from compare.studies.noise import arms, page, study
from compare.studies.noise.arms import IDEAL, SUPPRESSIONS
from compare.studies.noise.measures import Reading
from compare.studies.noise.study import Settings, load_results, plan
from problems.errors import InputError
from problems.ridgelet import RidgeletProblem, SparseNetwork
from quantum.backends import resolve
from quantum.ridgelet import ENCODINGS, ridgelet_circuit
from tests.compare.studies.noise import SMALL, small_run

ARMS = [IDEAL, *SMALL["suppressions"]]


@pytest.fixture(scope="module")
def results():
    return small_run()[1]


def bits_on_disk(folder, key):
    clbits = json.loads((folder / f"{key}.json").read_text())["result"]["clbits"]
    with np.load(folder / f"{key}.npz") as file:
        return np.unpackbits(file["bits"], axis=1, count=clbits, bitorder="little").astype(bool)


def test_the_study_is_known_by_the_kind_of_its_records():
    assert STUDIES["noise"] is page.STUDY
    assert RunFolder.open(small_run()[0]).run["kind"] == "noise"
    assert list(STUDIES) == ["noise"]


def test_every_arm_of_every_encoding_is_there(results):
    assert list(results.arms) == list(SMALL["encodings"])
    for found in results.arms.values():
        assert list(found) == ARMS
        for name, arm in found.items():
            assert arm["shots"] == SMALL["shots"] * SMALL["repeats"]
            assert ("mitigated" in arm) == ("gain" in arm) == (name != IDEAL)


def test_every_piece_of_progress_is_announced():
    ((_, steps, done),) = small_run()[2]
    assert len(done) == steps == len(SMALL["encodings"]) * len(ARMS) * SMALL["repeats"]


def test_without_noise_the_samples_are_those_of_p(results):
    for of_encoding in results.arms.values():
        found = of_encoding[IDEAL]["raw"]
        assert found["surviving"]["best"] == 1
        assert found["fidelity"]["low"] < 1 < found["fidelity"]["high"]
        assert found["goodness_of_fit"]["pvalue"] > 1e-3


def test_the_record_holds_the_shots_that_the_device_gives_with_its_seed():
    planned, folder = plan(Settings(**SMALL)), small_run()[0]
    circuit = ridgelet_circuit(planned.problem, "rader", "sparse")
    program = resolve("fake_fez").prepare(circuit, 1)
    seeds = [json.loads((folder / f"rader-none-{i:02}.json").read_text())["result"]["seed"] for i in range(2)]
    assert len(set(seeds)) == 2
    for i, seed in enumerate(seeds):
        np.testing.assert_array_equal(bits_on_disk(folder, f"rader-none-{i:02}"), program.run(SMALL["shots"], seed))


def test_no_two_circuits_share_a_seed():
    keys = [f"{e}-{name}-{i:02}" for e in SMALL["encodings"] for name in ARMS for i in range(SMALL["repeats"])]
    seeds = {json.loads((small_run()[0] / f"{key}.json").read_text())["result"]["seed"] for key in keys}
    assert len(seeds) == len(keys)


def test_results_are_of_the_shots_on_disk(results):
    planned, folder = plan(Settings(**SMALL)), small_run()[0]
    for encoding in SMALL["encodings"]:
        bits = [bits_on_disk(folder, f"{encoding}-none-{i:02}") for i in range(SMALL["repeats"])]
        reading = Reading.of(planned.problem, ENCODINGS[encoding](3), np.concatenate(bits))
        raw = results.arms[encoding]["none"]["raw"]
        assert raw["surviving"]["best"] == pytest.approx(np.mean(reading.valid[reading.which]))
        excess = planned.problem.node_count * np.sum(enumerate_probabilities(planned.problem) ** 2) - 1
        assert raw["fidelity"]["best"] == pytest.approx((reading.density @ reading.raw - 1) / excess)
        # Repeats of equal size: the mean over them is that of all shots.
        assert raw["fidelity_over_repeats"]["best"] == pytest.approx(raw["fidelity"]["best"])
        assert raw["fidelity_over_repeats"]["samples"] == SMALL["repeats"]


def test_the_readout_errors_are_those_of_the_measured_qubits():
    planned, folder = plan(Settings(**SMALL)), small_run()[0]
    fitted = planned.arms.fitted("binary")
    target = resolve("fake_fez").target
    measured = {}
    for instruction in fitted.circuit.data:
        if instruction.name == "measure":
            bit = fitted.circuit.find_bit(instruction.clbits[0]).index
            measured[bit] = target["measure"][(fitted.circuit.find_bit(instruction.qubits[0]).index,)].error
    with np.load(folder / "binary-circuit.npz") as file:
        np.testing.assert_allclose(file["flips"][:, 0], [measured[bit] for bit in range(len(measured))])
        np.testing.assert_allclose(file["flips"][:, 1], file["flips"][:, 0])


def test_a_run_that_lost_steps_draws_the_same_again(tmp_path, results):
    shutil.copytree(small_run()[0], tmp_path / "run")
    for key in ("rader-none-01", "rader-none", "problem"):
        (tmp_path / "run" / f"{key}.json").unlink()
    settings = Settings(**SMALL)
    again = study.run(plan(settings), RunFolder(tmp_path / "run", "noise", asdict(settings)))
    assert again.arms == results.arms
    assert again.problem == results.problem


def test_a_finished_run_is_read_without_running_anything(monkeypatch, results):
    monkeypatch.setattr(study.Arms, "measure", None)
    monkeypatch.setattr(study.Arms, "fitted", None)
    assert load_results(RunFolder.open(small_run()[0])).arms == results.arms


def test_fewer_valid_shots_make_fewer_networks():
    planned = plan(Settings(**SMALL))
    nodes = EnumerationSampler(planned.problem).sample(5, 0)  # two networks of two nodes, where 50 were asked for
    data = planned.data
    networks = [SparseNetwork.fit(planned.problem, nodes[i : i + 2], data.x_train, data.y_train, 1e-4) for i in (0, 2)]
    expected = [
        np.mean([one.risk(x, y) for one in networks])
        for x, y in (
            (data.x_train, data.y_train),
            (data.x_test, data.y_test),
        )
    ]
    assert study._risk(planned, nodes) == pytest.approx(expected)


def test_settings_of_another_version_are_refused(tmp_path):
    shutil.copytree(small_run()[0], tmp_path / "run")
    path = tmp_path / "run" / "run.json"
    known = json.loads(path.read_text())
    path.write_text(json.dumps(known | {"settings": known["settings"] | {"unheard": 1}}))
    with pytest.raises(InputError, match="none of this version's"):
        load_results(RunFolder.open(tmp_path / "run"))


# Refusals

BAD_SETTINGS = [
    ({"shots": 99}, "shots = 99 is too few"),
    ({"shots": 300, "nodes": 76}, "at least 304 are needed"),
    ({"shots": 2.5}, "shots = 2.5 is no whole number"),
    ({"repeats": 1}, "repeats = 1 is too small"),
    ({"points": 0}, "points = 0 is too small"),
    ({"nodes": 0}, "nodes = 0 is too small"),
    ({"seed": -1}, "seed = -1 is too small"),
    ({"ridge": -1.0}, "ridge = -1.0 is negative"),
    ({"prime": 4}, "prime = 4 is not prime"),
    ({"prime": 7}, "7"),
    ({"dataset": "digts"}, "Did you mean 'digits'"),
    ({"encodings": ("radar",)}, "no encoding 'radar'. Did you mean 'rader'"),
    ({"encodings": ()}, "no encoding to compare"),
    ({"encodings": ("rader", "rader")}, "'rader' is there 2 times"),
    ({"suppressions": ("d",)}, "no suppression 'd'"),
    ({"suppressions": ()}, "no suppression to compare"),
    ({"suppressions": ("dd", "dd")}, "'dd' is there 2 times"),
    ({"backend": "fake_fes"}, "no noisy device 'fake_fes'. Did you mean 'fake_fez'"),
    ({"backend": "aer_statevector"}, "no noisy device 'aer_statevector'"),
    ({"backend": "ibm_fez"}, "tickets submit --backend ibm_fez"),
]


@pytest.mark.parametrize(("bad", "said"), BAD_SETTINGS)
def test_bad_settings_are_refused_before_anything_is_fitted(bad, said, monkeypatch):
    monkeypatch.setattr(study.Arms, "fitted", None)
    with pytest.raises(InputError) as refused:
        plan(Settings(**SMALL | bad))
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"shots": 100_001}, "shots = 100001 is more than fake_fez takes in one run, 100000"),
        ({"features": 6, "points": 120}, "too deep for fake_fez"),
        ({"backend": "fake_manila", "features": 3}, "fake_manila connects 5"),
    ],
)
def test_what_the_device_does_not_take_is_refused(bad, said, monkeypatch):
    monkeypatch.setattr(arms, "fit_circuit", partial(arms.fit_circuit, tries=1))
    settings = Settings(**SMALL | {"encodings": ("rader",), "suppressions": ("none",)} | bad)
    planned = plan(settings)
    with pytest.raises(InputError, match=said):
        planned.arms.check(settings.encodings, settings.suppressions)


def test_a_twirled_arm_gives_as_many_shots_as_asked_for_and_says_what_cannot_help():
    planned = plan(Settings(**SMALL | {"shots": 101}))
    bits = planned.arms.measure("rader", "dd+twirling", 5)
    assert bits.shape == (101, 4)
    assert planned.arms.notes(IDEAL) == planned.arms.notes("none") == []
    assert ["Twirling" in note for note in planned.arms.notes("dd+twirling")] == [False, True]
    assert "Dynamical decoupling" in planned.arms.notes("dd")[0]
    assert planned.arms.notes("dd+twirling") == planned.arms.notes("dd") + planned.arms.notes("twirling")
    assert SUPPRESSIONS["dd+twirling"].chosen == ("dynamical decoupling", "twirling")


def test_a_missing_mthree_is_told_before_anything_runs(monkeypatch):
    monkeypatch.setitem(sys.modules, "mthree", None)
    with pytest.raises(InputError, match="quantum-tickets\\[ibm\\]"):
        plan(Settings(**SMALL)).arms.check(("rader",), ("none",))


def test_the_problem_is_the_first_points_of_the_data():
    planned = plan(Settings())
    assert isinstance(planned.problem, RidgeletProblem)
    assert (planned.problem.prime, planned.problem.dimension, len(planned.problem.data)) == (3, 3, 4)
