"""The study's records as walks: at each site and concentration the estimates over the draws."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from compare.engine import Runs
from compare.statistics import Estimate, Row, mean_estimate
from compare.studies.ridgelet.phase.study import CELL, Settings, Site, walks

__all__ = ["Results", "gathered", "geometric_estimate"]


@dataclass(frozen=True)
class Results:
    """What a run found, as plain data: the source of tables, figures and sentences.

    Attributes
    ----------
    run
        The settings, as ``settings``.
    walks
        For each walk, its sites in order: dimension, points, directions, log10_coverage, bound (K P max r^2), fresh
        (the number of fresh points; at 0 the training points stand in), and cells: for each concentration its
        estimates, risks and gains None where K <= N.
    """

    run: dict[str, Any]
    walks: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


def gathered(runs: Runs, settings: Settings) -> Results:
    """Return the estimates over all draws that have a record; sites without one are left out."""
    cells = runs[CELL].group("dimension", "points", "directions", "sine", "concentration")
    found: dict[str, list[dict[str, Any]]] = {}
    for name, sites in walks(settings).items():
        known = [one for site in sites if (one := _site(site, settings.prime, cells)) is not None]
        if known:
            found[name] = known
    return Results({"settings": asdict(settings)}, found)


def _site(site: Site, prime: int, cells: Mapping[tuple[Any, ...], Sequence[Row]]) -> dict[str, Any] | None:
    own = [
        (c, cells[key])
        for c in site.concentrations
        if (key := (site.dimension, site.points, site.directions, site.sine, c)) in cells
    ]
    if len(own) < len(site.concentrations):
        return None
    left = prime**site.dimension - site.points
    first = own[0][1][0]
    return {
        "dimension": site.dimension,
        "points": site.points,
        "directions": site.directions,
        "log10_coverage": float(np.log10(site.points) - site.dimension * np.log10(prime)) if left else 0.0,
        "bound": first["bound"],
        "fresh": first["fresh"],
        "cells": [{"concentration": c} | _estimates(rows) for c, rows in own],
    }


def _estimates(rows: Sequence[Row]) -> dict[str, Any]:
    """Return what is estimated at one site and concentration, by the names that tables and figures use."""

    def logarithm(kind: str) -> Callable[[Row], float]:
        return lambda row: float(np.log(row[f"{kind}_uniform"] / row[f"{kind}_optimized"]))

    found: dict[str, Estimate | None] = {
        "density": mean_estimate([row["density"] for row in rows]),
        "share": geometric_estimate([row["log_share"] for row in rows]),
    }
    tickets = mean_estimate([row["tickets"] for row in rows])
    # Student's interval of a probability may leave 0..1.
    found["tickets"] = replace(tickets, low=max(0.0, tickets.low), high=min(1.0, tickets.high))
    for kind in ("empirical", "fresh"):
        known = all(row[f"{kind}_optimized"] is not None for row in rows)
        for which in ("optimized", "uniform"):
            found[f"{kind}-{which}"] = mean_estimate([row[f"{kind}_{which}"] for row in rows]) if known else None
        gain = logarithm(kind)
        found[f"{kind}-gain"] = geometric_estimate([gain(row) for row in rows]) if known else None
    return {name: None if one is None else asdict(one) for name, one in found.items()}


def geometric_estimate(logarithms: Sequence[float]) -> Estimate:
    """Return the geometric mean of independent values, given their logarithms: Student-t interval of the mean log."""
    found = mean_estimate(logarithms)
    with np.errstate(over="ignore"):
        low, best, high = np.exp([found.low, found.best, found.high])
    return Estimate(float(low), float(best), float(high), found.samples)
