"""Node sampling with the discrete ridgelet transform: the problem, its nodes and the sparse networks they make.

Sources: Yamasaki, Subramanian, Hayakawa, Sonoda, arXiv:2301.11936 (the quantum algorithm); Isogai, Yamasaki,
Sonoda, Murao, arXiv:2605.13979 (its classical counterpart).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from problems.ridgelet.network import SparseNetwork
    from problems.ridgelet.nodes import Nodes
    from problems.ridgelet.problem import RidgeletProblem
    from problems.ridgelet.sampling import NodeSampler

__all__ = ["NodeSampler", "Nodes", "RidgeletProblem", "SparseNetwork"]


def __getattr__(name: str) -> Any:
    """Import what is asked for: whoever needs the names of data sets alone does not wait for SciPy."""
    homes = {"NodeSampler": "sampling", "Nodes": "nodes", "RidgeletProblem": "problem", "SparseNetwork": "network"}
    if name not in homes:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{homes[name]}"), name)


def __dir__() -> list[str]:
    """List what can be imported from here."""
    return [*globals(), *__all__]
