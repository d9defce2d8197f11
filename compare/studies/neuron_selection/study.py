"""The study of neuron selection: which neurons of a random network to keep, and what a quantum search buys.

Each part is a kind of task. Problems are described by what all of them, the best and trained ones are worth held out;
solved by every solver that takes them; timed; and walked by branch and bound, whose trees say what a quantum walk would
take. Quantum searches are counted in rounds, their oracles in gates, and both meet in seconds in the report alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

from compare.engine import LARGE, MANY, Above, Each, Flag, Help, Kind, Least, Most, Names, Planned, Study
from compare.machines import Assumptions
from compare.studies.devices import DeviceSetting
from compare.studies.neuron_selection.families import FAMILIES, INSTALLED, SOLVERS
from compare.studies.neuron_selection.records import (
    Conflicts,
    Described,
    Instance,
    Landscape,
    Layers,
    Noisy,
    OracleTask,
    Query,
    Reach,
    Reached,
    Received,
    Rounds,
    Searched,
    Sent,
    Shots,
    Solve,
    Solved,
    Timed,
    Tree,
    Tuned,
)
from compare.studies.symbols import NEURONS

__all__ = [
    "CONFLICTS",
    "DEVICE",
    "NOISE",
    "ORACLE",
    "PROBLEM",
    "QAOA",
    "REACH",
    "ROUNDS",
    "SOLVED",
    "STUDY",
    "TIMED",
    "TREE",
    "Settings",
]

RINGS = ((10, 3), (12, 4), (16, 4))
"""N and K of the rings on which the reach of the paper's mixer is listed."""

TUNED_RING = (12, 4)
"""N and K of the ring on which QAOA with the X mixer is tuned; with the paper's mixer it is the first of `RINGS`."""

TIMES: Mapping[tuple[str, str], tuple[int, ...]] = {
    ("ticket", "gray-code"): (20, 22, 24, 26, 28),
    ("ticket", "branch-and-bound"): (16, 24, 32, 48, 64, 96, 128, 192),
    ("gadget", "meet-in-the-middle"): (24, 28, 32, 36, 40),
    ("echo-ring", "elimination"): (16, 32, 64, 128, 256, 512),
}
"""Neurons at which solvers are timed, each on the family that it is the best exact solver of."""

PAST = (24, 28, 32, 40, 48, 64, 96, 128, 192, 256)
"""log2 of numbers of masks whose rounds are known in closed form alone."""

TIMED_ANYWAY = 28
"""Neurons up to which solvers are timed even if smaller problems alone are asked for."""

GROWTHS = (6 / 5, 1.34)
"""How the range of rounds grows after a miss: the usual one, and the better one among many items."""

COUNTED = 8
"""Neurons up to which the oracle of error counts is built: it takes minutes beyond."""

ORACLES = ("fourier", "ripple", "lookup", "error-count")


@dataclass(frozen=True)
class Settings(Assumptions):
    """Every choice of the study."""

    device: DeviceSetting = "fake_fez"
    problems: Annotated[tuple[str, ...], Each("problem"), Names(FAMILIES, "families of problems")] = tuple(FAMILIES)
    methods: Annotated[tuple[str, ...], Each("method"), Names(SOLVERS, "solvers")] = INSTALLED
    neurons: Annotated[tuple[int, ...], Least(2, "neurons N, as far as a family goes"), Most(512)] = (
        12,
        16,
        32,
        64,
        128,
        192,
    )
    seeds: Annotated[tuple[int, ...], Each("seed"), Least(0, "whole numbers that networks are drawn with")] = (
        0,
        1,
        2,
        3,
        4,
    )
    scales: Annotated[
        tuple[float, ...],
        Each("scale"),
        Above(0),
        Most(1e6),
        Help("scales of the tickets' readout; the first is quoted"),
    ] = (0.6, 0.3, 1.2)
    cores: Annotated[int, Least(1), Help("cores of the classical machine; solvers are timed on one")] = 1
    degree: Annotated[int, Least(1), Most(512), Help("neighbors K of the echo-state landscapes")] = 6
    ranks: Annotated[
        tuple[int, ...], Each("rank"), Least(1, "ranks r of gadgets; solvers meet on the first"), Most(512)
    ] = (
        1,
        2,
        4,
        8,
        16,
        24,
    )
    hard: Annotated[tuple[int, ...], Least(2, "neurons of the gadgets that branch and bound walks"), Most(32)] = (
        16,
        20,
        24,
    )
    landscapes: Annotated[
        int, Least(1), Most(MANY), Help("draws of each landscape whose conflicts and reach are counted")
    ] = 10
    oracles: Annotated[tuple[str, ...], Each("oracle"), Names(dict.fromkeys(ORACLES), "oracles")] = ORACLES
    queried: Annotated[tuple[int, ...], Least(2, "neurons of the tickets whose oracles are counted"), Most(24)] = (
        4,
        8,
        12,
        16,
    )
    bits: Annotated[
        tuple[int, ...], Each("bits"), Least(1, "magnitude bits of the oracles' coefficients"), Most(52)
    ] = (4, 8)
    searched: Annotated[
        tuple[int, ...], Least(2, "log2 of the items among which minimum finding is simulated"), Most(60)
    ] = (4, 8, 12, 16, 20)
    runs: Annotated[int, Least(2), Most(LARGE), Help("simulated runs of minimum finding at each size")] = 2000
    layers: Annotated[int, Least(1), Most(64), Help("layers p of QAOA at most")] = 5
    tuned: Annotated[int, Least(2), Most(20), Help("neurons of the tickets that QAOA is tuned on")] = 12
    rounds: Annotated[tuple[int, ...], Each("rounds"), Least(0, "Grover rounds on the snapshot"), Most(LARGE)] = (
        1,
        2,
        3,
    )
    noisy: Annotated[int, Least(2), Most(8), Help("neurons of the search on the snapshot")] = 4
    shots: Annotated[int, Least(2), Most(LARGE), Help("shots on the snapshot")] = 4000
    device_shots: Annotated[
        int,
        Least(0, "shots of each search that a device is to run: tickets submit --study neurons; 0: none"),
        Most(LARGE),
    ] = 0
    draw: Annotated[int, Flag("search_seed"), Least(0), Help("seed of all that is drawn beside the problems")] = 0


def _best(task: Instance) -> Mapping[str, Sequence[Planned]]:
    fields = {name: getattr(task, name) for name in Instance.__dataclass_fields__}
    return {"best": [SOLVED(Solve(**fields, method=FAMILIES[task.problem].exact))]}


PLACE = "compare.studies.neuron_selection"

PROBLEM = Kind("neurons/problem", Instance, Described, f"{PLACE}.measures:describe", needs=_best)
SOLVED = Kind("neurons/solved", Solve, Solved, f"{PLACE}.measures:solve")
TIMED = Kind("neurons/timed", Solve, Timed, f"{PLACE}.measures:time_solver", version=2, timed=True)
TREE = Kind("neurons/tree", Instance, Tree, f"{PLACE}.measures:walk")
CONFLICTS = Kind("neurons/conflicts", Landscape, Conflicts, f"{PLACE}.landscapes:conflicts")
REACH = Kind("neurons/reach", Reach, Reached, f"{PLACE}.landscapes:reach")
ORACLE = Kind("neurons/oracle", OracleTask, Query, f"{PLACE}.circuits:query")
ROUNDS = Kind("neurons/rounds", Rounds, Searched, f"{PLACE}.searches:rounds")
QAOA = Kind("neurons/qaoa", Layers, Tuned, f"{PLACE}.searches:tune")
NOISE = Kind("neurons/noise", Noisy, Shots, f"{PLACE}.circuits:measure_noisy")
DEVICE = Kind("neurons/device", Sent, Received, f"{PLACE}.circuits:order", external=True)


def instances(settings: Settings, problem: str, sizes: Sequence[int], **more: Any) -> list[Instance]:
    """Return a family's problems at these numbers of neurons, as far as it goes, for each seed."""
    family = FAMILIES[problem]
    known = {
        "scale": settings.scales[0] if "scale" in family.make.fields else None,
        "rank": settings.ranks[0] if "rank" in family.make.fields else None,
        "degree": settings.degree if "degree" in family.make.fields else None,
    } | more
    if "neurons" not in family.make.fields:
        sizes = [family.most]
    least = max(known["rank"] or 0, known["degree"] or 0)
    return [
        Instance(problem, neurons, seed, **known)
        for neurons in sizes
        for seed in settings.seeds
        if least <= neurons <= family.most
    ]


def _solving(settings: Settings, instance: Instance, method: str) -> Solve:
    return Solve(**vars(instance), method=method, draw=settings.draw)


def tasks(settings: Settings) -> list[Planned]:
    """Return the tasks of every part."""
    found = []
    for problem in settings.problems:
        for one in instances(settings, problem, settings.neurons):
            found.append(PROBLEM(one))
            takers = {name: SOLVERS[name] for name in settings.methods}
            found += [
                SOLVED(_solving(settings, one, name))
                for name, method in takers.items()
                if problem in method.takes and one.neurons <= method.most
            ]
    found += _trees(settings)
    for (problem, method), sizes in TIMES.items():
        if problem in settings.problems and method in settings.methods:
            first = replace(settings, seeds=settings.seeds[:1])
            most = max(max(settings.neurons), TIMED_ANYWAY)
            found += [
                TIMED(_solving(settings, one, method))
                for one in instances(first, problem, [n for n in sizes if n <= most])
            ]
    return found + _landscapes(settings) + _searches(settings)


def _trees(settings: Settings) -> list[Planned]:
    found = []
    if "ticket" in settings.problems:
        found += [TREE(one) for one in instances(settings, "ticket", settings.neurons)]
        for scale in settings.scales[1:]:
            found += [PROBLEM(one) for one in instances(settings, "ticket", _few(settings.neurons), scale=scale)]
            found += [TREE(one) for one in instances(settings, "ticket", _few(settings.neurons), scale=scale)]
    for problem in ("gadget", "gadget-uniform"):
        if problem in settings.problems:
            for rank in settings.ranks:
                found += [TREE(one) for one in instances(settings, problem, settings.hard, rank=rank)]
    return found


def _few(neurons: Sequence[int]) -> list[int]:
    """Return the middle one of the sizes, at which scales are compared."""
    return [sorted(neurons)[len(neurons) // 2]]


def _landscapes(settings: Settings) -> list[Planned]:
    found = []
    draws = range(settings.landscapes)
    if "echo" in settings.problems:
        size = max(16, settings.degree)
        found += CONFLICTS.product(
            settings, seed=draws, neurons=size, neighbours=["random", "ring"], fitted=[True, False]
        )
    if "echo-ring" in settings.problems:
        for neurons, degree in RINGS:
            found += REACH.product(settings, seed=draws, neurons=neurons, degree=degree)
    return found


def _searches(settings: Settings) -> list[Planned]:
    scale, seed = settings.scales[0], settings.seeds[0]
    found = []
    for growth in GROWTHS:
        found += [ROUNDS(Rounds(qubits, growth, settings.runs, settings.draw)) for qubits in settings.searched]
        past = [qubits for qubits in PAST if qubits > max(settings.searched)]
        found += [ROUNDS(Rounds(qubits, growth, 0, settings.draw)) for qubits in past]
    if "ticket" in settings.problems:
        for oracle in settings.oracles:
            bits = settings.bits[-1:] if oracle == "lookup" else settings.bits
            sizes = [size for size in settings.queried if size <= COUNTED or oracle != "error-count"]
            found += ORACLE.product(settings, oracle=oracle, neurons=sizes, seed=seed, scale=scale, bits=bits)
        tuned = instances(settings, "ticket", [settings.tuned])
        found += [QAOA(Layers(**vars(one), mixer="x", layers=settings.layers)) for one in tuned]
        found += NOISE.product(settings, backend=settings.device, neurons=settings.noisy, seed=seed, scale=scale)
        if settings.device_shots:
            found += DEVICE.product(
                settings, neurons=settings.noisy, seed=seed, scale=scale, shots=settings.device_shots
            )
    if "echo-ring" in settings.problems:
        found += [
            QAOA(Layers(**vars(one), mixer=mixer, layers=settings.layers))
            for mixer, (neurons, degree) in (("x", TUNED_RING), ("neighborhood", RINGS[0]))
            for one in instances(settings, "echo-ring", [neurons], degree=degree)
        ]
    return found


PRESETS = {
    "verdict": Settings(
        problems=("ticket",),
        methods=("gray-code", "branch-and-bound", "annealing"),
        neurons=(12, 16, 32, 64, 128),
        seeds=(0, 1, 2),
        scales=(0.6,),
        oracles=("ripple",),
        queried=(4, 8, 12),
        bits=(8,),
        searched=(4, 8, 12, 16),
        rounds=(1,),
    ),
}


STUDY = Study(
    "neurons",
    "Neuron selection: quantum search against proofs",
    "Choose neurons of a random network: exact solvers, quantum searches, what each costs, and who wins.",
    Settings,
    tasks,
    f"{PLACE}.report:report",
    (PROBLEM, SOLVED, TIMED, TREE, CONFLICTS, REACH, ORACLE, ROUNDS, QAOA, NOISE, DEVICE),
    presets=PRESETS,
    methods=SOLVERS,
    prepare=f"{PLACE}.measures:prepare",
    claim=f"{PLACE}.claim:claim",
    symbols=NEURONS,
)
