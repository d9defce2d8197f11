"""Sections on training with downloads: accuracy and the error proxy beside the published curves, and the rivals."""

import math
from collections.abc import Sequence

import numpy as np

from compare.engine import Rows, Runs
from compare.report import Picture, Section, Style
from compare.report.cells import count, estimate, number, so_many
from compare.report.styles import BLUE, GRAY, GREEN, ORANGE, SKY, VERMILION
from compare.report.views import Axis, Chart, Column, Curve, Panel, Points, picture
from compare.statistics import Row, median_range, summarize
from compare.statistics.rows import grouped, records_of
from compare.studies.sparse_training.expanded import rival_sentence
from compare.studies.sparse_training.published import ACCURACY, PROXY, published
from compare.studies.sparse_training.study import CYCLES, MODES, RIVAL, RIVALS, Settings

__all__ = ["cycled", "rivals"]

WHAT = (
    "The paper trains a pruned network in the quantum memory, downloads the largest weights every so many steps, "
    "takes a few classical steps, and uploads again. Masked: pruned weights stay at 0, and a download loses nothing. "
    "Full: all weights are trained, and a download prunes anew."
)

PROXIES = (
    "The error proxy sums |1 + a|^t over the spectrum of the Hessian of the trained weights, t steps after an upload. "
    "With a = -lambda it is as the paper prints it (cut .4); a step of gradient descent really multiplies by 1 - eta "
    "lambda (a = -eta lambda, cut .2 eta). The paper calls more negative a better; below a = -2 such a direction grows."
)

THEIRS = Style(GRAY, "X", ":")
LINES = {("masked", 0): Style(BLUE, "o", "-"), ("full", 0): Style(VERMILION, "s", "--")}

REPAIR = 10
"""Steps after an upload without classical ones that are held against as many classical steps."""

LARGEST = 1e6
"""The largest proxy that is drawn: those of full training leave every axis."""


def _name(mode: str, classical: int) -> str:
    return f"{mode}, {classical} classical steps"


def cycled(runs: Runs, settings: Settings) -> Section:
    """Return the section on accuracy and spectra during training."""
    rows = runs[CYCLES]
    if not len(rows):
        return Section("Training with downloads")
    said = [*_dips(rows), *_proxies(rows)]
    columns: list[Column | str] = [
        Column("data", lambda group: rows.label(group[0]["dataset"])),
        "mode",
        "classical",
        Column("pruned", lambda group: _accuracy(group, lambda row: 0), estimate),
        Column("before a download", lambda group: _accuracy(group, _first_download), estimate),
        Column("after it", lambda group: _accuracy(group, lambda row: _first_download(row) + 1), estimate),
        Column("after classical steps", lambda group: _accuracy(group, _second_upload), estimate),
        Column("at the end", lambda group: _accuracy(group, lambda row: len(row["accuracy"]) - 1), estimate),
        Column("lambda_min", lambda group: _extreme(group, "least"), lambda found: estimate(found, ".2f")),
        Column("lambda_max", lambda group: _extreme(group, "most"), lambda found: estimate(found, ".2f")),
    ]
    note = (
        "Training accuracy: means over networks with 95% intervals; masked training loses nothing at a download. "
        "Extreme eigenvalues over all spectra taken: medians, least and greatest over networks."
    )
    table = rows.table(columns, "Accuracy around a download", note, group_by=("dataset", "mode", "classical"))
    return Section("Training with downloads", [WHAT, PROXIES], said, [table], [_accuracies(rows), _drawn_proxies(rows)])


def _first_download(row: Row) -> int:
    # Masked training has downloads too, where nothing is pruned.
    return row["downloads"][0] if row["downloads"] else len(row["accuracy"]) - 2


def _second_upload(row: Row) -> int:
    return row["uploads"][1] if len(row["uploads"]) > 1 else len(row["accuracy"]) - 1


def _accuracy(rows: Sequence[Row], step: object) -> object:
    flat = [{"value": float(row["accuracy"][step(row)])} for row in rows]  # type: ignore[operator]
    found = summarize(flat, "value")
    return found and found.cut(0.0, 1.0)


def _extreme(rows: Sequence[Row], name: str) -> object:
    take = np.min if name == "least" else np.max
    return median_range([float(take(row[name])) for row in rows])


def _dips(rows: Rows) -> list[str]:
    said = []
    for (dataset, classical), group in grouped(rows.where(mode="full"), ["dataset", "classical"]).items():
        values = [
            (
                row["accuracy"][_first_download(row)],
                row["accuracy"][_first_download(row) + 1],
                row["accuracy"][_second_upload(row)],
                row["accuracy"][min(_first_download(row) + 1 + REPAIR, len(row["accuracy"]) - 1)],
            )
            for row in group
        ]
        before, after, repaired, alone = np.mean(values, axis=0)
        repair = (
            f", and {classical} classical steps bring it to {repaired:.3f}"
            if classical
            else f", and {REPAIR} steps of full training, uploaded at once, to {alone:.3f}"
        )
        said.append(
            f"{rows.label(dataset)}, full training, eta = {group[0]['eta']:g}: a download takes the training accuracy "
            f"from {before:.3f} to {after:.3f}{repair} (means over {so_many(len(group), 'network')})."
        )
    return said


def _proxies(rows: Rows) -> list[str]:
    said = []
    negative = sum(bool(np.all(row["least"] < 0)) for row in rows)
    said.append(
        f"The least eigenvalue is negative at every checkpoint of {negative} of {len(rows)} runs"
        + (": R is not defined anywhere in training." if negative == len(rows) else ".")
    )
    for mode in MODES:
        group = rows.where(mode=mode)
        if not len(group):
            continue
        first = [_first_positive(row) for row in group]
        dips = sum(value is not None and value < 1 for value in first)
        beyond = sum(bool(np.max(row["most"]) > 2) for row in group)
        said.append(
            f"Printed reading, {mode} training: the proxy first falls below 1 in {dips} of {len(group)} runs; "
            f"a < -2 (lambda > 2) occurs in {beyond}."
        )
    known = [float(value) for row in rows for value in row["multiplied"][np.asarray(row["since"]) > 0]]
    finite = [value for value in known if math.isfinite(value)]
    if finite:
        said.append(
            f"With a = -eta lambda the proxy is between {min(finite):.2g} and {max(finite):.3g} at all checkpoints "
            "after an upload."
        )
    return said


def _first_positive(row: Row) -> float | None:
    values = [
        value for value, since in zip(row["printed"], row["since"], strict=True) if since > 0 and math.isfinite(value)
    ]
    return float(values[0]) if values else None


def _accuracies(rows: Rows) -> Picture:
    panels = []
    for (dataset,), group in grouped(rows, ["dataset"]).items():
        marks: list[Points | Curve] = []
        for (mode, classical), members in grouped(group, ["mode", "classical"]).items():
            length = min(len(row["accuracy"]) for row in members)
            mean = np.mean([row["accuracy"][:length] for row in members], axis=0)
            style = _style(mode, classical)
            marks.append(
                Curve(list(range(length)), mean.tolist(), label=_name(mode, classical), style=style, width=1.5)
            )
        panels.append(Panel(f"ours: {rows.label(dataset)}", marks))
    x, y = published()[ACCURACY]
    theirs = Curve(x, y, label="Liu et al., as plotted", style=THEIRS, width=1.5)
    panels.append(Panel("theirs: pruned network of 7 million weights", [theirs]))
    caption = (
        "Training accuracy over steps, classical ones counted: ours, means over networks, and the published curve of a "
        "pruned network of 7 million weights on other data (arXiv:2303.03428, as its authors plotted it)."
    )
    chart = Chart(panels, Axis("steps"), Axis("training accuracy"), legend=2)
    return picture("accuracy", chart, caption)


def _drawn_proxies(rows: Rows) -> Picture:
    panels = []
    for reading, words in (("printed", "a = -lambda"), ("multiplied", "a = -eta lambda")):
        marks: list[Points | Curve] = []
        for (dataset, mode), members in grouped(rows, ["dataset", "mode"]).items():
            by_step: dict[int, list[float]] = {}
            of: dict[int, list[Row]] = {}
            for row in members:
                for since, value in zip(row["since"], row[reading], strict=True):
                    if math.isfinite(value) and 0 < value < LARGEST:
                        by_step.setdefault(int(since), []).append(float(value))
                        of.setdefault(int(since), []).append(row)
            if by_step:
                found = {since: median_range(values) for since, values in sorted(by_step.items()) if values}
                best = [one.best for one in found.values()]
                ends = [one.low for one in found.values()], [one.high for one in found.values()]
                style = _style(mode, 0 if dataset == rows[0]["dataset"] else 10)
                label = f"{rows.label(dataset)}, {mode}"
                records = [records_of(of[since]) for since in found]
                marks.append(
                    Points([since + 1 for since in found], best, *ends, label=label, style=style, records=records)
                )
        if reading == "printed":
            x, y = published()[PROXY]
            marks.append(Curve([one + 1 for one in x], y, label="Liu et al., as plotted", style=THEIRS, width=2.0))
        low = max(1e-6, min([1.0, *(min(mark.best) for mark in marks)]))
        panels.append(Panel(words, marks, y=Axis("error proxy", "log", low=low / 2)))
    caption = (
        "Error proxy over one plus the steps since an upload, in both readings: medians over networks and uploads, "
        "between least and greatest, as far as the axis goes (full training leaves it in the printed reading). Their "
        "curve is of another network, as its authors plotted it, near 1 all along."
    )
    return picture("proxy", Chart(panels, Axis("1 + steps since the upload", "log"), legend=3), caption)


def _style(mode: str, classical: int) -> Style:
    base = LINES.get((mode, 0), Style(GREEN, "v", "-."))
    return base if not classical else Style({"masked": SKY}.get(mode, ORANGE), "^", "-.")


def rivals(runs: Runs, settings: Settings) -> Section:
    """Return the section on classical trainers of the same pruned networks."""
    rows = runs[RIVAL]
    if not len(rows):
        return Section("Rivals")
    said = [one for one in (rival_sentence(rows, dataset) for dataset in rows.unique("dataset")) if one]
    columns: list[Column | str] = [
        Column("data", lambda group: rows.label(group[0]["dataset"])),
        Column("trainer", lambda group: RIVALS.get(group[0]["method"], group[0]["method"])),
        Column("training loss", lambda group: _cut(group, "loss", math.inf), lambda found: estimate(found, ".3f")),
        Column("held-out accuracy", lambda group: _cut(group, "accuracy", 1.0), estimate),
        Column("pruned", lambda group: sum(row["before"] for row in group) / len(group), lambda x: number(x, ".3f")),
        Column("passes", lambda group: round(sum(row["passes"] for row in group) / len(group)), count),
        Column("processor seconds", lambda group: _mean(group, "seconds"), lambda value: number(value, ".2g")),
    ]
    note = (
        f"The kept weights alone, after {settings.upload} steps (SGD: as many rows in batches of 64; Newton-CG: 10 "
        "steps). Passes: gradients and Hessian-vector products over all rows. Means over networks, 95% intervals."
    )
    table = rows.table(columns, "Classical trainers", note, group_by=("dataset", "method"))
    what = (
        "What a circuit has to beat: the same kept weights, trained classically. The exponent is the linearization of "
        "order N = 1 in closed form, for any number of steps at once."
    )
    return Section("Rivals", [what], said, [table])


def _cut(rows: Sequence[Row], name: str, most: float) -> object:
    found = summarize(rows, name)
    return found and found.cut(0.0, most)


def _mean(rows: Sequence[Row], name: str) -> float:
    return float(sum(row[name] for row in rows) / len(rows))
