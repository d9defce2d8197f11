"""The part of an offer that is about mitigation: the shots of each way, its circuits, and what it assumes."""

from collections.abc import Iterator
from typing import Any

from compare.hardware.mitigation import MITIGATIONS
from compare.hardware.plan import Plan, PlannedJob
from compare.report.cells import so_many

__all__ = ["mitigated_lines", "plain_mitigation"]


def mitigated_lines(plan: Plan) -> Iterator[str]:
    """Say what the ways of mitigation take, and by what noise errors are canceled; nothing where there is none."""
    mitigation = plan.order.mitigation
    if not mitigation.ways:
        return
    first = [job for job in plan.jobs if job.round == 0]
    ordered = [job for job in first if job.arm is None]
    for way in MITIGATIONS:
        own = _jobs_of(first, way)
        if way not in mitigation.ways and way != "raw":
            continue
        shots, more = sum(job.shots for job in own), ""
        if way == "readout":
            more = ", the same"
        if way == "zne":
            times = ", ".join(map(str, mitigation.factors))
            law = "a straight line" if mitigation.extrapolation == "linear" else "an exponential"
            more = f", two-qubit gates {times} times, extrapolated by {law}"
        if way == "pec":
            gammas = sorted({job.arm.gamma for job in own if job.arm is not None and job.arm.gamma is not None})
            said = " to ".join(f"{gamma:.3g}" for gamma in gammas[:: len(gammas) - 1 or 1])
            more = f", signed averages times gamma = {said}"
        yield f"  {way}: {shots:,} shots in {so_many(len(own), 'job')}{more}"
    if set(mitigation.ways) - {"raw"}:
        day = f" of {plan.calibrated[:10]}" if plan.calibrated else ""
        noise = ", and of two-qubit gates as depolarizing," if "pec" in mitigation.ways else ""
        yield f"Errors of readout{noise} are those of the device's calibration{day}: no shots go into learning them."
    yield f"Averages of {so_many(len(ordered), 'circuit')} are mitigated; nodes and other single shots are not."


def plain_mitigation(plan: Plan) -> dict[str, Any] | None:
    """Return the same as what JSON has; None where nothing is mitigated.

    Returns
    -------
    dict
        `ways`, `factors`, `extrapolation`, `pec_circuits`, and `shots` and `jobs` of each way in a round; those of
        "readout" are those of "raw".
    """
    mitigation = plan.order.mitigation
    if not mitigation.ways:
        return None
    first = [job for job in plan.jobs if job.round == 0]
    ways = [way for way in MITIGATIONS if way in mitigation.ways or way == "raw"]
    return {
        "ways": ways,
        "factors": list(mitigation.factors),
        "extrapolation": mitigation.extrapolation,
        "pec_circuits": mitigation.pec_circuits,
        "shots": {way: sum(job.shots for job in _jobs_of(first, way)) for way in ways},
        "jobs": {way: len(_jobs_of(first, way)) for way in ways},
    }


def _jobs_of(jobs: list[PlannedJob], way: str) -> list[PlannedJob]:
    """Return the jobs that a way is estimated from."""
    if way in ("raw", "readout"):
        return [job for job in jobs if job.arm is None]
    return [job for job in jobs if job.arm is not None and job.arm.way == way]
