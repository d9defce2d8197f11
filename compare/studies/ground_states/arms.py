"""The four arms, for networks and for rotation circuits: what matters of a ticket, its mask or its first values."""

from collections.abc import Mapping, Sequence
from typing import Any

from compare.engine import Rows, Runs
from compare.report import Cell, Section, Table
from compare.report.cells import MISSING, number, so_many
from compare.report.views import Axis, Chart, Panel, picture
from compare.statistics.rows import records_of
from compare.studies.ground_states.readings import (
    Place,
    arms_of,
    by_number,
    counted,
    curve,
    drawn_error,
    levels,
    median,
    places,
    quartiles,
)
from compare.studies.ground_states.study import ARM, ARMS, CIRCUIT, CIRCUIT_ARM, Settings

__all__ = ["arms", "circuit_rows", "crossing", "masks_matter"]

ABOUT = (
    "imp is the pruning run itself; the others train a mask in isolation. T(init, imp): its mask from the first "
    "values; T(rand, imp): its mask from fresh ones; T(init, rand): a random mask as large from the first values. "
    "Networks are cut by the size of weights and rewound; circuits by the angle's distance to a multiple of pi, and "
    "go on from where they were."
)

CAPTION = (
    "Relative errors of the four arms over weights n of networks and over gates of rotation circuits of {p} layers, "
    "medians between quartiles over seeds."
)


def circuit_rows(place: Place, runs: Runs, p: int) -> dict[str, list[dict[str, Any]]]:
    """Return rows of the four arms of rotation circuits: seed, gates and error."""
    found: dict[str, list[dict[str, Any]]] = {"imp": []}
    for row in place.rows(runs, CIRCUIT).where(p=p):
        found["imp"] += [
            {"seed": row["seed"], "count": gates, "error": error, "standard_error": None}
            for gates, error in zip(row["gates"], row["errors"], strict=True)
        ]
    for row in place.rows(runs, CIRCUIT_ARM).where(p=p):
        found.setdefault(row["arm"], []).extend(
            {"seed": row["seed"], "count": gates, "error": error, "standard_error": None}
            for gates, error in zip(row["parameters"], row["errors"], strict=True)
        )
    return found


def arms(runs: Runs, settings: Settings) -> Section:
    """Return the section on the four arms."""
    panels, tables, findings = [], [], []
    for place in places(runs):
        armed = place.rows(runs, ARM)
        for alpha in armed.unique("alpha") if len(armed) else []:
            every = arms_of(place, runs, alpha)
            panels.append(_panel(f"Networks, alpha = {alpha}: {place.words}", every, "weights n", place))
            tables.append(_table(f"Networks, alpha = {alpha}: {place.words}", "n", every))
            findings += [*crossing(every, f"{place.words}, alpha = {alpha}"), *masks_matter(every, alpha, place)]
        layers = place.rows(runs, CIRCUIT)
        for p in sorted(layers.unique("p")) if len(layers) else []:
            circuits = {name: Rows(rows, ARMS) for name, rows in circuit_rows(place, runs, p).items()}
            if p == settings.drawn:
                panels.append(_panel(f"Circuits, p = {p}: {place.words}", circuits, "gates", place))
            tables.append(_table(f"Rotation circuits, p = {p}: {place.words}", "gates", circuits))
            findings += _advantage(circuits, p, place)
    chart = Chart(panels, y=Axis("relative error", "log"), columns=2)
    pictures = [picture("arms", chart, CAPTION.format(p=settings.drawn))] if panels else []
    return Section("The mask or the first values", [ABOUT], findings, tables, pictures)


def _panel(title: str, every: Mapping[str, Rows], across: str, place: Place) -> Panel:
    marks: list[Any] = [
        curve(rows, drawn_error, ARMS[arm].label, ARMS[arm].style)  # type: ignore[arg-type]
        for arm, rows in every.items()
        if len(rows) and arm in ARMS
    ]
    return Panel(title, [*marks, *levels(place, across == "weights n")], counted(across, every["imp"]))


def _table(title: str, heading: str, every: Mapping[str, Rows]) -> Table:
    numbers = sorted(set(every["imp"].column("count")), reverse=True)
    rows: list[list[Cell | str]] = []
    for count in numbers:
        cells: list[Cell | str] = [Cell(f"{count:,}", count)]
        for arm_rows in every.values():
            found = median(row["error"] for row in arm_rows.where(count=count)) if len(arm_rows) else None
            cells.append(MISSING if found is None else number(found, ".2g"))
        rows.append(cells)
    columns = [heading, *(ARMS[arm].label if arm in ARMS else arm for arm in every)]
    seeds = len(every["imp"].unique("seed"))
    records = [records_of(*(own.where(count=count) for own in every.values() if len(own))) for count in numbers]
    return Table(
        title, columns, rows, f"Medians of relative errors over {so_many(seeds, 'seed')}.", folded=True, records=records
    )


def _medians(every: Mapping[str, Rows], arm: str) -> dict[int, float]:
    rows = every.get(arm, Rows([]))
    found = {count: median(row["error"] for row in group) for count, group in by_number(rows, "count").items()}
    return {count: one for count, one in sorted(found.items(), reverse=True) if one is not None}


def crossing(every: Mapping[str, Rows], where: str) -> list[str]:
    """Say down to which number of weights random masks are as good as those that pruning found."""
    own, random = _medians(every, "imp"), _medians(every, "T(init,rand)")
    common = [count for count in own if count in random][1:]
    wins = []
    for count in common:
        if random[count] > own[count]:
            break
        wins.append(count)
    if not common:
        return []
    if not wins:
        return [f"{where}: random masks are never as good as those of pruning."]
    after = [(random[count] / own[count], count) for count in common if count < wins[-1]]
    worse = f"; below, their errors are up to {max(after)[0]:.2g} times as large (n = {max(after)[1]})" if after else ""
    return [f"{where}: random masks are better than those of pruning down to n = {wins[-1]}{worse}."]


def masks_matter(every: Mapping[str, Rows], alpha: int, place: Place) -> list[str]:
    """Say down to which number of weights a fresh draw does as well on the mask of pruning."""
    first, fresh = _medians(every, "T(init,imp)"), _medians(every, "T(rand,imp)")
    common = [count for count in first if count in fresh]
    # From where on it stays so: a single median may be off.
    worse = [count for count in common if fresh[count] > 1.5 * first[count]]
    small = [count for count in worse if place.fewest <= count < common[0] / 2] if common else []
    if not small:
        return []
    start = small[0]
    shares = [
        sum(row["error"] is not None and row["error"] > place.limit for row in every["T(rand,imp)"].where(count=count))
        for count in small
    ]
    seeds = len(every["T(rand,imp)"].unique("seed"))
    return [
        f"{place.words}, alpha = {alpha}: on the masks of pruning fresh first weights do as well down to n = "
        f"{_above(common, start)}; below, they lose a {place.thing} in up to {max(shares)} of "
        f"{so_many(seeds, 'seed')}, and the "
        f"median is up to {max(fresh[count] / first[count] for count in small):.2g} times as large."
    ]


def _above(common: Sequence[int], count: int) -> int:
    return min((one for one in common if one > count), default=count)


def _advantage(circuits: Mapping[str, Rows], p: int, place: Place) -> list[str]:
    own, random = _medians(circuits, "imp"), _medians(circuits, "T(init,rand)")
    common = [count for count in own if count in random and count < max(own)]
    if not common:
        return []
    near = min(common, key=lambda count: abs(count - place.fewest))
    most, where = max((random[count] / own[count], count) for count in common)
    found = quartiles(row["error"] for row in circuits["imp"].where(count=near))
    assert found is not None
    return [
        f"{place.words}: rotation circuits of p = {p} pruned to {near} gates have an error of {own[near]:.2g} "
        f"(quartiles {found.low:.2g} and {found.high:.2g}); a random mask's is {random[near] / own[near]:.2g} times "
        f"that, and at most {most:.2g} times (at {where} gates)."
    ]
