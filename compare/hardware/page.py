"""The page of runs on devices: a row a run, what each took, cost and gave, and the studies' numbers over time."""

import contextlib
import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from compare.durable import make_folder, write_file
from compare.engine.provenance import provenance
from compare.hardware.averages_page import averages_section
from compare.hardware.bill import money
from compare.hardware.drift import Drift, drifts, sentence
from compare.hardware.gather import numbers_of
from compare.hardware.pictures import EPOCH, over_rounds, over_time
from compare.hardware.plain_rows import notes_of, plain_rows
from compare.hardware.record import now
from compare.hardware.rows import JobRow, RunRow
from compare.report import Card, Cell, Report, Section, Table, write_report
from compare.report.cells import MISSING, count, estimate, number, pvalue, seconds, share, so_many

__all__ = ["TITLE", "card_sentences", "hardware_report", "plain_rows", "write_hardware"]

TITLE = "Runs on devices, over time"

SHOWN = 300
"""Jobs that a table lists; `hardware.json` beside the page has all of them."""

COUNTED = (
    "Gates here: two-qubit gates as compiled here. By the service: as it says that it compiled the circuit; a dash is "
    "not known. Seconds as the service tells them: in the queue, on the device; and to bring the answer here."
)

NUMBERS = (
    "The number that each study judges a device by, with its 95% interval over the shots. Mitigated: the same shots, "
    "readout errors undone by the calibration kept with the run; nothing is cut off, so it may be above 1. Perfect: "
    "without noise. Fit: p-value of the hypothesis that the shots are those of a device without noise. Expected: the "
    "product of 1 - error over gates and measurements, which is a rough scale."
)


def write_hardware(rows: Sequence[RunRow], folder: Path, command: str) -> Path:
    """Write the page and its pictures into a folder, and beside it `hardware.json`, all numbers as plain data.

    Parameters
    ----------
    rows
        As of `compare.hardware.gather.gather`.
    folder
        Made if it is not there.
    command
        Makes the page anew.

    Raises
    ------
    NotWritten, InputError
        If it cannot be written.
    """
    make_folder(folder)
    write_file(folder / "hardware.json", f"{json.dumps(plain_rows(rows), indent=1, allow_nan=False)}\n".encode())
    return write_report(hardware_report(rows, folder, command), folder)


def hardware_report(rows: Sequence[RunRow], folder: Path, command: str) -> Report:
    """Return the report on runs, made of their records alone.

    Parameters
    ----------
    rows
        At least one.
    folder
        Where the page will stand: links to reports and records start there.
    command
        Makes the page anew.
    """
    known = drifts(rows)
    sections = [Section("Runs", findings=_costs(rows), tables=[_runs(rows, folder)])]
    jobs = [(row, job) for row in rows for job in row.jobs]
    if jobs:
        tables = [_circuits(rows), _taken(jobs, row_names(rows))]
        sections.append(Section("What each circuit took", tables=tables))
    numbers = [(row, job) for row, job in jobs if job.raw is not None]
    if numbers:
        sections.append(Section("What came out", tables=[_numbers(numbers, row_names(rows))]))
    averages = averages_section(rows, row_names(rows))
    if averages is not None:
        sections.append(averages)
    if known:
        about = (
            "Circuits that were run in several rounds. Their outcomes are held against one law for all rounds by a "
            "chi-square of homogeneity, rare outcomes pooled, corrected by Holm for the number of circuits; and the "
            "study's number against one number for all. A test that sees nothing says so of its own size alone."
        )
        sections.append(Section("Drift", [about], list(map(sentence, known)), pictures=over_rounds(known)))
    missing = [f"{row.name}: {note}" for row in rows for note in notes_of(row)]
    if missing:
        sections.append(Section("What is missing", findings=missing))
    run = {"kind": "hardware", "asks": [], "started": now(), "settings": {"runs": [row.name for row in rows]}}
    card = Card(over_time(rows), _sentences(rows, known))
    return Report(TITLE, card, sections, run | provenance(), renewed=command)


def card_sentences(rows: Sequence[RunRow]) -> list[str]:
    """Return the sentences that the page opens with."""
    return _sentences(rows, drifts(rows))


def row_names(rows: Sequence[RunRow]) -> dict[Path, str]:
    """Return what each run is called: its name, and its folder's where two have one name."""
    names = [row.name for row in rows]
    return {row.path: row.name if names.count(row.name) == 1 else f"{row.path.parent.name}/{row.name}" for row in rows}


def _link(path: Path, folder: Path) -> str:
    """Return the address of a file from a page's folder; a colon in it begins no scheme."""
    return quote(Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix())


def _runs(rows: Sequence[RunRow], folder: Path) -> Table:
    names = row_names(rows)
    lines: list[list[Cell | str]] = []
    for row in rows:
        done = sum(job.state == "done" for job in row.jobs)
        study = row.study or "-"
        lines.append(
            [
                Cell(names[row.path], names[row.path], _link(row.path / "run.json", folder)),
                Cell(study, study, _link(row.report, folder) if row.report is not None else ""),
                row.device or "-",
                "simulated here" if row.simulated else row.vendor or "-",
                _day(row.calibrated),
                _day(row.submitted, 16),
                Cell(f"{done} of {len(row.jobs)}", done) if row.jobs else MISSING,
                count(row.shots) if row.jobs else MISSING,
                _cost(row),
            ]
        )
    note = (
        "A run leads to its record, a study to its report where it stands beside. Calibrated: the date of the "
        "calibration that the circuits were compiled for. Cost: as expected before submission, by the user's prices of "
        "the date that stands with it; a dash: no prices were given."
    )
    columns = ["run", "study", "device", "vendor", "calibrated", "submitted (UTC)", "jobs done", "shots", "cost"]
    return Table("Every run", columns, lines, note)


def _day(moment: str | None, letters: int = 10) -> Cell:
    """Write the first letters of a moment, in UTC where it says its zone; devices state theirs in any."""
    if not moment:
        return MISSING
    with contextlib.suppress(ValueError, OverflowError):
        known = datetime.fromisoformat(moment)
        moment = moment if known.tzinfo is None else known.astimezone(UTC).isoformat()
    return Cell(moment[:letters].replace("T", " "), moment)


def _cost(row: RunRow) -> Cell:
    bill = row.bill
    if row.simulated:
        return Cell("nothing", 0.0)
    if bill is None:
        return MISSING
    amount = bill.total
    return Cell("not known") if amount is None else Cell(f"{money(amount, bill.currency)} ({bill.date})", amount)


def _costs(rows: Sequence[RunRow]) -> list[str]:
    """Say what all runs together were expected to cost, by currency and date of the prices."""
    sums: dict[tuple[str, str], list[float]] = {}
    unknown = 0
    for row in rows:
        if row.simulated or row.device is None:
            continue
        if row.bill is None or row.bill.total is None:
            unknown += 1
        else:
            sums.setdefault((row.bill.currency, row.bill.date), []).append(row.bill.total)
    said = [
        f"{so_many(len(some), 'run')} by prices of {date}: {money(sum(some), currency)}, as expected before submission."
        for (currency, date), some in sums.items()
    ]
    if unknown:
        said.append(f"The cost of {so_many(unknown, 'run')} is not known.")
    return said


def _named(row: RunRow, job: JobRow, names: dict[Path, str]) -> str:
    return f"{names[row.path]} {job.job}{f' ({job.way})' if job.way else ''}"


def _circuits(rows: Sequence[RunRow]) -> Table:
    """Return what each circuit is, in words, by the job of its first round."""
    names = row_names(rows)
    lines: list[list[Cell | str]] = [
        [_named(row, job, names), so_many(row.rounds, "round"), job.about]
        for row in rows
        for job in row.jobs
        if job.round == row.jobs[0].round and not job.way
    ]
    note = f"By its job in the first round.{_more(len(lines))}"
    return Table("Every circuit", ["job", "rounds", "circuit"], lines[:SHOWN], note)


def _taken(jobs: Sequence[tuple[RunRow, JobRow]], names: dict[Path, str]) -> Table:
    lines: list[list[Cell | str]] = [
        [
            _named(row, job, names),
            job.state,
            count(job.qubits),
            count(job.gates),
            count(job.compiled),
            count(job.shots),
            seconds(job.queue),
            seconds(job.execution),
            seconds(job.fetched),
        ]
        for row, job in jobs[:SHOWN]
    ]
    columns = [
        "job",
        "state",
        "qubits",
        "gates here",
        "by the service",
        "shots",
        "queue",
        "device",
        "result",
    ]
    return Table("Every job", columns, lines, COUNTED + _more(len(jobs)), folded=len(jobs) > 40)


def _numbers(jobs: Sequence[tuple[RunRow, JobRow]], names: dict[Path, str]) -> Table:
    lines: list[list[Cell | str]] = [
        [
            _named(row, job, names),
            row.device or "-",
            _day(None if job.when is None else job.when.isoformat(), 16),
            job.number,
            estimate(job.raw),
            estimate(job.mitigated),
            number(job.perfect),
            pvalue(job.pvalue),
            share(job.expected),
        ]
        for row, job in jobs[:SHOWN]
    ]
    columns = ["job", "device", "measured (UTC)", "number", "as read", "mitigated", "perfect", "fit", "expected"]
    return Table("Every result", columns, lines, NUMBERS + _more(len(jobs)), folded=len(jobs) > 40)


def _more(jobs: int) -> str:
    return f" The first {SHOWN} of {jobs:,}; hardware.json beside this page has all." if jobs > SHOWN else ""


def _sentences(rows: Sequence[RunRow], known: Sequence[Drift]) -> list[str]:
    jobs = [job for row in rows for job in row.jobs]
    done = sum(job.state == "done" for job in jobs)
    devices = {row.device for row in rows if row.device is not None}
    simulated = sum(row.simulated for row in rows)
    here = f", {simulated} of them simulated here" if simulated else ""
    results = "has its result" if len(jobs) == 1 else "have their results"
    where = f"{so_many(len(rows), 'run')} on {so_many(len(devices), 'device')}{here}"
    said = [f"{where}: {done:,} of {so_many(len(jobs), 'job')} {results}."]
    found = numbers_of(rows)
    if found:
        name, some = max(found.items(), key=lambda item: len(item[1]))
        row, job = max(some, key=lambda pair: pair[1].when or EPOCH)
        undone = "" if job.mitigated is None else f", {estimate(job.mitigated)} with readout mitigated"
        said.append(f"The newest {name}, on {row.device}: {estimate(job.raw)} as read{undone} ({job.about}).")
    if known:
        seen = sum(one.seen for one in known)
        tested = sum(one.outcomes is not None for one in known)
        said.append(
            f"Of {so_many(tested, 'circuit')} run in rounds, {seen or 'none'} changed from round to round "
            "(chi-square of homogeneity, corrected by Holm)."
        )
    elif costs := _costs(rows):
        said.append(costs[0])
    return said
