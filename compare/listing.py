"""The commands `tickets list` and `tickets runs`: what there is to be named, and what has been run."""

import json
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from compare.options import LOOK
from compare.streams import printable
from compare.studies import STUDIES
from problems.errors import InputError, choose
from problems.names import DATASETS, FUNCTIONS

# Names are there without what they name: nothing here imports Qiskit or scikit-learn.

__all__ = ["TOPICS", "register", "run_names"]

Entry = Mapping[str, Any]

OUT = Annotated[Path, typer.Option(help="Folder that holds the runs.")]
JSON = Annotated[bool, typer.Option("--json", help="Print a list of objects.")]
CSV = Annotated[bool, typer.Option("--csv", help="Print lines of values separated by commas.")]

RUNS = Path("runs")

RUN_COLUMNS = (
    "run", "study", "status", "tasks", "backend", "jobs", "done", "failed", "shots", "money", "currency", "prices",
    "started",
)  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""

    @app.command("list", rich_help_panel=LOOK)
    def list_names(
        topic: Annotated[
            str,
            typer.Argument(
                metavar="TOPIC", help=f"One of: {', '.join(TOPICS)}.", show_default=False, autocompletion=_topics
            ),
        ] = "",
        out: OUT = RUNS,
        as_json: JSON = False,
        as_csv: CSV = False,
    ) -> None:
        """List what there is: data sets, samplers, encodings, devices, studies, or your runs."""
        if not topic:
            raise InputError(f"No topic is named; give one of: {', '.join(TOPICS)}.")
        entries = choose("topic", topic, TOPICS)(out)
        _print(entries, as_json, as_csv, f"There are no {topic}.")

    @app.command(rich_help_panel=LOOK)
    def runs(out: OUT = RUNS, as_json: JSON = False, as_csv: CSV = False) -> None:
        """List the runs of a folder, those of studies and those on devices, by what is on disk."""
        if out != RUNS and not out.exists() and not (as_json or as_csv):  # programs take an empty list
            raise InputError(
                f"{out} cannot be read (there is no such folder); name the folder of your runs with --out."
            )
        _print(_runs(out), as_json, as_csv, f"{out} holds no runs yet; `tickets list studies` says what can be run.")


def run_names(incomplete: str) -> list[str]:
    """Return the hardware runs below runs/ whose names begin so, for the completion of a command line."""
    return [one["run"] for one in _hardware(RUNS) if one["run"].startswith(incomplete)]


def _topics(incomplete: str) -> list[str]:
    return [topic for topic in TOPICS if topic.startswith(incomplete)]


def _datasets(out: Path) -> list[Entry]:
    kinds = (("real data", DATASETS), ("function on Z_P^D", FUNCTIONS))
    return [
        {"name": name, "kind": kind, "about": words} for kind, table in kinds for name, words in sorted(table.items())
    ]


def _samplers(out: Path) -> list[Entry]:
    from compare.studies.ridgelet.methods import METHODS

    return [
        {
            "name": name,
            "law": method.law,
            "kind": "peer" if method.peer else "sampler",
            "about": method.label,
        }
        for name, method in METHODS.items()
    ]


def _encodings(out: Path) -> list[Entry]:
    from quantum.names import ENCODINGS

    return [{"name": name, "about": words} for name, words in ENCODINGS.items()]


def _devices(out: Path) -> list[Entry]:
    from quantum.names import SIMULATORS, snapshot_names

    entries: list[Entry] = [{"name": name, "kind": "simulator", "about": words} for name, words in SIMULATORS.items()]
    try:
        names = snapshot_names()
    except InputError as error:
        return [*entries, {"name": "fake_...", "kind": "snapshot", "about": str(error)}]
    entries += [
        {"name": name, "kind": "snapshot", "about": "a device as it once was, with its noise"} for name in names
    ]
    about = "a device of IBM's, reached with the account that is saved"
    return [*entries, {"name": "ibm_...", "kind": "device", "about": about}]


def _studies(out: Path) -> list[Entry]:
    return [
        {"name": name, "presets": ", ".join(about.presets), "about": about.summary}
        for name, about in ((name, STUDIES.about(name)) for name in STUDIES)
    ]


def _runs(out: Path) -> list[Entry]:
    """Return all runs below a folder, oldest first, of one second by name; unreadable ones first, with a reason."""
    from compare.engine.standing import standing, study_folders

    if out.exists() and not out.is_dir():
        raise InputError(f"--out {out} is a file; name the folder of your runs.")
    found = [{"run": _relative(folder, out), **standing(folder)} for folder in study_folders(out)]
    every = [{**dict.fromkeys(RUN_COLUMNS), **one} for one in [*found, *_hardware(out)]]
    return sorted(every, key=lambda one: (str(one["started"] or ""), str(one["run"])))


def _relative(folder: Path, out: Path) -> str:
    return str(folder) if folder == out else str(folder.relative_to(out))


def _hardware(out: Path) -> list[dict[str, Any]]:
    if not out.is_dir() or not any((*out.glob("*/run.json"), *out.glob("*/*/run.json"))):
        return []  # nothing of devices is imported
    from compare.hardware.listing import list_runs

    return list_runs(out)


TOPICS: Mapping[str, Callable[[Path], Sequence[Entry]]] = {
    "datasets": _datasets,
    "samplers": _samplers,
    "encodings": _encodings,
    "devices": _devices,
    "studies": _studies,
    "runs": _runs,
}
"""Lists by name, each a function of the folder of the runs."""


def _print(entries: Sequence[Entry], as_json: bool, as_csv: bool, nothing: str) -> None:
    """Print entries as JSON, as CSV or as lines of columns; where there are none, `nothing`."""
    if as_json and as_csv:
        raise InputError("Both --json and --csv are given; give one.")
    if as_json:
        print(json.dumps(list(entries), indent=1, default=str))
        return
    columns = [
        name for name in dict.fromkeys(name for one in entries for name in one) if name not in ("reason", "job_ids")
    ]
    rows = [[_written(one.get(name)) for name in columns] for one in entries]
    if as_csv:
        from compare.report.export import csv_text
        from compare.report.table import Table

        print(csv_text(Table("", columns, rows)), end="")
    elif not entries:
        print(printable(nothing))
    else:
        _columns(columns, rows)
        for one in entries:
            if "reason" in one:
                print(printable(f"{one['run']}: {one['reason']}"))


def _columns(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print columns of text; on a terminal the last is cut to its width, elsewhere nothing is."""
    shown = [[cell or "-" for cell in row] for row in rows]
    kept = [i for i in range(len(columns)) if any(row[i] != "-" for row in shown)]
    lines = [[columns[i] for i in kept], *([row[i] for i in kept] for row in shown)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(kept))]
    room = _room()
    for line in lines:
        text = printable("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))).rstrip()
        print(text[: room - 1] + "…" if room and len(text) > room else text)


def _room() -> int:
    """Return how many letters a line has on a terminal; 0 elsewhere."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 0


def _written(value: Any) -> str:
    return "" if value is None else str(value)
