"""The crossover study's report: what stands on the page, in which order."""

from compare.report import Picture, Report, Section
from compare.studies.ridgelet.crossover.findings import findings
from compare.studies.ridgelet.crossover.plots import crossover_figure
from compare.studies.ridgelet.crossover.study import Results, Settings, load_results, plan, run
from compare.studies.ridgelet.crossover.tables import (
    assumption_table,
    circuit_growth_table,
    growth_table,
    seconds_table,
    winner_table,
)
from compare.studies.study import Study

__all__ = ["STUDY", "report"]

CAPTION = (
    "Seconds a sample over {letter}: filled markers classical, measured in this run; open ones quantum, counted "
    "circuits under the assumptions of the table. Bars: the range of the random problems. Dashed: extrapolated by "
    "fitted growth, shaded where the fits leave it possible."
)


def report(results: Results) -> Report:
    """Return the report of a run: who wins first, then seconds and assumptions, then the growth behind them."""
    settings = results.settings
    what = (
        "Classical samplers are timed and circuits are counted on random problems of K distinct points of Z_P^D. "
        f"{settings.device} and an error-corrected machine turn counts into seconds; who wins depends on the machine, "
        "on what loading the data costs and on the size, and each assumption has its row."
    )
    winners = Section(
        "Who wins, and from where on",
        [what],
        [],
        [winner_table(results), *(seconds_table(results, prime) for prime in settings.primes)],
        [
            Picture(
                f"crossover_{varied}",
                crossover_figure(results, varied),
                CAPTION.format(letter=letter),
                crossover_figure(results, varied, narrow=True),
            )
            for varied, letter in (("dimension", "D"), ("points", "K"))
        ],
    )
    assumed = Section("What is assumed", ["Each value can be changed by its flag."], [], [assumption_table(results)])
    grown = Section(
        "How everything grows",
        ["Preparation and drawing are timed apart. Circuit samplers are classical simulations of the circuit."],
        [],
        [*(growth_table(results, axis) for axis in results.times), circuit_growth_table(results)],
    )
    return Report(
        "Crossover: classical against quantum seconds", findings(results), [winners, assumed, grown], results.run
    )


STUDY = Study("crossover", "crossover", Settings, plan, run, load_results, report)
