"""The report of sparse training: what a circuit buys over gradient descent, then each part for itself."""

from compare.engine import Runs
from compare.report import Card, Report
from compare.report.cells import so_many
from compare.studies.sparse_training.crossing import crossing
from compare.studies.sparse_training.errata import errata
from compare.studies.sparse_training.expanded import certified, expanded, reexpanded
from compare.studies.sparse_training.rounds import best_loop, rounds
from compare.studies.sparse_training.solved import circuits, conditions
from compare.studies.sparse_training.study import CYCLES, EXPANSION, STUDY, Settings
from compare.studies.sparse_training.trained import cycled, rivals

__all__ = ["report"]


def report(runs: Runs, settings: Settings) -> Report:
    """Return the report of a run."""
    seconds, drawn, costs = crossing(runs, settings)
    sections = [
        expanded(runs, settings),
        reexpanded(runs, settings),
        cycled(runs, settings),
        rivals(runs, settings),
        conditions(runs, settings),
        circuits(runs, settings),
        rounds(runs, settings),
        seconds,
        errata(),
    ]
    said = [one for one in (_trained(runs), _certified(runs), *costs) if one]
    shown = [one for one in sections if one.findings or one.tables]
    cited = "the published curves" if len(runs[CYCLES]) else ""
    return Report(STUDY.title, Card(drawn, said[:3]), shown, cited=cited)


def _trained(runs: Runs) -> str:
    """Say how near to gradient descent the circuit trains."""
    best = best_loop(runs)
    if best is None:
        return ""
    size = "" if best["kept"] is None else f" {best['kept']} weights of a pruned network"
    accuracy = ""
    if best["trained"] is not None:
        accuracy = f", with held-out accuracy {best['trained']:.3f} beside {best['descent']:.3f}"
    return (
        f"Training{size} by a circuit works end to end: {so_many(best['rounds'], 'round')} of T = "
        f"{so_many(best['steps'], 'step')}, read by "
        f"{best['shots']:,} shots each, end {best['error']:.2g} from gradient descent on average, of "
        f"{best['moved']:.2g} that it moved{accuracy}."
    )


def _certified(runs: Runs) -> str:
    """Say for how many networks anything is certified."""
    if not len(runs[EXPANSION]):
        return ""
    networks, defined, below = certified(runs)
    return (
        f"The certificate R < 1 holds for {below} of {so_many(networks, 'update')} of pruned networks, and R is "
        f"defined for "
        f"{defined}: what it would certify, Newton's method solves in a handful of steps."
    )
