"""NetKet's states on our models: larger lattices, convolutional and residual networks; the extra ``[nqs]``.

Masks multiply the weights, so that masked ones stay 0; unlike ours, NetKet computes their derivatives all the same.
Its sites are ours in their order, and its spin +1 is ours. Its gradient of real weights is ours, with the factor 2.
"""

import math
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classical.ground_states.feed_forward import SPREAD, FeedForwardState, as_mask
from classical.ground_states.natural_gradient import SHIFT
from classical.ground_states.training import LAST, RATE, positive, risen
from problems.errors import InputError, OutOfReach, choose, whole_number
from problems.ground_states import IsingModel, SpinModel
from problems.ground_states.schedule import SHARE, schedule
from problems.seeds import Seed, generator, integer_seed

__all__ = [
    "NETWORKS",
    "NetKetRound",
    "NetKetTraining",
    "netket_prune",
    "netket_state",
    "netket_step",
    "netket_train",
    "require_netket",
]

NETWORKS = ("feed-forward", "cnn", "rescnn")
"""One layer of neurons; one convolution, summed up after relu; and residual blocks of two convolutions each."""

Weights = dict[str, NDArray[np.float64]]
"""Weights by their name, and masks alike."""


def netket_operator(model: SpinModel) -> Any:
    """Return the Hamiltonian as NetKet's, in its form for samples.

    Raises
    ------
    OutOfReach
        If NetKet is not installed.
    """
    netket = _netket()
    terms = [_pauli(model.sites, sites, "Z") for sites in model.products]
    terms += [_pauli(model.sites, sites, "X") for sites in model.flips]
    factors = [-1.0] * len(model.products) + [-model.strength] * len(model.flips)
    return netket.operator.PauliStringsJax(_space(model.sites), terms, factors, dtype=float)


def netket_state(
    model: SpinModel,
    network: str = "feed-forward",
    *,
    alpha: int = 4,
    features: int = 4,
    kernel: int = 3,
    blocks: int = 2,
    masks: Mapping[str, NDArray[np.bool_]] | None = None,
    weights: Mapping[str, NDArray[np.float64]] | None = None,
    samples: int | None = None,
    chains: int = 16,
    seed: Seed = 0,
) -> Any:
    """Return a variational state of NetKet.

    Parameters
    ----------
    model
        The model; convolutions take an `IsingModel`, whose borders they follow.
    network
        A name in `NETWORKS`.
    alpha
        Neurons a site of the feed-forward network.
    features, kernel, blocks
        Filters of convolutions, their side, and residual blocks.
    masks
        By the name of the weights; those that are missing keep all.
    weights
        By name; None draws them.
    samples, chains
        Configurations of a step, and Metropolis chains; None sums over all configurations.
    seed
        Of weights and samples.

    Raises
    ------
    InputError
        If there is no such network, numbers are out of range, or the network does not go with the model.
    OutOfReach
        If NetKet is not installed.
    """
    choose("network", network, dict.fromkeys(NETWORKS))
    sizes = {"alpha": alpha, "features": features, "kernel": kernel, "blocks": blocks, "chains": chains}
    for name, value in sizes.items():
        whole_number(name, value, 1)
    if network != "feed-forward" and not isinstance(model, IsingModel):
        raise InputError(f"{network!r} convolves a lattice of sites, and {model!r} has none; take 'feed-forward'.")
    netket = _netket()
    rng = generator(seed)
    space = _space(model.sites)
    if isinstance(model, IsingModel) and network != "feed-forward":
        module = _module((model.rows, model.columns), model.periodic, network, 0, features, kernel, blocks)
    else:  # what knows no lattice is the same network on all lattices of so many sites
        module = _module((1, model.sites), False, network, alpha, 0, 0, 0)
    variables: dict[str, Any] = module.init(_key(rng), np.ones((1, model.sites)))
    given = dict(weights or {})
    shapes = {name: tuple(value.shape) for name, value in variables["params"].items()}
    for name in {**given, **(masks or {})}:
        choose("weights", name, shapes)
    variables["params"] = {name: _real(given.get(name, value)) for name, value in variables["params"].items()}
    variables["masks"] = {
        name: _real(as_mask((masks or {}).get(name, np.ones(shape)), shape)) for name, shape in shapes.items()
    }
    if samples is None:
        return netket.vqs.FullSumState(space, module, variables=variables, seed=integer_seed(rng))
    rule = netket.sampler.rules.LocalRule()
    sampler = netket.sampler.MetropolisSampler(space, rule, n_chains=min(chains, samples), sweep_size=model.sites)
    options = {"n_samples": whole_number("samples", samples, 2), "variables": variables}
    seeds = {"seed": integer_seed(rng), "sampler_seed": integer_seed(rng)}
    return netket.vqs.MCState(sampler, module, **options, **seeds)


@dataclass(frozen=True, eq=False)
class NetKetTraining:
    """The outcome of a training by NetKet.

    Attributes
    ----------
    state
        NetKet's variational state.
    energy, standard_error
        Of it; None if the run diverged. By samples the mean of 16 times as many as a step takes, and by the spread of
        these; an exact sum has the standard error 0.
    energies
        Before each step.
    diverged
        The step in which numbers were not finite any more, or the energy had risen as `train` does not let it; None if
        there is none.
    """

    state: Any
    energy: float | None
    standard_error: float
    energies: NDArray[np.float64]
    diverged: int | None = None


def netket_train(model: SpinModel, state: Any, steps: int, rate: float = RATE, shift: float = SHIFT) -> NetKetTraining:
    """Train a state of NetKet in place, by its own natural gradient.

    Raises
    ------
    InputError
        If steps, rate or shift are out of range.
    """
    netket = _netket()
    steps = whole_number("steps", steps, 0)
    driver = _driver(netket, model, state, positive("rate", rate), positive("shift", shift))
    energies: list[float] = []

    def seen(step: int, log: Any, driver: Any) -> bool:
        energies.append(float(np.real(log["Energy"].mean)))
        return not risen(energies[-1], energies[:-1], model)

    with redirect_stdout(None):  # NetKet prints that it stops early
        driver.run(steps, out=netket.logging.RuntimeLog(), callback=seen, show_progress=False)
    if energies and risen(energies[-1], energies[:-1], model):
        return NetKetTraining(state, None, 0.0, np.array(energies), len(energies) - 1)
    energy, error = _measured(netket_operator(model), state)
    if risen(energy, energies, model):
        return NetKetTraining(state, None, 0.0, np.array(energies), steps)
    return NetKetTraining(state, energy, error, np.array(energies))


def _measured(operator: Any, state: Any) -> tuple[float, float]:
    """Return the energy of a state, and its standard error."""
    if not hasattr(state, "sample"):
        return float(np.real(state.expect(operator).mean)), 0.0
    found = []
    for _ in range(LAST):
        state.sample()
        found.append(float(np.real(state.expect(operator).mean)))
    return float(np.mean(found)), float(np.std(found, ddof=1) / np.sqrt(LAST))


def netket_step(
    model: SpinModel, state: FeedForwardState, rate: float = RATE, shift: float = SHIFT
) -> FeedForwardState:
    """Return a state after one step of NetKet's, summed over all configurations: the oracle of ours."""
    weights, masks = {"weights": state.weights}, {"weights": state.mask}
    theirs = netket_state(model, alpha=state.alpha, weights=weights, masks=masks)
    netket_train(model, theirs, 1, rate, shift)
    return state.with_weights(np.asarray(theirs.parameters["weights"]))


@dataclass(frozen=True, eq=False)
class NetKetRound:
    """One round of pruning a state of NetKet: its weights, masks, and what training it led to."""

    count: int
    masks: Mapping[str, NDArray[np.bool_]]
    training: NetKetTraining


def netket_prune(
    model: SpinModel,
    network: str,
    least: int,
    *,
    share: float = SHARE,
    dense_steps: int = 200,
    steps: int = 150,
    samples: int | None = 1024,
    rate: float = RATE,
    seed: Seed = 0,
    **options: Any,
) -> Iterator[NetKetRound]:
    """Prune any network round by round, over all of its weights, rewinding to a short dense training.

    Parameters
    ----------
    model, network, options
        See `netket_state`.
    least, share, dense_steps, steps, rate
        See `prune` and `netket_train`.
    samples, seed
        Of each step, and of all that is drawn.

    Yields
    ------
    NetKetRound
        The first has all weights. Pruning ends where a round diverges, or with the dense training if that does.
    """
    rng = generator(seed)
    dense = netket_state(model, network, samples=samples, seed=rng, **options)
    first = netket_train(model, dense, dense_steps, rate)
    start: Weights = {name: np.asarray(value) for name, value in dense.parameters.items()}
    masks = {name: np.ones(value.shape, dtype=bool) for name, value in start.items()}
    if first.diverged is not None:
        yield NetKetRound(sum(one.size for one in start.values()), masks, first)
        return
    before: Weights | None = None
    for number in schedule(sum(one.size for one in start.values()), least, share):
        if before is not None:
            masks = _cut(before, masks, number)
        state = netket_state(model, network, samples=samples, seed=rng, weights=start, masks=masks, **options)
        found = netket_train(model, state, steps, rate)
        yield NetKetRound(number, masks, found)
        if found.diverged is not None:
            return
        before = {name: np.asarray(value) for name, value in state.parameters.items()}


def _cut(weights: Weights, masks: Mapping[str, NDArray[np.bool_]], kept: int) -> dict[str, NDArray[np.bool_]]:
    names = list(weights)
    sizes = np.concatenate([np.where(masks[name], np.abs(weights[name]), -1.0).ravel() for name in names])
    flat = np.zeros(sizes.size, dtype=bool)
    flat[np.argsort(-sizes, kind="stable")[:kept]] = True
    parts = np.split(flat, np.cumsum([weights[name].size for name in names])[:-1])
    return {name: part.reshape(weights[name].shape) for name, part in zip(names, parts, strict=True)}


def _driver(netket: Any, model: SpinModel, state: Any, rate: float, shift: float) -> Any:
    operator, step = netket_operator(model), netket.optimizer.Sgd(rate)
    solver = netket.optimizer.solver.cholesky
    if isinstance(state, netket.vqs.MCState):
        # With more weights than samples by a matrix of samples.
        options = {"mode": "real", "use_ntk": state.n_parameters > state.n_samples, "on_the_fly": False}
        with redirect_stdout(None):  # NetKet prints its settings
            return netket.driver.VMC_SR(
                operator, step, variational_state=state, diag_shift=shift, linear_solver=solver, **options
            )
    dense = netket.optimizer.qgt.QGTJacobianDense(holomorphic=False)
    metric = netket.optimizer.SR(qgt=dense, diag_shift=shift, solver=solver)
    return netket.driver.VMC(operator, step, variational_state=state, preconditioner=metric)


@lru_cache(maxsize=64)
def _module(
    grid: tuple[int, int], wrap: bool, network: str, alpha: int, features: int, kernel: int, blocks: int
) -> Any:
    """Return a network whose weights are multiplied by masks of the same names.

    Each is made once: what JAX has compiled it finds again by the module, so that rounds of pruning compile nothing.
    """
    import jax.numpy as jnp
    from flax import linen
    from jax import lax, nn

    sites = math.prod(grid)

    class Network(linen.Module):
        def masked(self, name: str, shape: tuple[int, ...], spread: float) -> Any:
            weights = self.param(name, nn.initializers.normal(spread), shape, float)
            mask = self.variable("masks", name, lambda: jnp.ones(shape))
            return weights * mask.value

        def convolved(self, name: str, x: Any, out: int, spread: float) -> Any:
            weights = self.masked(name, (kernel, kernel, x.shape[-1], out), spread)
            if wrap:
                before, after = (kernel - 1) // 2, kernel // 2
                x = jnp.pad(x, ((0, 0), (before, after), (before, after), (0, 0)), mode="wrap")
            form = ("NHWC", "HWIO", "NHWC")
            return lax.conv_general_dilated(x, weights, (1, 1), "VALID" if wrap else "SAME", dimension_numbers=form)

        @linen.compact
        def __call__(self, spins: Any) -> Any:
            x = jnp.asarray(spins, dtype=float)
            if network == "feed-forward":
                weights = self.masked("weights", (alpha * sites, sites), SPREAD)
                return nn.relu(x @ weights.T).sum(axis=-1)
            lead = x.shape[:-1]
            x = x.reshape(-1, *grid, 1)
            if network == "cnn":
                return nn.relu(self.convolved("filters", x, features, SPREAD)).sum(axis=(1, 2, 3)).reshape(lead)
            x = self.convolved("first", x, features, (kernel * kernel) ** -0.5)
            for block in range(blocks):
                inner = nn.relu(x)
                inner = self.convolved(f"block_{block}_in", inner, features, (kernel * kernel * features) ** -0.5)
                x = x + self.convolved(f"block_{block}_out", nn.relu(inner), features, SPREAD)
            weights = self.masked("last", (features,), SPREAD)
            return (nn.relu(x).sum(axis=(1, 2)) @ weights).reshape(lead)

    return Network()


def _pauli(sites: int, places: tuple[int, ...], letter: str) -> str:
    """Return a product of one Pauli matrix as NetKet writes it, site 0 first."""
    return "".join(letter if site in places else "I" for site in range(sites))


def _space(sites: int) -> Any:
    netket = _netket()
    return netket.hilbert.Spin(0.5, sites)


def _key(rng: np.random.Generator) -> Any:
    import jax

    return jax.random.PRNGKey(integer_seed(rng))


def _real(values: Any) -> NDArray[np.float64]:
    """Return NumPy's numbers, which NetKet lays out as it needs them."""
    return np.asarray(values, dtype=float)


def require_netket() -> None:
    """Refuse to go on without NetKet; looks for it, and does not import it.

    Raises
    ------
    OutOfReach
        If it is not installed.
    """
    if find_spec("netket") is None:
        raise _missing("there is none")


def _netket() -> Any:
    try:
        import netket
    except ImportError as error:
        raise _missing(str(error)) from None
    return netket


def _missing(why: str) -> OutOfReach:
    return OutOfReach(
        f"NetKet cannot be imported ({why}); install it by pip install 'quantum-tickets[nqs]', or take "
        "FeedForwardState, which needs nothing."
    )
