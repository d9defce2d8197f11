"""Every sampler by name, classical and quantum, for the studies and the command line."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from classical.ridgelet import SAMPLERS as CLASSICAL
from problems.ridgelet import NodeSampler, RidgeletProblem
from quantum.backends import BACKENDS
from quantum.ridgelet import ENCODINGS, CircuitSampler

__all__ = ["SAMPLERS", "Method"]


@dataclass(frozen=True)
class Method:
    """A way to sample nodes.

    Attributes
    ----------
    make
        Makes the sampler of a problem.
    check
        Refuses a problem that the sampler cannot take, before any heavy work.
    """

    make: Callable[[RidgeletProblem], NodeSampler]
    check: Callable[[RidgeletProblem], None]


def _takes_any(problem: RidgeletProblem) -> None:
    """Refuse nothing: most samplers take every problem."""


def _circuit(backend: str, encoding: str) -> Method:
    return Method(
        partial(CircuitSampler, backend=backend, encoding=encoding),
        partial(CircuitSampler.check, backend=backend, encoding=encoding),
    )


SAMPLERS: dict[str, Method] = {
    **{name: Method(cls, getattr(cls, "check", _takes_any)) for name, cls in CLASSICAL.items()},
    **{name.replace("aer", "circuit"): _circuit(name, "binary") for name in BACKENDS},
    **{
        f"{name.replace('aer', 'circuit')}_{encoding}": _circuit(name, encoding)
        for name in BACKENDS
        for encoding in ENCODINGS
        if encoding != "binary"
    },
}
"""Methods by name. The circuits are `circuit_statevector` and `circuit_mps`, in the binary encoding, and the same with
another encoding's name behind it, as in `circuit_mps_rader`."""
