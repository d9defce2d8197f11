"""The phase study's report: where optimized nodes win and where they lose, and what p* can do at most."""

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from compare.engine import Rows, Runs
from compare.report import Card, Cell, Picture, Report, Section, Table
from compare.report.cells import compact, estimate, number, several
from compare.report.styles import BLACK, BLUE, GREEN, ORANGE, Style
from compare.report.views import Axis, Chart, Column, Curve, Level, Panel, Points, picture, pivot, table
from compare.statistics import IN_FAMILY, Comparison, Estimate, Row
from compare.statistics.rows import records_of
from compare.studies.ridgelet.phase.bounds import GAUSSIAN_DENSITY, GAUSSIAN_SHARE
from compare.studies.ridgelet.phase.rows import KINDS, estimated
from compare.studies.ridgelet.phase.study import ENUMERABLE, STUDY, Settings
from compare.studies.ridgelet.settings import LETTERS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["report"]

DIAGRAM = (
    "Risk of uniform over risk of optimized nodes: the more a cell stands out from the page, the more optimized nodes "
    "win. The dimension grows at a fixed number of points (all points while there are fewer), or there are fewer "
    "points at a fixed dimension. Bold: above 1 at the 5% level shared among all cells (Holm); hatched: below 1. "
    "Intervals stand in the tables. Dashed line: N c K/P^D = 1, one node expected on the target's directions; the "
    "bound allows about so many and no more, so nothing can be gained far from it at less coverage or concentration. "
    "What little is gained there on training points is memory: on fresh points it is lost."
)

WHY = (
    "Over the coverage K/P^D, with 95% intervals (most are smaller than the markers). Black: bounds that hold for any "
    "target. How p* spreads: exp(entropy of p*) is at least P^(D+1)/(K P max r^2) = 1/(coverage max r^2); at coverage "
    "1 and c = 1 it is the same small number at every dimension, at small coverage half of all nodes. The target's "
    "own: no weight vector, and no direction that the points meet evenly, gets more than the coverage; the target's "
    "nodes get the share c of it, and below the dotted line N nodes hold none of them. Over uniform: P^(D+1) p* is at "
    "most K P max r^2 (one black dash for each problem) and near 3 for random labels. Powers of ten are placed by the "
    "square root of their exponent."
)

SPREAD = {
    "density": (
        "How much likelier p* is at its own nodes: E of P^(D+1) p* over p*",
        "Uniform nodes: 1; random labels: near 3. At most: K P max r^2.",
        [Column("at most", "bound", lambda bound: number(bound, compact))],
    ),
    "share": (
        "Effective number of nodes exp(entropy of p*), as a share of all P^(D+1)",
        "Uniform nodes: 1; random labels: near 0.482. At least: 1/(K P max r^2). Geometric means.",
        [Column("at least", "bound", lambda bound: number(1 / bound, compact))],
    ),
    "tickets": (
        "Probability of the target's own nodes under p*",
        "The nodes whose weight vector a is along the target's directions; no vector gets more than K/P^D.",
        [],
    ),
}
"""How concentrated p* is: title, note and bound of each table."""

COVERAGE = Column("K/P^D", "coverage")

RISK = "Risk: mean squared error over that of predicting 0."

WALKS = {"dimension": "more dimensions", "coverage": "fewer points"}
"""Filled markers, and open markers."""

STYLES = ((Style(GREEN, "^"), 12.0), (Style(ORANGE, "s"), 6.5), (Style(BLUE, "o"), 4.5))
"""The least, a middle and the largest concentration: where all three agree, each stands inside the one before."""


def report(runs: Runs, settings: Settings) -> Report:
    """Return the report: where optimized nodes win, then the known answers, the diagram, and the reason."""
    cells = estimated(runs, settings)
    mapped = cells.where(_on(*WALKS))
    most = max(settings.concentrations)
    whole, spread = (cells.where(_on(walk), concentration=most) for walk in ("dimension", "directions"))
    if not whole:
        return Report(STUDY.title, Card(None, ["No problem has results at every concentration yet."]), [])
    least = min(whole, key=lambda row: row["log10_coverage"])
    place = {name: least[name] for name in ("dimension", "points")}
    random_labels = mapped.where(lambda row: row["fresh"] > 0, concentration=0, **place)
    known = [*cells.where(sine=True), *random_labels]
    spread = spread.of(sorted(spread, key=lambda row: row["directions"]))
    what = (
        f"P = {settings.prime}. The target is sqrt(c) s + sqrt(1 - c) n on K points drawn from Z_P^D: s is a sum of "
        f"m = {settings.directions} characters along random directions, so that the ridgelet transform of s lives on "
        "m (P - 1) P nodes at any dimension; n is a random sign at every point. c is the target's spectral "
        "concentration: at coverage 1, p* gives its share c to those nodes. Networks of N = "
        f"{settings.nodes} nodes drawn from p* are held against networks of uniform nodes, output weights fitted."
    )
    draws = (
        f"Every number: {settings.repeats} independent draws of target, points and nodes, with its 95% interval "
        f"(Student's t over the draws); {settings.networks} networks of N = {settings.nodes} optimized and as many of "
        "uniform nodes in each. Gain: risk of uniform over that of optimized nodes, geometric mean over the draws; its "
        f"intervals belong to the family of all gains on the same points: {IN_FAMILY.format(1)}."
    )
    diagram = partial(_diagram, mapped, settings.nodes)
    return Report(
        STUDY.title,
        Card(
            Picture("phase", diagram, DIAGRAM, partial(diagram, narrow=True)),
            [*_winning(mapped), _reason(least, settings)],
        ),
        [
            Section("Known answers", [what, draws], list(_known(known)), _known_tables(known)),
            Section("The phase diagram", tables=[_gain_table(mapped, "fresh"), _gain_table(mapped, "empirical")]),
            Section(
                "The reason",
                [],
                [
                    *_bound(least, settings),
                    *_memory(least, settings),
                    *_shares(whole, least, settings.prime),
                    *_directions(spread, settings),
                ],
                [*(_spread_table(mapped, measure, settings) for measure in SPREAD), *_directions_table(spread)],
                [_reason_picture(mapped, settings)],
            ),
        ],
    )


def _on(*walks: str) -> Any:
    return lambda row: any(walk in row["walks"] for walk in walks)


def _diagram(cells: Rows, nodes: int, narrow: bool = False) -> "Figure":
    from compare.studies.ridgelet.phase.diagram import diagram  # and with it Matplotlib

    return diagram(cells, nodes, narrow)


def _gain(gain: Comparison | None) -> Cell:
    """Write a gain with digits that tell it from 1; none where any nodes interpolate."""
    if gain is None or gain.judged is None:
        return Cell("K <= N: any nodes interpolate")
    return estimate(gain.judged, compact if gain.judged.best >= 10 else ".3f")


def _of(found: Estimate) -> Cell:
    return estimate(found, compact)


def _both(row: Row, kind: str) -> Cell:
    return several([estimate(row[f"{kind}_optimized"]), estimate(row[f"{kind}_uniform"])])


def _known_tables(known: Sequence[Row]) -> list[Table]:
    def target(row: Row) -> str:
        if row["sine"]:
            return f"sin(2 pi sum(x)/P) on all of Z_P^{row['dimension']}"
        return f"random labels, D = {row['dimension']}"

    columns = [
        Column("target", target),
        Column("K", "points"),
        COVERAGE,
        Column("training risk optimized / uniform", lambda row: _both(row, "empirical")),
        Column("gain", "empirical_gain", _gain),
        Column("share", "share", _of),
    ]
    fresh = [
        Column("target", target),
        Column("fresh risk optimized / uniform", lambda row: _both(row, "fresh") if row["fresh"] else "no point left"),
        Column("gain on fresh points", lambda row: _gain(row["fresh_gain"]) if row["fresh"] else ""),
    ]
    note = f"{RISK} Share: effective number of nodes exp(entropy of p*) over all P^(D+1)."
    return [table(known, columns, "Known answers", note), table(known, fresh, "Known answers on fresh points", RISK)]


def _map(cells: Sequence[Row], value: str, title: str, note: str, **options: Any) -> Table:
    """Return a number over problems and concentrations."""
    columns = [COVERAGE, *options.pop("columns", [])]
    return pivot(
        cells, value, down=("dimension", "points"), across="concentration", title=title, note=note, columns=columns,
        heading="c = {:g}".format, names=LETTERS, **options,
    )  # fmt: skip


def _gain_table(cells: Rows, kind: str) -> Table:
    note = (
        f"Risk of uniform over risk of optimized nodes on {KINDS[kind]}: above 1, optimized nodes win. c is the share "
        "of the target's variance along its directions; the rest are random labels."
    )
    if kind == "fresh":
        note += (
            f" Fresh points: up to {max(cells.column('fresh')):,} points of Z_P^D that are no training points, their "
            "random labels new; at coverage 1 none is left, and the training points stand in."
        )
    return _map(cells, f"{kind}_gain", f"Gain in risk on {KINDS[kind]}", note, write=_gain)


def _spread_table(cells: Rows, measure: str, settings: Settings) -> Table:
    title, words, columns = SPREAD[measure]
    # The probability of the target's own nodes is c K/P^D but for chance: three columns show it.
    shown = _three(settings) if measure == "tickets" else settings.concentrations
    note = (
        f"{words} p* is enumerated up to {ENUMERABLE:,} nodes; beyond, the target's own nodes are summed exactly, and "
        f"{settings.samples:,} samples of p* in each draw stand for the rest."
    )
    shown_cells = cells.where(lambda row: row["concentration"] in shown)
    return _map(shown_cells, measure, title, note, columns=columns, write=_of)


def _three(settings: Settings) -> list[float]:
    """Return the least, a middle and the largest concentration, as far as there are so many."""
    every = sorted(settings.concentrations)
    return list(dict.fromkeys((every[0], every[(len(every) - 1) // 2], every[-1])))


def _directions_table(spread: Rows) -> Iterator[Table]:
    columns = [
        Column("directions m", "directions"),
        Column("risk optimized / uniform", lambda row: _both(row, "empirical")),
        Column("gain", "empirical_gain", _gain),
        Column("E of P^(D+1) p* over p*", "density", _of),
        Column("share of nodes", "share", _of),
    ]
    for first in spread[:1]:
        note = (
            f"D = {first['dimension']}, all {first['points']:,} points, c = {first['concentration']:g}: the same "
            f"variance on ever more directions. {RISK}"
        )
        yield table(spread, columns, "A target spread over more directions", note)


def _won(gain: Comparison) -> str:
    """Say in words what a gain means, by its verdict among all of its family."""
    assert gain.judged is not None  # only those that are known come here
    if gain.verdict == "no verdict":
        return "there is no verdict, as a draw is missing"
    if gain.verdict == "below":
        return "uniform nodes win"
    if gain.verdict != "above":
        return "optimized and uniform nodes are not told apart"
    return f"optimized nodes win{' by an order of magnitude' if gain.judged.low >= 10 else ''}"


def _known(known: Sequence[Row]) -> Iterator[str]:
    """Say what came of the largest sine, and of random labels."""
    for row in [row for row in known if row["sine"] and row["empirical_gain"]][-1:]:
        gain = row["empirical_gain"]
        yield (
            f"Known answer: on sin(2 pi sum(x)/P) on all {row['points']:,} points of Z_P^{row['dimension']}, "
            f"{_won(gain)}: risk {estimate(row['empirical_optimized'])} against {estimate(row['empirical_uniform'])}, "
            f"gain {_gain(gain)} ({gain.found} draws)."
        )
    for row in known:
        if not row["sine"] and (gain := row["fresh_gain"]):
            yield (
                f"Known answer: on random labels of {row['points']:,} points at D = {row['dimension']}, coverage "
                f"{row['coverage']}, {_won(gain)} on fresh points (gain {_gain(gain)}, {gain.found} draws)."
            )


def _winning(cells: Rows) -> Iterator[str]:
    """Say down to which coverage optimized nodes win on fresh points, and where they lose."""
    judged = cells.where(lambda row: row["fresh"] and row["fresh_gain"])
    if not judged:
        return
    told, draws = [], judged[0]["fresh_gain"].asked
    for c in sorted(judged.unique("concentration"), reverse=True):
        wins = judged.where(lambda row: row["fresh_gain"].verdict == "above", concentration=c)
        row = min(wins, key=lambda row: row["log10_coverage"], default=None)
        told.append(
            f"down to coverage {row['coverage']} at c = {c:g} (gain {_gain(row['fresh_gain'])} there)"
            if row
            else f"nowhere at c = {c:g}"
        )
    yield (
        f"On fresh points, optimized nodes clearly beat uniform ones ({len(judged)} cells of {draws} draws, at the 5% "
        f"level shared among all): {'; '.join(told)}."
    )
    lost = judged.where(lambda row: row["fresh_gain"].verdict == "below")
    if lost:
        row = min(lost, key=lambda row: row["fresh_gain"].estimate.best)
        gain, training = (_gain(row[f"{kind}_gain"]) for kind in ("fresh", "empirical"))
        yield (
            f"They are clearly worse than uniform ones in {len(lost)} of these cells, worst at D = "
            f"{row['dimension']}, K = {row['points']:,}, c = {row['concentration']:g} (gain {gain}, but {training} on "
            "the training points)."
        )


def _reason(least: Row, settings: Settings) -> str:
    """Say why nothing can be concentrated at small coverage, in the numbers of the least one."""
    return (
        "The reason: under p* no weight vector a gets more than the coverage K/P^D, so nodes on a direction of the "
        f"target are drawn only where N K/P^D is about 1 or more; at D = {least['dimension']}, coverage "
        f"{least['coverage']}, {_of(least['tickets'].times(settings.nodes))} of N = {settings.nodes} nodes are "
        f"expected there for c = {least['concentration']:g} ({least['tickets'].samples} draws)."
    )


def _bound(least: Row, settings: Settings) -> Iterator[str]:
    nodes = (least["dimension"] + 1) * math.log10(settings.prime) - math.log10(least["bound"])
    yield (
        f"Over uniform, p* is at most K P max r^2, here {compact(least['bound'])}, at every node (both bounds: "
        f"Cauchy-Schwarz over the K points): at D = {least['dimension']}, coverage {least['coverage']}, p* is spread "
        f"over at least 10^{max(nodes, 0):.1f} nodes whatever the target."
    )


def _memory(least: Row, settings: Settings) -> Iterator[str]:
    if least["empirical_gain"] is None or settings.nodes * least["tickets"].high > 0.01:
        return
    predicted = 1 + settings.nodes / least["points"] * (least["density"].best - 1)
    yield (
        "Where no node of the target is drawn, what is left of the gain on training points is memory: at coverage "
        f"{least['coverage']} it is {_gain(least['empirical_gain'])} for c = {least['concentration']:g}. A node of "
        "density w = P^(D+1) p* explains about w/K of the training variance by chance, so that 1 + (N/K)(E(w) - 1) = "
        f"{predicted:.3f} is expected; on fresh points the gain is {_gain(least['fresh_gain'])} "
        f"({least['fresh_gain'].found} draws)."
    )


def _shares(rows: Rows, least: Row, prime: int) -> Iterator[str]:
    """Say how many nodes p* is spread over: where all points are there, and at the least coverage."""
    told = []
    for row in rows.where(log10_coverage=0):
        count = prime ** (row["dimension"] + 1)
        told.append(f"{_of(row['share'].times(count))} of {count:,} at D = {row['dimension']}")
    if told:
        yield (
            f"Effective number of nodes exp(entropy) with all points there and c = {least['concentration']:g}: "
            f"{'; '.join(told)} ({least['share'].samples} draws each)."
        )
    if least["log10_coverage"]:
        trace = least["share"].low < GAUSSIAN_SHARE < least["share"].high
        yield (
            f"At coverage {least['coverage']} it is the share {estimate(least['share'])} of all nodes for the same c "
            f"({least['share'].samples} draws), {'not told apart from' if trace else 'where'} the "
            f"{GAUSSIAN_SHARE:.3f} {'that' if trace else 'is what'} random labels give"
            + (": the target's concentration has left no trace." if trace else ".")
        )


def _directions(spread: Rows, settings: Settings) -> Iterator[str]:
    known = [row for row in spread if row["empirical_gain"]]
    if len(known) < 2:
        return
    ends = [
        f"{_gain(row['empirical_gain'])} with {row['directions']} direction{'' if row['directions'] == 1 else 's'}"
        for row in (known[0], known[-1])
    ]
    yield (
        f"With all points there, what counts is how few directions the target has: the gain is {', '.join(ends)} "
        f"(N = {settings.nodes}, D = {known[0]['dimension']}, {known[0]['empirical_gain'].found} draws each)."
    )


def _reason_picture(cells: Rows, settings: Settings) -> Picture:
    """Draw over coverage how many nodes p* spreads over, what the target's own get, and E_p*, with the bounds."""
    root = math.sqrt(-min(cells.column("log10_coverage")))
    # Evenly along the axis of decades.
    coverage = [-((root * step / 200) ** 2) for step in range(201)]
    first, bound = cells[0], Style(BLACK)
    peak = math.log10(first["bound"] / (first["points"] * settings.prime))  # max r^2
    digit, nodes = math.log10(settings.prime), math.log10(settings.nodes)
    records = [records_of(row) for row in cells]
    places, bounds = cells.column("log10_coverage"), cells.column("bound")
    dashes = Points(places, bounds, style=Style(BLACK, "_"), line=False, size=13, records=records)
    panels = [
        Panel(
            "over how many nodes p* spreads",
            [
                *_points(cells, "share", settings, lambda row: (row["dimension"] + 1) * digit),
                Curve(coverage, [-decades - peak for decades in coverage], label="bound", style=bound, width=2),
                Level(nodes, text=f"N = {settings.nodes}"),
            ],
            y=Axis("effective number of nodes, exp(entropy of p*)", "decades"),
        ),
        Panel(
            "what the target's own nodes get",
            [
                *_points(cells, "tickets", settings, lambda row: 0.0),
                Curve(coverage, coverage, label="bound", style=bound, width=2),
                Level(-nodes, text=f"1/N = 1/{settings.nodes}"),
            ],
            y=Axis("their probability under p*", "decades"),
        ),
        Panel(
            "p* over uniform, mean over p*",
            [*_points(cells, "density", settings), dashes, Level(GAUSSIAN_DENSITY, text="random labels")],
            y=Axis("E$_{p*}$ of P$^{D+1}$ p*", "log"),
        ),
    ]
    across = Axis("coverage K/P$^D$ of the space by the points", "decades")
    return picture("phase-reason", Chart(panels, across, height=3.9, width=4.1), WHY)


def _points(
    cells: Rows, measure: str, settings: Settings, shift: Callable[[Row], float] | None = None
) -> Iterator[Points]:
    """Yield a measure with its intervals for three concentrations; with `shift`, its powers of ten and so much more."""
    for walk, words in WALKS.items():
        for c, (style, size) in zip(_three(settings), STYLES, strict=False):
            rows = cells.where(_on(walk), concentration=c)
            found = [row[measure] if shift is None else _decades(row[measure], shift(row)) for row in rows]
            low, best, high = ([getattr(one, end) for one in found] for end in ("low", "best", "high"))
            if found:
                yield Points(
                    rows.column("log10_coverage"), best, low, high, f"c = {c:g}, {words}", style,
                    hollow=walk == "coverage", line=False, size=size, records=[records_of(row) for row in rows],
                )  # fmt: skip


def _decades(found: Estimate, shift: float) -> Estimate:
    """Return powers of ten; an end at 0, which has none, stands a decade below the best."""
    ends = [max(end, found.best / 10) for end in (found.low, found.best, found.high)]
    # Beyond floating point, as at D = 300, there is nothing to draw.
    low, best, high = (math.log10(end) + shift if end > 0 else math.nan for end in ends)
    return Estimate(low, best, high, found.samples)
