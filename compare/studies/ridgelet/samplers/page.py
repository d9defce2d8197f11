"""The samplers study's report: what stands on the page, in which order."""

from markupsafe import Markup

from compare.report import Picture, Report, Section
from compare.studies.ridgelet.samplers.findings import findings
from compare.studies.ridgelet.samplers.plots import dimension_figure, frequency_figure, risk_figure
from compare.studies.ridgelet.samplers.study import Results, Settings, load_results, plan, run
from compare.studies.ridgelet.samplers.tables import (
    circuit_table,
    dimension_table,
    distribution_table,
    penalty_table,
    problem_table,
    risk_table,
)
from compare.studies.study import Study

__all__ = ["STUDY", "report"]

INTRODUCTION = Markup(
    "A network with one hidden layer over Z<sub>P</sub> (the whole numbers modulo a prime P) has P<sup>D+1</sup> "
    "possible hidden nodes (a, b), each the neuron x &rarr; g(a&middot;x &minus; b). The <em>optimized "
    "distribution</em> p* says how much each node matters to the ridge regression of the whole network; drawing N "
    "nodes from it and fitting their output weights gives a sparse network, a ticket. A quantum circuit draws "
    "from p* with a number of gates linear in D once the data are loaded (arXiv:2301.11936). A dequantized "
    "classical sampler draws from the same p* (in the spirit of arXiv:2605.13979; the sampler here is our own). "
    "Enumeration tabulates all nodes. Uniform nodes are the control; leverage nodes know the points but not the "
    "labels."
)


def report(results: Results) -> Report:
    """Return the report of a run: verdict first, then the parts, the gates and the times."""
    said = findings(results)
    problems = [f"{part['title']}. {part['problem']['description']}" for part in results.parts.values()]
    own = "All numbers on this page are of this run; none is taken from the papers."
    sections = [Section("What was compared", [INTRODUCTION, own, *problems], [], [problem_table(results.parts)])]
    for key, part in results.parts.items():
        risk = risk_table(part)
        pictures = []
        if "probabilities" in results.arrays[f"{key}-problem"]:
            caption = (
                "Sampled frequency of each node against its exact probability. Solid: equality; dashed: where 95% of "
                "perfect frequencies fall. Nodes never drawn are not shown."
            )
            narrow = frequency_figure(key, results, narrow=True)
            pictures.append(Picture(f"{key}-frequencies", frequency_figure(key, results), caption, narrow))
        if risk:
            caption = "Risk over the number of hidden nodes: means of independent networks with 95% intervals."
            pictures.append(Picture(f"{key}-risk", risk_figure(part), caption, risk_figure(part, narrow=True)))
        tables = [table for table in (distribution_table(part), risk, penalty_table(part)) if table]
        sections.append(Section(part["title"], [], said[key], tables, pictures))
    sections.append(Section("Gates", [], said["circuit"], [circuit_table(results.parts)]))
    caption = (
        "Seconds a sample over the data dimension, preparation included: the median of 5 batches, with bars from the "
        "fastest to the slowest."
    )
    narrow = dimension_figure(results.dimension, narrow=True)
    times = Picture("dimension-time", dimension_figure(results.dimension), caption, narrow)
    timed = dimension_table(results.dimension)
    return Report(
        "Winning lottery tickets: quantum circuit against classical samplers",
        said["verdict"],
        [*sections, Section("Time over the dimension", [], said["dimension"], [timed], [times])],
        results.run,
    )


STUDY = Study("ridgelet", "compare", Settings, plan, run, load_results, report)
