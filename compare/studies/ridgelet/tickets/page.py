"""What the tickets of a sweep say: which nodes make the better network, in training and held out."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from compare.records import plain
from compare.report import Picture, Section
from compare.statistics import CONFIDENCE, Compared, compared, correct
from compare.studies.ridgelet.tickets.plots import risk_figure
from compare.studies.ridgelet.tickets.reading import CONTROL, estimate, has, lines, ratio
from compare.sweeps.cells import LETTERS, Cell, cells, constant, in_words, varying
from compare.sweeps.record import Record
from compare.tables import Table, interval

__all__ = ["TITLE", "sections", "verdict"]

TITLE = "Tickets over a grid"

CAPTION = (
    "Mean squared error over the number of hidden nodes N, with 95% intervals over splits: filled markers and thick "
    "lines in training, hollow markers and thin lines held out. Dotted: predicting the training mean."
)


def verdict(records: Sequence[Record]) -> list[str]:
    """Count for each method where its networks are better than those of uniform nodes, after Holm's correction."""
    found = cells(records)
    counted: dict[str, list[str]] = {}
    for measure, words in (("empirical", "in training"), ("held_out", "held out")):
        pairs = [
            (cell.settings["method"], difference)
            for cell in found
            if (difference := _against_uniform(found, cell, measure)) is not None
        ]
        adjusted = list(correct([difference.pvalue for _, difference in pairs])) if pairs else []
        judged = [
            (method, difference.difference.best, p) for (method, difference), p in zip(pairs, adjusted, strict=True)
        ]
        for method in dict.fromkeys(method for method, _ in pairs):
            clear = [best < 0 for name, best, p in judged if name == method and p < 1 - CONFIDENCE]
            total = sum(name == method for name, _, _ in judged)
            above = len(clear) - sum(clear)
            counted.setdefault(method, []).append(
                f"{words} in {sum(clear)} of {total}{f' and clearly above in {above}' if above else ''}"
            )
    if not counted:
        return [_best(found)] if found else []
    return [
        f"{method}: risk clearly below that of uniform nodes {', '.join(parts)} combinations of settings, at the 5% "
        "level that all combinations and methods share (Holm)."
        for method, parts in counted.items()
    ]


def sections(records: Sequence[Record]) -> list[Section]:
    """Return risks and figures."""
    found = cells(records)
    if not found:
        return []
    what = (
        "Each task holds a random quarter of the samples out, the same for all methods; quantizers and feature choice "
        "see the rest only. N nodes are drawn, and only output weights are fitted. All else was the same for all: "
        f"{constant(found) or 'nothing'}."
    )
    descriptions = dict.fromkeys(
        str(record.result["description"]) for cell in found for record in cell.records if record.result
    )
    panels = lines(found)
    pictures = [Picture("tickets", risk_figure(panels), CAPTION, risk_figure(panels, narrow=True))] if panels else []
    return [Section("Risk of sparse networks", [what, *descriptions], [], [_risks(found)], pictures)]


def _risks(found: Sequence[Cell]) -> Table:
    names = ["method", *(name for name in varying(found) if name != "method")]
    against = [
        measure
        for measure in ("empirical", "held_out")
        if any(_against_uniform(found, cell, measure) is not None for cell in found)
    ]
    rows = []
    for cell in found:
        rows.append(
            [
                *(_shown(cell.settings[name]) for name in names),
                *(_interval(cell, measure) for measure in ("empirical", "held_out", "held_out_accuracy")),
                *(_difference(found, cell, measure) for measure in against),
                f"{cell.values(lambda result: result['coverage'])[0]:.2g}",
                str(len(cell.records)),
            ]
        )
    columns = [
        *(LETTERS.get(name, name) for name in names),
        "empirical risk",
        "held-out risk",
        "held-out accuracy",
        *({"empirical": "empirical, less uniform's", "held_out": "held out, less uniform's"}[key] for key in against),
        "K/P^D",
        "splits",
    ]
    note = (
        "Means over splits with 95% intervals, corrected for samples that splits share (Nadeau and Bengio 2003); "
        "differences in pairs on the same splits, each interval for itself, not corrected for their number. Risk: mean "
        "squared error; targets are centered by the training mean, whose risk is about 1 where targets are "
        "standardized. A dash: no such number."
    )
    return Table("Risk by settings", columns, rows, note)


def _against_uniform(found: Sequence[Cell], cell: Cell, measure: str) -> Compared | None:
    """Compare with uniform nodes of the same settings on the same splits; None if that is not possible."""
    if cell.settings["method"] == CONTROL or not has(cell, measure):
        return None
    control = next((other for other in found if other.settings == {**cell.settings, "method": CONTROL}), None)
    if control is None:
        return None
    value = _value(measure)
    known = dict(zip(control.keys(), control.values(value), strict=True))
    pairs = [(one, known[key]) for key, one in zip(cell.keys(), cell.values(value), strict=True) if key in known]
    if len(pairs) < 2:
        return None
    return compared([one for one, _ in pairs], [other for _, other in pairs], ratio(cell))


def _best(found: Sequence[Cell]) -> str:
    judged = [cell for cell in found if has(cell, "held_out")]
    measure = "held_out" if judged else "empirical"
    best = min(judged or found, key=lambda cell: estimate(cell, measure).best)
    risk = interval(plain(estimate(best, measure)))
    words = measure.replace("_", "-")
    return f"The lowest {words} risk is {risk}, at {in_words(best.settings)}; uniform nodes are not in this sweep."


def _difference(found: Sequence[Cell], cell: Cell, measure: str) -> str:
    compared_there = _against_uniform(found, cell, measure)
    return "-" if compared_there is None else interval(plain(compared_there.difference))


def _interval(cell: Cell, measure: str) -> str:
    return interval(plain(estimate(cell, measure))) if has(cell, measure) else "-"


def _shown(value: Any) -> str:
    if value is None:
        return "all"
    return value if isinstance(value, str) else f"{value:,}"


def _value(measure: str) -> Callable[[Mapping[str, Any]], float]:
    return lambda result: float(result[measure])
