"""Expectation values of a run, as read and mitigated: made of its results, kept beside them, and made again.

The circuit itself gives "raw" and "readout", its further circuits "zne" and "pec", with equal shots each. The errors of
readout and of gates are what the calibration kept with the run states: none are learned, and learning takes no shots.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from compare.hardware.arm import Arm
from compare.hardware.averages_record import AveragesRecord, Way
from compare.hardware.mitigation import Mitigation
from compare.hardware.observables import Observables, without_readout_errors
from compare.hardware.payload import recorded_kind
from compare.hardware.record import Job
from compare.hardware.run import HardwareRun
from compare.statistics import student
from compare.statistics.extrapolation import extrapolate
from problems.errors import InputError
from quantum.backends.drawing import canceled_mean
from quantum.backends.folding import two_qubit_gates
from quantum.backends.readout import ReadoutErrors

__all__ = ["arms_by_job", "averages_of", "half_interval", "keep_averages", "told_averages"]

Numbers = NDArray[np.float64]


def arms_by_job(run: HardwareRun) -> dict[str, list[Job]]:
    """Return the further circuits of each circuit that was ordered, by its job's name; none where nothing is mitigated.

    Raises
    ------
    InputError
        If the record names a job that is not there, or is a further circuit itself.
    """
    if run.record.mitigation is None:
        return {}
    found: dict[str, list[Job]] = {job.name: [] for job in run.jobs if job.arm is None}
    for job in run.jobs:
        if job.arm is not None:
            if job.arm.of not in found:
                raise InputError(
                    f"{run.path / 'run.json'} says that job {job.name} is of {job.arm.of}, which is none that was "
                    "ordered; copy the run's folder whole again."
                )
            found[job.arm.of].append(job)
    return found


def keep_averages(run: HardwareRun) -> None:
    """Write the averages of every circuit whose jobs all have results, where they are not written yet.

    Raises
    ------
    NotWritten, InputError
        If they cannot be written, or a record is damaged.
    """
    for name, arms in arms_by_job(run).items():
        job = next(one for one in run.jobs if one.name == name)
        if run.read(AveragesRecord, job) is None and all(run.has_result(one) for one in (job, *arms)):
            run.write(averages_of(run, job, arms), job)


def averages_of(run: HardwareRun, job: Job, arms: Sequence[Job]) -> AveragesRecord:
    """Estimate the averages of a job's circuit from the run's record alone.

    Parameters
    ----------
    run, job
        The run, and a job whose circuit was ordered.
    arms
        Its further circuits.

    Raises
    ------
    InputError
        If a file is missing or damaged, or a further circuit is not what the record says.
    """
    ordered, target, circuit = run.record.mitigation, run.target(), run.circuit(job)
    if ordered is None or target is None or circuit is None:
        raise InputError(
            f"{run.path} has no calibration or no circuit to mitigate by; copy the run's folder whole again."
        )
    ordered.check()
    if circuit.num_clbits != job.bits:
        raise InputError(
            f"The circuit of job {job.name} of {run.path} measures {circuit.num_clbits} bits, and its record says "
            f"{job.bits}; copy the run's folder whole again."
        )
    payload = run.payload(job)
    found = recorded_kind(job.payload).observables(payload, job.bits)
    mine = _Measured(run, job, two_qubit_gates(circuit))
    ways = [mine.way("raw", [job], *_mean(found.at(mine.bits(job))))]
    if set(ordered.ways) - {"raw"}:
        found = without_readout_errors(found, ReadoutErrors.from_target(circuit, target))
    if "readout" in ordered.ways:
        ways.append(mine.way("readout", [job], *_mean(found.at(mine.bits(job)))))
    for name, estimate in (("zne", _extrapolated), ("pec", _canceled)):
        own = [(one, one.arm) for one in arms if one.arm is not None and one.arm.way == name]
        if name in ordered.ways:
            ways.append(estimate(mine, own, found, ordered))
    ideal = tuple(None if np.isnan(one) else float(one) for one in found.ideal)
    return AveragesRecord(names=found.names, ideal=ideal, ways=tuple(ways))


Arms = Sequence[tuple[Job, Arm]]


@dataclass(frozen=True, eq=False)
class _Measured:
    """The results of a circuit and of those beside it.

    Attributes
    ----------
    run, job
        The run, and the circuit that was ordered.
    gates
        Its two-qubit gates.
    """

    run: HardwareRun
    job: Job
    gates: int

    def bits(self, job: Job) -> NDArray[np.bool_]:
        if job.bits != self.job.bits:
            raise self.wrong(job, f"measures {job.bits} bits")
        return self.run.result(job).arrays["bits"]

    def sent(self, job: Job) -> int:
        """Return the two-qubit gates of a circuit as it is sent."""
        circuit = self.run.circuit(job)
        if circuit is None:
            raise self.wrong(job, "has no circuit")
        return two_qubit_gates(circuit)

    def wrong(self, job: Job, what: str) -> InputError:
        return InputError(f"Job {job.name} of {self.run.path} {what}; copy the run's folder whole again.")

    def way(self, name: str, jobs: Sequence[Job], values: Numbers, errors: Numbers, **more: object) -> Way:
        return Way(
            name=name,
            values=tuple(map(float, values)),
            errors=tuple(map(float, errors)),
            shots=sum(self.run.shots(one) for one in jobs),
            jobs=tuple(one.name for one in jobs),
            gates=tuple(dict.fromkeys(self.sent(one) for one in jobs)),
            **more,  # type: ignore[arg-type]
        )


def _extrapolated(mine: _Measured, arms: Arms, found: Observables, ordered: Mitigation) -> Way:
    """Extrapolate from the circuit at every factor, to where the averages have no noise.

    An exponential is one of what is left beyond the average over all bit strings, where noise ends.
    """
    factors = [arm.factor for _, arm in arms]
    if sorted(factors) != sorted(ordered.factors):
        raise mine.wrong(mine.job, f"has circuits folded {', '.join(map(str, factors)) or 'no'} times")
    for job, arm in arms:
        if mine.sent(job) != arm.factor * mine.gates:
            raise mine.wrong(job, f"has {mine.sent(job)} two-qubit gates, not {arm.factor} times {mine.gates}")
    columns = [_mean(found.at(mine.bits(job))) for job, _ in arms]
    scaled, spreads = (np.array(some) for some in zip(*columns, strict=True))
    ends = [
        extrapolate(factors, values - floor, errors, ordered.extrapolation)
        for values, errors, floor in zip(scaled.T, spreads.T, found.uniform, strict=True)
    ]
    return mine.way(
        "zne",
        [job for job, _ in arms],
        np.array([end.value for end in ends]) + found.uniform,
        np.array([end.error for end in ends]),
        laws=tuple(end.law for end in ends),
        scaled=tuple(tuple(map(float, row)) for row in scaled),
    )


def _canceled(mine: _Measured, arms: Arms, found: Observables, ordered: Mitigation) -> Way:
    """Take the signed average of the circuits with random gates, and of the one without.

    Each part of the error reaches as far as its own Student's law: an interval that holds the truth in 95% or more,
    however few circuits there are (Banerjee 1960, Biometrika 47:188; exact where one part is all of the error).
    """
    if [arm.paulis > 0 for _, arm in arms] != [False] + [True] * ordered.pec_circuits:
        raise mine.wrong(mine.job, f"has {len(arms)} circuits with random gates, not {ordered.pec_circuits + 1}")
    first = arms[0][1]
    if first.gamma is None or first.plain is None:
        raise mine.wrong(mine.job, "has a signed average without its factor")
    for job, _ in arms:
        if mine.sent(job) != mine.gates:
            raise mine.wrong(job, f"has {mine.sent(job)} two-qubit gates, not {mine.gates}")
    means = np.array([found.at(mine.bits(job)).mean(axis=1) for job, _ in arms[1:]]).T
    signs = np.array([arm.sign for _, arm in arms[1:]], dtype=float)
    plain = found.at(mine.bits(arms[0][0]))
    values, parts = canceled_mean(plain, means, signs, first.gamma, first.plain)
    halves = tuple(map(float, half_interval(parts, (plain.shape[1], len(signs)))))
    errors = np.hypot(*parts)
    return mine.way("pec", [job for job, _ in arms], values, errors, halves=halves, gamma=first.gamma)


def half_interval(parts: Numbers, samples: Sequence[int]) -> Numbers:
    """Return half of the 95% interval of a sum of independent means: shape (observables,).

    Parameters
    ----------
    parts
        Their standard errors: shape (means, observables).
    samples
        Over how many values each is taken, at least 2.
    """
    reach = np.array([student(number - 1) for number in samples])
    return np.sqrt(((reach[:, None] * parts) ** 2).sum(axis=0))


def _mean(values: Numbers) -> tuple[Numbers, Numbers]:
    """Return means and their standard errors over independent values, shape (observables, n)."""
    if values.shape[1] < 2:
        return values.mean(axis=1), np.full(len(values), np.inf)
    return values.mean(axis=1), values.std(axis=1, ddof=1) / np.sqrt(values.shape[1])


def told_averages(run: HardwareRun) -> Iterator[str]:
    """Yield a line for each circuit whose averages are there, and what they are: the first of them, in every way."""
    told = False
    for name in arms_by_job(run):
        job = next(one for one in run.jobs if one.name == name)
        found = run.read(AveragesRecord, job)
        if found is None:
            continue
        ideal = "" if found.ideal[0] is None else f" (without noise {found.ideal[0]:.4g})"
        parts = []
        for way in found.ways:
            one, cost = found.estimate(way), found.cost(way)
            spent = "" if cost is None or way.name == "raw" else f", variance x {cost:.3g}"
            parts.append(f"{way.name} {one.best:.3f} [{one.low:.3f}, {one.high:.3f}], {way.shots:,} shots{spent}")
        yield f"{job.name}: {found.names[0]}{ideal}: {'; '.join(parts)}"
        told = True
    if told:
        yield "These are averages over shots; nodes and other single shots are not mitigated."
