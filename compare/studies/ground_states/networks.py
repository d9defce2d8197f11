"""Neural states trained, pruned round by round, and trained in isolation."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from classical.ground_states import FeedForwardState, Training, cut, random_mask, read_mask, train
from classical.ground_states.exact_sums import require_exact
from classical.ground_states.netket_states import require_netket
from classical.ground_states.pruning import overlap
from compare.engine import Inputs, Planned, Seeds
from compare.studies.ground_states.lattices import made
from compare.studies.ground_states.records import Arm, Deep, Dense, Estimated, Fitted, Known, Pruned, Round, Trained
from compare.studies.ground_states.study import Settings, _places
from problems.errors import InputError, choose
from quantum.names import snapshot_names

__all__ = ["first_state", "prepare", "prune_deep", "prune_round", "train_arm", "train_dense"]

DRAWN = ("lattice", "alpha", "seed")
"""Settings on which first weights depend: models and fields are compared on the same ones."""


def prepare(settings: Settings, records: Sequence[tuple[Planned, Any]] = ()) -> None:
    """Refuse devices without a snapshot, networks of a NetKet that is missing, and exact sums over too large lattices.

    Raises
    ------
    InputError
        If there is one.
    """
    choose("device", settings.device, dict.fromkeys(snapshot_names()))
    if set(settings.deep) != {"none"}:
        require_netket()
    if settings.samples is None:
        for place in _places(settings):
            model = made(place)
            for alpha in settings.alphas:
                require_exact(model.sites, alpha * model.sites**2)


def first_state(task: Any, seeds: Seeds, stream: str = "weights") -> FeedForwardState:
    """Return the state W0 of a task; other streams give fresh draws."""
    by = DRAWN if stream == "weights" else (*DRAWN, "round")
    return FeedForwardState(made(task).sites, task.alpha, seed=seeds(stream, by=by))


def train_dense(task: Dense, seeds: Seeds, inputs: Inputs) -> Trained:
    """Train all weights, for rounds to rewind to."""
    drawn = seeds("samples", by=(*DRAWN, "field"), part="dense")
    first = first_state(task, seeds)
    found = train(made(task), first, task.dense_steps, samples=task.samples, rate=task.rate, seed=drawn)
    return Trained(**_trained(found, inputs["ground"][0].result))


def prune_round(task: Round, seeds: Seeds, inputs: Inputs) -> Pruned:
    """Cut the smallest weights of the round before, rewind the others, and train them.

    Raises
    ------
    InputError
        If the training before it diverged.
    """
    model, initial = made(task), first_state(task, seeds)
    dense = _state(inputs["dense"][0], initial)
    start, before = (initial if task.rewind == "initial" else dense), None
    mask = initial.mask
    if task.round:
        before = _state(inputs["before"][0], initial)
        mask = cut(before, before.count - round(task.share * before.count))
    drawn = seeds("samples", by=(*DRAWN, "field", "round", "rewind"), part="round")
    found = train(model, start.masked(mask), task.steps, samples=task.samples, rate=task.rate, seed=drawn)
    read = read_mask(mask, model)
    return Pruned(
        **_trained(found, inputs["ground"][0].result),
        fidelity=None if before is None else overlap(found.state, before),
        candidates=read.candidates,
        on_products=read.on_products,
        covered=read.covered,
        held=read.held,
    )


def train_arm(task: Arm, seeds: Seeds, inputs: Inputs) -> Fitted:
    """Train a round's mask, or a random one as large, in isolation.

    Raises
    ------
    InputError
        If the round diverged.
    """
    initial = first_state(task, seeds)
    mask = _state(inputs["round"][0], initial).mask
    first = initial
    if task.arm == "T(rand,imp)":
        first = first_state(task, seeds, "fresh weights")
    elif task.arm == "T(init,rand)":
        mask = random_mask(initial, int(mask.sum()), seeds("mask", by=(*DRAWN, "round")))
    drawn = seeds("samples", by=(*DRAWN, "field", "round", "rewind", "arm"), part="arm")
    found = train(made(task), first.masked(mask), task.arm_steps, samples=task.samples, rate=task.rate, seed=drawn)
    told = _trained(found, inputs["ground"][0].result)
    return Fitted(**{name: told[name] for name in ("count", "error", "standard_error", "diverged")})


def prune_deep(task: Deep, seeds: Seeds, inputs: Inputs) -> Estimated:
    """Prune one of NetKet's networks; rounds end where one diverges.

    Raises
    ------
    InputError
        If NetKet is not installed.
    """
    from classical.ground_states import netket_prune

    model, known = made(task), inputs["ground"][0].result
    asked = ("features", "kernel", "blocks", "samples", "rate", "share", "dense_steps", "steps")
    options = {name: getattr(task, name) for name in asked}
    drawn = seeds("network", by=("lattice", "seed", "network"))
    size, diverged = abs(known.energy), None
    found: list[tuple[int, float, float]] = []
    for one in netket_prune(model, task.network, 1, seed=drawn, **options):
        told = one.training
        if told.energy is None:
            diverged = told.diverged
            break
        found.append((one.count, (told.energy - known.energy) / size, told.standard_error / size))
        if len(found) == task.rounds:
            break
    numbers, errors, spreads = zip(*found, strict=True) if found else ((), (), ())
    return Estimated(numbers, errors, spreads, diverged)


def _state(read: Any, like: FeedForwardState) -> FeedForwardState:
    """Return a recorded state.

    Raises
    ------
    InputError
        If its training diverged.
    """
    if read.result.diverged is not None:
        raise InputError(f"The training before this one diverged in step {read.result.diverged}; take a smaller rate.")
    weights = np.zeros(like.mask.size)
    mask = np.zeros(like.mask.size, dtype=bool)
    kept = read.array("kept")
    weights[kept], mask[kept] = read.array("values"), True
    return FeedForwardState(like.sites, like.alpha, weights.reshape(like.shape), mask.reshape(like.shape))


def _trained(found: Training, known: Known) -> dict[str, Any]:
    kept = np.flatnonzero(found.state.mask)
    size = abs(known.energy)
    ended = found.energy is not None
    return {
        "count": found.state.count,
        "energy": found.energy,
        "error": (found.energy - known.energy) / size if found.energy is not None else None,
        "standard_error": found.standard_error / size if ended else None,
        "diverged": found.diverged,
        "kept": kept,
        "values": found.state.weights.ravel()[kept],
    }
