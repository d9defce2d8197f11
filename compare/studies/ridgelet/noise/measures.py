"""The study's tasks: a problem in numbers, a circuit on the device, shots of one arm, and what they say."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classical.ridgelet.uniform import UniformSampler
from compare.distributions import Excess, fidelity, goodness_of_fit, ideal_excess, is_enumerable
from compare.engine import Inputs, Planned, Seeds
from compare.engine.work import Read
from compare.risk import baseline_risks, risk_over_nodes
from compare.statistics import RecordedTest, mean_estimate
from compare.studies.data import given, of_task
from compare.studies.ridgelet.noise.arms import device, fitted, notes, ready
from compare.studies.ridgelet.noise.averages import AVERAGES
from compare.studies.ridgelet.noise.averaging import check_average
from compare.studies.ridgelet.noise.readings import Reading, chi_square_ratio, resampled_fidelity, share
from compare.studies.ridgelet.noise.study import (
    SHOTS,
    Arm,
    Compared,
    Described,
    Fitted,
    Found,
    Judged,
    OnDevice,
    Problem,
    Run,
    Sampled,
    Settings,
    Shots,
    tasks,
)
from compare.studies.ridgelet.sources import Source, loaded
from problems.ridgelet import Nodes
from problems.seeds import integer_seed, named
from quantum.backends.readout import ReadoutErrors
from quantum.ridgelet import ENCODINGS

__all__ = ["describe", "fit", "prepare", "read", "risk", "run"]

STREAM = ("seed", "encoding", "arm")
"""Fields that an arm's random numbers depend on, whatever else is run."""


def prepare(settings: Settings, records: Sequence[tuple[Planned, Any]] = ()) -> None:
    """Make all circuits ready, so that nothing is refused later.

    Raises
    ------
    InputError
        If mthree is missing, p* is uniform, the data set has not so many features, or an arm is refused; see `ready`
        and `check_average`.
    """
    ReadoutErrors(np.zeros((1, 2))).mitigation(np.zeros((1, 1), dtype=bool))  # is mthree there?
    if given(settings, records) is None:
        return
    inputs = {"table": [Read(planned.task, result, {}) for planned, result in records]} if records else {}
    first = [planned.task for planned in tasks(settings) if planned.kind == SHOTS and planned.task.repeat == 0]
    source = _source(first[0], inputs)
    ideal_excess(loaded(source)[1], named("excess", seed=settings.seed))
    for task in first:
        ready(source, task.encoding, task.backend, task.arm, task.shots)
    for planned in tasks(settings):
        if planned.kind == AVERAGES:
            check_average(planned.task, source)


def _source(task: Problem, inputs: Inputs) -> Source:
    return Source.of(task, of_task(task, inputs))


def describe(task: Judged, seeds: Seeds, inputs: Inputs) -> Described:
    """Return the problem in numbers, and what uniform nodes give."""
    source = _source(task, inputs)
    data, problem = loaded(source)
    drawn = [
        UniformSampler(problem).sample(task.shots, seeds("uniform", by=("seed",), repeat=repeat))
        for repeat in range(task.repeats)
    ]
    return Described(
        data.description,
        problem.dimension,
        len(problem.data),
        is_enumerable(problem),
        not np.array_equal(data.x_train, data.x_test),
        baseline_risks(problem, data),
        task.networks,
        Sampled(fidelity(problem, Nodes.concatenate(drawn)).bare(), *risk(task, source, drawn)),
        problem.points,
        problem.amplitudes,
    )


def fit(task: OnDevice, seeds: Seeds, inputs: Inputs) -> Fitted:
    """Fit a circuit to the device, and learn its readout errors."""
    found, of = fitted(_source(task, inputs), task.encoding, task.backend), device(task.backend)
    summary = found.summary()
    seed, errors = summary.pop("seed"), ReadoutErrors.from_target(found.circuit, of.target)
    return Fitted(**summary, transpiler_seed=seed, flips=errors.flips, calibrated=of.calibrated)


def run(task: Run, seeds: Seeds, inputs: Inputs) -> Shots:
    """Run one circuit once."""
    program = ready(_source(task, inputs), task.encoding, task.backend, task.arm, task.shots)
    seed = integer_seed(seeds("shots", by=(*STREAM, "repeat")))
    bits = program.run(task.shots, seed)
    return Shots(np.packbits(bits, axis=1, bitorder="little"), bits.shape[1], seed)


def read(task: Arm, seeds: Seeds, inputs: Inputs) -> Compared:
    """Hold the shots of all repeats of one arm against everything known, as read and mitigated."""
    source = _source(task, inputs)
    _, problem = loaded(source)
    take = partial(Reading.of, problem, ENCODINGS[task.encoding](problem.prime))
    excess = ideal_excess(problem, seeds("excess", by=("seed",)))
    errors = ReadoutErrors(inputs["circuit"][0].result.flips) if "circuit" in inputs else None
    bits = [_unpacked(one.result) for one in inputs["shots"]]
    whole, repeats = take(np.concatenate(bits)), [take(part) for part in bits]
    together = resampled_fidelity(whole, excess, errors, np.random.default_rng(seeds("resamples", by=STREAM)))
    over_repeats = partial(_over_repeats, task, source, excess, repeats)
    raw = Found(
        fidelity=together["raw"],
        surviving=share(int(np.count_nonzero(whole.valid[whole.which])), whole.shots),
        goodness_of_fit=RecordedTest.of(goodness_of_fit(problem, whole.drawn())) if is_enumerable(problem) else None,
        **over_repeats([one.raw for one in repeats], [one.drawn() for one in repeats]),
    )
    said = notes(task.backend, task.arm)
    if errors is None:
        return Compared(said, raw)
    weights = [errors.mitigation(one.patterns).apply(one.counts) for one in repeats]
    redrawn = []
    for repeat, (one, corrected) in enumerate(zip(repeats, weights, strict=True)):
        rng = np.random.default_rng(seeds("redrawn", by=STREAM, repeat=repeat))
        redrawn.append(one.redrawn(corrected, task.networks * task.nodes, rng))
    mitigated = Found(fidelity=together["mitigated"], surviving=together["surviving"], **over_repeats(weights, redrawn))
    gains = mean_estimate(mitigated.fidelities - raw.fidelities)
    return Compared(said, raw, mitigated, together["gain"], gains)


def risk(task: Judged, source: Source, drawn: Sequence[Nodes]) -> list[Any]:
    """Return empirical and held-out risk, estimated over lists of nodes: of each the mean over its networks."""
    data, problem = loaded(source)
    risks = []
    for nodes in drawn:
        networks = max(1, min(task.networks, len(nodes) // task.nodes))
        curve = risk_over_nodes(problem, data, nodes, (task.nodes,), networks, task.ridge)
        risks.append((float(np.mean(curve.empirical)), float(np.mean(curve.held_out))))
    return [mean_estimate(values) for values in zip(*risks, strict=True)]


def _over_repeats(
    task: Judged,
    source: Source,
    excess: Excess,
    repeats: Sequence[Reading],
    weights: Sequence[NDArray[np.float64]],
    drawn: Sequence[Nodes],
) -> dict[str, Any]:
    """Return what the repeats say, by the names of `Found`: of weights of their bit strings, and of nodes drawn."""
    _, problem = loaded(source)
    pairs = list(zip(repeats, weights, strict=True))
    fidelities = np.array([(one.density @ part - 1) / excess.value for one, part in pairs])
    ratios = [chi_square_ratio(problem, one, part) for one, part in pairs] if is_enumerable(problem) else []
    empirical, held_out = risk(task, source, drawn)
    return {
        "fidelity_over_repeats": mean_estimate(fidelities),
        "empirical": empirical,
        "held_out": held_out,
        # A node that p* never draws makes the ratio infinite, and its mean and spread with it.
        "chi_square": mean_estimate(ratios) if ratios and np.all(np.isfinite(ratios)) else None,
        "fidelities": fidelities,
        "chi_squares": np.array(ratios),
    }


def _unpacked(shots: Shots) -> NDArray[np.bool_]:
    return np.unpackbits(shots.bits, axis=1, count=shots.clbits, bitorder="little").astype(bool)
