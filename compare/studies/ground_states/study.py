"""The study of ground states: sparse neural states against sparse circuits, and both against rivals of equal size.

A state is trained densely, pruned round by round, and its masks are trained in isolation: kinds dense, round (needs the
round before) and arm (needs a round's mask). Rotation circuits are pruned alike. Rivals have their parameters counted;
tickets of few gates run on a snapshot of a device with its noise, or on a device.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Annotated, Any

from compare.engine import LARGE, MANY, Above, Check, Each, Flag, Help, Kind, Least, Most, Names, Planned, Study
from compare.machines.assumptions import (
    DRIFT,
    CycleSetting,
    DistanceSetting,
    DriftSetting,
    MachinesSetting,
    RateSetting,
    SpeedupSetting,
    SynthesisSetting,
)
from compare.report.styles import BLUE, GREEN, ORANGE, VERMILION, Shown, Style
from compare.studies.devices import snapshots
from compare.studies.ground_states.lattices import MODELS, check_lattice, is_ising, made, shape
from compare.studies.ground_states.records import (
    Arm,
    Circuit,
    CircuitArm,
    Deep,
    Dense,
    Estimated,
    Fitted,
    Ground,
    Known,
    Lattice,
    Measured,
    Noise,
    Noisy,
    Pruned,
    Pruning,
    Rival,
    Round,
    Shots,
    Timed,
    Timing,
    Trained,
)
from compare.studies.symbols import STATES
from problems.ground_states import CRITICAL_FIELD, schedule
from problems.ground_states.schedule import SHARE

__all__ = [
    "ARM",
    "ARMS",
    "CIRCUIT",
    "CIRCUIT_ARM",
    "DEEP",
    "DENSE",
    "GROUND",
    "NOISE",
    "RIVAL",
    "ROUND",
    "SHOTS",
    "STUDY",
    "TIMED",
    "Settings",
    "counts",
]

ARMS: Mapping[str, Shown] = {
    "imp": Shown("imp, the pruning run", "pruned", Style(BLUE, "o", "-")),
    "T(init,imp)": Shown("T(init, imp)", "control", Style(GREEN, "^", "-.")),
    "T(rand,imp)": Shown("T(rand, imp)", "control", Style(ORANGE, "s", "--")),
    "T(init,rand)": Shown("T(init, rand)", "control", Style(VERMILION, "v", ":")),
}
"""The four arms: the weights that a training begins with, and the mask."""

REWINDS = ("dense", "initial")
TICKETS = ("1-gate", "all-disjoint", "grown-half", "grown-whole", "layer", "hva")
"""Circuits that run with noise: disjoint gates, ADAPT with half as many gates as sites and with as many, a full layer,
and one layer of the Hamiltonian ansatz."""

SMALL = 20
"""Sites up to which circuits, Jastrow states and fidelities are computed."""


@dataclass(frozen=True)
class Settings:
    """Every choice of the study; from `cycle` on they are read by the verdict alone, and are in no task."""

    models: Annotated[tuple[str, ...], Each("model"), Names(MODELS, "models")] = ("open",)
    lattices: Annotated[tuple[str, ...], Each("lattice"), Check(check_lattice, "lattices, as 3x3")] = ("3x3",)
    fields: Annotated[tuple[float, ...], Each("field"), Least(0, "fields kappa of Ising models")] = (CRITICAL_FIELD,)
    alphas: Annotated[tuple[int, ...], Each("alpha"), Least(1, "neurons a site"), Most(64)] = (2, 4, 8)
    seeds: Annotated[tuple[int, ...], Each("seed"), Least(0, "whole numbers that first weights are drawn with")] = (
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        7,
    )
    arms: Annotated[tuple[str, ...], Each("arm"), Names(ARMS, "arms")] = tuple(ARMS)
    armed: Annotated[
        tuple[int, ...], Each("armed"), Least(1, "alphas whose masks are trained in isolation"), Most(64)
    ] = (4,)
    rewinds: Annotated[tuple[str, ...], Each("rewind"), Names(dict.fromkeys(REWINDS), "rewindings")] = ("dense",)
    samples: Annotated[int | None, Least(2), Most(LARGE), Help("samples a step; none sums exactly")] = None
    rate: Annotated[float, Above(0), Help("rate of the natural gradient")] = 0.008
    dense_steps: Annotated[int, Least(0), Most(LARGE), Help("steps of the dense training that rounds rewind to")] = 200
    steps: Annotated[int, Least(1), Most(LARGE), Help("steps of each round")] = 150
    arm_steps: Annotated[int, Least(1), Most(LARGE), Help("steps of masks in isolation")] = 400
    share: Annotated[float, Flag("cut"), Above(0), Most(0.9), Help("share of the weights that a round cuts")] = SHARE
    least: Annotated[
        int | None, Least(1), Most(LARGE), Help("fewest weights; none: 3/4 of a weight for each site of each bond")
    ] = None
    layers: Annotated[
        tuple[int, ...], Each("p"), Flag("layers"), Least(1, "layers p of rotation circuits"), Most(16)
    ] = (1, 3, 8)
    drawn: Annotated[int, Least(1), Most(64), Help("layers of the circuits whose four arms are drawn")] = 3
    ansatz: Annotated[tuple[int, ...], Least(1, "layers of the Hamiltonian ansatz"), Most(16)] = (1, 2, 4)
    adapted: Annotated[int, Least(1), Most(200), Help("gates of ADAPT")] = 36
    bonds: Annotated[tuple[int, ...], Least(1, "bond dimensions of matrix product states"), Most(256)] = (2, 4, 8)
    deep: Annotated[
        tuple[str, ...], Each("network"), Names(dict.fromkeys(("none", "cnn", "rescnn")), "NetKet's networks")
    ] = ("none",)
    features: Annotated[int, Flag("filters"), Least(1), Most(MANY), Help("filters of NetKet's convolutions")] = 4
    kernel: Annotated[int, Least(1), Most(64), Help("side of these filters")] = 3
    blocks: Annotated[int, Least(1), Most(64), Help("residual blocks of NetKet's networks")] = 2
    rounds: Annotated[int, Least(1), Most(MANY), Help("rounds of pruning NetKet's networks")] = 12
    tickets: Annotated[tuple[str, ...], Each("ticket"), Names(dict.fromkeys(TICKETS), "circuits with noise")] = TICKETS
    device: Annotated[str, Names(snapshots, "snapshot whose noise they meet", "device")] = "fake_fez"
    backend: Annotated[str | None, Help("device that measures them; none for no device")] = None
    shots: Annotated[int, Least(2), Most(LARGE), Help("shots a setting on that device")] = 10_000
    cycle: CycleSetting = 1e-6
    distance: DistanceSetting = 25
    t_rate: RateSetting = None
    synthesis_error: SynthesisSetting = 0.01
    rotation_cost: Annotated[
        float, Above(0), Help("T gates of a rotation over log2 of one over its error (Ross and Selinger: 3)")
    ] = 3.0
    machines: MachinesSetting = 1
    classical_speedup: SpeedupSetting = 1.0
    drift: DriftSetting = DRIFT

    def check(self) -> None:
        """Refuse lattices that a model does not have.

        Raises
        ------
        InputError
            If there is one.
        """
        for place in _places(self):
            made(place)


def _places(settings: Settings) -> list[Lattice]:
    return [
        Lattice(model, lattice, field)
        for model in settings.models
        for lattice in settings.lattices
        for field in (settings.fields if is_ising(model) else (None,))
    ]


def counts(task: Any, least: int | None = None) -> tuple[int, ...]:
    """Return the weights of each round of a state, from a task with model, lattice, alpha and share.

    Raises
    ------
    InputError
        If `least` is above all weights.
    """
    model = made(task)
    whole = task.alpha * model.sites**2
    if least is None:
        least = min(whole, -(-3 * sum(map(len, model.products)) // 4))
    return schedule(whole, least, task.share)


def _of(kind: type, task: Any, **more: Any) -> Any:
    """Return a task of another class with the fields that both have."""
    return kind(**{one.name: getattr(task, one.name) for one in fields(kind) if one.name not in more}, **more)


def _on_lattice(task: Any) -> dict[str, Sequence[Planned]]:
    return {"ground": [GROUND(_of(Lattice, task))]}


def _of_round(task: Any) -> dict[str, Sequence[Planned]]:
    needed = _on_lattice(task) | {"dense": [DENSE(_of(Dense, task))]}
    if task.round:
        needed["before"] = [ROUND(replace(_of(Round, task), round=task.round - 1))]
    return needed


def _of_arm(task: Any) -> dict[str, Sequence[Planned]]:
    return _on_lattice(task) | {"round": [ROUND(_of(Round, task))]}


def _of_circuit(task: Any) -> dict[str, Sequence[Planned]]:
    return {"circuit": [CIRCUIT(_of(Circuit, task))]}


PLACE = "compare.studies.ground_states"

GROUND = Kind("states/ground", Lattice, Known, f"{PLACE}.rivals:know")
DENSE = Kind("states/dense", Dense, Trained, f"{PLACE}.networks:train_dense", needs=_on_lattice)
ROUND = Kind("states/round", Round, Pruned, f"{PLACE}.networks:prune_round", needs=_of_round)
ARM = Kind("states/arm", Arm, Fitted, f"{PLACE}.networks:train_arm", needs=_of_arm)
RIVAL = Kind("states/rival", Rival, Ground, f"{PLACE}.rivals:rival", needs=_on_lattice)
TIMED = Kind("states/timed", Timing, Timed, f"{PLACE}.rivals:time_rival", timed=True)
CIRCUIT = Kind("states/circuit", Circuit, Pruning, f"{PLACE}.gates:prune_circuit")
CIRCUIT_ARM = Kind("states/circuit-arm", CircuitArm, Ground, f"{PLACE}.gates:train_circuit", needs=_of_circuit)
DEEP = Kind("states/deep", Deep, Estimated, f"{PLACE}.networks:prune_deep", needs=_on_lattice)
NOISE = Kind("states/noise", Noise, Noisy, f"{PLACE}.gates:measure_noisy")
SHOTS = Kind("states/shots", Shots, Measured, f"{PLACE}.gates:order", external=True)


def tasks(settings: Settings) -> list[Planned]:
    """Return the tasks of settings, each once."""
    found: list[Planned] = []
    for place in _places(settings):
        found.append(GROUND(place))
        found += _networks(settings, place)
        rows, columns = shape(place.lattice)
        if is_ising(place.model) and rows * columns <= SMALL:
            found += _rivals(settings, place)
            found += _circuits(settings, place)
        if is_ising(place.model):
            found += [
                DEEP(Deep(**vars(place), network=network, seed=seed, **_shared(settings, Deep)))
                for network in settings.deep
                if network != "none"
                for seed in settings.seeds
            ]
        if rows * columns <= NOISY or place.model == "toric":
            found += _noise(settings, place)
    return found


NOISY = 12
"""Sites up to which a density matrix is followed on a snapshot."""


def _shared(settings: Settings, kind: type) -> dict[str, Any]:
    known = {one.name for one in fields(kind)}
    return {one.name: getattr(settings, one.name) for one in fields(settings) if one.name in known}


def _networks(settings: Settings, place: Lattice) -> list[Planned]:
    found = []
    shared = {name: getattr(settings, name) for name in ("samples", "rate", "dense_steps", "steps", "share")}
    for alpha in settings.alphas:
        for rewind in settings.rewinds:
            for seed in settings.seeds:
                first = Round(**vars(place), alpha=alpha, seed=seed, rewind=rewind, round=0, **shared)
                every = [replace(first, round=number) for number in range(len(counts(first, settings.least)))]
                found += [ROUND(one) for one in every]
                if alpha in settings.armed and rewind == settings.rewinds[0]:
                    found += [
                        ARM(Arm(**vars(one), arm=arm, arm_steps=settings.arm_steps))
                        for arm in settings.arms
                        if arm != "imp"
                        for one in every
                    ]
    return found


def _rivals(settings: Settings, place: Lattice) -> list[Planned]:
    first = settings.seeds[0]
    sized = [("jastrow", (1, 2)), ("mps", settings.bonds), ("hva", settings.ansatz)]
    found = [Rival(**vars(place), rival=name, size=size, seed=first) for name, sizes in sized for size in sizes]
    found += [Rival(**vars(place), rival="adapt", size=settings.adapted, seed=seed) for seed in settings.seeds]
    return [RIVAL(one) for one in found] + [TIMED(Timing(**vars(place), rival="jastrow", size=size)) for size in (1, 2)]


def _circuits(settings: Settings, place: Lattice) -> list[Planned]:
    found: list[Planned] = []
    products = len(made(place).products)
    for p in settings.layers:
        for seed in settings.seeds:
            task = Circuit(**vars(place), p=p, seed=seed, rewind="continue", least=-(-products * 3 // 4))
            found.append(CIRCUIT(task))
            found += [CIRCUIT_ARM(CircuitArm(**vars(task), arm=arm)) for arm in settings.arms if arm != "imp"]
    return found


def _noise(settings: Settings, place: Lattice) -> list[Planned]:
    tickets = settings.tickets if is_ising(place.model) else ("toric",)
    found = [NOISE(Noise(**vars(place), ticket=ticket, device=settings.device)) for ticket in tickets]
    if settings.backend is not None:
        found += [
            SHOTS(Shots(**vars(place), ticket=ticket, setting=setting, **_device(settings)))
            for ticket in ("none", *tickets)
            for setting in ("Z", "X")
            if ticket != "none" or is_ising(place.model)
        ]
    return found


def _device(settings: Settings) -> dict[str, Any]:
    return {"backend": settings.backend, "shots": settings.shots, "seed": settings.seeds[0]}


PRESETS = {
    "verdict": Settings(alphas=(4,), seeds=(0, 1, 2), arms=("imp",), layers=(3,), bonds=(2, 4)),
    "large": Settings(
        lattices=("5x5", "6x6"), alphas=(4,), seeds=(0,), samples=1024, arms=("imp", "T(rand,imp)", "T(init,rand)")
    ),
    "toric": Settings(
        models=("toric",),
        alphas=(8,),
        seeds=(0,),
        arms=("imp",),
        samples=1024,
        dense_steps=500,
        steps=100,
        share=0.2,
        armed=(8,),
    ),
    "ten": Settings(
        lattices=("10x10",),
        alphas=(5,),
        seeds=(0,),
        samples=1024,
        dense_steps=10_000,
        steps=1000,
        arm_steps=1000,
        armed=(5,),
    ),
}


STUDY = Study(
    "states",
    "Ground states: sparse networks against sparse circuits",
    "Prune neural states and circuits of lattices of spins: what tickets are, and what else has their energy.",
    Settings,
    tasks,
    f"{PLACE}.report:report",
    (GROUND, DENSE, ROUND, ARM, RIVAL, TIMED, CIRCUIT, CIRCUIT_ARM, DEEP, NOISE, SHOTS),
    presets=PRESETS,
    methods=ARMS,
    prepare=f"{PLACE}.networks:prepare",
    claim=f"{PLACE}.claim:claim",
    symbols=STATES,
)
