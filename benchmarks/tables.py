"""Tables of benchmark records, a function for each group of benchmarks."""

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.laws import LARGE_TABLE, Series
from benchmarks.records import Row
from compare.report import Table
from compare.report.cells import estimate, seconds

__all__ = [
    "density_table",
    "engine_tables",
    "footprint_tables",
    "growth_tables",
    "neurons_table",
    "ratio_table",
    "rivals_table",
    "stages_table",
    "states_tables",
]


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


def states_tables(rows: Sequence[Row]) -> list[Table]:
    """Tabulate steps of neural states beside NetKet's, and what pruning runs by samples take."""
    steps, runs = ([row for row in rows if name in row] for name in ("netket", "run"))
    tables = [
        Table(
            "Neural states: processor time of a masked step",
            ("step", "ours", "asked", "NetKet's", "NetKet's / ours", "asked"),
            [
                (
                    row["case"],
                    _time(row["own"]),
                    f"<= {seconds(row['reach']).text}",
                    _time(row["netket"]),
                    f"{row['netket']['low'] / row['own']['low']:.1f}",
                    f">= {row['times']:g}",
                )
                for row in steps
            ],
            "Median [lowest, highest] over rounds, one thread, compiling apart; the ratio is of the lowest.",
        ),
        Table(
            "Neural states: processor time of a pruning run by samples",
            ("run", "seconds", "asked", "memory, MiB", "samples a step"),
            [
                (
                    row["case"],
                    f"{row['run']:,.0f}",
                    f"<= {row['reach']:,.0f}",
                    f"{row['bytes'] / 2**20:,.0f}",
                    f"{row['samples']:,}",
                )
                for row in runs
            ],
            "Added up from single steps at six numbers of weights, one thread; memory as predicted.",
        ),
    ]
    return [table for table in tables if table.rows]


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
