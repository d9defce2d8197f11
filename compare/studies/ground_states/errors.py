"""Errors over the absolute number of weights, for every alpha, with the curves of the paper's authors beside them."""

from collections.abc import Mapping

from compare.engine import Rows, Runs
from compare.report import Cell, Picture, Section, Table
from compare.report.cells import MISSING, estimate, number
from compare.report.styles import Style, styles
from compare.report.views import Axis, Chart, Panel, picture
from compare.statistics.rows import records_of
from compare.studies.ground_states.published import published_picture
from compare.studies.ground_states.readings import (
    ALPHA_STYLES,
    Place,
    by_seed,
    counted,
    curve,
    drawn_error,
    levels,
    listed,
    places,
    quartiles,
)
from compare.studies.ground_states.study import ARMS, GROUND, ROUND, Settings

__all__ = ["error_picture", "errors", "lost"]

ABOUT = (
    "A state is trained densely for a while, its smallest weights are cut round by round, and what is left is "
    "rewound and trained again. Errors are relative, (E - E0)/|E0|, over the absolute number n of weights, so that "
    "all alphas meet at the same numbers. A bond counts as lost where the error is above twice that of the "
    "nearest-neighbor Jastrow state, or where that is not known above a twentieth of the plateau. Estimates by "
    "samples that are below their standard error are drawn at it."
)

CAPTION = (
    "Relative energy error of the pruning run over the number of weights n, medians between quartiles over seeds. "
    "Upright: two weights a bond, or 32 a plaquette. Across: the nearest-neighbor Jastrow state, and |+>, the "
    "state without weights."
)


def error_picture(runs: Runs) -> Picture | None:
    """Return errors over n, a panel a lattice, all alphas in each."""
    panels = []
    for place in places(runs):
        rounds = place.rows(runs, ROUND)
        if not len(rounds):
            continue
        names = {alpha: f"alpha = {alpha}" for alpha in rounds.unique("alpha")}
        own = styles(names.values())
        marks = [
            curve(rounds.where(alpha=alpha, rewind=rewind), drawn_error, _label(name, rewind), _style(alpha, own))
            for rewind in rounds.unique("rewind")
            for alpha, name in names.items()
        ]
        panels.append(Panel(place.words, [*marks, *levels(place)], counted("weights n", rounds)))
    if not panels:
        return None
    chart = Chart(panels, y=Axis("relative error", "log"), columns=2)
    return picture("errors", chart, CAPTION)


def _label(name: str, rewind: str) -> str:
    return name if rewind == "dense" else f"{name}, rewound to the start"


def _style(alpha: int, own: Mapping[str, Style]) -> Style:
    return ALPHA_STYLES.get(alpha, own[f"alpha = {alpha}"])


def lost(place: Place, rounds: Rows) -> dict[int, tuple[int, int | None]]:
    """Return by seed the fewest weights that still have every bond, and the most at which one is lost."""
    found = {}
    for seed, rows in by_seed(rounds).items():
        held, broken = None, None
        for row in rows:
            if row["error"] is not None and row["error"] <= place.limit:
                held = row["count"]
            elif held is not None:
                broken = row["count"]
                break
        if held is not None:
            found[seed] = held, broken
    return found


def errors(runs: Runs, settings: Settings) -> Section:
    """Return the section on errors over n."""
    tables, findings = [], []
    for place in places(runs):
        rounds = place.rows(runs, ROUND).where(rewind=settings.rewinds[0])
        for alpha in rounds.unique("alpha") if len(rounds) else []:
            findings += _onset(place, alpha, rounds.where(alpha=alpha))
        findings += _diverged(place, runs)
        if len(rounds):
            tables.append(_table(place, rounds))
    tables.append(_ground(runs))
    return Section("Errors over the number of weights", [ABOUT], findings, tables, [published_picture(dict(ARMS))])


def _onset(place: Place, alpha: int, rounds: Rows) -> list[str]:
    found = lost(place, rounds)
    below = [held for held, _ in found.values() if held < place.fewest]
    broken = sorted({one for _, one in found.values() if one is not None}, reverse=True)
    if not broken:
        return []
    return [
        f"{place.words}, alpha = {alpha}: the error first rises above {place.limit:.2g} at n = {listed(broken)} "
        f"({len(found)} {'seeds' if len(found) > 1 else 'seed'}), and {len(below) if below else 'no'} "
        f"{'seed holds' if len(below) < 2 else 'seeds hold'} below {place.fewest}, {place.each} weights a "
        f"{place.thing}."
    ]


def _diverged(place: Place, runs: Runs) -> list[str]:
    rows = [row for row in place.rows(runs, ROUND) if row["diverged"] is not None]
    if not rows:
        return []
    steps = sorted(row["diverged"] for row in rows)
    return [f"{place.words}: {len(rows)} trainings diverged, the first in step {steps[0]}; a smaller --rate would not."]


def _table(place: Place, rounds: Rows) -> Table:
    alphas = sorted(rounds.unique("alpha"))
    numbers = sorted(set(rounds.column("count")), reverse=True)
    rows: list[list[Cell | str]] = []
    for count in numbers:
        cells: list[Cell | str] = [Cell(f"{count:,}", count)]
        for alpha in alphas:
            group = rounds.where(alpha=alpha, count=count)
            found = quartiles(row["error"] for row in group)
            cells.append(MISSING if found is None else estimate(found, ".2g"))
        rows.append(cells)
    note = "Relative errors of the pruning run: median between quartiles over seeds."
    records = [records_of(rounds.where(count=count)) for count in numbers]
    columns = ["n", *(f"alpha = {one}" for one in alphas)]
    return Table(f"Pruning runs: {place.words}", columns, rows, note, folded=True, records=records)


def _ground(runs: Runs) -> Table:
    rows: list[list[Cell | str]] = [
        [
            place.words,
            number(place.known.energy, ".9g"),
            "exact" if place.known.bond is None else f"bond dimension {place.known.bond}",
            MISSING if place.known.bond is None else number(place.known.precision, ".1e"),
            Cell(str(place.known.degeneracy), place.known.degeneracy),
            number(place.known.gap, ".6g"),
            number(place.known.plateau, ".6f"),
            number(place.known.near, ".4g"),
        ]
        for place in places(runs)
    ]
    columns = ["lattice", "E0", "by", "change from half of it", "states", "gap", "plateau", "nearest-neighbor Jastrow"]
    note = (
        "E0: by exact diagonalization or the stabilizers; of large lattices the energy of a matrix product state, an "
        "upper bound, and what it fell from half the bond dimension, relative. Plateau: the relative error of |+>. "
        "States: that have the energy E0."
    )
    records = [records_of(row) for row in runs[GROUND]]
    return Table("What errors are held against", columns, rows, note, records=records)
