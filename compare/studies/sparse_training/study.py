"""The study of sparse training: pruned networks trained by one linear system, by circuits, and by what they must beat.

Each part is a kind of task. Updates of real networks are linearized and held against gradient descent; perceptrons are
trained with downloads, and their spectra taken; history systems are conditioned, solved and counted; and rounds of
training run by a circuit. Costs meet in the report alone, under stated assumptions.
"""

from dataclasses import dataclass
from typing import Annotated, Any

from compare.engine import LARGE, MANY, Above, Check, Each, Flag, Help, Kind, Least, Most, Names, Planned, Study
from compare.machines import Assumptions
from compare.studies.data import TABLE, MissingSetting, TargetSetting, WithoutSetting, known, known_or_file, table_of
from compare.studies.devices import DeviceSetting
from compare.studies.sparse_training.names import MODES, RIVALS, SOLVERS
from compare.studies.sparse_training.records import (
    Circuit,
    Condition,
    Conditioned,
    Counted,
    Cycled,
    Cycles,
    Expanded,
    Expansion,
    Loop,
    Looped,
    Measured,
    Pruned,
    Reexpanded,
    Rival,
    Rivals,
    Shots,
)
from compare.studies.sparse_training.sources import EXAMPLE, UPDATE, attach, network_source, update_needs
from compare.studies.symbols import TRAINING
from problems.errors import InputError
from problems.names import DATASETS

__all__ = [
    "CIRCUIT",
    "CONDITION",
    "CYCLES",
    "EXPANSION",
    "LOOP",
    "MODES",
    "REEXPANSION",
    "RIVAL",
    "RIVALS",
    "SHOTS",
    "SOLVERS",
    "STUDY",
    "Settings",
]

READOUT_KEPT = 4
"""Kept weights of the network whose readout is trained too."""

DEVICE_STEPS = 2
"""Steps T of the small instance that a device takes."""

HHL_LARGEST = 16
"""Steps T up to which phase estimation is counted."""


def _no_shots(name: str, value: int) -> None:
    if value == 1:
        raise InputError(f"{name} = 1 gives no error; give at least 2, or 0 for the state vector.")


@dataclass(frozen=True)
class Settings(Assumptions):
    """Every choice of the study."""

    device: DeviceSetting = "fake_fez"
    update: Annotated[
        str | None, Help("NPZ file of a polynomial update F_0, F_1, ..., in place of quadratic networks")
    ] = None
    quadratic: Annotated[
        str, Names(DATASETS, "data set of two classes, or a file, that quadratic networks learn", "", known_or_file)
    ] = "breast-cancer"
    datasets: Annotated[
        tuple[str, ...], Each("dataset"), Names(DATASETS, "data sets of the perceptrons, or files", "", known_or_file)
    ] = ("digits-classes", "mnist-8-9")
    target: TargetSetting = None
    seeds: Annotated[tuple[int, ...], Each("seed"), Least(0, "whole numbers: splits, networks and shots")] = (0, 1, 2)
    kept: Annotated[tuple[int, ...], Each("kept"), Least(1, "weights kept of quadratic networks"), Most(32)] = (2, 4, 8)
    etas: Annotated[tuple[float, ...], Each("eta"), Above(0), Help("step sizes of quadratic networks")] = (0.1, 0.3)
    orders: Annotated[int, Least(1, "orders N of linearizations, up to this one"), Most(6)] = 4
    steps: Annotated[int, Least(1, "steps T of quadratic networks"), Most(1000)] = 16
    share: Annotated[float, Above(0), Most(1), Help("share of a perceptron's weights that is kept")] = 0.1
    rate: Annotated[float, Above(0), Help("step size of pruned perceptrons")] = 0.1
    upload: Annotated[
        int, Flag("upload_steps"), Least(1, "steps between uploads, and of pruned perceptrons in all"), Most(MANY)
    ] = 100
    every: Annotated[
        tuple[int, ...], Each("every"), Least(1, "steps between expansions of pruned perceptrons"), Most(MANY)
    ] = (
        5,
        20,
        100,
    )
    classical: Annotated[
        tuple[int, ...],
        Each("classical"),
        Least(0, "classical steps between a download and the next upload"),
        Most(MANY),
    ] = (0, 10)
    modes: Annotated[tuple[str, ...], Each("mode"), Names(MODES, "ways to train pruned perceptrons")] = tuple(MODES)
    cycles: Annotated[int, Flag("uploads"), Least(1, "uploads"), Most(MANY)] = 2
    marks: Annotated[tuple[int, ...], Least(0, "steps after an upload at which spectra are taken"), Most(MANY)] = (
        0,
        1,
        2,
        5,
        10,
        20,
        50,
        100,
    )
    least: Annotated[
        tuple[float, ...], Each("least"), Flag("least_decay"), Help("least rates of decay of the example, over .1")
    ] = (
        1.0,
        0.0,
        -0.5,
    )
    conditioned: Annotated[tuple[int, ...], Least(1, "steps T whose conditions are fitted"), Most(128)] = (4, 8, 16, 32)
    solvers: Annotated[tuple[str, ...], Each("method"), Names(SOLVERS, "circuits")] = tuple(SOLVERS)
    rivals: Annotated[tuple[str, ...], Each("rival"), Names(RIVALS, "classical trainers")] = tuple(RIVALS)
    counted: Annotated[int, Least(1, "weights kept of the network whose circuits are counted"), Most(8)] = 4
    epsilon: Annotated[float, Above(0), Most(0.5), Help("error of a circuit's inverse or reflection")] = 0.01
    shots: Annotated[
        tuple[int, ...],
        Each("shots"),
        Least(0, "shots of a download; 0 is the state vector"),
        Most(LARGE),
        Check(_no_shots),
    ] = (
        100,
        10_000,
        1_000_000,
        0,
    )
    rounds: Annotated[int, Least(1, "rounds of training by a circuit"), Most(MANY)] = 4
    round: Annotated[int, Flag("round_steps"), Least(1, "steps T of a round"), Most(16)] = 4
    looped: Annotated[tuple[int, ...], Least(1, "weights kept in training by a circuit"), Most(8)] = (4, 8)
    device_shots: Annotated[
        int, Least(0, "shots of a small instance for a device, which tickets submit takes there; 0: none"), Most(LARGE)
    ] = 0
    error: Annotated[float, Above(0), Most(1), Help("error of a download over what the weights moved by")] = 0.01
    images: Annotated[int, Least(1), Most(1_000_000_000), Help("rows that a classical step looks at")] = 50_000
    flops: Annotated[float, Above(0), Help("operations a second of the classical machine")] = 1e12
    horizon: Annotated[
        int, Least(1), Most(1_000_000_000), Help("steps T of the crossover, from upload to download")
    ] = 100
    downloaded: Annotated[
        int, Least(1), Most(1_000_000_000), Help("weights downloaded, where they are not a share of all")
    ] = 1000
    missing: MissingSetting = "refuse"
    without: WithoutSetting = ()


PLACE = "compare.studies.sparse_training"

EXPANSION = Kind("training/expansion", Expansion, Expanded, f"{PLACE}.expansions:expand", needs=update_needs)
REEXPANSION = Kind("training/reexpansion", Pruned, Reexpanded, f"{PLACE}.networks:reexpand", needs=table_of)
CYCLES = Kind("training/cycles", Cycles, Cycled, f"{PLACE}.networks:cycle", needs=table_of)
RIVAL = Kind("training/rival", Rival, Rivals, f"{PLACE}.networks:rival", needs=table_of)
CONDITION = Kind("training/condition", Condition, Conditioned, f"{PLACE}.systems:condition", needs=update_needs)
CIRCUIT = Kind("training/circuit", Circuit, Counted, f"{PLACE}.systems:count_circuit", needs=update_needs)
SHOTS = Kind("training/shots", Shots, Measured, f"{PLACE}.expansions:order", needs=update_needs, external=True)
LOOP = Kind("training/loop", Loop, Looped, f"{PLACE}.expansions:loop", needs=update_needs)


def updates(settings: Settings, kept: tuple[int, ...], etas: tuple[float, ...]) -> list[dict[str, Any]]:
    """Return what names each update: the user's, or those of pruned quadratic networks."""
    if settings.update is not None:
        return [{"source": settings.update, "seed": 0, "kept": None, "eta": None, "readout": False, "least": None}]
    return [
        {
            "source": network_source(settings.quadratic),
            "seed": seed,
            "kept": count,
            "eta": eta,
            "readout": False,
            "least": None,
        }
        for eta in etas
        for count in kept
        for seed in settings.seeds
    ]


def example(least: float) -> dict[str, Any]:
    """Return what names the example that conditions are fitted on."""
    return {"source": EXAMPLE, "seed": 0, "kept": None, "eta": None, "readout": False, "least": least}


def tasks(settings: Settings) -> list[Planned]:
    """Return the tasks of every part."""
    found = []
    for one in updates(settings, settings.kept, settings.etas):
        found.append(EXPANSION(Expansion(**one, steps=settings.steps, orders=settings.orders)))
        if one["kept"] == READOUT_KEPT:
            trained = one | {"readout": True}
            found.append(EXPANSION(Expansion(**trained, steps=settings.steps, orders=settings.orders)))
    pruned = {"share": settings.share, "eta": settings.rate}
    found += REEXPANSION.product(settings, **pruned, steps=settings.upload)
    found += CYCLES.product(
        settings, **pruned, every=settings.upload, cycles=settings.cycles, marks=[tuple(sorted(settings.marks))]
    )
    found += RIVAL.product(settings, **pruned, steps=settings.upload, every=0, method=list(settings.rivals))
    return found + _systems(settings) + _loops(settings) + _for_a_device(settings)


def _systems(settings: Settings) -> list[Planned]:
    found = []
    few = updates(settings, settings.kept[:1], settings.etas[:1])[:1]
    for one in [*map(example, settings.least), *few]:
        for order in range(1, min(settings.orders, 3) + 1):
            for steps in settings.conditioned:
                found += [CONDITION(Condition(**one, steps=steps, orders=order, row=row)) for row in (True, False)]
    order = min(settings.orders, 2)
    counted = [example(settings.least[0]), *updates(settings, (settings.counted,), settings.etas[:1])[:1]]
    for one in counted:
        for method in settings.solvers:
            for steps in settings.conditioned:
                if method == "hhl" and steps > HHL_LARGEST:
                    continue
                made = Circuit(
                    **one,
                    steps=steps,
                    orders=order,
                    method=method,
                    epsilon=settings.epsilon,
                    gates=steps == min(settings.conditioned) and method == "kernel-reflection",
                )
                found.append(CIRCUIT(made))
    return found


def _loops(settings: Settings) -> list[Planned]:
    return [
        LOOP(
            Loop(
                **one,
                steps=settings.round,
                orders=order,
                rounds=settings.rounds,
                shots=shots or None,
                epsilon=settings.epsilon,
            )
        )
        for one in updates(settings, settings.looped, settings.etas[:1])
        for order in range(1, min(settings.orders, 2) + 1)
        for shots in settings.shots
    ]


def _for_a_device(settings: Settings) -> list[Planned]:
    """Return two steps of order 1 of the smallest network, if shots of it are asked for."""
    if not settings.device_shots:
        return []
    one = updates(settings, (min(settings.kept),), settings.etas[:1])[0]
    return [SHOTS(Shots(**one, steps=DEVICE_STEPS, orders=1, shots=settings.device_shots))]


def prepare(settings: Settings, records: Any = ()) -> None:
    """Refuse data sets that a network cannot learn, and updates that are known by their content alone but not here.

    Raises
    ------
    InputError
        If there is one.
    """
    from problems.datasets import REGRESSION, TWO_CLASSES

    if settings.update is None:
        data = known(settings.quadratic, records)
        if data is not None and data.kind != TWO_CLASSES:
            raise InputError(
                f"quadratic = {data.name!r} has not two classes, which a quadratic network tells apart; name "
                "one that has, as 'breast-cancer'."
            )
    for name in settings.datasets:
        data = known(name, records)
        if data is not None and data.kind == REGRESSION:
            raise InputError(
                f"dataset = {data.name!r} has a number as its target, and perceptrons tell classes apart; name one "
                "with classes, as 'digits-classes'."
            )
    most = max(settings.kept)
    if settings.update is None and settings.orders > 2 and most > 16:
        raise InputError(
            f"kept = {most} weights to the order N = {settings.orders} take a matrix beyond memory; keep at most 16, "
            "or give --orders 2."
        )


def suits(data: Any) -> str | None:
    """Return why the study does not take a data set: networks tell classes apart."""
    return None if data.classes else f"networks tell classes apart here, and the target {data.target!r} is a number"


PRESETS = {
    "verdict": Settings(
        datasets=("digits-classes",),
        seeds=(0, 1, 2),
        kept=(2, 4),
        etas=(0.1,),
        every=(20,),
        classical=(0,),
        modes=("masked",),
        least=(1.0,),
        conditioned=(4, 8, 16),
        solvers=("kernel-reflection", "marching"),
        shots=(10_000, 1_000_000),
        looped=(4,),
    ),
}


STUDY = Study(
    "training",
    "Sparse training: one linear system against gradient descent",
    "Train pruned networks by Carleman linearization: how far it is off, what its circuits cost, and who wins.",
    Settings,
    tasks,
    f"{PLACE}.report:report",
    (UPDATE, EXPANSION, REEXPANSION, CYCLES, RIVAL, CONDITION, CIRCUIT, LOOP, SHOTS, TABLE),
    presets=PRESETS,
    prepare=prepare,
    attach=attach,
    suits=suits,
    claim=f"{PLACE}.claim:claim",
    symbols=TRAINING,
)
