"""The plan of a run, before anything is written or submitted: circuits fitted to the backend, and their cost."""

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from qiskit import QuantumCircuit, qpy
from qiskit.transpiler import Target

from compare.hardware.arm import Arm
from compare.hardware.arms import Family, arms_of, check_arms
from compare.hardware.at_once import ONE, AtOnce, groups_of
from compare.hardware.mitigation import NO_MITIGATION, Mitigation
from compare.hardware.payload import Built, Ordered, Payload, find_kind
from compare.hardware.rounds import check_rounds
from compare.hardware.sharing import SharedJob, composed, share
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

__all__ = [
    "ExpectedTime",
    "Order",
    "Plan",
    "PlannedJob",
    "as_file",
    "is_local",
    "make_plan",
]

OVERHEAD = 2.0
"""Quantum seconds of a job beside its shots, by IBM's documentation."""

OPEN_PLAN = 600.0
"""Quantum seconds of IBM's open plan, in 28 days: what a snapshot of its devices is held against."""

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
    at_once
        How many circuits go into one job, on regions of the device of their own.
    rounds
        How often all circuits are run, one after the other, then all again.
    every
        Seconds from the beginning of a round to that of the next, at least.
    mitigation
        How expectation values are estimated beside, which takes circuits of its own.
    """

    backend: str
    shots: int
    seed: int = 0
    suppression: Suppression = NO_SUPPRESSION
    rounds: int = 1
    every: float = 0.0
    at_once: AtOnce = ONE
    mitigation: Mitigation = NO_MITIGATION


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
    shared
        Its place in a job that it shares with others; None where it is a job of its own.
    alone
        The number of the circuit beside others that this one is once more, alone; None where it is none such.
    round
        The round in which it is run, from 0.
    arm
        Its part in the expectation values of another job; None of a circuit that was ordered.
    """

    payload: Payload
    circuit: QuantumCircuit
    rank: int
    fitted: FittedCircuit | None
    shots: int
    seed: int
    shared: SharedJob | None = None
    alone: int | None = None
    round: int = 0
    arm: Arm | None = None

    @property
    def qpy(self) -> bytes | None:
        """The circuit as a file, or None where a state that is handed over has no gates to be written."""
        return as_file(self.circuit) if has_gates(self.circuit) else None


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
    together
        The circuits of jobs that several share, by the number of their first circuit.
    """

    order: Order
    jobs: Sequence[PlannedJob]
    account: Account | None
    device: RemoteDevice | None
    estimate: ExpectedTime | None
    calibrated: str | None
    target: Target | None = None
    together: Mapping[int, QuantumCircuit] = field(default_factory=dict)

    @property
    def submitted(self) -> tuple[PlannedJob, ...]:
        """The jobs that the service is given: of circuits that go together the first stands for all."""
        return tuple(job for number, job in enumerate(self.jobs) if job.shared is None or job.shared.lead == number)

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
    mitigation = order.mitigation
    _check_mitigation(order)
    check_rounds(order.rounds, order.every, len(payloads) * mitigation.circuits)
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
    at_once = order.at_once
    at_once.check()
    target = place.target if fits else None
    if at_once.circuits > 1 and target is None:
        raise InputError(f"{order.backend} has no qubits to be shared out; leave --at-once out, or choose a device.")
    if mitigation.ways and target is None:
        raise InputError(f"{order.backend} has no noise to be mitigated; leave --mitigation out, or choose a device.")
    built: list[Built] = []
    copies: dict[tuple[str, str], Built] = {}  # what is ordered several times is built once, and fitted once
    for one in every:
        if ":" in one.payload.kind:  # made by the user's own code
            trust([one.payload.kind])
        if (key := _key(one)) not in copies:
            copies[key] = find_kind(one.payload.kind).build(one.payload, order.backend if fits else None)
        built.append(copies[key])
        check_shots(one.shots, built[-1].circuit.num_clbits, order.backend, place.max_shots)
        if backend is not None:
            backend.check(built[-1].circuit.num_qubits, _rank(built[-1]))
    shared: dict[int, SharedJob] = {}
    for numbers in groups_of([int(one.shots) for one in every], at_once.circuits) if target is not None else ():
        if len(numbers) > 1:
            found = share(numbers, [built[number].circuit for number in numbers], target, order.backend, at_once)
            shared |= zip(numbers, found, strict=True)
    jobs: list[PlannedJob] = []
    plain: dict[int, FittedCircuit] = {}
    known: dict[tuple[str, str], FittedCircuit] = {}
    for number, one in enumerate(every):
        circuit, fitted = built[number].circuit, None
        if target is not None:
            own = shared.get(number)
            fitted = known.get(_key(one)) if own is None else None
            if fitted is None:
                fitted = fit_circuit(circuit, target, order.backend) if own is None else own.region.fitted
                if backend is not None:
                    backend.program(fitted.circuit, 0)  # what cannot be simulated is refused now, not later
                if own is None:
                    known[_key(one)] = fitted
            check_depth(fitted, one.shots, order.backend)
            if mitigation.ways:
                check_arms(mitigation, built[number], fitted, target, int(one.shots))
            plain[number] = fitted
            if device is not None and device.recorded is not None:
                fitted = replace(fitted, circuit=device.recorded(fitted.circuit))
            circuit = fitted.circuit
        payload = built[number].payload
        own_seed = _seed(seed, payload, jobs) if one.seed is None else integer_seed(one.seed)
        jobs.append(
            PlannedJob(payload, circuit, _rank(built[number]), fitted, int(one.shots), own_seed, shared.get(number))
        )
    whole = {}
    for lead in sorted({own.lead for own in shared.values()}):
        numbers = [number for number, own in shared.items() if own.lead == lead]
        whole[lead] = composed([plain[number] for number in numbers], [shared[number] for number in numbers])
        if device is not None and device.recorded is not None:
            whole[lead] = device.recorded(whole[lead])
    if at_once.alone:
        for number in shared:
            own_seed = _seed(seed, jobs[number].payload, jobs)
            jobs.append(replace(jobs[number], seed=own_seed, shared=None, alone=number))
    # Now with those that run once more alone.
    check_rounds(order.rounds, order.every, len(jobs) * mitigation.circuits)
    first, leads = jobs, dict(whole)
    recorded = _as_it_is if device is None or device.recorded is None else device.recorded
    jobs = []
    for turn in range(order.rounds):
        before = len(jobs)
        jobs += [_in_round(job, turn, number, before) if turn else job for number, job in enumerate(first)]
        whole |= {before + lead: circuit for lead, circuit in leads.items()}
        for number in range(len(first) if target is not None and mitigation.circuits > 1 else 0):
            family = Family(mitigation, plain[number], target, recorded)
            jobs += arms_of(jobs[before + number], f"{before + number:03}", family)
    if device is not None:
        _check_least(jobs, device)
    estimate = None
    if fits:
        plan = OPEN_PLAN if vendor is None else vendor.plan_seconds
        usual = 0.0 if plan is None else RESET + REP_DELAY  # where a vendor counts no seconds, nothing but the circuit
        delay = usual if device is None or device.rep_delay is None else RESET + device.rep_delay
        overhead = 0.0 if plan is None else OVERHEAD
        left = None if account is None else account.remaining_seconds()
        seconds = tuple(_quantum_seconds(jobs, number, delay, overhead) for number in range(len(jobs)))
        estimate = ExpectedTime(seconds, plan if left is None else left, left is not None)
    return Plan(order, jobs, account, device, estimate, _calibrated(place), target, whole)


def as_file(circuit: QuantumCircuit) -> bytes:
    """Return a circuit as the content of a file."""
    content = io.BytesIO()
    qpy.dump(circuit, content)
    return content.getvalue()


def _check_mitigation(order: Order) -> None:
    """Refuse ways of mitigation that there are not, or that circuits which run at once do not take."""
    mitigation = order.mitigation
    mitigation.check()
    if mitigation.circuits > 1 and order.at_once.circuits > 1:
        raise InputError(
            "zne and pec run other versions of every circuit, with shots of their own, and the circuits of one job "
            "have one number of shots; beside folded neighbors a circuit would have other noise than is scaled, too. "
            "Leave --at-once out, or zne and pec."
        )


def _check_least(jobs: Sequence[PlannedJob], device: RemoteDevice) -> None:
    """Refuse shots that are too few for a device, before it refuses one job among others that are paid for."""
    few = min(jobs, key=lambda job: job.shots)
    if few.shots < device.min_shots:
        share = "" if few.arm is None else ", or have fewer circuits share them (--factor, --pec-circuits)"
        raise InputError(
            f"{device.name} takes {device.min_shots} shots of a circuit at least, and {few.shots} are those of "
            f"{few.payload.description}; take more shots{share}."
        )


def _as_it_is(circuit: QuantumCircuit) -> QuantumCircuit:
    return circuit


def _key(one: Ordered) -> tuple[str, str]:
    """Return what is equal for equal circuits: of payloads, with how they are called."""
    return one.payload.digest, one.payload.description


def _rank(built: Built) -> int:
    return 2 ** min(built.circuit.num_qubits // 2, LARGEST_RANK) if built.rank is None else built.rank


def _in_round(job: PlannedJob, turn: int, place: int, before: int) -> PlannedJob:
    """Return a job of the first round in a later one, before which there are so many jobs."""
    shared = None if job.shared is None else replace(job.shared, lead=before + job.shared.lead)
    alone = None if job.alone is None else before + job.alone
    seed = integer_seed(named("round", seed=job.seed, round=turn, job=place))
    return replace(job, round=turn, seed=seed, shared=shared, alone=alone)


def _calibrated(place: Backend | RemoteDevice) -> str | None:
    found: str | None = getattr(place, "calibrated", None)
    return found


def _seed(seed: int, payload: Payload, before: Sequence[PlannedJob]) -> int:
    if not before:
        return seed
    digest = payload.digest
    copy = sum(job.payload.digest == digest for job in before)
    return integer_seed(named("simulation", seed=seed, payload=digest, copy=copy))


def _quantum_seconds(jobs: Sequence[PlannedJob], number: int, delay: float, overhead: float) -> float | None:
    """Return what a circuit takes; of those that run at once the first stands for all."""
    job = jobs[number]
    beside = [job]
    if job.shared is not None:
        if job.shared.lead != number:
            return 0.0
        beside = [one for one in jobs if one.shared is not None and one.shared.lead == number]
    durations = [None if one.fitted is None else one.fitted.duration for one in beside]
    known = [duration for duration in durations if duration is not None]
    if len(known) < len(durations):
        return None
    return math.ceil(overhead + job.shots * (max(known) + delay))
