"""The study's records as rows: what is estimated for each problem and concentration, over the draws."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from compare.engine import Rows, Runs
from compare.report.cells import power
from compare.report.table import RECORD
from compare.statistics import Contrast, Row, mean_estimate, summarize
from compare.statistics.rows import records_of
from compare.studies.ridgelet.phase.study import CELL, Settings, Site, walks

__all__ = ["KINDS", "estimated"]

KINDS = {"empirical": "training points", "fresh": "fresh points"}
"""The risks by the points that they are measured on."""

PLACE = ("dimension", "points", "directions", "sine", "concentration")
"""Fields that tell problems and targets apart, whatever the draw."""


def estimated(runs: Runs, settings: Settings) -> Rows:
    """Return a row for each problem and concentration, in the order of the walks.

    Columns are those of `PLACE`, and walks (the names of those that the problem is on), log10_coverage and coverage
    (K/P^D, as a cell), bound (K P max r^2), fresh (the number of fresh points; at 0 the training points stand in), and
    the estimates density, share and tickets. For ``empirical`` and ``fresh`` risks there are ``_optimized``,
    ``_uniform`` and ``_gain``, the `Comparison` of uniform with optimized nodes; None where K <= N. A problem is left
    out until all its concentrations have a record.
    """
    known = runs[CELL].group(*PLACE)
    gains = {f"{kind}_gain": _gains(runs[CELL], kind) for kind in KINDS}
    passed: dict[Site, list[str]] = {}
    for walk, sites in walks(settings).items():
        for site in sites:
            passed.setdefault(site, []).append(walk)
    found = []
    for site, names in passed.items():
        exponent = _log10_coverage(site, settings.prime)
        shared = {"walks": names, "log10_coverage": exponent, "coverage": power(exponent)}
        problem = {name: getattr(site, name) for name in PLACE if name != "concentration"}
        places = [{**problem, "concentration": c} for c in site.concentrations]
        if all(tuple(place.values()) in known for place in places):
            found += [
                {**place, **shared, **_estimates(known[tuple(place.values())])}
                | {name: one.get("uniform", **place) for name, one in gains.items()}
                for place in places
            ]
    return runs[CELL].of(found)


def _gains(rows: Rows, kind: str) -> Contrast:
    """Compare risks in pairs of draws; all problems share the level, but for the sines, whose answer is known."""
    both = rows.of({**row, "method": method} for row in rows for method in ("optimized", "uniform"))
    return both.contrast(
        # A risk of 0 has no logarithm.
        lambda row: row[f"{kind}_{row['method']}"] or None,
        control="optimized",
        pair_by=("repeat",),
        within=PLACE,
        family=("sine",),
        scale="ratio",
    )


def _log10_coverage(site: Site, prime: int) -> float:
    if site.points == prime**site.dimension:
        return 0.0
    return float(np.log10(site.points) - site.dimension * np.log10(prime))


def _estimates(rows: Sequence[Row]) -> Mapping[str, Any]:
    return {
        RECORD: records_of(rows),
        "bound": rows[0]["bound"],
        "fresh": rows[0]["fresh"],
        "density": summarize(rows, "density"),
        "share": mean_estimate([row["log_share"] for row in rows]).exponential(),
        "tickets": mean_estimate([row["tickets"] for row in rows]).cut(0, 1),
        **{name: summarize(rows, name) for kind in KINDS for name in (f"{kind}_optimized", f"{kind}_uniform")},
    }
