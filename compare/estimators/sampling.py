"""The estimators' parameter `sampler`: a name, or a function that makes a sampler of nodes from a problem."""

from collections.abc import Callable

from compare.studies.ridgelet.methods import SAMPLERS
from problems.errors import InputError, choose
from problems.ridgelet import NodeSampler, RidgeletProblem

__all__ = ["MakeSampler", "make_sampler", "sampler_maker"]

MakeSampler = Callable[[RidgeletProblem], NodeSampler]
"""Makes the sampler of a problem."""


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
    return choose("sampler", sampler, SAMPLERS).make


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
