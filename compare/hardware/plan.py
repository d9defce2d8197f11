"""The plan of a run, before anything is written or submitted: circuits fitted to the backend, and their cost."""

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qiskit import QuantumCircuit, qpy
from qiskit.transpiler import Target

from compare.hardware.payload import Ordered, Payload, find_kind
from compare.machines import REP_DELAY, RESET
from compare.trusted import trust
from problems.errors import InputError, whole_number
from problems.seeds import integer_seed, named
from quantum.backends import Backend, resolve
from quantum.backends.adapter import Account, RemoteDevice, Vendor, vendor_of
from quantum.backends.fitting import FittedCircuit, check_depth, fit_circuit
from quantum.backends.options import NO_SUPPRESSION, Suppression
from quantum.backends.shots import check_shots
from quantum.names import is_device
from quantum.resources.counts import has_gates

__all__ = ["LONGEST_PAUSE", "MOST_JOBS", "ExpectedTime", "Order", "Plan", "PlannedJob", "is_local", "make_plan"]

OVERHEAD = 2.0
"""Quantum seconds of a job beside its shots, by IBM's documentation."""

OPEN_PLAN = 600.0
"""Quantum seconds of IBM's open plan, in 28 days: what a snapshot of its devices is held against."""

MOST_JOBS = 10_000
"""Jobs of a run, those of all rounds together: their files stand in one folder."""

LONGEST_PAUSE = 7 * 86400.0
"""Seconds between two rounds, at most."""

LARGEST_RANK = 62
"""The logarithm of a rank that no memory holds: larger bounds are written as this."""


@dataclass(frozen=True)
class Order:
    """The request to a backend.

    Attributes
    ----------
    backend
        "aer_statevector", "aer_mps", a snapshot ("fake_fez", ...) or a vendor's device ("ibm_fez",
        "ionq_qpu.forte-1", "arn:aws:braket:...").
    shots
        Of each circuit that is not ordered with a number of its own.
    seed
        Of the first circuit's simulation, as a direct run would have it; further ones have streams of their own,
        named by what they measure.
    suppression
        What the device does against its noise.
    rounds
        How often all circuits are run, one after the other, then all again.
    every
        Seconds from the beginning of a round to that of the next, at least.
    """

    backend: str
    shots: int
    seed: int = 0
    suppression: Suppression = NO_SUPPRESSION
    rounds: int = 1
    every: float = 0.0


@dataclass(frozen=True, eq=False)
class PlannedJob:
    """One circuit, as it is to be run.

    Attributes
    ----------
    payload
        What it is made from, with everything decided.
    circuit
        The circuit, fitted to the device if there is one.
    rank
        A bound on the Schmidt rank of its states.
    fitted
        What is expected of it there; None on simulators of ideal circuits.
    shots, seed
        How often it is run, and the seed of its simulation.
    round
        The round in which it is run, from 0.
    """

    payload: Payload
    circuit: QuantumCircuit
    rank: int
    fitted: FittedCircuit | None
    shots: int
    seed: int
    round: int = 0

    @property
    def qpy(self) -> bytes | None:
        """The circuit as a file, or None where a state that is handed over has no gates to be written."""
        if not has_gates(self.circuit):
            return None
        content = io.BytesIO()
        qpy.dump(self.circuit, content)
        return content.getvalue()


@dataclass(frozen=True)
class ExpectedTime:
    """The expected cost of a run on a device.

    Attributes
    ----------
    seconds
        Quantum seconds of each job; None where the device does not state its durations.
    budget
        Quantum seconds there are; None where the vendor counts none.
    left
        Whether the budget is what the account has left, or the vendor's usual plan.
    """

    seconds: tuple[float | None, ...]
    budget: float | None
    left: bool

    @property
    def total(self) -> float | None:
        """Quantum seconds of all jobs, or None if one is not known."""
        known = [seconds for seconds in self.seconds if seconds is not None]
        return math.fsum(known) if len(known) == len(self.seconds) else None


@dataclass(frozen=True, eq=False)
class Plan:
    """All that is decided about a run.

    Attributes
    ----------
    order, jobs
        What is asked, and the circuits.
    account, device
        The account and the device at its vendor, or None where this machine simulates.
    estimate
        What it costs; None on simulators of ideal circuits.
    calibrated
        The date of the calibration that the circuits are fitted to; None where there is none.
    target
        That calibration: the device's gates with their errors and durations; None where nothing is known of it.
    """

    order: Order
    jobs: Sequence[PlannedJob]
    account: Account | None
    device: RemoteDevice | None
    estimate: ExpectedTime | None
    calibrated: str | None
    target: Target | None = None

    @property
    def local(self) -> bool:
        """Whether this machine simulates it."""
        return self.device is None

    @property
    def vendor(self) -> Vendor | None:
        """The device's vendor, or None where this machine simulates."""
        return None if self.local else vendor_of(self.order.backend)


def is_local(backend: str) -> bool:
    """Tell whether a backend's name is not that of a vendor's device: what there is of that name, this machine runs."""
    return not is_device(backend)


def make_plan(payloads: Sequence[Payload | Ordered], order: Order, account: Account | None = None) -> Plan:
    """Decide everything about a run; nothing is written and nothing is submitted.

    Parameters
    ----------
    payloads
        What is to be measured, one circuit each; what is ordered has its own shots and seed.
    order
        Where and how often they run.
    account
        The account at the device's vendor; left out, the saved one is opened if the backend is a device.

    Raises
    ------
    InputError
        If a name is unknown, a number out of range, or a circuit too wide or too deep for the device, or the device
        takes no measures against its noise.
    ServiceError
        If the service does not answer.
    """
    seed = whole_number("seed", order.seed, 0)
    if not payloads:
        raise InputError("There is no problem to submit; give at least one.")
    _check_rounds(order, len(payloads))
    every = [one if isinstance(one, Ordered) else Ordered(one, order.shots, None) for one in payloads]
    for one in every:
        whole_number("shots", one.shots, 1)
    place: Backend | RemoteDevice
    vendor = None
    if is_local(order.backend):
        account, device = None, None
        place = backend = resolve(order.backend, order.suppression)
        fits = backend.device
    else:
        vendor = vendor_of(order.backend)
        if order.suppression.chosen and not vendor.suppresses:
            chosen = " and ".join(order.suppression.chosen)
            raise InputError(f"{vendor.title} takes no {chosen}; leave it out, or choose another device.")
        account = vendor.connect() if account is None else account
        place = device = account.device(order.backend)
        backend, fits = None, True
    jobs: list[PlannedJob] = []
    for one in every:
        if ":" in one.payload.kind:  # made by the user's own code
            trust([one.payload.kind])
        built = find_kind(one.payload.kind).build(one.payload, order.backend if fits else None)
        circuit, fitted = built.circuit, None
        check_shots(one.shots, circuit.num_clbits, order.backend, place.max_shots)
        rank = 2 ** min(circuit.num_qubits // 2, LARGEST_RANK) if built.rank is None else built.rank
        if backend is not None:
            backend.check(circuit.num_qubits, rank)
        if fits and place.target is not None:
            fitted = fit_circuit(circuit, place.target, order.backend)
            check_depth(fitted, one.shots, order.backend)
            if backend is not None:
                backend.program(fitted.circuit, 0)  # what cannot be simulated is refused now, not at the first fetch
            if device is not None and device.recorded is not None:
                fitted = replace(fitted, circuit=device.recorded(fitted.circuit))
            circuit = fitted.circuit
        own = _seed(seed, built.payload, jobs) if one.seed is None else integer_seed(one.seed)
        jobs.append(PlannedJob(built.payload, circuit, rank, fitted, int(one.shots), own))
    first = list(jobs)
    for number in range(1, order.rounds):
        jobs += [
            replace(job, round=number, seed=integer_seed(named("round", seed=job.seed, round=number, job=place)))
            for place, job in enumerate(first)
        ]
    estimate = None
    if fits:
        plan = OPEN_PLAN if vendor is None else vendor.plan_seconds
        usual = 0.0 if plan is None else RESET + REP_DELAY  # where a vendor counts no seconds, nothing but the circuit
        delay = usual if device is None or device.rep_delay is None else RESET + device.rep_delay
        overhead = 0.0 if plan is None else OVERHEAD
        left = None if account is None else account.remaining_seconds()
        seconds = tuple(_quantum_seconds(job, delay, overhead) for job in jobs)
        estimate = ExpectedTime(seconds, plan if left is None else left, left is not None)
    target = place.target if fits else None
    return Plan(order, jobs, account, device, estimate, _calibrated(place), target)


def _check_rounds(order: Order, circuits: int) -> None:
    rounds = whole_number("rounds", order.rounds, 1)
    if rounds * circuits > MOST_JOBS:
        raise InputError(
            f"rounds = {rounds} of {circuits} circuits are {rounds * circuits:,} jobs; a run has at most {MOST_JOBS:,}."
        )
    if not 0 <= order.every <= LONGEST_PAUSE:
        raise InputError(
            f"every = {order.every:g} s is negative or more than 7 days; give the time between two rounds."
        )


def _calibrated(place: Backend | RemoteDevice) -> str | None:
    found: str | None = getattr(place, "calibrated", None)
    return found


def _seed(seed: int, payload: Payload, before: Sequence[PlannedJob]) -> int:
    if not before:
        return seed
    digest = payload.digest
    copy = sum(job.payload.digest == digest for job in before)
    return integer_seed(named("simulation", seed=seed, payload=digest, copy=copy))


def _quantum_seconds(job: PlannedJob, delay: float, overhead: float) -> float | None:
    if job.fitted is None or job.fitted.duration is None:
        return None
    return math.ceil(overhead + job.shots * (job.fitted.duration + delay))
