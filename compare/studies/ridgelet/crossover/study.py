"""The crossover study: what a sample costs by classical samplers and by quantum machines, over D, K and P.

Classical seconds are measured here, in the same run; circuits are counted, and assumptions that all have a flag turn
counts into seconds. All problems are random: K distinct points, normal targets.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compare.progress import Track, silent
from compare.records import RunFolder, Step
from compare.samplers import SAMPLERS
from compare.statistics import Estimate, time_over_sizes
from compare.statistics.scaling import LEAST_DRAWS
from compare.studies.ridgelet.crossover.counting import (
    check_circuits,
    count_circuits,
    drawn_problem,
    two_qubit_seconds,
)
from compare.studies.ridgelet.crossover.crossing import Crossing, find_crossing
from compare.studies.ridgelet.crossover.curves import (
    Line,
    constant_line,
    known_line,
    lossy_line,
    power_line,
)
from compare.studies.ridgelet.crossover.machines import (
    ERROR_CORRECTED,
    LOADERS,
    MACHINES,
    Assumptions,
    loader_steps,
    quantum_seconds,
    shot_constant,
    shot_loss,
)
from problems.errors import InputError, choose, non_negative, whole_number
from problems.finite_field import check_prime
from problems.ridgelet import RidgeletProblem
from problems.seeds import spawn
from quantum.ridgelet import ENCODINGS, encodings_of

__all__ = [
    "LARGEST_DIMENSION",
    "LARGEST_POINTS",
    "RIVALS",
    "Results",
    "Settings",
    "load_results",
    "plan",
    "run",
]

RIVALS = ("dequantized", "enumeration")
"""The classical samplers that quantum machines are held against: the best, and the naive one."""

LARGEST_DIMENSION, LARGEST_POINTS = 10**6, 10**15
"""Who wins is asked up to these D and K; further on the fits would be asked for more than they know."""

TIMED_DIMENSIONS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 24, 32, 64, 256, 1024, 4096)
TIMED_POINTS = (4, 16, 64, 256, 1024, 4096, 16384, 65536)
TIMED_PRIMES = (3, 5, 7, 11, 13, 17, 31, 41, 61, 97, 127, 257)
PRIME_DIMENSION = 3
"""D while P varies: small, so that enumeration gets somewhere."""

STATEVECTOR, STATEVECTOR_QUBITS = "circuit_statevector", 24
"""Beginning of the names of circuits that are simulated as state vectors, and up to how many qubits they are timed."""

TIMING = 1
"""Branch of the run's seed, beside that of the problems."""


@dataclass(frozen=True)
class Settings(Assumptions):
    """Every choice of the study; the command line has a flag for each.

    Attributes
    ----------
    primes
        The crossover is asked at each P; growth of every method is measured at the first.
    points
        K while D or P varies.
    dimension
        D while K varies.
    dimensions, loaded_points
        Sizes at which circuits are counted: at most the device's for its own part, the others beyond it.
    encoding
        Of the circuits.
    samples
        Nodes drawn at once from one problem: they share its preparation.
    draws
        Random problems of each size.
    limit
        Seconds: a classical sampler is timed up to sizes that take longer.
    most_dimensions, most_points, most_prime
        The largest D, K and P at which classical samplers are timed.
    methods
        Names in `SAMPLERS` whose growth is measured, beside the rivals; none takes all.
    seed
        Of the problems and the samplers.
    """

    primes: Sequence[int] = (3, 17)
    points: int = 16
    dimension: int = 24
    dimensions: Sequence[int] = (4, 6, 8, 16, 24, 32, 64)
    loaded_points: Sequence[int] = (2, 4, 8, 16, 24)
    encoding: str = "rader"
    samples: int = 1000
    draws: int = 5
    limit: float = 1.0
    most_dimensions: int = 4096
    most_points: int = 65536
    most_prime: int = 257
    methods: Sequence[str] = ()
    seed: int = 0


@dataclass(frozen=True)
class Axis:
    """What varies, what does not, and the classical methods that are timed along it."""

    key: str
    varied: str
    prime: int
    dimension: int
    points: int
    sizes: tuple[int, ...]
    methods: tuple[str, ...]

    def size(self, value: int) -> tuple[int, int, int]:
        """Return P, D and K at one size."""
        fixed = {"prime": self.prime, "dimension": self.dimension, "points": self.points} | {self.varied: value}
        return fixed["prime"], fixed["dimension"], fixed["points"]


@dataclass(frozen=True)
class Plan:
    """The settings, checked, and what is to be timed and counted.

    Attributes
    ----------
    settings
        The settings.
    axes
        What is timed.
    counted
        P, D and K of the circuits that are counted, by the name of their step.
    """

    settings: Settings
    axes: tuple[Axis, ...]
    counted: Mapping[str, tuple[int, int, int]]


@dataclass(frozen=True)
class Results:
    """What a run found, as plain data; lines and crossings follow from it.

    Attributes
    ----------
    run
        Settings, versions, machine.
    settings
        The settings.
    gate
        Seconds of the device's two-qubit gate.
    times
        For each axis by its key, what it is and its ``methods``: rows of times, and why there are no more.
    circuits
        Counts of circuits by the name of their step.
    """

    run: dict[str, Any]
    settings: Settings
    gate: float
    times: dict[str, dict[str, Any]] = field(default_factory=dict)
    circuits: dict[str, dict[str, Any]] = field(default_factory=dict)
    _lines: dict[tuple[str, ...], Line | None] = field(default_factory=dict, repr=False, compare=False)

    def rows(self, axis: str, method: str) -> list[dict[str, Any]]:
        """Return the times of one method along one axis; none if it was not timed there."""
        found = self.times.get(axis, {"methods": {}})["methods"].get(method)
        return [] if found is None else found["rows"]

    def classical(self, axis: str, method: str) -> Line | None:
        """Return the seconds of a sampler along an axis, its preparation shared; None if it was timed nowhere."""
        key = (axis, method)
        if key not in self._lines:
            faster = self.settings.classical_speedup
            totals = {row["size"]: _estimate(row["total"], 1 / faster) for row in self.rows(axis, method)}
            found = self.times.get(axis, {})
            exponential = method == "enumeration" and found.get("varied") == "dimension"
            law = ("exponential", math.log(found["prime"])) if exponential else ("power", 1.0)
            self._lines[key] = known_line(totals, *law)
        return self._lines[key]

    def quantum(self, varied: str, prime: int, machine: str, loader: str) -> Line | None:
        """Return the seconds of a machine with a loader over D or K; None if the circuits do not fit on it."""
        key = (varied, str(prime), machine, loader)
        if key not in self._lines:
            self._lines[key] = self._quantum(varied, prime, machine, loader)
        return self._lines[key]

    def _quantum(self, varied: str, prime: int, machine: str, loader: str) -> Line | None:
        rows = [row for row in self.circuits.values() if self._along(varied, row, prime)]
        over_points = varied == "points"
        built = "free" if over_points and loader == "log" else loader

        def seconds(name: str, row: Mapping[str, Any]) -> Estimate | None:
            return quantum_seconds(machine, name, row, self.settings, self.gate)

        measured = {row[varied]: seconds(built, row) for row in rows}
        on_device = [row for row in rows if row["on_device"] is not None]
        known = rows if machine in ERROR_CORRECTED else on_device
        if not known:
            return None
        # What is known not to grow: over K the transform, over D what every shot costs, apart from the gates.
        constant = shot_constant(machine, self.settings, loader, self.settings.points, self.gate)
        alone = {row[varied]: seconds("free", row) for row in known}
        constants = {size: one.best if over_points and one is not None else constant for size, one in alone.items()}
        if built == "free" and over_points:
            line = constant_line(measured)
        elif machine == "device with errors":
            of_transform = {row[varied]: shot_loss(row, "free") for row in on_device}
            shots = {
                size: value * math.exp(-of_transform[size]) if over_points else value
                for size, value in constants.items()
            }
            lost = of_transform if over_points else dict.fromkeys(of_transform, 0.0)
            line = lossy_line(measured, {row[varied]: shot_loss(row, built) for row in on_device}, shots, lost)
        else:
            line = power_line(measured, constants)
        if line is None or built == loader:
            return line
        # The steps of this loader are known at every K.
        return replace(line, extra=partial(self._steps, machine, known[0]))

    def crossing(self, varied: str, prime: int, machine: str, loader: str, rival: str) -> Crossing | None:
        """Return where the machine is faster than a classical sampler; None if one of them was not measured."""
        classical, quantum = self.classical(f"{varied}-{prime}", rival), self.quantum(varied, prime, machine, loader)
        if classical is None or quantum is None:
            return None
        most = LARGEST_DIMENSION
        if varied == "points":
            most = min(LARGEST_POINTS, prime**self.settings.dimension)
        return find_crossing(classical, quantum, most)

    @cached_property
    def crossings(self) -> dict[tuple[str, int, str, str, str], Crossing | None]:
        """Every crossing that is asked for, by what varies, P, machine, loader and rival."""
        return {
            (varied, prime, machine, loader, rival): self.crossing(varied, prime, machine, loader, rival)
            for prime in self.settings.primes
            for machine in MACHINES
            for loader in LOADERS
            for varied, rivals in (("dimension", RIVALS), ("points", RIVALS[:1]))
            for rival in rivals
        }

    def _along(self, varied: str, row: Mapping[str, Any], prime: int) -> bool:
        other = "points" if varied == "dimension" else "dimension"
        return row["prime"] == prime and row[other] == getattr(self.settings, other)

    def _steps(self, machine: str, row: Mapping[str, Any], sizes: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the seconds that the loader's steps take at each K."""
        one, none = (
            quantum_seconds(machine, loader, dict(row) | {"points": 2}, self.settings, self.gate)
            for loader in ("log", "free")
        )
        assert one is not None  # the line was built from this row
        assert none is not None
        return np.array([loader_steps("log", size) for size in sizes]) * (one.best - none.best)


def _estimate(plain: Mapping[str, Any], scale: float = 1.0) -> Estimate:
    return Estimate(plain["low"] * scale, plain["best"] * scale, plain["high"] * scale, plain["samples"])


def plan(settings: Settings) -> Plan:
    """Check all settings and list what is to be measured, before anything is.

    Raises
    ------
    InputError
        If a setting is out of range, a name unknown, or a circuit does not fit on the device or has too large a loader.
    """
    settings.check()
    for name in ("points", "dimension", "samples", "most_dimensions", "most_points"):
        whole_number(name, getattr(settings, name), 1)
    whole_number("draws", settings.draws, LEAST_DRAWS)
    whole_number("seed", settings.seed, 0)
    if non_negative("limit", settings.limit) == 0:
        raise InputError("limit = 0 leaves no time to time anything; give seconds above 0.")
    choose("encoding", settings.encoding, ENCODINGS)
    for name in settings.methods:
        choose("sampler", name, SAMPLERS)
    if not settings.primes or len(set(settings.primes)) < len(settings.primes):
        raise InputError(f"primes = {_listed(settings.primes)} names none, or one twice; name each prime once.")
    for prime in settings.primes:
        if settings.encoding not in encodings_of(check_prime(prime)):
            raise InputError(
                f"The encoding {settings.encoding!r} does not take P = {prime}, which {_listed(encodings_of(prime))} "
                "take; choose one of these, or another prime."
            )
    for name in ("dimensions", "loaded_points"):
        for value in getattr(settings, name):
            whole_number(name, value, 1)
        if len(set(getattr(settings, name))) < 2:
            raise InputError(f"{name} = {_listed(getattr(settings, name))} is no growth; give at least 2 sizes.")
    two_qubit_seconds(settings.device)
    counted: dict[str, tuple[int, int, int]] = {}
    for prime in settings.primes:
        sizes = [(dimension, settings.points) for dimension in sorted(set(settings.dimensions))]
        sizes += [(settings.dimension, points) for points in sorted(set(settings.loaded_points))]
        fitting = [(dimension, points) for dimension, points in sizes if points <= prime**dimension]
        if all(settings.points > prime**dimension for dimension in settings.dimensions):
            raise InputError(
                f"Z_{prime}^D has fewer than {settings.points} points at every D of "
                f"{_listed(settings.dimensions)}; take fewer points, more dimensions or a larger prime."
            )
        check_circuits(prime, fitting, settings.encoding, settings.device, settings.seed)
        for dimension, points in fitting:
            counted[f"circuit-P{prime}-D{dimension}-K{points}"] = (prime, dimension, points)
    return Plan(settings, tuple(_axes(settings)), counted)


def _listed(values: Sequence[Any]) -> str:
    return ", ".join(map(str, values)) or "nothing"


def _axes(settings: Settings) -> list[Axis]:
    def upto(sizes: Sequence[int], most: int) -> tuple[int, ...]:
        return tuple(size for size in sizes if size <= most)

    timed = tuple(name for name in SAMPLERS if not settings.methods or name in {*RIVALS, *settings.methods})
    axes = []
    for number, prime in enumerate(settings.primes):
        methods = timed if number == 0 else RIVALS
        held = [size for size in {*TIMED_DIMENSIONS, *settings.dimensions} if prime**size >= settings.points]
        dimensions = upto(sorted(held), settings.most_dimensions)
        axes += [
            Axis(f"dimension-{prime}", "dimension", prime, 0, settings.points, dimensions, methods),
            Axis(
                f"points-{prime}",
                "points",
                prime,
                settings.dimension,
                0,
                upto(TIMED_POINTS, min(settings.most_points, prime**settings.dimension)),
                methods if number == 0 else RIVALS[:1],
            ),
        ]
    held = [prime for prime in TIMED_PRIMES if prime**PRIME_DIMENSION >= settings.points]
    primes = upto(held, settings.most_prime)
    axes.append(Axis("prime", "prime", 0, PRIME_DIMENSION, settings.points, primes, timed))
    return axes


def run(planned: Plan, folder: RunFolder, track: Track = silent) -> Results:
    """Run the study, or what of it has no record in the folder yet.

    Parameters
    ----------
    planned
        Settings and sizes; see `plan`.
    folder
        Where finished steps are written and found.
    track
        Shows progress.
    """
    settings = planned.settings
    choices = asdict(settings)
    results = Results(folder.run, settings, two_qubit_seconds(settings.device))
    advance = track("Classical samplers, timed", sum(len(axis.methods) for axis in planned.axes))
    for number, axis in enumerate(planned.axes):
        found: dict[str, Any] = {**asdict(axis), "methods": {}}
        for method in axis.methods:
            key = f"time-{axis.key}-{method}"
            step = folder.once(key, choices, partial(_time, settings, number, axis, method))
            found["methods"][method] = step.result
            advance(f"{axis.key}, {method}")
        results.times[axis.key] = found
    advance = track("Circuits, counted", len(planned.counted))
    for key, size in planned.counted.items():
        results.circuits[key] = folder.once(key, choices, partial(_count, settings, size)).result
        advance(key)
    return results


def load_results(folder: RunFolder) -> Results:
    """Read the results of a finished run, from a folder opened for reading.

    Raises
    ------
    InputError
        If a step has no record yet, or the settings are not this version's.
    """
    return run(plan(folder.settings_as(Settings)), folder)


def _time(settings: Settings, number: int, axis: Axis, method: str) -> Step:
    chosen = SAMPLERS[method]

    def make(size: int, draw: int) -> Any:
        problem = drawn_problem(*axis.size(size), draw, settings.seed)
        chosen.check(problem)
        if method.startswith(STATEVECTOR):
            _check_statevector(method, problem)
        return lambda: chosen.make(problem).sample

    stream = partial(spawn, settings.seed, TIMING, number, list(SAMPLERS).index(method))
    timed = time_over_sizes(make, axis.sizes, settings.samples, settings.draws, settings.limit, stream)
    return Step({"rows": [asdict(row) for row in timed.rows], "stopped": timed.stopped}, {})


def _check_statevector(method: str, problem: RidgeletProblem) -> None:
    """Refuse what would take minutes: from one prime to the next the qubits may jump by eight."""
    encoding = method.removeprefix(STATEVECTOR).removeprefix("_") or "binary"
    qubits = (problem.dimension + 1) * ENCODINGS[encoding](problem.prime).digit_qubits
    if qubits > STATEVECTOR_QUBITS:
        raise InputError(f"{qubits} qubits; state vectors are timed up to {STATEVECTOR_QUBITS}")


def _count(settings: Settings, size: tuple[int, int, int]) -> Step:
    return Step(
        count_circuits(
            *size, settings.draws, settings.encoding, settings.device, settings.synthesis_error, settings.seed
        ),
        {},
    )
