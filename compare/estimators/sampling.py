"""What the estimators' `sampler` may be: a name, or what makes a sampler of nodes from a problem."""

from collections.abc import Callable

from classical.ridgelet import SAMPLERS as CLASSICAL
from classical.ridgelet import CandidateSampler, RefinedSubspaceSampler, ResidualSubspaceSampler, SubspaceSampler
from problems.errors import InputError, choose
from problems.ridgelet import NodeSampler, RidgeletProblem

__all__ = ["SUBSPACE_SAMPLERS", "MakeSampler", "make_sampler", "sampler_maker"]

MakeSampler = Callable[[RidgeletProblem], NodeSampler]
"""Makes the sampler of a problem."""


GRID_CELLS = 2**17
"""Most cells P^d of a subspace: nodes have one each, and a hundred of the default take about 20 s there."""


def _subspace(cls: Callable[..., NodeSampler], coordinates: int, **settings: str) -> MakeSampler:
    def make(problem: RidgeletProblem) -> NodeSampler:
        # Data of fewer features than a subspace has are taken whole: names serve data of any width.
        size = min(coordinates, problem.dimension)
        if problem.prime**size > GRID_CELLS:
            raise InputError(
                f"prime = {problem.prime} is too large for nodes that see {size} features each: {problem.prime}^{size} "
                f"cells are more than {GRID_CELLS}; take a smaller prime, or a sampler of fewer features."
            )
        return cls(problem, coordinates=size, **settings)

    return make


def _pruned(make: MakeSampler) -> MakeSampler:
    return lambda problem: CandidateSampler(make(problem), keep="magnitude")


SUBSPACE_SAMPLERS: dict[str, MakeSampler] = {
    name: make
    for d in (1, 2, 3)
    for name, make in {
        f"subspace-{d}": _subspace(SubspaceSampler, d),
        f"subspace-{d}-uniform": _subspace(SubspaceSampler, d, base="uniform"),
        f"residual-{d}": _subspace(ResidualSubspaceSampler, d),
        f"magnitude-{d}": _pruned(_subspace(SubspaceSampler, d)),
        f"refined-{d}": _subspace(RefinedSubspaceSampler, d),
    }.items()
}
"""Samplers whose nodes see d coordinates each, by name; of all coordinates where the data have fewer."""


def sampler_maker(sampler: object) -> MakeSampler:
    """Return what makes the sampler of a problem, given its name, or itself.

    Raises
    ------
    InputError
        If the name is unknown, or what is given is neither a name nor callable.
    """
    if isinstance(sampler, NodeSampler) and not isinstance(sampler, type):
        kind = type(sampler).__name__
        raise InputError(f"sampler = {kind}(...) is made for one problem already; give {kind} itself, or a partial.")
    if callable(sampler):
        return sampler
    cheap = CLASSICAL | SUBSPACE_SAMPLERS
    if isinstance(sampler, str) and sampler in cheap:
        return cheap[sampler]
    from compare.samplers import SAMPLERS  # here, because circuits import Qiskit

    return choose("sampler", sampler, {name: method.make for name, method in SAMPLERS.items()} | SUBSPACE_SAMPLERS)


def make_sampler(make: MakeSampler, problem: RidgeletProblem) -> NodeSampler:
    """Make the sampler of a problem.

    Raises
    ------
    InputError
        If what is made is no sampler of nodes, or refuses the problem.
    """
    sampler = make(problem)
    if not isinstance(sampler, NodeSampler):
        raise InputError(
            f"sampler = {make!r} makes a {type(sampler).__name__} of the problem, which samples no nodes; "
            "give what has a problem and a method sample(n, seed)."
        )
    return sampler
