"""The noise study: the same problem ideal, on a noisy device, with errors suppressed, and with its readout mitigated.

For each encoding, each way of suppression runs in several repeats with seeds of their own. Readout mitigation costs no
shots: the same ones are read with it and without, so the two are compared shot by shot.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classical.ridgelet.uniform import UniformSampler
from compare.distributions import fidelity, goodness_of_fit, is_enumerable
from compare.progress import Track, silent
from compare.records import RunFolder, Step
from compare.risk import baseline_risks, risk_over_nodes
from compare.statistics import mean_estimate
from compare.studies.noise.arms import IDEAL, SUPPRESSIONS, Arms, check_snapshot
from compare.studies.noise.measures import (
    Excess,
    Reading,
    chi_square_ratio,
    ideal_excess,
    resampled_fidelity,
    share,
)
from problems.activations import Activation
from problems.errors import InputError, check_names, non_negative, whole_number
from problems.ridgelet import Nodes, RidgeletProblem
from problems.ridgelet.data import Residues, first_points, load_residues
from problems.seeds import integer_seed, named
from quantum.backends.fitting import LEAST_SHOTS
from quantum.backends.readout import ReadoutErrors
from quantum.ridgelet import ENCODINGS

__all__ = ["MAX_NETWORKS", "Plan", "Results", "Settings", "load_results", "plan", "run"]

MAX_NETWORKS = 50
"""Networks in each repeat, as far as its shots go."""


@dataclass(frozen=True)
class Settings:
    """Every choice of the study; the command line has a flag for each.

    Attributes
    ----------
    dataset, prime, features, points
        The problem: the first `points` distinct training points.
    shots, repeats
        Shots of each repeat, and independent repeats of each circuit.
    encodings
        Names in `quantum.ridgelet.ENCODINGS`.
    backend
        The noisy device, a snapshot: "fake_fez", ...
    suppressions
        Names in `compare.studies.noise.arms.SUPPRESSIONS`.
    nodes
        Hidden nodes N of the networks whose risk is measured.
    regularization, activation
        Of the problem.
    ridge
        Penalty of the output weights' fit.
    seed
        Of the data's split and of every run.
    """

    dataset: str = "digits"
    prime: int = 3
    features: int = 3
    points: int = 4
    shots: int = 2000
    repeats: int = 5
    encodings: Sequence[str] = ("rader", "binary")
    backend: str = "fake_fez"
    suppressions: Sequence[str] = tuple(SUPPRESSIONS)
    nodes: int = 4
    regularization: float = 1e-3
    activation: Activation = "relu"
    ridge: float = 1e-4
    seed: int = 0

    @property
    def networks(self) -> int:
        """Networks of disjoint nodes in each repeat; fewer where too few shots are valid."""
        return min(MAX_NETWORKS, self.shots // self.nodes)


@dataclass(frozen=True)
class Plan:
    """The settings, checked, and the problem they make."""

    settings: Settings
    data: Residues
    problem: RidgeletProblem
    arms: Arms


@dataclass(frozen=True)
class Results:
    """What a run found, as plain data: the source of table, figure, sentences and the report.

    Attributes
    ----------
    run
        Settings, versions, machine.
    problem
        The problem in numbers, its risks without sampling, and the control of uniform nodes.
    circuits
        For each encoding, its circuit on the device.
    arms
        For each encoding, what each arm showed, by name: "ideal", then the suppressions.
    """

    run: dict[str, Any]
    problem: dict[str, Any]
    circuits: dict[str, dict[str, Any]] = field(default_factory=dict)
    arms: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)


def plan(settings: Settings) -> Plan:
    """Make the problem and check all settings, before anything is fitted to the device.

    Raises
    ------
    InputError
        If a setting is out of range, a name is unknown or there twice, or an encoding does not take the prime.
    """
    whole_number("points", settings.points, 1)
    whole_number("nodes", settings.nodes, 1)
    whole_number("repeats", settings.repeats, 2)
    whole_number("seed", settings.seed, 0)
    non_negative("ridge", settings.ridge)
    least = max(LEAST_SHOTS, 4 * settings.nodes)
    if whole_number("shots", settings.shots, 1) < least:
        raise InputError(
            f"shots = {settings.shots} is too few for fidelities and for networks of {settings.nodes} nodes, where "
            f"many shots may be invalid: at least {least} are needed; measure more, or ask for fewer nodes."
        )
    check_snapshot(settings.backend)
    check_names("suppression", settings.suppressions, SUPPRESSIONS)
    check_names("encoding", settings.encodings, ENCODINGS)
    for name in settings.encodings:
        ENCODINGS[name](settings.prime)
    data = first_points(
        load_residues(settings.dataset, settings.prime, settings.features, settings.seed), settings.points
    )
    problem = RidgeletProblem.from_samples(
        data.x_train, data.y_train, settings.prime, settings.regularization, settings.activation
    )
    return Plan(settings, data, problem, Arms(problem, settings.backend, settings.shots))


def run(planned: Plan, folder: RunFolder, track: Track = silent) -> Results:
    """Run the study, or what of it has no record in the folder yet.

    Parameters
    ----------
    planned
        Settings and problem; see `plan`.
    folder
        Where finished steps are written and found.
    track
        Shows progress.
    """
    settings = planned.settings
    choices = asdict(settings)
    excess = ideal_excess(planned.problem, named("excess", seed=settings.seed))
    results = Results(folder.run, folder.once("problem", choices, partial(_describe, planned)).result)
    names = [IDEAL, *settings.suppressions]
    advance = track("Circuits", len(settings.encodings) * len(names) * settings.repeats)
    for encoding in settings.encodings:
        step = folder.once(f"{encoding}-circuit", choices, partial(_circuit, planned, encoding))
        results.circuits[encoding] = step.result
        errors = ReadoutErrors(step.arrays["flips"])
        found = results.arms[encoding] = {}
        for name in names:
            shots = []
            for repeat in range(settings.repeats):
                key = f"{encoding}-{name}-{repeat:02}"
                shots.append(folder.once(key, choices, partial(_measure, planned, encoding, name, repeat)))
                advance(f"{encoding}, {name}")
            found[name] = folder.once(
                f"{encoding}-{name}",
                choices,
                partial(_compare, planned, encoding, name, shots, excess, None if name == IDEAL else errors),
            ).result
    return results


def load_results(folder: RunFolder) -> Results:
    """Read the results of a finished run, from a folder opened for reading.

    Raises
    ------
    InputError
        If a step has no record yet, or the settings are not this version's.
    """
    return run(plan(folder.settings_as(Settings)), folder)


def _describe(planned: Plan) -> Step:
    """Return the problem in numbers, and what uniform nodes give: noise without any signal."""
    problem, settings = planned.problem, planned.settings
    risks, drawn = [], []
    for repeat in range(settings.repeats):
        nodes = UniformSampler(problem).sample(settings.shots, named("uniform", seed=settings.seed, repeat=repeat))
        risks.append(_risk(planned, nodes))
        drawn.append(nodes)
    return Step(
        {
            "description": planned.data.description,
            "prime": problem.prime,
            "dimension": problem.dimension,
            "points": len(problem.data),
            "enumerable": is_enumerable(problem),
            "held_out": not np.array_equal(planned.data.x_train, planned.data.x_test),
            "baselines": baseline_risks(problem, planned.data),
            "networks": settings.networks,
            "uniform": {"fidelity": fidelity(problem, Nodes.concatenate(drawn)), **_risk_estimates(risks)},
        },
        {"points": problem.points, "amplitudes": problem.amplitudes},
    )


def _circuit(planned: Plan, encoding: str) -> Step:
    """Fit a circuit to the device, and learn its readout errors."""
    errors = planned.arms.readout_errors(encoding)
    return Step(planned.arms.fitted(encoding).summary(), {"flips": errors.flips})


def _measure(planned: Plan, encoding: str, name: str, repeat: int) -> Step:
    """Run one circuit once."""
    seed = integer_seed(named("shots", seed=planned.settings.seed, encoding=encoding, arm=name, repeat=repeat))
    bits = planned.arms.measure(encoding, name, seed)
    result = {"seed": seed, "shots": len(bits), "clbits": bits.shape[1]}
    return Step(result, {"bits": np.packbits(bits, axis=1, bitorder="little")})


def _compare(
    planned: Plan, encoding: str, name: str, shots: Sequence[Step], excess: Excess, errors: ReadoutErrors | None
) -> Step:
    """Hold the shots of all repeats of one circuit against everything known, as read and mitigated."""
    settings, problem = planned.settings, planned.problem
    chosen = ENCODINGS[encoding](problem.prime)
    repeats = [_bits(step) for step in shots]
    whole = Reading.of(problem, chosen, np.concatenate(repeats))
    seed = partial(named, seed=settings.seed, encoding=encoding, arm=name)
    rng = np.random.default_rng(seed("resamples"))
    together = resampled_fidelity(whole, excess, errors, rng)
    hits = int(np.count_nonzero(whole.valid[whole.which]))
    raw: dict[str, Any] = {"fidelity": together.raw, "surviving": share(hits, whole.shots)}
    if is_enumerable(problem):
        raw["goodness_of_fit"] = goodness_of_fit(problem, whole.drawn())
    result: dict[str, Any] = {
        "shots": whole.shots,
        "repeats": len(repeats),
        "notes": planned.arms.notes(name),
        "raw": raw,
    }
    readings = [Reading.of(problem, chosen, bits) for bits in repeats]
    arrays = _over_repeats(planned, readings, [reading.raw for reading in readings], excess, raw)
    raw |= _risk_estimates([_risk(planned, reading.drawn()) for reading in readings])
    if errors is not None:
        mitigated: dict[str, Any] = {"fidelity": together.mitigated, "surviving": together.surviving}
        weights = [errors.mitigation(reading.patterns).apply(reading.counts) for reading in readings]
        corrected = _over_repeats(planned, readings, weights, excess, mitigated)
        risks = []
        for repeat, (reading, distribution) in enumerate(zip(readings, weights, strict=True)):
            rng = np.random.default_rng(seed("redrawn", repeat=repeat))
            n = settings.networks * settings.nodes
            risks.append(_risk(planned, reading.redrawn(distribution, n, rng)))
        mitigated |= _risk_estimates(risks)
        gains = corrected["fidelity"] - arrays["fidelity"]
        result |= {"mitigated": mitigated, "gain": together.gain, "gain_over_repeats": mean_estimate(gains)}
        arrays |= {f"mitigated_{key}": values for key, values in corrected.items()}
    return Step(result, arrays)


def _over_repeats(
    planned: Plan,
    readings: Sequence[Reading],
    weights: Sequence[NDArray[np.float64]],
    excess: Excess,
    result: dict[str, Any],
) -> dict[str, NDArray[np.float64]]:
    """Add what the spread of the repeats says to `result`; return the values of each."""
    pairs = list(zip(readings, weights, strict=True))
    arrays = {"fidelity": np.array([(reading.density @ part - 1) / excess.value for reading, part in pairs])}
    if is_enumerable(planned.problem):
        arrays["chi_square"] = np.array([chi_square_ratio(planned.problem, reading, part) for reading, part in pairs])
        # A node that p* never draws makes the ratio infinite, and its mean and spread with it.
        finite = np.all(np.isfinite(arrays["chi_square"]))
        result["chi_square"] = mean_estimate(arrays["chi_square"]) if finite else None
    result["fidelity_over_repeats"] = mean_estimate(arrays["fidelity"])
    return arrays


def _bits(step: Step) -> NDArray[np.bool_]:
    unpacked = np.unpackbits(step.arrays["bits"], axis=1, count=step.result["clbits"], bitorder="little")
    return unpacked.astype(bool)


def _risk(planned: Plan, nodes: Nodes) -> tuple[float, float]:
    """Return empirical and held-out risk, averaged over networks of disjoint nodes."""
    settings = planned.settings
    networks = max(1, min(settings.networks, len(nodes) // settings.nodes))
    curve = risk_over_nodes(planned.problem, planned.data, nodes, (settings.nodes,), networks, settings.ridge)
    return float(np.mean(curve.empirical)), float(np.mean(curve.held_out))


def _risk_estimates(risks: Sequence[tuple[float, float]]) -> dict[str, Any]:
    empirical, held_out = zip(*risks, strict=True)
    return {"empirical": mean_estimate(empirical), "held_out": mean_estimate(held_out)}
