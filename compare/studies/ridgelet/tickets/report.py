"""The report on tickets over a grid: which nodes make the better network, in training and held out."""

from collections.abc import Sequence

from compare.engine import Rows, Runs
from compare.report import Card, Cell, Report, Section, Table
from compare.report.cells import MISSING, count, estimate, number, signed
from compare.report.views import Column, Level, Reading
from compare.statistics import SHARED_SAMPLES, Contrast, Estimate, Row, in_words, summarize
from compare.studies.data import labels_of
from compare.studies.ridgelet.methods import CONTROL
from compare.studies.ridgelet.settings import LETTERS
from compare.studies.ridgelet.tickets.study import STUDY, TICKET, Settings

__all__ = ["report"]

SETTINGS = ("dataset", "prime", "features", "nodes", "regularization", "activation", "ridge")
"""Settings that tell combinations apart besides the method, repeats aside."""

REPEAT = ("seed", "repeat")

CAPTION = (
    "Mean squared error over the number of hidden nodes N, with 95% intervals over splits: filled markers and thick "
    "lines in training, hollow markers and thin lines held out. Dotted: predicting the training mean."
)


def report(runs: Runs, settings: Settings) -> Report:
    """Return the report of a grid of tickets."""
    labels = labels_of(runs)
    rows = _sorted(runs[TICKET].derive(dataset=lambda row: labels.get(row["dataset"], row["dataset"])))
    varying = [name for name in SETTINGS if len(set(rows.column(name))) > 1]
    contrasts = {
        value: _against_uniform(rows, value, words)
        for value, words in (("empirical", "empirical risk"), ("held_out", "held-out risk"))
    }
    said = [sentence for one in contrasts.values() for sentence in one.sentences(1)] or [_best(rows)]
    picture = None
    if "nodes" in varying:
        picture = rows.lines(
            [Reading("empirical"), Reading("held_out")],
            over="nodes",
            panels=[name for name in varying if name != "nodes"],
            name="tickets",
            caption=CAPTION,
            overlap="ratio",
            each=REPEAT,
            x="hidden nodes N",
            y="mean squared error",
            names=LETTERS,
            extra=[Level(_zero(rows))],
        )
    constant = in_words({name: rows[0][name] for name in SETTINGS if name not in varying}, LETTERS)
    what = (
        "Each task holds a random quarter of the samples out, the same for all methods; quantizers and feature choice "
        "see the rest only. N nodes are drawn, and only output weights are fitted. All else was the same for all: "
        f"{constant or 'nothing'}."
    )
    section = Section(
        "Risk of sparse networks", [what, *rows.unique("description")], said, [_risks(rows, varying, contrasts)]
    )
    return Report(STUDY.title, Card(picture, said[:3]), [section])


def _sorted(rows: Rows) -> Rows:
    """Return rows by settings, then by method, in the order in which these were asked for."""
    order = {name: rows.unique(name) for name in SETTINGS}
    return rows.of(sorted(rows, key=lambda row: [order[name].index(row[name]) for name in SETTINGS]))


def _against_uniform(rows: Rows, value: str, what: str) -> Contrast:
    """Compare with uniform nodes of the same settings on the same splits; all comparisons share the level."""
    known = rows.where(lambda row: row[value] is not None)
    return known.contrast(
        value,
        control=CONTROL,
        pair_by=REPEAT,
        within=SETTINGS,
        family=(),
        overlap="ratio",
        what=what,
        names=LETTERS,
    )


def _zero(rows: Rows) -> float:
    return sum(rows.column("held_out_zero")) / len(rows)


def _summed(rows: Sequence[Row], value: str) -> Estimate | None:
    found = summarize(list(rows), value, REPEAT, overlap="ratio")
    return found and found.cut(0.0)


def _risks(rows: Rows, varying: Sequence[str], contrasts: dict[str, Contrast]) -> Table:
    def against(value: str) -> Column:
        def found(group: Sequence[Row]) -> Cell:
            first = group[0]
            one = contrasts[value].get(first["method"], **{name: first[name] for name in SETTINGS})
            return MISSING if one is None else signed(one.judged)

        words = {"empirical": "empirical, less uniform's", "held_out": "held out, less uniform's"}
        return Column(words[value], found)

    columns: list[Column | str] = [
        "method",
        *varying,
        Column("empirical risk", lambda group: _summed(group, "empirical"), estimate),
        Column("held-out risk", lambda group: _summed(group, "held_out"), estimate),
        Column("held-out accuracy", lambda group: _summed(group, "held_out_accuracy"), estimate),
        *(against(value) for value, found in contrasts.items() if len(found)),
        Column("K/P^D", lambda group: group[0]["coverage"], lambda share: number(share, ".2g")),
        Column("splits", len, count),
    ]
    held_against = [
        f"Differences are in pairs on the same splits. {found.intervals} " for found in contrasts.values() if len(found)
    ]
    note = (
        f"Means over splits with 95% intervals: {SHARED_SAMPLES}. {''.join(held_against[:1])}Risk: mean squared error; "
        "targets are centered by the training mean, whose risk is about 1 where targets are standardized. A dash: no "
        "such number."
    )
    return rows.table(columns, "Risk by settings", note, group_by=("method", *SETTINGS), names=LETTERS)


def _best(rows: Rows) -> str:
    """Name the lowest risk, where there are no uniform nodes to compare with."""
    judged = "held_out" if any(row["held_out"] is not None for row in rows) else "empirical"
    known = rows.where(lambda row: row[judged] is not None)
    found = {key: _summed(group, judged) for key, group in known.group("method", *SETTINGS).items()}
    method, *values = min(found, key=lambda key: found[key].best)  # type: ignore[union-attr]
    where = in_words(dict(zip(SETTINGS, values, strict=True)), LETTERS)
    risk = estimate(found[method, *values])
    words = judged.replace("_", "-")
    return f"The lowest {words} risk is {risk}, of {rows.label(method)} at {where}; uniform nodes were not asked for."
