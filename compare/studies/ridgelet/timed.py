"""Samplers to be timed: the one that a method names, and not what stands in for it."""

from typing import TYPE_CHECKING, Any

from problems.compiling import require_compiler

if TYPE_CHECKING:
    from compare.studies.ridgelet.methods import NodeMethod

__all__ = ["sampler_to_time"]


def sampler_to_time(method: "NodeMethod", problem: Any) -> Any:
    """Return a method's sampler, unless NumPy draws in the name of compiled code: in it, or in what it is made of.

    Raises
    ------
    OutOfReach
        If nothing can be compiled here.
    """
    sampler = method.make(problem)
    if any(getattr(part, "fell_back", False) for part in (sampler, *getattr(sampler, "__dict__", {}).values())):
        require_compiler()
    return sampler
