"""The report of kernel training: where inverting pays and what it takes, then each part for itself."""

from compare.engine import Runs
from compare.report import Report
from compare.studies.kernel_training.accuracy import accuracy, rivals
from compare.studies.kernel_training.conditioning import conditioning
from compare.studies.kernel_training.counted import counted
from compare.studies.kernel_training.errata import errata
from compare.studies.kernel_training.figure import card
from compare.studies.kernel_training.reading import claims, reading, walks
from compare.studies.kernel_training.seconds import Sides, crossover
from compare.studies.kernel_training.study import STUDY, Settings

__all__ = ["report"]


def report(runs: Runs, settings: Settings) -> Report:
    """Return the report of a run."""
    sides = Sides(runs, settings)
    sections = [
        accuracy(runs, settings),
        conditioning(runs, settings),
        reading(runs, settings),
        claims(runs, settings),
        walks(runs, settings),
        counted(runs, settings),
        crossover(sides),
        rivals(runs, settings),
        errata(),
    ]
    shown = [one for one in sections if one.findings or one.tables]
    return Report(STUDY.title, card(sides), shown)
