"""Every way to pick the N hidden nodes of a network, by name; a way that does not apply says why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from classical.peers import PEERS, Peer
from classical.ridgelet import SAMPLERS as CLASSICAL
from classical.ridgelet import DequantizedSampler
from classical.ridgelet.candidates import CandidateSampler
from classical.ridgelet.refined import RefinedSubspaceSampler
from classical.ridgelet.residual import ResidualSubspaceSampler
from classical.ridgelet.subspace import SubspaceSampler
from compare.distributions import is_enumerable
from problems.errors import InputError
from problems.ridgelet import NodeSampler, RidgeletProblem
from quantum.ridgelet import ENCODINGS, CircuitSampler

__all__ = ["CANDIDATES", "CONTROL", "METHODS", "NOISY_BACKEND", "OPTIMIZED", "REFERENCE", "Method"]

REFERENCE, OPTIMIZED, CONTROL, CANDIDATES = "enumeration", "dequantized", "uniform", "candidates"
"""Names that tables and sentences look for."""

NOISY_BACKEND = "fake_fez"
"""The device whose noise is simulated."""

STATEVECTOR_QUBITS, NOISY_QUBITS = 17, 9
"""Circuits up to so many qubits are simulated within seconds: without noise, and shot by shot with it."""

GRID_CELLS = 2**15
"""Subspaces of up to so many cells P^d: the transform of one takes milliseconds, and every node has its own."""


@dataclass(frozen=True)
class Method:
    """A way to pick nodes, or another model of N hidden units.

    Attributes
    ----------
    label
        What readers see.
    check
        Refuses a problem, or a number of nodes, with a sentence that says why the method does not apply.
    sampler
        Makes the sampler of a problem; None for peers, which are no networks on Z_P.
    peer
        Makes the peer of a problem; None for samplers.
    grows
        Whether the first N of a longer list of nodes are what a list of N would be.
    tuned
        Makes the sampler whose nodes penalties are chosen with; None takes the method's own. A circuit is simulated
        slowly and draws, but for noise, from the same distribution as a classical sampler.
    """

    label: str
    check: Callable[[RidgeletProblem, int], None]
    sampler: Callable[[RidgeletProblem], NodeSampler] | None = None
    peer: Callable[[RidgeletProblem], Peer] | None = None
    grows: bool = True
    tuned: Callable[[RidgeletProblem], NodeSampler] | None = None


def _always(problem: RidgeletProblem, nodes: int) -> None:
    """Refuse nothing."""


def _enumerable(problem: RidgeletProblem, nodes: int) -> None:
    if not is_enumerable(problem):
        raise InputError(f"{problem.prime}^{problem.dimension + 1} nodes are too many to enumerate")


def _circuit_fits(encoding: str, most: int, how: str, problem: RidgeletProblem, nodes: int) -> None:
    try:
        qubits = (problem.dimension + 1) * ENCODINGS[encoding](problem.prime).digit_qubits
    except InputError:
        raise InputError(f"the {encoding} encoding does not take P = {problem.prime}") from None
    qubits += (problem.outputs - 1).bit_length()
    if qubits > most:
        raise InputError(f"{qubits} qubits; circuits are simulated {how} up to {most}")


def _subspace_fits(coordinates: int, problem: RidgeletProblem, nodes: int) -> None:
    if coordinates > problem.dimension:
        raise InputError(f"there are only {problem.dimension} coordinates")
    if problem.prime**coordinates > GRID_CELLS:
        raise InputError(f"{problem.prime}^{coordinates} cells a subspace are too many for one subspace a node")


def _subspace(coordinates: int, base: str) -> Method:
    return Method(
        f"subspace d = {coordinates}, {base}",
        partial(_subspace_fits, coordinates),
        sampler=partial(SubspaceSampler, coordinates=coordinates, base=base),
    )


def _residual(coordinates: int) -> Method:
    return Method(
        f"subspace d = {coordinates}, of the residual",
        partial(_subspace_fits, coordinates),
        sampler=partial(ResidualSubspaceSampler, coordinates=coordinates),
    )


def _candidates(
    label: str, make: Callable[[RidgeletProblem], NodeSampler], check: Callable = _always, keep: str = "pursuit"
) -> Method:
    return Method(label, check, sampler=lambda problem: CandidateSampler(make(problem), keep=keep), grows=False)


def _magnitude(coordinates: int, base: str) -> Method:
    return _candidates(
        f"subspace d = {coordinates}, {base}, 10 N candidates, magnitude",
        partial(SubspaceSampler, coordinates=coordinates, base=base),
        partial(_subspace_fits, coordinates),
        "magnitude",
    )


PEER_LABELS: Mapping[str, str] = {
    "rbf": "RBFSampler",
    "nystroem": "Nystroem",
    "skewed-chi2": "SkewedChi2Sampler",
    "ridge-leverage": "ridge leverage, dictionary",
    "matching-pursuit": "OMP, dictionary",
    "pruned": "pruned dense network",
}

METHODS: dict[str, Method] = {
    "enumeration": Method("enumeration", _enumerable, sampler=CLASSICAL["enumeration"]),
    "dequantized": Method("dequantized", _always, sampler=DequantizedSampler),
    "circuit": Method(
        "circuit, ideal",
        partial(_circuit_fits, "binary", STATEVECTOR_QUBITS, "without noise"),
        sampler=partial(CircuitSampler, backend="aer_statevector"),
        tuned=DequantizedSampler,
    ),
    "circuit-noisy": Method(
        f"circuit, noise of {NOISY_BACKEND}",
        partial(_circuit_fits, "rader", NOISY_QUBITS, "with noise"),
        sampler=partial(CircuitSampler, backend=NOISY_BACKEND, encoding="rader"),
        tuned=DequantizedSampler,
    ),
    "uniform": Method("uniform", _always, sampler=CLASSICAL["uniform"]),
    "leverage": Method("leverage (no labels)", _always, sampler=CLASSICAL["leverage"]),
    "candidates": _candidates("p*, 10 N candidates, OMP", DequantizedSampler),
    "candidates-uniform": _candidates("uniform, 10 N candidates, OMP", CLASSICAL["uniform"]),
    **{
        f"subspace-{d}{'' if base == 'optimized' else '-' + base}": _subspace(d, base)
        for d in (1, 2, 3)
        for base in ("optimized", "uniform")
    },
    **{f"residual-{d}": _residual(d) for d in (1, 2)},
    "candidates-subspace": _candidates(
        "subspace d = 2, optimized, 10 N candidates, OMP",
        partial(SubspaceSampler, coordinates=2),
        partial(_subspace_fits, 2),
    ),
    "magnitude-1": _magnitude(1, "optimized"),
    "magnitude-2": _magnitude(2, "optimized"),
    "magnitude-1-uniform": _magnitude(1, "uniform"),
    "refined-2": Method(
        "subspace d = 2, optimized, refined",
        partial(_subspace_fits, 2),
        sampler=partial(RefinedSubspaceSampler, coordinates=2),
        grows=False,
    ),
    **{name: Method(PEER_LABELS.get(name, name), peer.check, peer=peer) for name, peer in PEERS.items()},
}
"""Methods by name: samplers of nodes first, then peers."""
