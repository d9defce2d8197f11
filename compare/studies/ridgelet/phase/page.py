"""The phase study's report: what stands on the page, in which order."""

from compare.report import Picture, Report, Section
from compare.studies.ridgelet.phase.findings import findings
from compare.studies.ridgelet.phase.plots import phase_figure, reason_figure
from compare.studies.ridgelet.phase.study import Results, Settings, load_results, plan, run
from compare.studies.ridgelet.phase.tables import concentration_table, directions_table, gain_table, known_table
from compare.studies.study import Study

__all__ = ["STUDY", "report"]


def report(results: Results) -> Report:
    """Return the report of a run: verdict first, then the diagram, its tables, and the reason."""
    settings = results.run["settings"]
    what = (
        f"P = {settings['prime']}. The target is sqrt(c) s + sqrt(1 - c) n on K points drawn from Z_P^D: s is a sum of "
        f"m = {settings['directions']} characters along random directions, so that the ridgelet transform of s lives "
        "on m (P - 1) P nodes at any dimension; n is a random sign at every point. c is the target's spectral "
        "concentration: at coverage 1, p* gives its share c to those nodes. Networks of N = "
        f"{settings['nodes']} nodes drawn from p* are held against networks of uniform nodes, output weights fitted."
    )
    own = "All numbers on this page are of this run; none is taken from the papers."
    diagram = (
        "Risk of uniform over risk of optimized nodes, with 95% intervals: the more a cell stands out from the page, "
        "the more optimized nodes win. The dimension grows at a fixed number of points (all points while there are "
        "fewer), or there are fewer points at a fixed dimension. Bold: above 1 at the 5% level shared among all cells "
        "of the panel; hatched: below 1. Dashed line: N c K/P^D = 1, one node expected on the target's directions; the "
        "bound allows about so many and no more, so nothing can be gained far from it at less coverage or "
        "concentration. What little is gained there on training points is memory: on fresh points it is lost."
    )
    why = (
        "Over the coverage K/P^D, with 95% intervals (most are smaller than the markers). Black: bounds that hold for "
        "any target. How p* spreads: exp(entropy of p*) is at least P^(D+1)/(K P max r^2) = 1/(coverage max r^2); at "
        "coverage 1 and c = 1 it is the same small number at every dimension, at small coverage half of all nodes. The "
        "target's own: no weight vector, and no direction that the points meet evenly, gets more than the coverage; "
        "the target's nodes get the share c of it, and below the dotted line N nodes hold none of them. Over uniform: "
        "P^(D+1) p* is at most K P max r^2 (one black dash for each problem) and near 3 for random labels. Powers of "
        "ten are placed by the square root of their exponent."
    )
    tables = [known_table(results), gain_table(results, "fresh"), gain_table(results, "empirical")]
    spread = [concentration_table(results, measure) for measure in ("density", "share", "tickets")]
    if "directions" in results.walks:
        spread.append(directions_table(results))
    pictures = [
        Picture("phase", phase_figure(results), diagram, phase_figure(results, narrow=True)),
        Picture("phase-reason", reason_figure(results), why, reason_figure(results, narrow=True)),
    ]
    sections = [
        Section("The phase diagram", [what, own], [], tables, [pictures[0]]),
        Section("The reason", [], [], spread, [pictures[1]]),
    ]
    return Report(
        "Where optimized nodes beat uniform ones, and why nowhere else", findings(results), sections, results.run
    )


STUDY = Study("phase", "phase", Settings, plan, run, load_results, report)
