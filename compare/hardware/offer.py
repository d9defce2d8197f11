"""The offer that a user decides on before anything is submitted: what a run is made of, how long it takes, its cost."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from compare.hardware.bill import Bill, money
from compare.hardware.mitigated_offer import mitigated_lines, plain_mitigation
from compare.hardware.plan import Plan, PlannedJob
from compare.hardware.run import HardwareRun
from compare.progress import time_left
from quantum.backends.regions import Region
from quantum.region_names import write_region

__all__ = ["offer_lines", "plain_offer"]


def offer_lines(plan: Plan, bill: Bill | None = None, begun: HardwareRun | None = None) -> Iterator[str]:
    """Say what a run is made of and what it costs.

    Parameters
    ----------
    plan
        The run.
    bill
        Its cost in money; None if no prices were given.
    begun
        The run of the same order that goes on, if there is one.
    """
    order, estimate = plan.order, plan.estimate
    suppressed = "".join(f", {way}" for way in order.suppression.chosen)
    jobs = plan.jobs[: len(plan.jobs) // order.rounds]
    sent = sum(job.shared is None or job.shared.lead == number for number, job in enumerate(jobs))
    many = f"{sent} job{'s' if sent > 1 else ''}"
    if sent < len(jobs):
        many += f" of {len(jobs)} circuits, up to {order.at_once.circuits} at once"
    if order.rounds > 1:
        apart = "one after the other" if plan.local or not order.every else f"{time_left(order.every)} apart"
        many += f" in each of {order.rounds} rounds, {apart}"
    counts = sorted({job.shots for job in jobs})
    yield f"{order.backend}: {many}, {' to '.join(map(str, counts[:: len(counts) - 1 or 1]))} shots each{suppressed}"
    for number, job in enumerate(jobs):
        if job.arm is None or not job.arm.paulis:
            yield f"  {number:03}  {_job(plan, number, job, bill)}"
        elif (before := jobs[number - 1].arm) is not None and not before.paulis:
            yield f"  {_random(plan, number, jobs, bill)}"
    yield from mitigated_lines(plan)
    if estimate is None:
        yield "Simulated here, at the first fetch; no quantum seconds."
    elif estimate.total is None:
        yield "The device does not state how long its operations take, so the quantum seconds are not known."
    else:
        cost = f"about {math.ceil(estimate.total)} quantum seconds"
        if estimate.budget is not None:
            share = f"{100 * estimate.total / estimate.budget:.1f}%" if estimate.budget > 0 else "more than all"
            left = f"the {estimate.budget:.0f} s that the account has left"
            cost += f", {share} of {left}" if estimate.left else f", {share} of the open plan's 10 minutes"
        if plan.local:
            yield f"Simulated here, at the first fetch, at no cost; the device itself would take {cost}."
            if sent < len(jobs):
                yield "Circuits that run at once are simulated apart: a snapshot's noise is local, without crosstalk."
        else:
            yield f"Expected cost: {cost}."
    if bill is not None:
        yield f"In money: nothing here; {bill.device} itself: {bill.told}." if plan.local else f"In money: {bill.told}."
    elif not plan.local:
        yield "In money: not known; give your own prices with --prices."
    if plan.device is not None:
        if not plan.device.operational:
            yield f"{plan.device.name} is not operational now; the job waits until it is."
        elif plan.device.pending:
            yield f"{plan.device.pending} jobs wait in the queue of {plan.device.name}."
    if begun is not None:
        yield _goes_on(begun, bill)


def _goes_on(run: HardwareRun, bill: Bill | None) -> str:
    """Say that a run goes on, and that its own bill counts, whatever the day's prices and calibration say."""
    there = sum(run.job_id(job) is not None for job in run.submitted)
    kept, when = run.record.bill, run.record.started[:10]
    said = "no cost in money, as no prices were given then" if kept is None else f"its cost in money, {kept.told}"
    today = "" if bill is None else "; a limit by --most-money is held against the prices of today"
    return (
        f"The run {run.name} of {when} goes on: {there} of its {len(run.submitted)} jobs are submitted, and the others "
        f"are as they were ordered then. What is said above is of today; the record counts, with {said}{today}."
    )


def _job(plan: Plan, number: int, job: PlannedJob, bill: Bill | None) -> str:
    parts = []
    if job.fitted is None:
        parts.append(f"{job.circuit.num_qubits} qubits, not compiled, {job.shots} shots, no noise")
    else:
        parts.append(
            f"{len(job.fitted.qubits)} qubits, depth {job.fitted.depth}, {job.fitted.two_qubit_gates} two-qubit "
            f"gates, {job.shots} shots, {job.fitted.expected}"
        )
        seconds = None if plan.estimate is None else plan.estimate.seconds[number]
        if job.shared is not None:
            parts.append(_place(job.shared.region))
        if job.shared is not None and job.shared.lead != number:
            return f"{job.payload.description}: {', '.join(parts)}, at once with {job.shared.lead:03}"
        parts.append("quantum seconds unknown" if seconds is None else f"about {seconds:.0f} quantum seconds")
        amount = bill.jobs[number].amount if bill is not None else None
        if bill is not None and amount is not None:
            parts.append(money(amount, bill.currency))
    return f"{job.payload.description}: {', '.join(parts)}"


def _random(plan: Plan, first: int, jobs: Sequence[PlannedJob], bill: Bill | None) -> str:
    """Say in one line what the circuits with random gates are, of which this is the first."""
    job = jobs[first]
    last = first + plan.order.mitigation.pec_circuits - 1
    some = range(first, last + 1)
    parts = [f"{len(some)} circuits with random gates, {job.shots} shots each"]
    seconds = [] if plan.estimate is None else [plan.estimate.seconds[number] for number in some]
    known = [one for one in seconds if one is not None]
    parts.append(
        f"about {math.fsum(known):.0f} quantum seconds" if len(known) == len(some) else "quantum seconds unknown"
    )
    amounts = [] if bill is None else [one for number in some if (one := bill.jobs[number].amount) is not None]
    if bill is not None and len(amounts) == len(some):
        parts.append(money(math.fsum(amounts), bill.currency))
    return f"{first:03}-{last:03}  pec: {', '.join(parts)}"


def _place(region: Region) -> str:
    """Say where a circuit stands that runs at once with others, and what that costs it."""
    lost = "" if region.lost is None else f" ({region.lost:.3f} of fidelity less than in the best place)"
    return f"on qubits {write_region(region.qubits)}{lost}"


def plain_offer(plan: Plan, bill: Bill | None = None, begun: HardwareRun | None = None) -> dict[str, Any]:
    """Return the same as what JSON has.

    Returns
    -------
    dict
        `backend`, `simulated`, `rounds`, `every` (seconds between rounds), `jobs` (of all rounds: `about`, `round`,
        `qubits`, `depth`, `two_qubit_gates`, `fidelity`, `shots`, `quantum_seconds`, `amount`, and the `way` of
        mitigation that it serves), `quantum_seconds` and `budget` of them together, `mitigation` (see
        `compare.hardware.mitigated_offer`), and `money`: `amount`, `credits`, `currency`, `date`, `source` and
        `digest` of the prices, `rates` and `missing`. None where not known; `money` is None without prices. `goes_on`
        is None, or the run of the same order that goes on: its `run`, how many jobs are `submitted`, and its own
        `money`, which counts.
    """
    estimate = plan.estimate
    jobs = []
    for number, job in enumerate(plan.jobs):
        fitted = job.fitted
        jobs.append(
            {
                "about": job.payload.description,
                "round": job.round,
                "qubits": job.circuit.num_qubits if fitted is None else len(fitted.qubits),
                "depth": None if fitted is None else fitted.depth,
                "two_qubit_gates": None if fitted is None else fitted.two_qubit_gates,
                "fidelity": None if fitted is None else fitted.fidelity,
                "shots": job.shots,
                "quantum_seconds": None if estimate is None else estimate.seconds[number],
                "amount": bill.jobs[number].amount if bill is not None and fitted is not None else None,
                "way": None if job.arm is None else job.arm.way,
            }
        )
    return {
        "backend": plan.order.backend,
        "simulated": plan.local,
        "rounds": plan.order.rounds,
        "every": plan.order.every,
        "jobs": jobs,
        "quantum_seconds": None if estimate is None else estimate.total,
        "budget": None if estimate is None else estimate.budget,
        "mitigation": plain_mitigation(plan),
        "money": None if bill is None else _plain_bill(bill),
        "goes_on": None if begun is None else _plain_run(begun),
    }


def _plain_run(run: HardwareRun) -> dict[str, Any]:
    return {
        "run": run.name,
        "submitted": sum(run.job_id(job) is not None for job in run.submitted),
        "money": None if run.record.bill is None else _plain_bill(run.record.bill),
    }


def _plain_bill(bill: Bill) -> dict[str, Any]:
    return {
        "amount": bill.total,
        "credits": bill.credits,
        "currency": bill.currency,
        "date": bill.date,
        "source": bill.source,
        "digest": bill.digest,
        "device": bill.device,
        "rates": msgspec.to_builtins(bill.rates),
        "missing": bill.missing or None,
    }
