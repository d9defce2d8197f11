"""The phase study's results as tables: the known answers, then every measure over coverage and concentration."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from compare.studies.ridgelet.phase.rows import Results
from compare.studies.ridgelet.phase.study import ENUMERABLE
from compare.tables import Table, interval

__all__ = [
    "concentration_table",
    "coverage_text",
    "directions_table",
    "gain_table",
    "gain_text",
    "known_table",
    "number",
    "random_site",
    "walked",
]

KINDS = {"empirical": "training points", "fresh": "fresh points"}
"""The risks by the points that they are measured on."""


def coverage_text(site: Mapping[str, Any]) -> str:
    """Write K/P^D, also where it leaves the range of floating point."""
    exponent = site["log10_coverage"]
    if exponent > -3:
        return f"{10**exponent:.3g}"
    return _power(exponent)


def number(value: float) -> str:
    """Write a number that is not negative with about three digits."""
    if value >= 1e5:
        return _power(float(np.log10(value)))
    if value >= 100:
        return f"{value:,.0f}"
    if value >= 0.001:
        return f"{value:.3g}"
    return _power(float(np.log10(value))) if value > 0 else "0"


def _power(exponent: float) -> str:
    """Write 10^exponent with two digits, also beyond the range of floating point."""
    whole = int(exponent // 1)
    mantissa = f"{10 ** (exponent - whole):.1f}"
    # 9.96 is rounded to 10.
    return f"1.0e{whole + 1}" if mantissa == "10.0" else f"{mantissa}e{whole}"


def _bracketed(estimate: Mapping[str, Any]) -> str:
    return f"{number(estimate['best'])} [{number(estimate['low'])}, {number(estimate['high'])}]"


def gain_text(estimate: Mapping[str, Any] | None) -> str:
    """Write a gain with digits that tell it from 1; none where any nodes interpolate."""
    if estimate is None:
        return "K <= N: any nodes interpolate"
    if estimate["best"] >= 10:
        return _bracketed(estimate)
    return interval(estimate, 3 if estimate["best"] < 1.1 else 2)


def walked(results: Results) -> list[dict[str, Any]]:
    """Return the sites over dimension and over coverage, each once."""
    sites = [*results.walks["dimension"], *results.walks.get("coverage", [])]
    return list({(site["dimension"], site["points"]): site for site in sites}.values())


def random_site(results: Results) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Return the site of least coverage, and its target of random labels alone, if there is one."""
    site = min(results.walks["dimension"], key=lambda site: site["log10_coverage"])
    cell = site["cells"][0]
    return (site, cell) if cell["concentration"] == 0 and site["fresh"] > 0 else None


def _place(site: Mapping[str, Any]) -> list[str]:
    return [f"D = {site['dimension']}, K = {site['points']:,}", coverage_text(site)]


def _sample(results: Results) -> str:
    settings = results.run["settings"]
    return (
        f"Every number: {settings['repeats']} independent draws of target, points and nodes, with its 95% interval "
        "(Student's t over the draws)"
    )


def _networks(results: Results) -> str:
    settings = results.run["settings"]
    return f"{settings['networks']} networks of N = {settings['nodes']} optimized and as many of uniform nodes in each"


def _headings(sites: Sequence[Mapping[str, Any]]) -> list[str]:
    return [f"c = {cell['concentration']:g}" for cell in sites[0]["cells"]]


def known_table(results: Results) -> Table:
    """Return the cases whose answer is known beforehand."""
    cases = [
        (f"sin(2 pi sum(x)/P) on all of Z_P^{site['dimension']}", site, site["cells"][0])
        for site in results.walks.get("sine", [])
    ]
    found = random_site(results)
    if found:
        cases.append((f"random labels, D = {found[0]['dimension']}", *found))
    rows = []
    for name, site, cell in cases:
        row = [name, f"{site['points']:,}", coverage_text(site)]
        for kind in KINDS:
            if kind == "fresh" and site["fresh"] == 0:
                row += ["no point left", ""]
            elif cell[f"{kind}-gain"] is None:
                row += [gain_text(None), ""]
            else:
                risks = [interval(cell[f"{kind}-{name}"]) for name in ("optimized", "uniform")]
                row += [" / ".join(risks), gain_text(cell[f"{kind}-gain"])]
        rows.append([*row, _bracketed(cell["share"])])
    columns = ["target", "K", "K/P^D", "training risk optimized / uniform", "gain"]
    note = (
        f"{_sample(results)}; {_networks(results)}. Risk: mean squared error over that of predicting 0. Gain: risk of "
        "uniform over that of optimized nodes, geometric mean over the draws. Share: effective number of nodes "
        "exp(entropy of p*) over all P^(D+1)."
    )
    return Table(
        "Known answers", [*columns, "fresh risk optimized / uniform", "gain on fresh points", "share"], rows, note
    )


def gain_table(results: Results, kind: str) -> Table:
    """Return the gain in risk over coverage and concentration; `kind` is "empirical" or "fresh"."""
    sites = walked(results)
    rows = [[*_place(site), *(gain_text(cell[f"{kind}-gain"]) for cell in site["cells"])] for site in sites]
    note = (
        f"Risk of uniform over risk of optimized nodes on {KINDS[kind]}: above 1, optimized nodes win. "
        f"{_sample(results)}; {_networks(results)}; geometric means. c is the share of the target's variance along "
        "its directions; the rest are random labels. "
    )
    if kind == "fresh":
        largest = max(site["fresh"] for site in sites)
        note += (
            f"Fresh points: up to {largest:,} points of Z_P^D that are no training points, their random labels new; "
            "at coverage 1 none is left, and the training points stand in."
        )
    return Table(f"Gain in risk on {KINDS[kind]}", ["problem", "K/P^D", *_headings(sites)], rows, note)


def concentration_table(results: Results, measure: str) -> Table:
    """Return how concentrated p* is; `measure` is "density", "share" or "tickets"."""
    sites, settings = walked(results), results.run["settings"]
    count = len(sites[0]["cells"])
    # The probability of the target's own nodes is c K/P^D but for chance: three columns show it.
    shown = sorted({0, (count - 1) // 2, count - 1}) if measure == "tickets" else list(range(count))
    limits: dict[str, Callable[[Mapping[str, Any]], list[str]]] = {
        "density": lambda site: [number(site["bound"])],
        "share": lambda site: [number(1 / site["bound"])],
        "tickets": lambda site: [],
    }
    title, heading, words = {
        "density": (
            "How much likelier p* is at its own nodes: E of P^(D+1) p* over p*",
            ["at most"],
            "Uniform nodes: 1; random labels: near 3. At most: K P max r^2.",
        ),
        "share": (
            "Effective number of nodes exp(entropy of p*), as a share of all P^(D+1)",
            ["at least"],
            "Uniform nodes: 1; random labels: near 0.482. At least: 1/(K P max r^2). Geometric means.",
        ),
        "tickets": (
            "Probability of the target's own nodes under p*",
            [],
            "The nodes whose weight vector a is along the target's directions; no vector gets more than K/P^D.",
        ),
    }[measure]
    rows = [
        [*_place(site), *limits[measure](site), *(_bracketed(site["cells"][i][measure]) for i in shown)]
        for site in sites
    ]
    note = (
        f"{words} {_sample(results)}. p* is enumerated up to {ENUMERABLE:,} nodes; beyond, the target's own nodes are "
        f"summed exactly, and {settings['samples']:,} samples of p* in each draw stand for the rest."
    )
    headings = _headings(sites)
    return Table(title, ["problem", "K/P^D", *heading, *(headings[i] for i in shown)], rows, note)


def directions_table(results: Results) -> Table:
    """Return what more directions of the target do, at the largest concentration."""
    rows = []
    for site in results.walks["directions"]:
        cell = site["cells"][-1]
        risks = (
            " / ".join(interval(cell[f"empirical-{name}"]) for name in ("optimized", "uniform"))
            if (cell["empirical-gain"])
            else ""
        )
        rows.append(
            [
                str(site["directions"]),
                risks,
                gain_text(cell["empirical-gain"]),
                _bracketed(cell["density"]),
                _bracketed(cell["share"]),
            ]
        )
    site = results.walks["directions"][0]
    note = (
        f"D = {site['dimension']}, all {site['points']:,} points, c = {site['cells'][-1]['concentration']:g}: the same "
        f"variance on ever more directions. {_sample(results)}; {_networks(results)}. Risk: mean squared error over "
        "that of predicting 0."
    )
    columns = ["directions m", "risk optimized / uniform", "gain", "E of P^(D+1) p* over p*", "share of nodes"]
    return Table("A target spread over more directions", columns, rows, note)
