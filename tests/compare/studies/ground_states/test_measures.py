"""The measurements of the tasks, held against the functions that they call; divergence, devices and deep networks."""

import sys
from dataclasses import replace

import numpy as np
import pytest

import compare
from classical.ground_states import FeedForwardState, cut, train
from compare.engine import Seeds
from compare.engine.fields import make
from compare.engine.work import Read
from compare.hardware.create import create
from compare.hardware.plan import Order, make_plan
from compare.hardware.run import HardwareRun
from compare.studies.ground_states import networks
from compare.studies.ground_states.gates import order
from compare.studies.ground_states.plan import cpu_hours
from compare.studies.ground_states.records import Deep, Known, Measured, Shots
from compare.studies.ground_states.study import (
    ARM,
    CIRCUIT,
    CIRCUIT_ARM,
    DENSE,
    GROUND,
    NOISE,
    PRESETS,
    RIVAL,
    ROUND,
    SHOTS,
    Settings,
    counts,
    tasks,
)
from problems.errors import InputError
from problems.ground_states import CRITICAL_FIELD, IsingModel, schedule
from tests.compare.hardware.runs import bring
from tests.compare.studies.ground_states.conftest import SMALL

TWO = IsingModel(2, 2, CRITICAL_FIELD)


def state_of(row):
    like = FeedForwardState(4, row["alpha"], seed=0)
    weights = np.zeros(like.mask.size)
    weights[row["kept"]] = row["values"]
    return FeedForwardState(4, row["alpha"], weights.reshape(like.shape), (weights != 0).reshape(like.shape))


def test_every_task_has_a_result(runs):
    assert runs.missing == 0
    assert not runs.failed
    assert not any(len(runs.refused(kind)) for kind in runs.study.kinds)


def test_rounds_are_cut_rewound_and_trained(runs):
    (known,) = runs[GROUND]
    assert known["energy"] == TWO.ground_energy()
    assert (known["sites"], known["products"], known["degeneracy"]) == (4, 4, 1)
    dense = {(row["alpha"], row["seed"]): row for row in runs[DENSE]}
    rounds = {(row["alpha"], row["seed"], row["round"]): row for row in runs[ROUND]}
    for (alpha, seed, number), row in rounds.items():
        numbers = schedule(16 * alpha, 6)
        assert row["count"] == numbers[number] == len(row["kept"])
        state = state_of(row)
        assert row["energy"] == pytest.approx(state.energy(TWO), abs=1e-10)
        assert row["error"] == pytest.approx(TWO.relative_error(row["energy"]), abs=1e-12)
        mask = FeedForwardState(4, alpha, seed=0).mask
        if number:
            before = state_of(rounds[alpha, seed, number - 1])
            mask = cut(before, row["count"])
            assert row["fidelity"] == pytest.approx(state.fidelity(before), abs=1e-10)
        start = state_of(dense[alpha, seed]).masked(mask)
        np.testing.assert_allclose(train(TWO, start, 30).state.weights, state.weights, atol=1e-9)
        assert sum(row["held"]) == row["on_products"] <= row["candidates"]


def test_arms_differ_in_what_they_say(runs):
    rounds = {(row["seed"], row["round"]): row for row in runs[ROUND].where(alpha=2)}
    assert set(runs[ARM].unique("arm")) == {"T(init,imp)", "T(rand,imp)", "T(init,rand)"}
    for row in runs[ARM].where(arm="T(init,imp)"):
        one = rounds[row["seed"], row["round"]]
        seeds = Seeds(one_task(row))
        first = networks.first_state(one_task(row), seeds).masked(state_of(one).mask)
        assert row["error"] == pytest.approx(TWO.relative_error(train(TWO, first, 60).energy), abs=1e-12)
    last = max(runs[ARM].column("round"))
    found = {row["arm"]: row["error"] for row in runs[ARM].where(round=last, seed=0)}
    assert len(set(found.values())) == 3


def one_task(row):
    return next(one.task for one in tasks(small_settings()) if one.kind == ARM and same(one.task, row))


def small_settings():
    return make(Settings, SMALL)


def same(task, row):
    return all(getattr(task, name) == row[name] for name in ("alpha", "seed", "round", "arm"))


def test_circuits_and_rivals_have_their_numbers(runs):
    for row in runs[CIRCUIT]:
        assert row["gates"][0] == 8 * row["p"]
        assert row["masks"].sum(axis=1).tolist() == list(row["gates"])
        assert min(row["errors"]) >= -1e-12
    arms = runs[CIRCUIT_ARM].where(p=2, seed=0)
    assert {row["arm"] for row in arms} == {"T(init,imp)", "T(rand,imp)", "T(init,rand)"}
    rivals = {(row["rival"], row["size"]): row for row in runs[RIVAL]}
    assert rivals["jastrow", 1]["parameters"] == (1,)
    assert rivals["mps", 2]["parameters"] == (24,)
    assert rivals["adapt", 5]["parameters"] == (1, 2, 3, 4, 5)
    (noisy,) = runs[NOISE]
    assert noisy["two_qubit"] == 1
    gain = (np.sqrt(4 * CRITICAL_FIELD**2 + 1) - 2 * CRITICAL_FIELD) / abs(TWO.ground_energy())
    assert noisy["ideal"] == pytest.approx(TWO.plateau() - gain, abs=1e-9)
    assert noisy["unread"] < noisy["error"]


def test_a_training_that_diverges_is_a_recorded_result_and_what_needs_it_is_refused(tmp_path):
    changes = {"alphas": 1, "armed": 64, "seeds": 0, "rate": 50.0, "layers": 1, "adapted": 1, "bonds": 1}
    made = compare.run("states", out=tmp_path, progress=False, **(SMALL | changes))
    (dense,) = made[DENSE]
    assert dense["diverged"] is not None
    assert dense["energy"] is None
    assert dense["error"] is None
    told = made.refused(ROUND)[0]["refused"]
    assert told == f"The training before this one diverged in step {dense['diverged']}; take a smaller rate."
    assert not made.failed


def test_the_numbers_of_the_presets_and_the_plan_of_a_run():
    every = tasks(PRESETS["toric"])
    toric = next(one.task for one in every if one.kind == ROUND)
    assert 544 in counts(toric)
    assert (toric.dense_steps, toric.steps, toric.samples, toric.alpha) == (500, 100, 1024, 8)
    assert not any(one.kind == ARM for one in every)
    large = {task.task.lattice: counts(task.task) for task in tasks(PRESETS["large"]) if task.kind == ROUND}
    assert (large["5x5"][0], large["6x6"][0]) == (2500, 5184)
    assert {task.kind.name for task in tasks(PRESETS["ten"])} == {"states/ground", "states/round", "states/arm"}
    settings = Settings(lattices=("2x2",), alphas=(1, 2), armed=(2,), seeds=(0, 1), arms=("imp", "T(init,rand)"))
    found = cpu_hours(settings, 1)
    numbers = [
        len(counts(replace(toric, model="open", lattice="2x2", field=1.0, alpha=alpha, share=0.12))) for alpha in (1, 2)
    ]
    assert found.tasks == 2 * (sum(numbers) + numbers[1] + 2)
    assert 0 < found.longest < found.dense + found.rounds < found.all
    assert found.memory > 0


def test_a_device_measures_tickets_setting_by_setting(tmp_path):
    settings = replace(small_settings(), backend="aer_statevector", shots=2000)
    external = [one for one in tasks(settings) if one.kind == SHOTS]
    assert [(one.task.ticket, one.task.setting) for one in external] == [
        (ticket, setting) for ticket in ("none", "1-gate") for setting in ("Z", "X")
    ]
    ordered = [order(one.task, Seeds(one.task), {}) for one in external]
    plan = make_plan([one.payload for one in ordered], Order("aer_statevector", ordered[0].shots, 5))
    run = HardwareRun(create(plan, tmp_path).path)
    bring(run, None)
    numbers = [run.result(job).numbers for job in run.jobs]
    assert all({"mean", "variance"} <= set(one) for one in numbers)
    gain = np.sqrt(4 * CRITICAL_FIELD**2 + 1) - 2 * CRITICAL_FIELD
    for (first, second), exact in zip((numbers[:2], numbers[2:]), (0.0, gain), strict=True):
        error = np.sqrt((first["variance"] + second["variance"]) / 2000)
        assert abs(first["mean"] + second["mean"] + 4 * CRITICAL_FIELD + exact) < 5 * error + 1e-9
    assert Measured(numbers[0]["mean"], numbers[0]["variance"]).mean == numbers[0]["mean"]
    with pytest.raises(InputError, match="There is no ticket 'all'"):
        order(Shots("open", "2x2", 1.0, "all", "Z", "aer_statevector", 10, 0), None, {})


def test_deep_networks_are_pruned_round_by_round():
    task = Deep("open", "2x2", CRITICAL_FIELD, "cnn", 0, None, 0.008, 60, 40, 0.12, 2, 2, 1, rounds=3)
    known = Known(4, 4, TWO.ground_energy(), None, 0.0, 1, None, TWO.plateau(), None)
    ground = {"ground": [Read(None, known, {})]}
    found = networks.prune_deep(task, Seeds(task), ground)
    assert found.parameters == (8, 7, 6)
    assert found.standard_errors == (0.0, 0.0, 0.0)
    assert found.diverged is None
    # Sums are exact: no state is below the ground state, and a filter of two sites is worth more than none.
    assert all(-1e-12 < error < 0.5 * TWO.plateau() for error in found.errors)
    wild = replace(task, rate=1e6)
    found = networks.prune_deep(wild, Seeds(wild), ground)
    assert (found.parameters, found.diverged) == ((), 1)


def test_networks_of_a_netket_that_is_missing_are_refused_beforehand(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "netket", None)
    with pytest.raises(InputError, match=r"pip install 'quantum-tickets\[nqs\]'") as refusal:
        compare.run("states", out=tmp_path / "out", progress=False, deep="cnn")
    assert "\n" not in str(refusal.value)
    assert not (tmp_path / "out").exists()
