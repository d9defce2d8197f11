"""The phase study: gain of optimized over uniform nodes, over the data's coverage and the target's concentration.

Its problems lie on four walks: more dimensions at a fixed number of points, fewer points at a fixed dimension, more
directions of the target, and the one sine of known answer. Each problem is drawn several times with seeds of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classical.ridgelet import DequantizedSampler, UniformSampler
from compare.progress import Advance, Track, silent
from compare.records import RunFolder, Step
from compare.statistics import Estimate, mean_estimate
from compare.studies.ridgelet.phase.bounds import density_bound
from compare.studies.ridgelet.phase.measures import (
    Draw,
    concentration,
    draw,
    geometric_estimate,
    relative_risks,
)
from compare.studies.ridgelet.phase.targets import line_count
from problems.activations import Activation, activation_table
from problems.errors import InputError, non_negative, whole_number
from problems.finite_field import check_prime
from problems.ridgelet import RidgeletProblem
from problems.seeds import named

__all__ = ["MEASURES", "Plan", "Results", "Settings", "Site", "load_results", "plan", "run"]

FRESH = 1000
"""Points besides the training points, at most."""

MEASURES = (
    "empirical-optimized",
    "empirical-uniform",
    "empirical-gain",
    "fresh-optimized",
    "fresh-uniform",
    "fresh-gain",
    "density",
    "share",
    "tickets",
)
"""What is estimated at each concentration.

Risks over that of predicting 0; gains, the risk of uniform over that of optimized nodes (geometric mean); the mean of
P^(D+1) p* under p*; exp(entropy of p*)/P^(D+1) (geometric mean); the probability of the signal's lines.
"""


@dataclass(frozen=True)
class Settings:
    """Every choice of the study; the command line has a flag for each.

    Attributes
    ----------
    prime
        The odd prime P.
    dimensions
        Data dimensions D, ascending.
    points
        Distinct points K at every dimension, or all P^D if that is less.
    concentrations
        Shares c of the target's variance in its signal, 0..1, ascending.
    thinnings
        Where all points are used, K is also divided by each of these, ascending, as long as two points are left; at
        the largest such dimension.
    directions
        Directions m of the signal (one at D = 1, where all are multiples of one another).
    spreads
        Other numbers of directions, tried at the same dimension.
    nodes
        Hidden nodes N of each network.
    networks
        Networks in each repeat.
    repeats
        Independent draws of target, points and nodes.
    samples
        Nodes of p* in each repeat: they estimate its entropy where it cannot be enumerated.
    activation
        Of the problem.
    ridge
        Penalty of the output weights' fit.
    seed
        Of everything that is drawn.
    """

    prime: int = 17
    dimensions: Sequence[int] = (1, 2, 3, 4, 5, 6, 8, 16, 32, 64)
    points: int = 4913
    concentrations: Sequence[float] = (0.0, 0.25, 0.5, 0.75, 1.0)
    thinnings: Sequence[int] = (2, 4, 8, 16, 32, 64)
    directions: int = 1
    spreads: Sequence[int] = (2, 4, 8, 16, 32)
    nodes: int = 16
    networks: int = 5
    repeats: int = 10
    samples: int = 500
    activation: Activation = "relu"
    ridge: float = 1e-4
    seed: int = 0


@dataclass(frozen=True)
class Site:
    """A kind of problem: how many points of which space, and which signal.

    Attributes
    ----------
    dimension, points
        D and K.
    directions
        Of the signal.
    concentrations
        c, each a target on the same draws.
    sine
        Whether the signal is sin(2 pi (x_1 + ... + x_D)/P).
    """

    dimension: int
    points: int
    directions: int
    concentrations: tuple[float, ...]
    sine: bool = False

    @property
    def key(self) -> str:
        """The name of its step."""
        kind = "sine" if self.sine else f"m{self.directions:03}"
        return f"d{self.dimension:03}-k{self.points:06}-{kind}"


@dataclass(frozen=True)
class Plan:
    """The settings, checked, and the sites of each walk: "dimension", "coverage", "directions", "sine"."""

    settings: Settings
    walks: Mapping[str, Sequence[Site]]

    @property
    def sites(self) -> list[Site]:
        """Every site once."""
        return list({site.key: site for walk in self.walks.values() for site in walk}.values())


@dataclass(frozen=True)
class Results:
    """What a run found, as plain data: the source of tables, figures, sentences and the report.

    Attributes
    ----------
    run
        Settings, versions, machine.
    walks
        For each walk, its sites in order: dimension, points, directions, log10_coverage, bound (K P max r^2), fresh
        (the number of fresh points; at 0 the training points stand in), and cells: for each concentration its
        `MEASURES`, risks and gains None where K <= N.
    """

    run: dict[str, Any]
    walks: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


def plan(settings: Settings) -> Plan:
    """Lay out the sites and check all settings.

    Raises
    ------
    InputError
        If a setting is out of range.
    """
    prime = check_prime(settings.prime)
    if prime == 2:
        raise InputError("prime = 2 has no character of mean 0 and real values but signs; give an odd prime.")
    activation_table(settings.activation, prime)
    dimensions = _ascending("dimensions", settings.dimensions, 1)
    thinnings = _ascending("thinnings", settings.thinnings, 2) if settings.thinnings else []
    spreads = _ascending("spreads", settings.spreads, 1) if settings.spreads else []
    for name, least in (("points", 2), ("directions", 1), ("nodes", 1), ("networks", 1), ("repeats", 2), ("seed", 0)):
        whole_number(name, getattr(settings, name), least)
    whole_number("samples", settings.samples, settings.nodes * settings.networks)
    non_negative("ridge", settings.ridge)
    concentrations = _concentrations(settings.concentrations)

    def site(dimension: int, points: int, directions: int) -> Site:
        lines = line_count(prime, dimension)
        return Site(dimension, points, min(directions, lines), concentrations)

    walks = {"dimension": [site(d, min(prime**d, settings.points), settings.directions) for d in dimensions]}
    covered = [d for d in dimensions if prime**d <= settings.points]
    if covered:
        most = covered[-1]
        counts = dict.fromkeys([prime**most, *(prime**most // thinning for thinning in thinnings)])
        walks["coverage"] = [site(most, count, settings.directions) for count in counts if count >= 2]
        spread = sorted({settings.directions, *spreads})
        walks["directions"] = [
            Site(most, prime**most, m, concentrations if m == settings.directions else (concentrations[-1],))
            for m in spread
            if m <= line_count(prime, most)
        ]
        walks["sine"] = [Site(d, prime**d, 1, (1.0,), sine=True) for d in covered]
    return Plan(settings, walks)


def _ascending(name: str, values: Sequence[int], least: int) -> list[int]:
    if not values:
        raise InputError(f"There are no {name}; give at least one whole number >= {least}.")
    numbers = [whole_number(name, value, least) for value in values]
    if sorted(set(numbers)) != numbers:
        raise InputError(f"{name} = {', '.join(map(str, numbers))} are not ascending; give each once, in order.")
    return numbers


def _concentrations(values: Sequence[float]) -> tuple[float, ...]:
    numbers = tuple(non_negative("concentrations", value) for value in values)
    if not numbers or sorted(set(numbers)) != list(numbers) or numbers[-1] > 1:
        raise InputError(
            f"concentrations = {', '.join(map(str, values))} are no ascending shares; give numbers from 0 to 1, each "
            "once and in order."
        )
    return numbers


def run(planned: Plan, folder: RunFolder, track: Track = silent) -> Results:
    """Run the study, or what of it has no record in the folder yet.

    Parameters
    ----------
    planned
        Settings and sites; see `plan`.
    folder
        Where finished sites are written and found.
    track
        Shows progress.
    """
    choices = asdict(planned.settings)
    advance = track("Problems", len(planned.sites) * planned.settings.repeats)
    found = {}
    for site in planned.sites:
        done = folder.finished(site.key)
        found[site.key] = folder.once(site.key, choices, partial(_measure, planned.settings, site, advance)).result
        for repeat in range(planned.settings.repeats if done else 0):
            advance(f"{_words(site)}, draw {repeat + 1}")
    return Results(folder.run, {name: [found[site.key] for site in walk] for name, walk in planned.walks.items()})


def load_results(folder: RunFolder) -> Results:
    """Read the results of a finished run, from a folder opened for reading.

    Raises
    ------
    InputError
        If a site has no record yet, or the settings are not this version's.
    """
    return run(plan(folder.settings_as(Settings)), folder)


def _words(site: Site) -> str:
    return f"D = {site.dimension}, K = {site.points}"


def _measure(settings: Settings, site: Site, advance: Advance) -> Step:
    """Draw a site's problems and measure each."""
    values = np.full((settings.repeats, len(site.concentrations), len(MEASURES)), np.nan)
    bound = 0.0
    for repeat in range(settings.repeats):
        made = _draw(settings, site, repeat)
        for i, c in enumerate(site.concentrations):
            problem, measured = _one(settings, site, repeat, made, c)
            bound = density_bound(problem)
            values[repeat, i] = [measured[name] for name in MEASURES]
        advance(f"{_words(site)}, draw {repeat + 1}")
    left = settings.prime**site.dimension - site.points
    result = {
        "dimension": site.dimension,
        "points": site.points,
        "directions": site.directions,
        "log10_coverage": float(np.log10(site.points) - site.dimension * np.log10(settings.prime)) if left else 0.0,
        "bound": bound,
        "fresh": min(FRESH, left),
        "cells": [
            {"concentration": c} | {name: _estimate(name, values[:, i, j]) for j, name in enumerate(MEASURES)}
            for i, c in enumerate(site.concentrations)
        ],
    }
    return Step(result, {"values": values})


def _draw(settings: Settings, site: Site, repeat: int) -> Draw:
    rng = np.random.default_rng(_seed("draw", settings, site, repeat))
    return draw(settings.prime, site.dimension, site.points, site.directions, FRESH, rng, site.sine)


def _seed(stream: str, settings: Settings, site: Site, repeat: int, **more: float) -> np.random.SeedSequence:
    """Return the seed of a stream; targets of every concentration share their draw and their uniform nodes."""
    place = {name: getattr(site, name) for name in ("dimension", "points", "directions", "sine")}
    return named(stream, seed=settings.seed, prime=settings.prime, **place, repeat=repeat, **more)


def _one(settings: Settings, site: Site, repeat: int, made: Draw, c: float) -> tuple[RidgeletProblem, dict[str, float]]:
    """Measure one target on one draw."""
    data = made.data(c)
    problem = RidgeletProblem.from_samples(data.x_train, data.y_train, settings.prime, activation=settings.activation)
    # Every point is there once, so that no regularization of the problem changes p*.
    optimized = DequantizedSampler(problem).sample(
        settings.samples, _seed("optimized", settings, site, repeat, concentration=c)
    )
    of_p = concentration(problem, made.signal, optimized)
    measured = dict.fromkeys(MEASURES, np.nan)
    measured |= {"density": of_p.density, "share": of_p.log_share, "tickets": of_p.tickets}
    if site.points > settings.nodes:
        uniform = UniformSampler(problem).sample(
            settings.nodes * settings.networks, _seed("uniform", settings, site, repeat)
        )
        measured |= relative_risks(problem, data, settings.nodes, settings.networks, settings.ridge, optimized, uniform)
        for kind in ("empirical", "fresh"):
            ratio = measured[f"{kind}-uniform"] / measured[f"{kind}-optimized"]
            measured[f"{kind}-gain"] = float(np.log(ratio))
    return problem, measured


def _estimate(name: str, values: NDArray[np.float64]) -> Estimate | None:
    if np.any(np.isnan(values)):
        return None
    if name in ("share", "empirical-gain", "fresh-gain"):
        return geometric_estimate(values)
    found = mean_estimate(values)
    # Student's interval of a probability may leave 0..1.
    return replace(found, low=max(0.0, found.low), high=min(1.0, found.high)) if name == "tickets" else found
