"""The one table of ways to pick hidden nodes: samplers, classical and quantum, and their peers.

A new sampler is one file and one line here; commands, studies, estimators and reports find it by its name. Nothing is
imported before it is used, so that names, laws and styles are there at once.
"""

from collections.abc import Callable
from typing import Any

from compare import plugins
from compare.engine.methods import Lazy, Method, Methods
from compare.report.styles import BLACK, BLUE, GRAY, GREEN, ORANGE, PURPLE, VERMILION, Style
from problems.errors import InputError

__all__ = [
    "BLIND",
    "CONTROL",
    "DIRECT",
    "FEW",
    "INDEPENDENT",
    "METHODS",
    "NOISY_BACKEND",
    "OPTIMIZED",
    "P_STAR",
    "SAMPLERS",
    "SELECTED",
    "SUBSPACE",
    "NodeMethod",
]

OPTIMIZED, CONTROL = "dequantized", "uniform"
"""The methods that the others are held against."""

NOISY_BACKEND = "fake_fez"
"""The device whose noise is simulated."""

P_STAR, SUBSPACE, SELECTED = "p*", "subspace", "selected"
"""Laws: p* of the whole problem, p* of the problem projected on few coordinates, nodes kept of many from either."""

BLIND = ("control", "leverage")
"""Laws of nodes that ignore the labels."""

CLASSICAL, MAKING = "classical.ridgelet:", "compare.studies.ridgelet.making:"


class NodeMethod(Method):
    """A way to pick nodes, or another model of N hidden units.

    Parameters
    ----------
    label, law, make, check, style, options
        See `Method`. `make` takes a problem.
    peer
        Whether what is made is a `classical.peers.Peer`, which is fitted to samples, and no sampler of nodes. The
        check of a peer takes the number of nodes too.
    grows
        Whether the first N of a longer list of nodes are what a list of N would be.
    tuned
        The method whose nodes penalties are chosen with; empty takes the method's own. A circuit is simulated slowly
        and draws, but for noise, from the same distribution as a classical sampler.
    limit
        Refuses a problem that takes more than seconds: asked where a method runs hundreds of times.
    extra
        Whether the risk study leaves it out unless it is named.

    Attributes
    ----------
    coordinates
        How many coordinates a node sees; None for all.
    """

    def __init__(
        self,
        label: str,
        law: str,
        make: Callable[..., Any] | str,
        check: Callable[..., Any] | str | None = None,
        style: Style | None = None,
        *,
        peer: bool = False,
        grows: bool = True,
        tuned: str = "",
        limit: Callable[..., Any] | None = None,
        extra: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(label, law, make, check, style, **options)
        self.peer, self.grows, self.tuned, self.limit, self.extra = peer, grows, tuned, limit, extra
        self.coordinates: int | None = options.get("coordinates")

    def check_quick(self, problem: Any, nodes: int) -> None:
        """Refuse a problem that the method cannot take, or not within seconds.

        Raises
        ------
        InputError
            With a sentence that says why the method does not apply.
        """
        if self.limit is not None:
            self.limit(problem)
        self.check(problem, nodes) if self.peer else self.check(problem)


def _named(found: type, path: str) -> NodeMethod:
    if not (hasattr(found, "sample") or hasattr(found, "fit")):
        raise InputError(f"{path!r} has no method sample(n, seed), so it samples no nodes; name a class that has.")
    return NodeMethod(found.__name__, "unknown", path, peer=not hasattr(found, "sample"))


def _circuit(
    label: str, backend: str, encoding: str = "binary", law: str = P_STAR, style: Style | None = None, **more: Any
) -> NodeMethod:
    make = "quantum.ridgelet:CircuitSampler"
    return NodeMethod(label, law, make, style=style, backend=backend, encoding=encoding, **more)


def _simulated(label: str, backend: str, encoding: str, most: int, **more: Any) -> NodeMethod:
    """Return a circuit of few qubits, as a study of many folds has time for."""
    how = "with noise" if backend == NOISY_BACKEND else "without noise"
    limit = Lazy(f"{MAKING}limit_qubits", encoding=encoding, most=most, how=how)
    return _circuit(label, backend, encoding, tuned=OPTIMIZED, limit=limit, **more)


def _candidates(label: str, law: str, sampler: str, style: Style | None = None) -> NodeMethod:
    return NodeMethod(label, law, f"{MAKING}candidates", style=style, grows=False, sampler=f"{CLASSICAL}{sampler}")


def _few(
    coordinates: int,
    label: str,
    law: str,
    sampler: str = "SubspaceSampler",
    keep: str = "",
    extra: bool = False,
    **more: Any,
) -> NodeMethod:
    """Return a method whose nodes see few coordinates each."""
    return NodeMethod(
        f"subspace d = {coordinates}, {label}",
        law,
        f"{MAKING}few_coordinates",
        grows=not keep and sampler != "RefinedSubspaceSampler",
        limit=Lazy(f"{MAKING}limit_cells", coordinates=coordinates),
        extra=extra,
        sampler=f"{CLASSICAL}{sampler}",
        coordinates=coordinates,
        keep=keep,
        **more,
    )


def _peer(label: str, name: str) -> NodeMethod:
    return NodeMethod(label, "peer", f"classical.peers:{name}Peer", peer=True)


METHODS: Methods[NodeMethod] = Methods(
    {
        "enumeration": NodeMethod(
            "enumeration",
            P_STAR,
            f"{CLASSICAL}EnumerationSampler",
            style=Style(BLACK, "s", "-"),
            limit=Lazy(f"{MAKING}limit_nodes"),
        ),
        "dequantized": NodeMethod("dequantized", P_STAR, f"{CLASSICAL}DequantizedSampler", style=Style(BLUE, "o", "-")),
        "rejection": NodeMethod(
            "rejection", P_STAR, f"{CLASSICAL}RejectionSampler", style=Style(ORANGE, "^", "--"), extra=True
        ),
        "marginals": NodeMethod("marginals", P_STAR, f"{CLASSICAL}MarginalSampler", extra=True),
        "circuit": _simulated("circuit, ideal", "aer_statevector", "binary", 17),
        "circuit-noisy": _simulated(f"circuit, noise of {NOISY_BACKEND}", NOISY_BACKEND, "rader", 9, law="noisy"),
        "circuit_statevector": _circuit(
            "circuit (statevector)", "aer_statevector", style=Style(GREEN, "D", "-."), extra=True
        ),
        "circuit_mps": _circuit("circuit (MPS)", "aer_mps", style=Style(VERMILION, "v", ":"), extra=True),
        **{
            f"circuit_{name}_{encoding}": _circuit(f"circuit ({word}, {encoding})", f"aer_{name}", encoding, extra=True)
            for name, word in (("statevector", "statevector"), ("mps", "MPS"))
            for encoding in ("rader", "crt")
        },
        "uniform": NodeMethod("uniform", "control", f"{CLASSICAL}UniformSampler", style=Style(GRAY, "x", ":")),
        "leverage": NodeMethod(
            "leverage (no labels)", "leverage", f"{CLASSICAL}LeverageSampler", style=Style(PURPLE, "P", "--")
        ),
        "candidates": _candidates(
            "p*, 10 N candidates, OMP", SELECTED, "DequantizedSampler", Style(VERMILION, "s", "--")
        ),
        "candidates-uniform": _candidates("uniform, 10 N candidates, OMP", "selected control", "UniformSampler"),
        **{
            f"subspace-{d}{name}": _few(d, base, law, base=base)
            for d in (1, 2, 3)
            for name, base, law in (("", "optimized", SUBSPACE), ("-uniform", "uniform", "control"))
        },
        **{
            f"residual-{d}": _few(d, "of the residual", SUBSPACE, "ResidualSubspaceSampler", extra=d > 2)
            for d in (1, 2, 3)
        },
        "candidates-subspace": _few(2, "optimized, 10 N candidates, OMP", SELECTED, keep="pursuit"),
        **{
            f"magnitude-{d}": _few(d, "optimized, 10 N candidates, magnitude", SELECTED, keep="magnitude", extra=d > 2)
            for d in (1, 2, 3)
        },
        "magnitude-1-uniform": _few(
            1, "uniform, 10 N candidates, magnitude", "selected control", keep="magnitude", base="uniform"
        ),
        **{
            f"refined-{d}": _few(d, "optimized, refined", SELECTED, "RefinedSubspaceSampler", extra=d != 2)
            for d in (1, 2, 3)
        },
        "rbf": _peer("RBFSampler", "RBF"),
        "nystroem": _peer("Nystroem", "Nystroem"),
        "skewed-chi2": _peer("SkewedChi2Sampler", "SkewedChi2"),
        "ridge-leverage": _peer("ridge leverage, dictionary", "RidgeLeverage"),
        "matching-pursuit": _peer("OMP, dictionary", "MatchingPursuit"),
        "pruned": _peer("pruned dense network", "Pruned"),
    },
    _named,
)
"""Methods by name. The circuits are simulated exactly, but for `circuit-noisy`; with another encoding than the binary
one they have its name behind theirs, as in `circuit_mps_rader`."""

METHODS.update(
    # Of other packages: named as the package names them, and left out of the risk study unless asked for.
    (name, NodeMethod(name, "unknown", path, extra=True))
    for name, path in plugins.found(plugins.SAMPLERS, METHODS).items()
)

SAMPLERS = METHODS.only(lambda method: not method.peer)
"""The samplers of nodes among them."""

DIRECT = METHODS.only(
    lambda method: not method.peer and method.coordinates is None and method.grows and not method.tuned
)
"""Methods that draw from one law on all coordinates, each circuit once: those timed if nothing else is asked for."""

INDEPENDENT = METHODS.only(lambda method: not method.peer and method.grows)
"""Methods whose nodes are independent: a list of nodes cut into blocks is one list for each network."""

FEW = METHODS.only(lambda method: method.coordinates is not None)
"""Methods whose nodes see few coordinates each."""
