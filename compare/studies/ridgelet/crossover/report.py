"""The crossover study's report: who wins and from where on, by which assumptions, and the growth behind it."""

from collections.abc import Mapping
from typing import Any

from compare.engine import Runs
from compare.report import Card, Report, Section
from compare.studies.ridgelet.crossover.assumed import assumptions
from compare.studies.ridgelet.crossover.grown import growth_of_circuits, growth_of_seconds
from compare.studies.ridgelet.crossover.pictures import seconds_picture
from compare.studies.ridgelet.crossover.sentences import answer, busy, cores, correction, errors, ratios
from compare.studies.ridgelet.crossover.sides import OVER, Sides
from compare.studies.ridgelet.crossover.study import RIVALS, STUDY, Settings
from compare.studies.ridgelet.crossover.winners import seconds_table, winners_table

__all__ = ["page", "report"]


def report(runs: Runs, settings: Settings) -> Report:
    """Return the report of a run."""
    machines = [record.line.machine for record in runs.records.finished.values()]
    return page(Sides.of(runs, settings), machines[0] if machines else {})


def page(sides: Sides, machine: Mapping[str, Any]) -> Report:
    """Return the report of both sides, timed on a machine."""
    settings = sides.settings
    what = (
        "Classical samplers are timed and circuits are counted on random problems of K distinct points of Z_P^D. "
        f"{settings.device} and an error-corrected machine turn counts into seconds; who wins depends on the machine, "
        "on what loading the data costs and on the size, and each assumption has its row. Classical seconds are "
        f"processor seconds on one core, divided by {settings.cores} cores times their measured efficiency."
    )
    asked = [(varied, rival) for rival in RIVALS for varied, rivals in OVER.items() if rival in rivals]
    answers = [said for varied, rival in asked if (said := answer(sides, varied, rival, settings.primes))]
    against = [
        said for prime in settings.primes for varied, rival in asked if (said := answer(sides, varied, rival, [prime]))
    ]
    costs = [said for said in [correction(sides), cores(sides), busy(sides)] if said]
    costs += [sentence for prime in settings.primes for said in (ratios, errors) for sentence in said(sides, prime)]
    seconds_tables = [seconds_table(sides, prime) for prime in settings.primes]
    times = list(growth_of_seconds(sides))
    counts = [growth_of_circuits(sides, varied) for varied in OVER]
    return Report(
        STUDY.title,
        Card(seconds_picture(sides, "dimension"), answers),
        [
            Section(
                "Who wins, and from where on",
                [what],
                [*against, *costs],
                [winners_table(sides), *seconds_tables],
                [seconds_picture(sides, "points")],
            ),
            Section("What is assumed", ["Each value can be changed by its flag."], [], [assumptions(sides, machine)]),
            Section(
                "How everything grows",
                ["Preparation and drawing are timed apart. Circuit samplers are classical simulations of the circuit."],
                [sentence for said, _ in times for sentence in said],
                [*(table for _, table in times), *counts],
            ),
        ],
    )
