"""Whether crossings depend on who else is on the machine: ``python -m benchmarks.steady_crossings`` (`make steady`).

`tickets crossover` runs several times on the machine as it is, and as often beside processes that keep it busy, by
turns. Every crossing has an interval, from the first size that is possible to the first that leaves no doubt: those of
all runs have to overlap, and what never crosses in one crosses in none. The table says which do; the exit code is 1 if
one does not.

Runs are kept in a folder each, and what is finished is not run again: the same command goes on where it was stopped.
Only the times that crossings are computed from are measured in each: counts of circuits are the same in every run, and
curves of samplers that nothing is held against come after the others, so the first run's stand for all. What follows
``--`` are flags of `tickets crossover`; default settings take half an hour in all.
"""

import argparse
import contextlib
import json
import math
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from compare.durable import write_file
from compare.engine.folder import RECORDS
from compare.engine.runs import Runs
from compare.machines import Crossing
from compare.machines.words import size_text
from compare.studies.ridgelet.crossover.sides import Sides
from compare.studies.ridgelet.crossover.study import RIVALS, STUDY
from problems.errors import InputError, whole_number

__all__ = ["contradiction", "interval", "measured", "share_rest"]

IDLE, BUSY = "idle", "busy"

SPIN = "while True: sum(range(1000))"
"""The program of a busy process."""

Crossings = Mapping[tuple[Any, ...], Crossing]


def interval(found: Crossing) -> tuple[float, float]:
    """Return the first size that a crossing leaves possible and the first without doubt; inf where there is none."""
    return tuple(math.inf if size is None else float(size) for size in (found.low, found.high))  # type: ignore[return-value]


def contradiction(found: Sequence[Crossing | None]) -> str:
    """Say in words how the same crossing differs between runs; empty if it does not.

    Parameters
    ----------
    found
        The crossing in each run; None where a run has none of that name.
    """
    known = [one for one in found if one is not None]
    if len(known) < len(found):
        return f"in {len(known)} of {len(found)} runs"
    if len({one.start is None for one in known}) > 1:
        return "never in some runs"
    lows, highs = zip(*map(interval, known), strict=True)
    return "intervals exclude each other" if max(lows) > min(highs) and max(lows) < math.inf else ""


def measured(runs: Mapping[str, Crossings]) -> tuple[list[tuple[str, ...]], int]:
    """Return the rows of the table, and how many crossings differ between runs.

    Parameters
    ----------
    runs
        The crossings of each run by its name, "idle-1", "busy-1".
    """
    rows, differing = [], 0
    for key in dict.fromkeys(key for found in runs.values() for key in found):
        wrong = contradiction([found.get(key) for found in runs.values()])
        differing += bool(wrong)
        of = {kind: [found.get(key) for name, found in runs.items() if name.startswith(kind)] for kind in (IDLE, BUSY)}
        rows.append((*map(str, key), *(", ".join(map(_text, of[kind])) for kind in (IDLE, BUSY)), wrong or "the same"))
    return rows, differing


def _text(found: Crossing | None) -> str:
    if found is None:
        return "-"
    low, high = (size_text(size) if size is not None else "never" for size in (found.low, found.high))
    return f"{'never' if found.start is None else size_text(found.start)} [{low}, {high}]"


@contextlib.contextmanager
def _beside(processes: int) -> Iterator[None]:
    """Keep the machine busy with so many processes."""
    started = [subprocess.Popen([sys.executable, "-c", SPIN]) for _ in range(processes)]
    try:
        yield
    finally:
        for process in started:
            process.kill()
            process.wait()


def _run(folder: Path, processes: int, flags: Sequence[str]) -> Crossings:
    """Run the crossover in a folder, or what is left of it, and return its crossings."""
    command = [sys.executable, "-m", "compare", STUDY.name, "--out", str(folder), *flags]
    if not _finished(folder):
        print(f"{folder}: beside {processes} busy processes", file=sys.stderr, flush=True)
        with _beside(processes):
            done = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
        if done.returncode or not _finished(folder):
            raise InputError(f"{folder}: tickets {STUDY.name} ended with code {done.returncode}; see what it said.")
    runs = Runs.read(STUDY, folder)
    return Sides.of(runs, runs.settings).crossings


def share_rest(finished: Path, folder: Path) -> None:
    """Copy what no crossing takes its time from out of a finished run into the folder of one that has not begun.

    Parameters
    ----------
    finished, folder
        The folder of a finished run, and that of one to come; one with records is left alone.
    """
    if (folder / RECORDS).exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    lines = (finished / RECORDS).read_bytes().splitlines(keepends=True)
    write_file(folder / RECORDS, b"".join(line for line in lines if not _decides(json.loads(line))))


def _decides(record: Mapping[str, Any]) -> bool:
    """Tell whether a record is a time that crossings are computed from."""
    timed = {kind.name for kind in STUDY.kinds if kind.timed}
    return record["kind"] in timed and record["settings"].get("method", RIVALS[0]) in RIVALS


def _finished(folder: Path) -> bool:
    """Tell whether all that was asked for in a folder has a record."""
    try:
        return not Runs.read(STUDY, folder).missing
    except InputError:
        return False


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is left, print the table, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.steady_crossings", description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=5, help="runs of each kind, idle and busy; 5 if left out")
    parser.add_argument("--beside", type=int, default=4, help="busy processes beside a run; 4 if left out")
    parser.add_argument("--out", type=Path, default=Path("runs/steady"), help="folder; runs/steady if left out")
    parser.add_argument("flags", nargs="*", help="flags of tickets crossover, after --")
    given = parser.parse_args(arguments)
    try:
        count, beside = whole_number("runs", given.runs, 1), whole_number("beside", given.beside, 1)
        order = [(f"{kind}-{number}", kind) for number in range(1, count + 1) for kind in (IDLE, BUSY)]
        found: dict[str, Crossings] = {}
        for name, kind in order:
            if found:
                share_rest(given.out / next(iter(found)), given.out / name)
            found[name] = _run(given.out / name, beside if kind == BUSY else 0, given.flags)
    except InputError as error:
        print(f"steady crossings: {error}", file=sys.stderr)
        return 2
    rows, differing = measured(found)
    titles = ("over", "P", "machine", "loader", "against", "idle", f"beside {beside} busy processes", "")
    widths = [max(len(row[place]) for row in (titles, *rows)) for place in range(len(titles))]
    for row in (titles, *rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    print(f"{differing} of {len(rows)} crossings differ between {len(found)} runs.")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
