"""The noise study: the same problem ideal, on a noisy device, with errors suppressed, and with its readout mitigated.

For each encoding, each way of suppression runs in several repeats with seeds of their own. Readout mitigation costs no
shots: the same ones are read with it and without, so the two are compared shot by shot.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Annotated

from compare.engine import LARGE, MANY, Array, Check, Each, Flag, Help, Kind, Least, Most, Names, Planned, Shape, Study
from compare.hardware.mitigation import FACTORS, MOST_FACTOR
from compare.statistics import Estimate, RecordedTest
from compare.studies.data import TABLE, MissingSetting, TargetSetting, WithoutSetting, attach, table_of
from compare.studies.devices import snapshots
from compare.studies.ridgelet import settings as shared
from compare.studies.ridgelet.noise.averages import AVERAGES, EXTRAPOLATIONS, MITIGATIONS
from compare.studies.ridgelet.noise.problems import OnDevice, Problem
from compare.studies.symbols import RIDGELET
from problems.errors import InputError

__all__ = [
    "CIRCUIT",
    "IDEAL",
    "IDEAL_BACKEND",
    "PROBLEM",
    "READING",
    "SHOTS",
    "STUDY",
    "SUPPRESSIONS",
    "Arm",
    "Compared",
    "Described",
    "Fitted",
    "Found",
    "Judged",
    "OnDevice",
    "Problem",
    "Run",
    "Sampled",
    "Settings",
    "Shots",
]

IDEAL, IDEAL_BACKEND = "ideal", "aer_statevector"
"""The arm without noise, and where it runs, whatever the device is."""

SUPPRESSIONS: Mapping[str, Mapping[str, bool]] = {
    "none": {},
    "dd": {"dynamical_decoupling": True},
    "twirling": {"twirling": True},
    "dd+twirling": {"dynamical_decoupling": True, "twirling": True},
}
"""The arms on the device, by name: what `quantum.backends.Suppression` is made of."""

MAX_NETWORKS = 50
"""Networks in each repeat, as far as its shots go."""

MEASURES = "compare.studies.ridgelet.noise.measures"


def _refuse_device(name: str, value: str) -> None:
    """Refuse a device: the study runs many circuits and waits for each."""
    from quantum.names import is_device

    if is_device(value):
        snapshot = value.replace("ibm_", "fake_", 1) if value.startswith("ibm_") else "fake_fez"
        raise InputError(
            f"{name} = {value!r} is a device, where every run is a job that costs time on the account; the noise study "
            f"runs snapshots, such as {snapshot}. For the device use: tickets submit --backend {value}"
        )


@dataclass(frozen=True)
class Settings:
    """Every choice of the study."""

    dataset: shared.DatasetSetting = "digits"
    target: TargetSetting = None
    prime: Annotated[shared.PrimeSetting, Help("prime P: levels of each feature")] = 3
    features: Annotated[int, Least(1), Most(LARGE), Help("data dimension D")] = 3
    points: Annotated[int, Least(1), Most(LARGE), Help("distinct data points K, at most")] = 4
    shots: Annotated[int, Most(LARGE), Help("shots of each repeat")] = 2000
    repeats: Annotated[int, Least(2), Most(MANY), Help("independent repeats of each circuit")] = 5
    encodings: Annotated[tuple[str, ...], Each("encoding"), Names(shared.encodings, "encodings")] = ("rader", "binary")
    backend: Annotated[
        str,
        Flag("device"),
        Check(_refuse_device),
        Names(snapshots, "device whose noise is simulated, a snapshot: fake_fez, ...", "noisy device"),
    ] = "fake_fez"
    suppressions: Annotated[
        tuple[str, ...], Each("suppression"), Names(SUPPRESSIONS, "what runs against the noise")
    ] = tuple(SUPPRESSIONS)
    mitigations: Annotated[
        tuple[str, ...],
        Each("mitigation"),
        Names(MITIGATIONS, "ways to estimate expectation values, at equal shots: raw, readout, zne, pec"),
    ] = ()
    factors: Annotated[
        tuple[int, ...], Each("factor"), Most(MOST_FACTOR), Help("times as much noise that zne extrapolates from, odd")
    ] = FACTORS
    extrapolation: Annotated[str, Names(EXTRAPOLATIONS, "what zne extrapolates by: exponential or linear")] = (
        "exponential"
    )
    nodes: Annotated[int, Least(1), Most(LARGE), Help("hidden nodes N of the networks whose risk is measured")] = 4
    regularization: shared.RegularizationSetting = 1e-3
    activation: shared.ActivationSetting = "relu"
    ridge: shared.RidgeSetting = 1e-4
    seed: shared.SeedSetting = 0
    missing: MissingSetting = "refuse"
    without: WithoutSetting = ()

    def check(self) -> None:
        """Refuse what does not go together."""
        from problems.activations import activation_table
        from quantum.backends.fitting import LEAST_SHOTS
        from quantum.ridgelet import ENCODINGS

        least = max(LEAST_SHOTS, 4 * self.nodes)
        if self.shots < least:
            raise InputError(
                f"shots = {self.shots} is too few for fidelities and for networks of {self.nodes} nodes, where many "
                f"shots may be invalid: at least {least} are needed; measure more, or ask for fewer nodes."
            )
        if self.mitigations:
            from quantum.fold_factors import check_factors

            check_factors(self.factors)
        for encoding in self.encodings:
            ENCODINGS[encoding](self.prime)
        activation_table(self.activation, self.prime)

    @property
    def quoted(self) -> str:
        """The arm on the device that sentences quote: plain noise, if it is asked for."""
        return "none" if "none" in self.suppressions else self.suppressions[0]


@dataclass(frozen=True)
class Judged(Problem):
    """A problem, and how nodes are judged on it; all as in `Settings`."""

    shots: int
    repeats: int
    nodes: int
    ridge: float

    @property
    def networks(self) -> int:
        """Networks of disjoint nodes in each repeat; fewer where too few shots are valid."""
        return min(MAX_NETWORKS, self.shots // self.nodes)


@dataclass(frozen=True)
class Run(OnDevice):
    """One run of a circuit: `arm` is "ideal" or a name in `SUPPRESSIONS`."""

    arm: str
    repeat: int
    shots: int


@dataclass(frozen=True)
class Arm(Judged):
    """The shots of all repeats of one arm."""

    encoding: str
    backend: str
    arm: str


@dataclass(frozen=True)
class Sampled:
    """The worth of nodes: cross-entropy fidelity to p*, and the risks of networks, in training and held out."""

    fidelity: Estimate
    empirical: Estimate
    held_out: Estimate


@dataclass(frozen=True)
class Described:
    """The problem in numbers.

    Attributes
    ----------
    description
        The data set in words.
    dimension, distinct
        D, and the number K of distinct points.
    enumerable, held_out
        Whether p* can be enumerated, and whether anything is held out.
    baselines
        See `compare.risk.baseline_risks`.
    networks
        As of `Judged`.
    uniform
        The control: as many uniform nodes as there are shots, noise without any signal.
    x, amplitudes
        The points, and what the circuit loads.
    """

    description: str
    dimension: int
    distinct: int
    enumerable: bool
    held_out: bool
    baselines: dict[str, tuple[float, float]]
    networks: int
    uniform: Sampled
    x: Annotated[Array, Shape("distinct", "dimension", of="iu", least=0, below="prime")]
    amplitudes: Annotated[Array, Shape("distinct", "outputs", least=-inf)]


@dataclass(frozen=True)
class Fitted:
    """A circuit on the device: see `quantum.backends.FittedCircuit`, and `ReadoutErrors` for the flips of its bits.

    `calibrated` is when the snapshot was taken, ISO 8601; None where it does not say. `unknown` counts the operations
    whose error it does not say: `fidelity` is of the others, None if there are none.
    """

    qubits: tuple[int, ...]
    depth: int
    two_qubit_gates: int
    duration: float | None
    fidelity: float | None
    unknown: int
    transpiler_seed: int
    flips: Annotated[Array, Shape("bits", 2)]
    calibrated: str | None


@dataclass(frozen=True)
class Shots:
    """Measured bits, eight packed into a byte, and the seed of the simulator that gives them again."""

    bits: Annotated[Array, Shape("shots", "bytes", of="u")]
    clbits: int
    simulator_seed: int


@dataclass(frozen=True)
class Found(Sampled):
    """The findings of shots, as they were read or mitigated.

    Attributes
    ----------
    fidelity, surviving
        Invalid shots count as density 0; the share that is valid. Of all shots together.
    empirical, held_out, fidelity_over_repeats, chi_square
        With the spread of the repeats; the last is Pearson's over its degrees of freedom, None where it is infinite or
        nothing is enumerated.
    fidelities, chi_squares
        Of each repeat.
    goodness_of_fit
        Of all valid shots, where p* is enumerated; mitigated shots are no sample, and have none.
    """

    surviving: Estimate
    fidelity_over_repeats: Estimate
    chi_square: Estimate | None
    fidelities: Array
    chi_squares: Array
    goodness_of_fit: RecordedTest | None = None


@dataclass(frozen=True)
class Compared:
    """The findings of one arm's shots.

    Attributes
    ----------
    notes
        What the simulated device does not honor of the arm, or what cannot help there, a sentence each.
    raw, mitigated
        As they were read, and with the readout errors mitigated; None without noise.
    gain, gain_over_repeats
        Fidelity mitigated minus raw, paired: on the same resamples of the shots, and on the same repeats.
    """

    notes: tuple[str, ...]
    raw: Found
    mitigated: Found | None = None
    gain: Estimate | None = None
    gain_over_repeats: Estimate | None = None


def _shots_of(task: Arm) -> Mapping[str, Sequence[Planned]]:
    """Return what a reading needs: the shots of every repeat, and under noise the readout errors."""
    one = {**vars(task.problem), "encoding": task.encoding, "backend": task.backend}
    shots = [SHOTS(Run(**one, arm=task.arm, repeat=repeat, shots=task.shots)) for repeat in range(task.repeats)]
    circuit = {} if task.arm == IDEAL else {"circuit": [CIRCUIT(OnDevice(**one))]}
    return {"shots": shots, **circuit, **table_of(task)}


PROBLEM = Kind("noise/problem", Judged, Described, f"{MEASURES}:describe", version=2, needs=table_of)
CIRCUIT = Kind("noise/circuit", OnDevice, Fitted, f"{MEASURES}:fit", needs=table_of)
SHOTS = Kind("noise/shots", Run, Shots, f"{MEASURES}:run", needs=table_of)
READING = Kind("noise/reading", Arm, Compared, f"{MEASURES}:read", version=2, needs=_shots_of)


def tasks(settings: Settings) -> list[Planned]:
    """Return the problem, and of each encoding its circuit, its shots and their readings."""
    found = PROBLEM.product(settings)
    for encoding in settings.encodings:
        found += CIRCUIT.product(settings, encoding=encoding)
        for arm in (IDEAL, *settings.suppressions):
            # Without noise it makes no difference which device there is.
            backend = IDEAL_BACKEND if arm == IDEAL else settings.backend
            of_arm = {"encoding": encoding, "backend": backend, "arm": arm}
            found += SHOTS.product(settings, **of_arm, repeat=range(settings.repeats))
            found += READING.product(settings, **of_arm)
        for mitigation in settings.mitigations:
            folded = mitigation == "zne"
            found += AVERAGES.product(
                settings,
                encoding=encoding,
                backend=settings.backend,
                mitigation=mitigation,
                shots=settings.shots * settings.repeats,  # as many as every other arm has
                factors=[settings.factors if folded else ()],
                extrapolation=settings.extrapolation if folded else "",
            )
    return found


STUDY = Study(
    "noise",
    "Ideal, noisy, suppressed, mitigated",
    "Compare the circuit ideal, noisy, with errors suppressed and readout mitigated.",
    Settings,
    tasks,
    "compare.studies.ridgelet.noise.report:report",
    (PROBLEM, CIRCUIT, SHOTS, READING, AVERAGES, TABLE),
    prepare=f"{MEASURES}:prepare",
    attach=attach,
    symbols=RIDGELET,
)
