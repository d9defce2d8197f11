"""Figures and tables of benchmark records: ``python -m benchmarks.figures RECORDS.json [MORE.json ...]`` redraws them.

Of several files the newer measurement of a benchmark counts. Everything is drawn beside the last file named, or in the
folder that ``--out`` names: `ratio.svg`, `growth.svg`, `rivals.svg` and `summary.md`. Readable in black and white.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.circuit_tables import circuits_tables, estimates_tables, loaders_tables, rotations_tables
from benchmarks.fits_table import fits_table
from benchmarks.pictures import growth_figure, ratio_figure, rivals_figure
from benchmarks.records import load
from benchmarks.tables import (
    density_table,
    engine_tables,
    footprint_tables,
    growth_tables,
    neurons_table,
    ratio_table,
    rivals_table,
    stages_table,
    states_tables,
)
from compare.report import Table
from problems.errors import InputError

__all__ = ["draw"]


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
    tables += fits_table(rows["fits"]) if "fits" in rows else []
    tables += stages_table(rows["stages"]) if "stages" in rows else []
    tables += engine_tables(rows["engine"]) if "engine" in rows else []
    tables += neurons_table(rows["neurons"]) if "neurons" in rows else []
    tables += states_tables(rows.get("states", []))
    tables += circuits_tables(rows.get("circuits", []))
    tables += loaders_tables(rows.get("loaders", []))
    tables += rotations_tables(rows.get("rotations", []))
    tables += estimates_tables(rows.get("estimates", []))
    tables += footprint_tables(rows.get("footprint", []))
    text = "\n\n".join([_header(found["sources"]), *map(_markdown, tables)]) + "\n"
    (folder / "summary.md").write_text(text, encoding="utf-8")
    return text


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
