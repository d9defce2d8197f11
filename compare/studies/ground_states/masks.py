"""Masks on the lattice: which bonds or plaquettes neurons sit on, drawn and counted."""

from typing import Any

from compare.engine import Rows, Runs
from compare.report import Cell, Picture, Section, Table
from compare.report.cells import MISSING, number, share
from compare.report.styles import BLACK, BLUE, VERMILION, Style
from compare.report.views import Axis, Chart, Curve, Panel, Points, picture
from compare.statistics.rows import records_of
from compare.studies.ground_states.lattices import made, shape
from compare.studies.ground_states.readings import Place, by_number, by_seed, median, places
from compare.studies.ground_states.study import ROUND, Settings

__all__ = ["masks", "on_bonds"]

ABOUT = (
    "A neuron of two weights couples two spins, and pruning leaves those that sit on bonds of the lattice, which it "
    "was never told. All of them may sit on bonds while some bond has none, so distinct bonds are counted beside the "
    "share. A bond without one is not lost if a neuron of three weights holds it and the next: that the errors say."
)

CAPTION = (
    "Masks of one pruning run drawn on the lattice: a line for each bond on which a two-weight neuron sits, thicker "
    "where several do; dotted where none does, though one of "
    "three weights may hold such a bond. Of the toric code, plaquettes with four-weight neurons are filled."
)

HELD, FREE = Style(BLUE, "o", "-"), Style(VERMILION, "o", ":")


def masks(runs: Runs, settings: Settings) -> Section:
    """Return the section on masks."""
    pictures: list[Picture] = []
    tables, findings, panels = [], [], []
    for place in places(runs):
        rounds = place.rows(runs, ROUND).where(rewind=settings.rewinds[0])
        for alpha in rounds.unique("alpha") if len(rounds) else []:
            own = rounds.where(alpha=alpha)
            findings += on_bonds(place, own, alpha)
            tables.append(_table(place, own, alpha))
            if alpha == (settings.armed[0] if settings.armed[0] in rounds.unique("alpha") else rounds[0]["alpha"]):
                panels += _panels(place, own)
    if panels:
        hidden = Axis("", ticks={})
        pictures.append(picture("masks", Chart(panels, hidden, hidden, columns=4, narrow_columns=2), CAPTION))
    return Section("Pruning finds the lattice", [ABOUT], findings, tables, pictures)


def on_bonds(place: Place, rounds: Rows, alpha: int) -> list[str]:
    """Say from which number of weights on all neurons of as many weights as a bond has sites sit on one."""
    groups = dict(sorted(by_number(rounds, "count").items()))
    known = {count: _share(group) for count, group in groups.items()}
    pure = []
    for count, part in known.items():
        if part is not None and part < 1:
            break
        pure.append(count)
    told = [count for count in pure if known[count] is not None]
    if not told:
        best = max(((part, count) for count, part in known.items() if part is not None), default=None)
        if best is None:
            return []
        return [
            f"{place.words}, alpha = {alpha}: at n = {best[1]:,} {best[0]:.1%} of the neurons of {place.weights} "
            f"weights sit on a {place.thing}."
        ]
    seeds = len(rounds.unique("seed"))
    said = [
        f"{place.words}, alpha = {alpha}: from n = {max(told)} down every neuron of {place.weights} weights sits on "
        f"a {place.thing} ({seeds} {'seeds' if seeds > 1 else 'seed'})."
    ]
    last = [count for count in groups if count >= place.fewest]
    for count in last[:2]:
        whole = sum(row["covered"] == place.known.products for row in groups[count])
        said.append(
            f"At n = {count}, where {place.fewest} weights would do, {whole} of {len(groups[count])} have one on each "
            f"of the {place.known.products} {place.thing}s."
        )
    return said


def _share(rows: Any) -> float | None:
    candidates = sum(row["candidates"] for row in rows)
    return sum(row["on_products"] for row in rows) / candidates if candidates else None


def _table(place: Place, rounds: Rows, alpha: int) -> Table:
    cells: list[list[Cell | str]] = []
    records = []
    for count, group in sorted(by_number(rounds, "count").items(), reverse=True):
        part = _share(group)
        covered = [row["covered"] for row in group]
        records.append(records_of(group))
        cells.append(
            [
                Cell(f"{count:,}", count),
                Cell(f"{sum(row['candidates'] for row in group) / len(group):.1f}"),
                MISSING if part is None else share(part),
                Cell(
                    f"{min(covered)} to {max(covered)}" if min(covered) < max(covered) else str(covered[0]),
                    min(covered),
                ),
                Cell(f"{sum(one == place.known.products for one in covered)} of {len(group)}"),
                number(median(row["error"] for row in group), ".2g"),
            ]
        )
    columns = ["n", f"{place.weights}-weight neurons", f"on a {place.thing}", f"distinct {place.thing}s"]
    columns += ["seeds with all", "median error"]
    note = f"There are {place.known.products} {place.thing}s. Neurons: means over seeds."
    return Table(f"Masks, alpha = {alpha}: {place.words}", columns, cells, note, folded=True, records=records)


def _panels(place: Place, rounds: Rows) -> list[Panel]:
    """Return masks of the run with neurons on all bonds at the fewest weights.

    On the way there, there, where the error still says that no bond is lost, and in the round after it.
    """
    full = [row for row in rounds if row["covered"] == place.known.products]
    best = min(full, key=lambda row: (row["count"], row["seed"])) if full else min(rounds, key=lambda row: row["count"])
    rows = by_seed(rounds)[best["seed"]]
    before = min(rows, key=lambda row: abs(row["count"] - 4 * place.fewest))
    # By the error no bond is lost there yet, though neurons of three weights may hold some.
    last = [row for row in rows if row["error"] is not None and row["error"] <= place.limit][-1:]
    after = [row for row in rows if row["count"] < min(row["count"] for row in [best, *last])]
    unique = {row["count"]: row for row in [before, best, *last, *after[:1]]}
    return [_drawn(place, row) for _, row in sorted(unique.items(), reverse=True)]


def _drawn(place: Place, row: Any) -> Panel:
    model: Any = made(vars(place.key))
    rows, columns = shape(place.key.lattice)
    title = f"n = {row['count']:,}: {row['covered']} of {place.known.products} {place.thing}s"
    if place.weights == 4:
        full = [(face % columns, rows - 1 - face // columns) for face, many in enumerate(row["held"]) if many]
        empty = [(face % columns, rows - 1 - face // columns) for face, many in enumerate(row["held"]) if not many]
        marks: list[Any] = [
            Points(
                [x for x, _ in part],
                [y for _, y in part],
                style=style,
                line=False,
                size=14,
                hollow=hollow,
                records=[records_of(row)] * len(part),
            )
            for part, style, hollow in ((full, HELD, False), (empty, FREE, True))
            if part
        ]
        return Panel(title, marks, _axis(columns), _axis(rows))
    marks = []
    for (one, other), many in zip(model.bonds, row["held"], strict=True):
        x, y = [one % columns, other % columns], [rows - 1 - one // columns, rows - 1 - other // columns]
        if abs(x[0] - x[1]) > 1 or abs(y[0] - y[1]) > 1:
            # Across a periodic border: a stub beyond the site that comes last.
            x, y = [x[0], x[0] + 0.4 * (x[0] != x[1])], [y[0], y[0] - 0.4 * (y[0] != y[1])]
        marks.append(Curve(x, y, style=HELD if many else FREE, width=1.0 + 1.2 * many if many else 1.0))
    sites = [(site % columns, rows - 1 - site // columns) for site in range(rows * columns)]
    records = [records_of(row)] * len(sites)
    x, y = [x for x, _ in sites], [y for _, y in sites]
    marks.append(Points(x, y, style=Style(BLACK, "o"), line=False, records=records))
    return Panel(title, marks, _axis(columns), _axis(rows))


def _axis(length: int) -> Axis:
    return Axis("", ticks={}, low=-0.6, high=length - 0.4)
