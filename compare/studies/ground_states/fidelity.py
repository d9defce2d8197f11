"""The fidelity between trained states of successive rounds: where it dips, a state of another kind begins."""

from itertools import pairwise
from typing import Any

from compare.engine import Rows, Runs
from compare.report import Cell, Section, Table
from compare.report.cells import number
from compare.report.styles import styles
from compare.report.views import Axis, Chart, Level, Panel, picture
from compare.statistics.rows import records_of
from compare.studies.ground_states.errors import lost
from compare.studies.ground_states.readings import (
    ALPHA_STYLES,
    FLOOR,
    Place,
    by_number,
    by_seed,
    counted,
    curve,
    listed,
    median,
    places,
)
from compare.studies.ground_states.study import ROUND, Settings

__all__ = ["dips", "fidelity"]

ABOUT = (
    "|<psi_r|psi_(r+1)>|^2 of the trained states of successive rounds. A transition of the first order would be a "
    "dip that grows sharper with the lattice, and an error that jumps to the plateau."
)

CAPTION = (
    "1 - F between the trained states of a round and the one before it, over the weights n of the later one, medians "
    "between quartiles over seeds. Upright: two weights a bond."
)


def fidelity(runs: Runs, settings: Settings) -> Section:
    """Return the section on fidelities."""
    panels, findings = [], []
    for place in places(runs):
        rounds = place.rows(runs, ROUND).where(lambda row: row["fidelity"] is not None, rewind=settings.rewinds[0])
        if not len(rounds):
            continue
        names = {alpha: f"alpha = {alpha}" for alpha in rounds.unique("alpha")}
        own = styles(names.values())
        marks: list[Any] = [
            curve(
                rounds.where(alpha=alpha),
                lambda row: max(1 - row["fidelity"], FLOOR),
                name,
                ALPHA_STYLES.get(alpha, own[name]),
            )
            for alpha, name in names.items()
        ]
        marks.append(Level(place.fewest, f"{place.each} weights a {place.thing}", upright=True))
        panels.append(Panel(place.words, marks, counted("weights n", rounds)))
        for alpha in names:
            findings += dips(place, place.rows(runs, ROUND).where(alpha=alpha, rewind=settings.rewinds[0]), alpha)
    chart = Chart(panels, y=Axis("1 - F", "log"), columns=2)
    tables = [_table(runs, settings)] if panels else []
    pictures = [picture("fidelity", chart, CAPTION)] if panels else []
    return Section("The dip of the fidelity", [ABOUT], findings, tables, pictures)


def dips(place: Place, rounds: Rows, alpha: int) -> list[str]:
    """Say where the fidelity is least, and whether the error jumps to the plateau there."""
    least = _least(rounds)
    if not least:
        return []
    found = sorted(count for count, _ in least.values())
    middle = median(found)
    assert middle is not None
    steps = _steps(rounds)
    if not steps:
        return []
    rise, before, count, error = max(steps)
    plateau = place.known.plateau
    kind = (
        "a jump, as at a transition of the first order" if rise > 0.5 * plateau else "no transition of the first order"
    )
    there = f"{found[0]} to {found[-1]} (median {middle:g}; " if found[0] < found[-1] else f"{found[0]} ("
    return [
        f"{place.words}, alpha = {alpha}: the fidelity is least at n = {there}"
        f"{place.fewest} is {place.each} weights a {place.thing}). From no round to the next does the median "
        f"error rise by more than {rise / plateau:.0%} of the plateau ({before:.2g} to {error:.2g}, at n = {count}): "
        f"{kind}."
    ]


def _least(rounds: Rows) -> dict[Any, tuple[int, float]]:
    found = {}
    for seed, rows in by_seed(rounds).items():
        known = [(row["fidelity"], row["count"]) for row in rows if row["fidelity"] is not None]
        if known:
            value, count = min(known)
            found[seed] = count, value
    return found


def _steps(rounds: Rows) -> list[tuple[float, float, int, float]]:
    """Return rises of the median error from round to round, with both errors and the weights of the later round."""
    medians = {count: median(row["error"] for row in group) for count, group in by_number(rounds, "count").items()}
    known = [(count, error) for count, error in sorted(medians.items(), reverse=True) if error is not None]
    return [(after - before, before, count, after) for (_, before), (count, after) in pairwise(known)]


def _table(runs: Runs, settings: Settings) -> Table:
    cells: list[list[Cell | str]] = []
    records = []
    for place in places(runs):
        rounds = place.rows(runs, ROUND).where(rewind=settings.rewinds[0])
        for alpha in rounds.unique("alpha") if len(rounds) else []:
            own = rounds.where(alpha=alpha)
            least, broken = _least(own), lost(place, own)
            if not least:
                continue
            depth = median(1 - value for _, value in least.values())
            numbers = sorted({count for count, _ in least.values()})
            held = sorted({one for one, _ in broken.values()})
            records.append(records_of(own))
            cells.append(
                [
                    place.words,
                    Cell(str(alpha), alpha),
                    Cell(str(place.fewest), place.fewest),
                    Cell(listed(numbers), numbers[0]),
                    number(depth, ".2g"),
                    Cell(listed(held) or "-", held[0] if held else None),
                ]
            )
    columns = [
        "lattice",
        "alpha",
        "2 a bond, 32 a plaquette",
        "n of the dip",
        "1 - F there, median",
        "fewest n with all bonds",
    ]
    return Table(
        "Dips, by seed", columns, cells, "Each number of weights that occurs among the seeds.", records=records
    )
