"""The risk study's report: what stands on the page, in which order."""

from functools import partial

from compare.report import Picture, Report, Section
from compare.studies.ridgelet.risk.command import WORKERS
from compare.studies.ridgelet.risk.findings import findings
from compare.studies.ridgelet.risk.plots import candidates_figure
from compare.studies.ridgelet.risk.study import PENALTIES, Results, Settings, load_results, plan, run
from compare.studies.ridgelet.risk.tables import case_table, claim_table, problems_table, same_table, ticket_table
from compare.studies.study import Study

__all__ = ["STUDY", "report"]


def report(results: Results) -> Report:
    """Return the report of a run: verdict first, then the problems, the comparisons and every data set."""
    what = (
        "Networks with N hidden nodes, which each method picks in its own way; only output weights are fitted, by "
        "ridge regression. Each fold holds a random quarter of the samples out, the same for all methods; quantizers, "
        "feature choice, nodes and penalties see the rest only. Penalties are chosen among "
        f"{PENALTIES[0]:g} to {PENALTIES[-1]:g} on inner folds of the training part, with nodes drawn anew from each "
        "inner problem: nodes drawn from all training labels know those that an inner fold holds out. Refined: "
        "candidates pruned by magnitude, then again with as many from p* of what is left unexplained. Peers (from "
        "RBFSampler on) are other models of N hidden units, with an intercept, and choose their own penalty and "
        "width on the training part."
    )
    own = "All numbers on this page are of this run; none is taken from the papers."
    caption = (
        "Risk over the number of nodes, with 95% intervals over folds: N nodes from p* (circles), N kept of 10 N of "
        "them by matching pursuit (squares), and uniform nodes (crosses). Filled markers and thick lines: empirical "
        "risk, fixed penalty; hollow markers and thin lines: held-out risk, penalty chosen on inner folds."
    )
    picture = Picture("candidates", candidates_figure(results), caption, candidates_figure(results, narrow=True))
    worth = [table for measure in ("held_out", "held_out_accuracy") if (table := ticket_table(results, measure))]
    same = same_table(results)
    sections = [
        Section("What was compared", [what, own], [], [problems_table(results)]),
        Section("Optimized against uniform", [], [], [claim_table(results), *([same] if same.rows else [])]),
        Section("Out of sample", [], [], worth),
        Section("With and without candidates", [], [], [], [picture]),
        *(
            Section(name, [problem["description"]], [], [case_table(results, name)])
            for name, problem in results.problems.items()
        ),
    ]
    return Report("Risk of sparse networks: who picks the nodes", findings(results), sections, results.run)


STUDY = Study("risk", "risk", Settings, plan, partial(run, workers=WORKERS), load_results, report)
