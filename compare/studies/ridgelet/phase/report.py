"""The phase study's report: the diagram, its tables, and the reason."""

from compare.engine import Runs
from compare.report import Card, Picture, Report, Section
from compare.studies.ridgelet.phase.findings import findings
from compare.studies.ridgelet.phase.plots import phase_figure, reason_figure
from compare.studies.ridgelet.phase.rows import gathered
from compare.studies.ridgelet.phase.study import Settings
from compare.studies.ridgelet.phase.tables import concentration_table, directions_table, gain_table, known_table

__all__ = ["report"]

DIAGRAM = (
    "Risk of uniform over risk of optimized nodes, with 95% intervals: the more a cell stands out from the page, the "
    "more optimized nodes win. The dimension grows at a fixed number of points (all points while there are fewer), or "
    "there are fewer points at a fixed dimension. Bold: above 1 at the 5% level shared among all cells of the panel; "
    "hatched: below 1. Dashed line: N c K/P^D = 1, one node expected on the target's directions; the bound allows "
    "about so many and no more, so nothing can be gained far from it at less coverage or concentration. What little "
    "is gained there on training points is memory: on fresh points it is lost."
)

WHY = (
    "Over the coverage K/P^D, with 95% intervals (most are smaller than the markers). Black: bounds that hold for any "
    "target. How p* spreads: exp(entropy of p*) is at least P^(D+1)/(K P max r^2) = 1/(coverage max r^2); at coverage "
    "1 and c = 1 it is the same small number at every dimension, at small coverage half of all nodes. The target's "
    "own: no weight vector, and no direction that the points meet evenly, gets more than the coverage; the target's "
    "nodes get the share c of it, and below the dotted line N nodes hold none of them. Over uniform: P^(D+1) p* is at "
    "most K P max r^2 (one black dash for each problem) and near 3 for random labels. Powers of ten are placed by the "
    "square root of their exponent."
)


def report(runs: Runs, settings: Settings) -> Report:
    """Return the report of a run: the answer, then the diagram, its tables, and the reason."""
    results = gathered(runs, settings)
    what = (
        f"P = {settings.prime}. The target is sqrt(c) s + sqrt(1 - c) n on K points drawn from Z_P^D: s is a sum of "
        f"m = {settings.directions} characters along random directions, so that the ridgelet transform of s lives on "
        "m (P - 1) P nodes at any dimension; n is a random sign at every point. c is the target's spectral "
        "concentration: at coverage 1, p* gives its share c to those nodes. Networks of N = "
        f"{settings.nodes} nodes drawn from p* are held against networks of uniform nodes, output weights fitted."
    )
    own = "All numbers on this page are of this run; none is taken from the papers."
    tables = [known_table(results), gain_table(results, "fresh"), gain_table(results, "empirical")]
    spread = [concentration_table(results, measure) for measure in ("density", "share", "tickets")]
    if "directions" in results.walks:
        spread.append(directions_table(results))
    said = findings(results)
    diagram = Picture("phase", lambda: phase_figure(results), DIAGRAM, lambda: phase_figure(results, narrow=True))
    why = Picture("phase-reason", lambda: reason_figure(results), WHY, lambda: reason_figure(results, narrow=True))
    sections = [
        Section("The phase diagram", [what, own], said[3:], tables),
        Section("The reason", [], [], spread, [why]),
    ]
    return Report("Where optimized nodes beat uniform ones, and why nowhere else", Card(diagram, said[:3]), sections)
