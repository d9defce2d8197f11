"""What the numbers say, in plain sentences computed from them; nothing here is written in beforehand."""

import math
from collections.abc import Mapping
from typing import Any

from compare.statistics import CONFIDENCE, student
from compare.studies.ridgelet.phase.bounds import GAUSSIAN_SHARE
from compare.studies.ridgelet.phase.rows import Results
from compare.studies.ridgelet.phase.tables import coverage_text, gain_text, number, random_site, walked
from compare.tables import interval

__all__ = ["findings", "reason", "verdict"]


def verdict(estimate: Mapping[str, Any], tests: int) -> int:
    """Return 1 if a gain is clearly above 1, -1 if clearly below, else 0.

    The 95% interval of the mean logarithm is widened to Bonferroni's level for so many tests.
    """
    freedom = estimate["samples"] - 1
    widened = student(freedom, 1 - (1 - CONFIDENCE) / tests) / student(freedom)
    best = math.log(estimate["best"])
    if best - widened * (best - math.log(estimate["low"])) > 0:
        return 1
    return -1 if best + widened * (math.log(estimate["high"]) - best) < 0 else 0


def findings(results: Results) -> list[str]:
    """Return the verdict: known answers, where optimized nodes win and lose, the reason, memory, spread."""
    return [
        *_known(results),
        *_winning(results),
        reason(results),
        *_memory(results),
        *_share(results),
        *_directions(results),
    ]


def _won(gain: Mapping[str, Any]) -> str:
    """Say in words what a gain means."""
    sign = verdict(gain, 1)
    if sign == 0:
        return "optimized and uniform nodes are not told apart"
    if sign < 0:
        return "uniform nodes win"
    return "optimized nodes win by an order of magnitude" if gain["low"] >= 10 else "optimized nodes win"


def _known(results: Results) -> list[str]:
    sentences = []
    sines = [site for site in results.walks.get("sine", []) if site["cells"][0]["empirical-gain"]]
    if sines:
        site = sines[-1]
        cell = site["cells"][0]
        gain = cell["empirical-gain"]
        sentences.append(
            f"Known answer: on sin(2 pi sum(x)/P) on all {site['points']:,} points of Z_P^{site['dimension']}, "
            f"{_won(gain)}: risk {interval(cell['empirical-optimized'])} against "
            f"{interval(cell['empirical-uniform'])}, gain {gain_text(gain)} ({gain['samples']} draws)."
        )
    found = random_site(results)
    if found and found[1]["fresh-gain"]:
        site, cell = found
        sentences.append(
            f"Known answer: on random labels of {site['points']:,} points at D = {site['dimension']}, coverage "
            f"{coverage_text(site)}, {_won(cell['fresh-gain'])} on fresh points (gain {gain_text(cell['fresh-gain'])}, "
            f"{cell['fresh-gain']['samples']} draws)."
        )
    return sentences


def _gains(results: Results) -> list[tuple[Mapping[str, Any], float, Mapping[str, Any]]]:
    """Return site, concentration and gain on fresh points, wherever some are left."""
    return [
        (site, cell["concentration"], cell["fresh-gain"])
        for site in walked(results)
        for cell in site["cells"]
        if site["fresh"] > 0 and cell["fresh-gain"]
    ]


def _winning(results: Results) -> list[str]:
    gains = _gains(results)
    if not gains:
        return []
    judged = [(site, c, gain, verdict(gain, len(gains))) for site, c, gain in gains]
    told = []
    for c in sorted({c for _, c, _, _ in judged}, reverse=True):
        wins = [(site, gain) for site, of, gain, sign in judged if of == c and sign > 0]
        if wins:
            site, gain = min(wins, key=lambda pair: pair[0]["log10_coverage"])
            told.append(f"down to coverage {coverage_text(site)} at c = {c:g} (gain {gain_text(gain)} there)")
        else:
            told.append(f"nowhere at c = {c:g}")
    shared = f"at the 5% level shared among {len(judged)} cells, {judged[0][2]['samples']} draws each"
    sentences = [f"On fresh points, optimized nodes clearly beat uniform ones ({shared}): {'; '.join(told)}."]
    lost = [(site, c, gain) for site, c, gain, sign in judged if sign < 0]
    if lost:
        site, c, gain = min(lost, key=lambda one: one[2]["best"])
        (training,) = [cell["empirical-gain"] for cell in site["cells"] if cell["concentration"] == c]
        sentences.append(
            f"They are clearly worse than uniform ones in {len(lost)} of these cells, worst at D = "
            f"{site['dimension']}, K = {site['points']:,}, c = {c:g} (gain {gain_text(gain)}, but "
            f"{gain_text(training)} on the training points)."
        )
    return sentences


def reason(results: Results) -> str:
    """Return why nothing can be concentrated at small coverage, in the numbers of the least one."""
    site = _least(results)
    settings, tickets = results.run["settings"], site["cells"][-1]["tickets"]
    nodes = (site["dimension"] + 1) * math.log10(settings["prime"]) - math.log10(site["bound"])
    low, best, high = (number(settings["nodes"] * tickets[key]) for key in ("low", "best", "high"))
    return (
        f"The reason: p* over uniform is at most K P max r^2, here {number(site['bound'])}, at every node, and no "
        "weight vector a gets more than the coverage K/P^D (Cauchy-Schwarz over the K points). At D = "
        f"{site['dimension']}, coverage {coverage_text(site)}, p* is therefore spread over at least "
        f"10^{max(nodes, 0):.1f} nodes whatever the target; of N = {settings['nodes']} nodes drawn from it, {best} "
        f"[{low}, {high}] are expected on the directions of a target with c = "
        f"{site['cells'][-1]['concentration']:g} ({tickets['samples']} draws). Nodes on a direction of the target are "
        "drawn only where N K/P^D is about 1 or more."
    )


def _least(results: Results) -> dict[str, Any]:
    """Return the site of least coverage."""
    return min(results.walks["dimension"], key=lambda site: site["log10_coverage"])


def _memory(results: Results) -> list[str]:
    site, nodes = _least(results), results.run["settings"]["nodes"]
    cell = site["cells"][-1]
    if cell["empirical-gain"] is None or nodes * cell["tickets"]["high"] > 0.01:
        return []
    predicted = 1 + nodes / site["points"] * (cell["density"]["best"] - 1)
    return [
        f"Where no node of the target is drawn, what is left of the gain on training points is memory: at coverage "
        f"{coverage_text(site)} it is {gain_text(cell['empirical-gain'])} for c = {cell['concentration']:g}. A node of "
        "density w = P^(D+1) p* explains about w/K of the training variance by chance, so that 1 + (N/K)(E(w) - 1) = "
        f"{predicted:.3f} is expected; on fresh points the gain is {gain_text(cell['fresh-gain'])} "
        f"({cell['fresh-gain']['samples']} draws)."
    ]


def _share(results: Results) -> list[str]:
    prime, sentences = results.run["settings"]["prime"], []
    whole = [site for site in results.walks["dimension"] if site["points"] == prime ** site["dimension"]]
    if whole:
        told = []
        for site in whole:
            share = site["cells"][-1]["share"]
            low, best, high = (number(share[key] * prime ** (site["dimension"] + 1)) for key in ("low", "best", "high"))
            told.append(f"{best} [{low}, {high}] of {prime ** (site['dimension'] + 1):,} at D = {site['dimension']}")
        cell = whole[0]["cells"][-1]
        sentences.append(
            f"Effective number of nodes exp(entropy) with all points there and c = {cell['concentration']:g}: "
            f"{'; '.join(told)} ({cell['share']['samples']} draws each)."
        )
    site = _least(results)
    if site not in whole:
        cell = site["cells"][-1]
        trace = cell["share"]["low"] < GAUSSIAN_SHARE < cell["share"]["high"]
        sentences.append(
            f"At coverage {coverage_text(site)} it is the share {interval(cell['share'])} of all nodes for the same c "
            f"({cell['share']['samples']} draws), {'not told apart from' if trace else 'where'} the "
            f"{GAUSSIAN_SHARE:.3f} {'that' if trace else 'is what'} random labels give"
            + (": the target's concentration has left no trace." if trace else ".")
        )
    return sentences


def _directions(results: Results) -> list[str]:
    walk = [site for site in results.walks.get("directions", []) if site["cells"][-1]["empirical-gain"]]
    if len(walk) < 2:
        return []
    ends = [
        f"{gain_text(site['cells'][-1]['empirical-gain'])} with {site['directions']} "
        f"direction{'' if site['directions'] == 1 else 's'}"
        for site in (walk[0], walk[-1])
    ]
    return [
        f"With all points there, what counts is how few directions the target has: the gain is {ends[0]}, {ends[1]} "
        f"(N = {results.run['settings']['nodes']}, D = {walk[0]['dimension']}, "
        f"{walk[0]['cells'][-1]['share']['samples']} draws each)."
    ]
