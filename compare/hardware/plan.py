"""What a run would be, before anything is written or submitted: circuits fitted to the backend, and what they cost."""

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from qiskit import QuantumCircuit, qpy

from compare.machines import REP_DELAY, RESET
from problems.activations import Activation
from problems.errors import InputError, choose, whole_number
from problems.ridgelet import RidgeletProblem
from problems.ridgelet.data import first_points, load_residues
from problems.seeds import spawn
from quantum.backends import resolve
from quantum.backends.fitting import FittedCircuit, check_depth, fit_circuit
from quantum.backends.ibm import Account, IBMDevice
from quantum.backends.options import NO_SUPPRESSION, Suppression
from quantum.resources import has_gates
from quantum.ridgelet import ENCODINGS, LOADERS, ridgelet_circuit
from quantum.ridgelet.sampler import check_circuit

__all__ = ["Estimate", "Order", "Plan", "PlannedJob", "Task", "is_local", "make_plan", "tasks_of_data"]

OVERHEAD = 2.0
"""Quantum seconds of a job beside its shots, by IBM's documentation."""

OPEN_PLAN = 600.0
"""Quantum seconds of IBM's open plan, in 28 days."""


@dataclass(frozen=True, eq=False)
class Task:
    """A problem whose nodes are to be measured, and how its circuit is made.

    Attributes
    ----------
    problem
        The problem.
    encoding, loader
        Names in `ENCODINGS` and `LOADERS`; a loader of None is "ideal" where there is no noise, "sparse" on devices.
    description
        What the problem is, in words.
    origin
        Where it comes from, plain data for the record.
    """

    problem: RidgeletProblem
    encoding: str = "binary"
    loader: str | None = None
    description: str = "a problem given in Python"
    origin: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Order:
    """What is asked of a backend.

    Attributes
    ----------
    backend
        "aer_statevector", "aer_mps", a snapshot ("fake_fez", ...) or an IBM device ("ibm_fez", ...).
    shots
        Of each circuit.
    seed
        Of the first circuit's simulation; each further one has a seed spawned from it.
    suppression
        What the device does against its noise.
    """

    backend: str
    shots: int
    seed: int = 0
    suppression: Suppression = NO_SUPPRESSION


@dataclass(frozen=True, eq=False)
class PlannedJob:
    """One circuit, as it is to be run.

    Attributes
    ----------
    task
        What it is made for; the loader is decided.
    circuit
        The circuit, fitted to the device if there is one.
    fitted
        What is expected of it there; None on simulators of ideal circuits.
    seed
        Of its simulation.
    """

    task: Task
    circuit: QuantumCircuit
    fitted: FittedCircuit | None
    seed: int

    @property
    def qpy(self) -> bytes | None:
        """The circuit as a file, or None where the ideal loader has no gates to be written."""
        if not has_gates(self.circuit):
            return None
        content = io.BytesIO()
        qpy.dump(self.circuit, content)
        return content.getvalue()


@dataclass(frozen=True)
class Estimate:
    """What a run is expected to cost on a device.

    Attributes
    ----------
    seconds
        Quantum seconds of each job; None where the device does not state its durations.
    budget
        Quantum seconds there are.
    left
        Whether the budget is what the account has left, or IBM's open plan.
    """

    seconds: tuple[float | None, ...]
    budget: float
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
        The account and the device at IBM, or None where this machine simulates.
    estimate
        What it costs; None on simulators of ideal circuits.
    """

    order: Order
    jobs: Sequence[PlannedJob]
    account: Account | None
    device: IBMDevice | None
    estimate: Estimate | None

    @property
    def local(self) -> bool:
        """Whether this machine simulates it."""
        return self.device is None


def is_local(backend: str) -> bool:
    """Tell whether a backend's name is not that of an IBM device: what there is of that name, this machine runs."""
    return not backend.startswith(("ibm_", "ibmq_"))


def tasks_of_data(
    datasets: Sequence[str],
    primes: Sequence[int],
    features: Sequence[int | None],
    points: Sequence[int],
    encodings: Sequence[str],
    loader: str | None,
    regularization: float,
    activation: Activation,
    seed: int,
) -> list[Task]:
    """Return the tasks of all combinations of data sets, sizes and encodings.

    Raises
    ------
    InputError
        If a name is unknown or a number out of range.
    """
    whole_number("seed", seed, 0)
    for encoding in encodings:
        choose("encoding", encoding, ENCODINGS)
    if loader is not None:
        choose("loader", loader, LOADERS)
    for count in points:
        whole_number("points", count, 1)
    tasks = []
    for name, prime, width, count in product(datasets, primes, features, points):
        data = first_points(load_residues(name, prime, width, seed), count)
        problem = RidgeletProblem.from_samples(data.x_train, data.y_train, data.prime, regularization, activation)
        size = f"{name}, P = {data.prime}, D = {data.dimension}, K = {len(problem.data)}"
        origin = {"dataset": name, "features": width, "points": count, "seed": seed}
        tasks += [Task(problem, encoding, loader, size, origin) for encoding in encodings]
    return tasks


def make_plan(tasks: Sequence[Task], order: Order, account: Account | None = None) -> Plan:
    """Decide everything about a run; nothing is written and nothing is submitted.

    Parameters
    ----------
    tasks
        The problems, one circuit each.
    order
        Where and how often they run.
    account
        The account at IBM; left out, the saved one is opened if the backend is a device there.

    Raises
    ------
    InputError
        If a name is unknown, a number out of range, or a circuit too wide or too deep for the device.
    ServiceError
        If the service does not answer.
    """
    shots, seed = whole_number("shots", order.shots, 1), whole_number("seed", order.seed, 0)
    if not tasks:
        raise InputError("There is no problem to submit; give at least one.")
    device, backend = None, None
    if is_local(order.backend):
        backend = resolve(order.backend, order.suppression)
        target, most, fits = backend.target, backend.max_shots, backend.device
    else:
        account = Account.connect() if account is None else account
        device = account.device(order.backend)
        target, most, fits = device.target, device.max_shots, True
    if most is not None and shots > most:
        raise InputError(
            f"shots = {shots} is above {most}, the most that {order.backend} takes for a circuit; take fewer, or "
            "submit several runs."
        )
    jobs: list[PlannedJob] = []
    for number, task in enumerate(tasks):
        job_seed = seed if number == 0 else int(spawn(seed, number).generate_state(1)[0])
        loader = task.loader or ("sparse" if fits else "ideal")
        decided = Task(task.problem, task.encoding, loader, task.description, task.origin)
        if fits and loader == "ideal":
            raise InputError(
                f"loader = 'ideal' hands a state to a simulator, and {order.backend} takes gates; use loader='sparse'."
            )
        if backend is not None:
            check_circuit(task.problem, backend, task.encoding, loader)
        circuit = ridgelet_circuit(task.problem, task.encoding, loader)
        fitted = fit_circuit(circuit, target, order.backend) if fits and target is not None else None
        if fitted is not None:
            check_depth(fitted, shots, order.backend)
            if backend is not None:
                backend.program(fitted.circuit, 0)  # what cannot be simulated is refused now, not at the first fetch
        jobs.append(PlannedJob(decided, circuit if fitted is None else fitted.circuit, fitted, job_seed))
    estimate = None
    if fits:
        delay = REP_DELAY if device is None or device.rep_delay is None else device.rep_delay
        left = None if account is None or device is None else account.remaining_seconds()
        seconds = tuple(_quantum_seconds(job, shots, delay) for job in jobs)
        estimate = Estimate(seconds, OPEN_PLAN if left is None else left, left is not None)
    return Plan(order, jobs, account if device is not None else None, device, estimate)


def _quantum_seconds(job: PlannedJob, shots: int, delay: float) -> float | None:
    if job.fitted is None or job.fitted.duration is None:
        return None
    return math.ceil(OVERHEAD + shots * (job.fitted.duration + RESET + delay))
