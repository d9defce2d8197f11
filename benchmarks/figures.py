"""Figures and tables of benchmark records: ``python -m benchmarks.figures RECORDS.json [MORE.json ...]`` redraws them.

Of several files the newer measurement of a benchmark counts. Everything is drawn beside the last file named, or in the
folder that ``--out`` names: `ratio.svg`, `growth.svg`, `rivals.svg` and `summary.md`. Readable in black and white.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike
from scipy import stats

from compare.report import Table
from compare.report.canvas import new_figure
from compare.report.cells import estimate, seconds
from compare.statistics import CONFIDENCE, Estimate
from problems.errors import InputError

__all__ = ["draw", "exponential_base", "load", "power_law"]

Row = Mapping[str, Any]

# Okabe and Ito's colors; marker and dash tell the series apart without color.
STYLES: dict[str, tuple[str, str, str]] = {
    "dequantized": ("#0072B2", "o", "-"),
    "dequantized, compiled": ("#0072B2", "o", "-"),
    "dequantized, NumPy": ("#56B4E9", "h", "-"),
    "dequantized, plain Python": ("#CC79A7", "P", "-"),
    "rejection": ("#E69F00", "^", "--"),
    "enumeration": ("#000000", "s", "-."),
    "Aer statevector": ("#009E73", "D", "-."),
    "Aer MPS": ("#D55E00", "v", ":"),
}

SERIES = {
    "dimension": ("dequantized", "D"),
    "points": ("dequantized", "K"),
    "prime": ("dequantized", "P"),
    "rejection": ("rejection", "K"),
    "enumeration": ("enumeration", "D"),
}
"""Who was timed over what."""

LARGE_TABLE = 10_000
"""Enumeration is fitted from so many nodes on: below, the time is that of the calls and not of the table."""


def load(paths: Iterable[Path]) -> dict[str, Any]:
    """Read records and merge them.

    Returns
    -------
    dict
        "sources": each file's header, the oldest first. "rows": for each group, what its benchmarks recorded.

    Raises
    ------
    InputError
        If a file is no record of benchmarks, or a smoke run is to be merged with a measurement.
    """
    records = sorted((_read(path) for path in paths), key=lambda record: record["datetime"])
    if len({record["smoke"] for record in records}) > 1:
        raise InputError("Some of these records are of a smoke run, whose numbers mean nothing; leave them out.")
    newest = {bench["fullname"]: bench for record in records for bench in record["benchmarks"]}
    rows: dict[str, list[Row]] = {}
    for bench in newest.values():
        rows.setdefault(bench["group"], []).append(bench["extra_info"])
    sources = [{key: value for key, value in record.items() if key != "benchmarks"} for record in records]
    return {"sources": sources, "rows": rows}


def _read(path: Path) -> dict[str, Any]:
    try:
        record = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read ({error}); name a records.json that `make bench` wrote.") from None
    if not (isinstance(record, dict) and {"datetime", "benchmarks", "versions", "smoke"} <= record.keys()):
        raise InputError(f"{path} is no record of benchmarks; name a records.json that `make bench` wrote.")
    return record


def draw(paths: Sequence[Path], folder: Path) -> str:
    """Draw the figures and write the tables of these records into a folder; return the tables as text.

    Raises
    ------
    InputError
        As `load` does.
    """
    found = load(paths)
    rows, tables = found["rows"], []
    for group, tabulate, picture in (
        ("ratio", ratio_table, ratio_figure),
        ("growth", growth_tables, growth_figure),
        ("rivals", rivals_table, rivals_figure),
    ):
        if group in rows:
            tables += tabulate(rows[group])
            picture(rows[group]).savefig(folder / f"{group}.svg")
    tables += density_table(rows["density"]) if "density" in rows else []
    tables += stages_table(rows["stages"]) if "stages" in rows else []
    tables += engine_tables(rows["engine"]) if "engine" in rows else []
    tables += neurons_table(rows["neurons"]) if "neurons" in rows else []
    tables += footprint_tables(rows.get("footprint", []))
    text = "\n\n".join([_header(found["sources"]), *map(_markdown, tables)]) + "\n"
    (folder / "summary.md").write_text(text, encoding="utf-8")
    return text


# Fits


def power_law(x: ArrayLike, y: ArrayLike) -> Estimate:
    """Return e of y ~ x^e by least squares on logarithms, with the 95% interval that the points' scatter gives."""
    return _slope(np.log(x), np.log(y))


def exponential_base(x: ArrayLike, y: ArrayLike) -> Estimate:
    """Return q of y ~ q^x by least squares on log y, with the 95% interval that the points' scatter gives."""
    slope = _slope(np.asarray(x, dtype=float), np.log(y))
    return Estimate(*(float(np.exp(end)) for end in (slope.low, slope.best, slope.high)), slope.samples)


def _slope(x: np.ndarray, y: np.ndarray) -> Estimate:
    fit, freedom = stats.linregress(x, y), len(x) - 2
    half = float(stats.t.ppf(0.5 + CONFIDENCE / 2, freedom) * fit.stderr) if freedom > 0 else np.inf
    return Estimate(float(fit.slope) - half, float(fit.slope), float(fit.slope) + half, len(x))


class Series:
    """Times over one size of the problem, and the law fitted to them.

    Attributes
    ----------
    rows
        The measurements, by size.
    method, size
        Who was timed; over "D", "K" or "P".
    x, times
        The sizes and the times.
    fixed
        The sizes that stay the same, as text.
    fitted
        The positions of the sizes that the law is fitted to.
    fit
        Its exponent, for enumeration its base; None where there are no two sizes.
    """

    def __init__(self, rows: Sequence[Row], name: str) -> None:
        self.method, self.size = SERIES[name]
        self.rows = sorted((row for row in rows if row["series"] == name), key=lambda row: row[self.size])
        self.x = np.array([row[self.size] for row in self.rows], dtype=float)
        self.times = [row.get("total") or row["per_sample"] for row in self.rows]
        self.best = np.array([time["best"] for time in self.times])
        self.fixed = ", ".join(f"{key}={self.rows[0][key]}" for key in "DKP" if len({r[key] for r in self.rows}) == 1)
        self.exponential = name == "enumeration"
        self.fitted = np.arange(len(self.rows))
        if self.exponential:
            large = np.flatnonzero([row["nodes"] >= LARGE_TABLE for row in self.rows])
            self.fitted = large if len(large) > 2 else self.fitted
        self.fit: Estimate | None = None
        if len(self.fitted) > 1:
            law = exponential_base if self.exponential else power_law
            self.fit = law(self.x[self.fitted], self.best[self.fitted])

    @classmethod
    def all(cls, rows: Sequence[Row]) -> dict[str, "Series"]:
        """Return the series that were measured."""
        return {name: cls(rows, name) for name in SERIES if any(row["series"] == name for row in rows)}


# Tables


def _time(estimate: Mapping[str, Any]) -> str:
    low, best, high = (seconds(estimate[key]).text for key in ("low", "best", "high"))
    return best if estimate["samples"] == 1 else f"{best} [{low}, {high}]"


def ratio_table(rows: Sequence[Row]) -> list[Table]:
    """Tabulate sampling over product."""
    return [
        Table(
            "Sampling time over one float32 product of the same shape",
            ("case", "ratio", "asked", "pairs", "a sample", "its product", "samples a round", "threads"),
            [
                (
                    row["case"],
                    estimate(row["ratio"], ".2f"),
                    f"{row['reach']:g}",
                    str(row["ratio"]["samples"]),
                    _time(row["per_sample"]),
                    _time(row["product_per_sample"]),
                    f"{row['n']:,}",
                    str(row["threads"]),
                )
                for row in rows
            ],
            "Median [lowest, highest] over the pairs; product and sampler alternate, with as many threads each.",
        )
    ]


def density_table(rows: Sequence[Row]) -> list[Table]:
    """Tabulate what p* and the statistics made of it cost beside drawing."""
    names = ("density", "fidelity", "goodness_of_fit")
    return [
        Table(
            "p* of nodes, their fidelity and their goodness of fit, each over drawing them",
            ("problem", *names, "asked", "drawing a node", "nodes", "rounds"),
            [
                (
                    row["problem"],
                    *(estimate(row[name], ".2f") for name in names),
                    " and ".join(f"{reach:g}" for reach in row["reach"]),
                    _time(row["per_sample"]),
                    f"{row['n']:,}",
                    str(row["density"]["samples"]),
                )
                for row in rows
            ],
            "Median [lowest, highest] over rounds in which all four take turns; what depends on the problem alone is "
            "there already. Asked, at most: for the density, and for either statistic.",
        )
    ]


def stages_table(rows: Sequence[Row]) -> list[Table]:
    """Tabulate the stages' shares of the product's time."""
    names = sorted({name for row in rows for name in row["shares"]}, key=list(rows[0]["shares"]).index)
    rounds = rows[0]["shares"][names[0]]["samples"]
    return [
        Table(
            "Where the time goes: each stage over the product, one thread",
            ("stage", *(row["case"] for row in rows)),
            [(name, *(estimate(row["shares"][name], ".2f") for row in rows)) for name in names],
            f"Median [lowest, highest] of {rounds} rounds of {rows[0]['n']:,} nodes, each beside its own product.",
        )
    ]


def neurons_table(rows: Sequence[Row]) -> list[Table]:
    """Tabulate what solvers of neuron selection take to the proof."""
    return [
        Table(
            "Neuron selection: seconds to the proof",
            ("solver and problem", "seconds", "asked", "loss", "gap", "work"),
            [
                (
                    row["case"],
                    estimate(row["seconds"], ".3f"),
                    f"<= {row['reach']:g}",
                    f"{row['loss']:.8g}",
                    "proven" if row["proven"] else f"{row['gap']:.2g}",
                    ", ".join(f"{count:,} {what}" for what, count in row["work"].items()),
                )
                for row in rows
            ],
            f"Median [lowest, highest] of {rows[0]['seconds']['samples']} rounds, one thread, compiling apart.",
        )
    ]


def engine_tables(rows: Sequence[Row]) -> list[Table]:
    """Tabulate how many times as fast two workers are, and what the engine adds to a task."""
    pairs, short = ([row for row in rows if name in row] for name in ("ratio", "added"))
    tables = [
        Table(
            "Long tasks by one worker and by two",
            ("tasks", "seconds a task", "one worker, s", "two workers, s", "one / two", "reach"),
            [
                (
                    str(row["tasks"]),
                    estimate(row["task_seconds"], ".2f"),
                    estimate(row["one"], ".1f"),
                    estimate(row["two"], ".1f"),
                    estimate(row["ratio"], ".2f"),
                    f">= {row['reach']:g}",
                )
                for row in pairs
            ],
            f"Median [lowest, highest] of {' and '.join(str(row['ratio']['samples']) for row in pairs)} pairs, from an "
            "empty folder to the last line.",
        ),
        Table(
            "What the engine adds to a task of a millisecond",
            ("tasks", "milliseconds added", "reach"),
            [(str(row["tasks"]), f"{1000 * row['added']['best']:.2f}", f"<= {1000 * row['most']:g}") for row in short],
            "From an empty folder to the last line, one worker, each line synced to disk before the next.",
        ),
    ]
    return [table for table in tables if table.rows]


def growth_tables(rows: Sequence[Row]) -> list[Table]:
    """Tabulate the fitted exponents, and the times that they are fitted to."""
    fits, times = [], []
    for series in Series.all(rows).values():
        if series.fit is not None:
            fit, ends = series.fit, series.x[series.fitted[[0, -1]]]
            law = f"q^{series.size}: q" if series.exponential else f"{series.size}^e: e"
            fitted = f"{fit.best:.2f} [{fit.low:.2f}, {fit.high:.2f}]"
            span = f"{ends[0]:,.0f} to {ends[1]:,.0f}"
            fits.append((f"{series.method}, {law}", fitted, str(fit.samples), span, series.fixed))
        times += [
            (
                f"{series.method}, over {series.size}",
                *(f"{row[key]:,}" for key in "DKP"),
                _time(time),
                str(time["samples"]),
                f"{row['n']:,}",
            )
            for row, time in zip(series.rows, series.times, strict=True)
        ]
    return [
        Table(
            "How the time grows",
            ("law", "fitted [95%]", "sizes fitted", "range", "fixed"),
            fits,
            "Least squares on the logarithms of the median times; the interval is what the scatter about the line "
            f"gives. Enumeration is fitted from {LARGE_TABLE:,} nodes on.",
        ),
        Table(
            "Time a sample over the size of the problem",
            ("method", "D", "K", "P", "time", "rounds", "samples a round"),
            times,
            "Median [lowest, highest] over the rounds. Enumeration: the whole table and the samples from it.",
        ),
    ]


def rivals_table(rows: Sequence[Row]) -> list[Table]:
    """Tabulate every sampler on every problem."""
    fastest = {row["problem"]: row["per_sample"]["best"] for row in rows if row["rival"] == "dequantized, compiled"}
    return [
        Table(
            "The same problem, sampler by sampler",
            ("problem", "sampler", "time a sample", "over compiled", "rounds", "samples a round", "threads"),
            [
                (
                    row["problem"],
                    row["rival"],
                    _time(row["per_sample"]),
                    f"{row['per_sample']['best'] / fastest[row['problem']]:,.3g}" if row["problem"] in fastest else "-",
                    str(row["per_sample"]["samples"]),
                    f"{row['n']:,}",
                    str(row["threads"] or "-"),
                )
                for row in rows
            ],
            "Median [lowest, highest] over the rounds; preparation apart. All draw from the same distribution.",
        )
    ]


def footprint_tables(rows: Sequence[Row]) -> list[Table]:
    """Tabulate memory, imports and preparation."""
    tables = []
    memory = [row for row in rows if row["what"] == "memory"]
    if memory:
        stages = (("imported", "imports"), ("problem", "problem"), ("prepare", "sampler"), ("peak", "samples"))
        tables.append(
            Table(
                "Peak memory",
                ("problem", "uint8 points", *(f"after {name}" for _, name in stages), "seconds", "runs"),
                [
                    (
                        f"D={row['D']}, K={row['K']:,}, P={row['P']}, {row['n']:,} samples",
                        f"{row['data_mib']:,.0f} MiB",
                        *(f"{row[f'{key}_mib']:,.0f} MiB" for key, _ in stages),
                        " + ".join(f"{row[f'{key}_seconds']:.2g}" for key in ("problem", "prepare", "sample")),
                        "1",
                    )
                    for row in memory
                ],
                "The most that a process of its own has held up to there; seconds of problem, sampler and samples, "
                "compilation included.",
            )
        )
    imports = [row for row in rows if row["what"] == "import"]
    if imports:
        tables.append(
            Table(
                "Imports",
                ("module", "time", "processes"),
                [(row["module"], _time(row["seconds"]), str(row["seconds"]["samples"])) for row in imports],
                "Median [lowest, highest] over fresh processes, without the interpreter's own start.",
            )
        )
    prepared = [row for row in rows if row["what"] == "preparation"]
    if prepared:
        tables.append(
            Table(
                "Preparation beside drawing",
                ("case", "prepare", "rounds", "draw", "rounds", "share", "samples"),
                [
                    (
                        row["case"],
                        _time(row["prepare"]),
                        str(row["prepare"]["samples"]),
                        _time(row["draw"]),
                        str(row["draw"]["samples"]),
                        f"{row['share']['best']:.1%} [{row['share']['low']:.1%}, {row['share']['high']:.1%}]",
                        f"{row['n']:,}",
                    )
                    for row in prepared
                ],
                "Median [lowest, highest]; the share's ends are quickest over slowest and the reverse. "
                "Compilation is not included.",
            )
        )
    return tables


def _markdown(table: Table) -> str:
    cells = [list(map(str, row)) for row in (table.columns, *table.rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(table.columns))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in cells
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([f"## {table.title}", "", lines[0], rule, *lines[1:], "", table.note])


def _header(sources: Sequence[Mapping[str, Any]]) -> str:
    lines = ["# Benchmarks"]
    if sources[-1]["smoke"]:
        lines.append("A smoke run: tiny sizes, and no number here means anything.")
    for source in sources:
        machine, commit = source["machine_info"], source["commit_info"]
        processor = machine.get("cpu", {}).get("brand_raw") or machine["processor"]
        changed = ", with changes" if commit.get("dirty") else ""
        versions = ", ".join(f"{name} {version}" for name, version in source["versions"].items())
        lines.append(
            f"{source['datetime'][:19]} UTC, commit {str(commit.get('id'))[:10]}{changed}: {processor}, "
            f"{machine['usable_cores']} cores, {machine['memory_bytes'] / 2**30:.0f} GiB, {machine['system']}; "
            f"{versions}."
        )
    return "\n\n".join(lines)


# Figures


def _ends(estimates: Sequence[Mapping[str, Any]]) -> np.ndarray:
    """Return the distances from the median to both ends: shape (2, n)."""
    return np.array([[e["best"] - e["low"] for e in estimates], [e["high"] - e["best"] for e in estimates]])


def ratio_figure(rows: Sequence[Row]) -> Figure:
    """Draw a bar for each case and a mark where it was asked to be."""
    figure = new_figure(8.5, 1.2 + 0.7 * len(rows))
    axes = figure.add_subplot()
    at, ratios = np.arange(len(rows)), [row["ratio"] for row in rows]
    best = [ratio["best"] for ratio in ratios]
    axes.barh(at, best, 0.55, color="#BFDDF0", edgecolor="black", linewidth=0.8, label="measured, median")
    style = {"linestyle": "none", "color": "black", "capsize": 3, "linewidth": 1.2}
    axes.errorbar(best, at, xerr=_ends(ratios), label="lowest and highest pair", **style)
    asked = [row["reach"] for row in rows]
    axes.plot(asked, at, "D", color="#D55E00", markeredgecolor="black", markersize=8, label="asked, at most")
    axes.axvline(1.0, color="black", linewidth=0.8, linestyle=":", label="the product alone")
    right = max(*asked, *(ratio["high"] for ratio in ratios))
    for y, row in zip(at, rows, strict=True):
        axes.text(0.015 * right, y, f"{row['ratio']['best']:.2f} (asked {row['reach']:g})", va="center", fontsize=9)
    axes.set_yticks(at, labels=[row["case"].replace(", D", "\nD") for row in rows])
    axes.set(xlim=(0, 1.05 * right), xlabel="seconds a sample / seconds of its float32 product")
    axes.invert_yaxis()
    figure.legend(fontsize=8, loc="outside upper center", ncols=4)
    return figure


def growth_figure(rows: Sequence[Row]) -> Figure:
    """Draw the time over D, K and P with fitted exponents, rejection and enumeration beside it."""
    figure, measured = new_figure(9.5, 7.4), Series.all(rows)
    panels = (
        (("dimension",), "data dimension D", "seconds a sample"),
        (("points", "rejection"), "data points K", "seconds a sample"),
        (("prime",), "prime P", "seconds a sample"),
        (("enumeration",), "data dimension D", "seconds, table and 1,000 samples"),
    )
    for i, (names, x_label, y_label) in enumerate(panels):
        axes = figure.add_subplot(2, 2, i + 1)
        for name in names:
            if name in measured:
                _draw_series(axes, measured[name])
        axes.set(yscale="log", xlabel=x_label, ylabel=y_label)
        if "enumeration" not in names:
            axes.set_xscale("log")
        if axes.get_legend_handles_labels()[0]:
            axes.legend(fontsize=8, loc="upper left")
            low, high = axes.get_ylim()
            high *= (high / low) ** 0.3  # room for the legend
            axes.set_ylim(low, max(high, 30 * low))  # and little growth shall look little
        axes.grid(color="#DDDDDD", linewidth=0.5)
    return figure


def _draw_series(axes: Axes, series: Series) -> None:
    color, marker, dashes = STYLES[series.method]
    style = {"color": color, "marker": marker, "linestyle": "none", "capsize": 2}
    axes.errorbar(series.x, series.best, _ends(series.times), label=f"{series.method} ({series.fixed})", **style)
    if series.fit is None:
        return
    fit, x = series.fit, series.x[series.fitted]
    ends = f"[{fit.low:.2f}, {fit.high:.2f}]"
    if series.exponential:
        law, curve = f"{fit.best:.2f}^{series.size} {ends}", fit.best**x
    else:
        law, curve = f"{series.size}^{fit.best:.2f} {ends}", x**fit.best
    level = np.exp(np.mean(np.log(series.best[series.fitted] / curve)))
    axes.plot(x, level * curve, color=color, linestyle=dashes, linewidth=1.2, label=f"fit {law}")


def rivals_figure(rows: Sequence[Row]) -> Figure:
    """Draw a panel for each problem: time a sample for each sampler."""
    problems = list(dict.fromkeys(row["problem"] for row in rows))
    names = [name for name in STYLES if any(row["rival"] == name for row in rows)]
    figure = new_figure(3.3 * len(problems) + 1.5, 1.2 + 0.4 * len(names))
    shared: Axes | None = None
    for i, problem in enumerate(problems):
        axes = figure.add_subplot(1, len(problems), i + 1, sharey=shared, sharex=shared)
        shared = shared or axes
        for row in rows:
            if row["problem"] == problem:
                color, marker, _ = STYLES[row["rival"]]
                y, time = names.index(row["rival"]), row["per_sample"]
                axes.errorbar(time["best"], y, xerr=_ends([time]), color=color, marker=marker, capsize=3, markersize=7)
                text = {"xytext": (0, 7), "textcoords": "offset points", "ha": "center", "fontsize": 8}
                axes.annotate(seconds(time["best"]).text, (time["best"], y), **text)
        axes.set(xscale="log", title=problem, xlabel="seconds a sample")
        axes.title.set_fontsize(9)
        axes.grid(color="#DDDDDD", linewidth=0.5)
        axes.tick_params(labelleft=i == 0)
    assert shared is not None
    shared.set_yticks(range(len(names)), labels=names)
    shared.set_ylim(len(names) - 0.5, -0.7)
    low, high = shared.get_xlim()
    shared.set_xlim(low / 2, high * 2)  # room for the numbers
    return figure


def main() -> None:
    """Redraw records named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.figures", description="Redraw benchmark records.")
    parser.add_argument("records", nargs="+", type=Path, help="records.json of `make bench`; of several, newer counts")
    parser.add_argument("--out", type=Path, help="folder of the figures; else that of the last file named")
    arguments = parser.parse_args()
    folder = arguments.out or arguments.records[-1].parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        print(draw(arguments.records, folder))
    except InputError as error:
        sys.exit(f"{error}")


if __name__ == "__main__":
    main()
