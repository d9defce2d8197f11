"""The page of runs on devices: a row a run, what each took, cost and gave, and the studies' numbers over time."""

import contextlib
import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from compare.durable import make_folder, write_file
from compare.engine.provenance import provenance
from compare.hardware.bill import money
from compare.hardware.drift import Drift, drifts, sentence
from compare.hardware.gather import JobRow, RunRow, numbers_of
from compare.hardware.record import now
from compare.report import Card, Cell, Picture, Report, Section, Table, write_report
from compare.report.cells import MISSING, count, estimate, number, pvalue, seconds, share, so_many
from compare.report.styles import Style, styles
from compare.report.views import Axis, Chart, Panel, Points, picture
from compare.statistics import Estimate

__all__ = ["TITLE", "card_sentences", "hardware_report", "plain_rows", "write_hardware"]

TITLE = "Runs on devices, over time"

SHOWN = 300
"""Jobs that a table lists; `hardware.json` beside the page has all of them."""

PANELS = 12
"""Panels of a picture; tables have the rest."""

ASIDE = 0.012
"""Mitigated points are drawn beside those as read, by this part of the time that all points take."""

TICKS = 4
"""Moments that are written at an axis of time."""

CAPTION = (
    "Filled: as read. Open: the same shots with readout mitigated by the calibration that the run was submitted with. "
    "Intervals: 95% over the shots. Time is UTC: the submission and the time in the queue as the service tells it, or "
    "when a run was simulated here."
)

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
    if known:
        about = (
            "Circuits that were run in several rounds. Their outcomes are held against one law for all rounds by a "
            "chi-square of homogeneity, rare outcomes pooled, corrected by Holm for the number of circuits; and the "
            "study's number against one number for all. A test that sees nothing says so of its own size alone."
        )
        sections.append(Section("Drift", [about], list(map(sentence, known)), pictures=_drift_picture(known)))
    missing = [f"{row.name}: {note}" for row in rows for note in _notes(row)]
    if missing:
        sections.append(Section("What is missing", findings=missing))
    run = {"kind": "hardware", "asks": [], "started": now(), "settings": {"runs": [row.name for row in rows]}}
    card = Card(_over_time(rows), _sentences(rows, known))
    return Report(TITLE, card, sections, run | provenance(), renewed=command)


def card_sentences(rows: Sequence[RunRow]) -> list[str]:
    """Return the sentences that the page opens with."""
    return _sentences(rows, drifts(rows))


def row_names(rows: Sequence[RunRow]) -> dict[Path, str]:
    """Return what each run is called: its name, and its folder's where two have one name."""
    names = [row.name for row in rows]
    return {row.path: row.name if names.count(row.name) == 1 else f"{row.path.parent.name}/{row.name}" for row in rows}


def plain_rows(rows: Sequence[RunRow]) -> list[dict[str, Any]]:
    """Return all that the page shows of runs, as JSON has it; None where not known."""
    return [
        {
            "run": row.name,
            "study": row.study,
            "device": row.device,
            "vendor": row.vendor,
            "simulated": row.simulated,
            "calibrated": row.calibrated,
            "submitted": row.submitted,
            "shots": row.shots,
            "money": None if row.bill is None else (0.0 if row.simulated else row.bill.total),
            "currency": None if row.bill is None else row.bill.currency,
            "prices": None if row.bill is None else row.bill.date,
            "notes": _notes(row),
            "jobs": [_plain_job(job) for job in row.jobs],
        }
        for row in rows
    ]


def _plain_job(job: JobRow) -> dict[str, Any]:
    ends = {name: _plain_estimate(found) for name, found in (("raw", job.raw), ("mitigated", job.mitigated))}
    return {
        "job": job.job,
        "round": job.round,
        "about": job.about,
        "state": job.state,
        "when": None if job.when is None else job.when.isoformat(),
        "qubits": job.qubits,
        "two_qubit_gates": job.gates,
        "two_qubit_gates_by_service": job.compiled,
        "expected": job.expected,
        "shots": job.shots,
        "queue": job.queue,
        "execution": job.execution,
        "fetched": job.fetched,
        "number": job.number or None,
        "perfect": job.perfect,
        "fit": job.pvalue,
        **ends,
    }


def _plain_estimate(found: Estimate | None) -> dict[str, Any] | None:
    if found is None:
        return None
    ends = {name: getattr(found, name) for name in ("low", "best", "high")}
    return {name: one if abs(one) < float("inf") else None for name, one in ends.items()}


def _notes(row: RunRow) -> list[str]:
    """Return what is missing of a run and its jobs, without the folders of the machine that it is on."""
    every = dict.fromkeys([*row.notes, *(note for job in row.jobs for note in job.notes)])
    return [note.replace(f"{row.path.parent}{os.sep}", "") for note in every]


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
    return f"{names[row.path]} {job.job}"


def _circuits(rows: Sequence[RunRow]) -> Table:
    """Return what each circuit is, in words, by the job of its first round."""
    names = row_names(rows)
    lines: list[list[Cell | str]] = [
        [_named(row, job, names), so_many(row.rounds, "round"), job.about]
        for row in rows
        for job in row.jobs
        if job.round == row.jobs[0].round
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


def _over_time(rows: Sequence[RunRow]) -> Picture | None:
    """Draw every number over time, a panel for each and a style for each device."""
    found = numbers_of(rows)
    if not found:
        return None
    looks = styles(dict.fromkeys(row.device or "?" for row in rows))
    panels = []
    for name, some in list(found.items())[:PANELS]:
        by_device: dict[str, list[JobRow]] = {}
        for row, job in some:
            by_device.setdefault(row.device or "?", []).append(job)
        span = _span([job for _, job in some])
        marks = [one for device, jobs in by_device.items() for one in _marks(jobs, device, looks[device], span)]
        panels.append(_panel(name, marks, [job for _, job in some]))
    return picture("over-time", Chart(panels, columns=2), CAPTION)


def _drift_picture(known: Sequence[Drift]) -> list[Picture]:
    """Draw the number of each circuit over its rounds."""
    drawn = [one for one in known if any(job.raw is not None and job.when is not None for job in one.jobs)]
    if not drawn:
        return []
    looks = styles(dict.fromkeys(one.run.device or "?" for one in drawn))
    panels = []
    for one in drawn[:PANELS]:
        device = one.run.device or "?"
        marks = _marks(one.jobs, device, looks[device], _span(one.jobs), line=True)
        panels.append(_panel(f"{one.jobs[0].number}, {one.run.name} {one.jobs[0].job}", marks, one.jobs))
    return [picture("drift", Chart(panels, columns=2), f"Each circuit over its rounds. {CAPTION}")]


def _span(jobs: Sequence[JobRow]) -> float:
    """Return the hours from the first to the last of some jobs."""
    moments = [_hours(job.when) for job in jobs if job.when is not None]
    return max(moments, default=0.0) - min(moments, default=0.0)


def _marks(jobs: Sequence[JobRow], label: str, style: Style, span: float, line: bool = False) -> list[Points]:
    """Return the points of a device as read, and those of the same shots mitigated, drawn aside by part of a span."""
    marks, aside = [], ASIDE * span
    for hollow in (False, True):
        found = [
            (_hours(job.when), one)
            for job in jobs
            if job.when is not None and (one := job.mitigated if hollow else job.raw) is not None
        ]
        found.sort(key=lambda pair: pair[0])
        if found:
            ends = [(one.low, one.best, one.high) for _, one in found]
            marks.append(
                Points(
                    [at + hollow * aside for at, _ in found],
                    [best for _, best, _ in ends],
                    [low for low, _, _ in ends],
                    [high for _, _, high in ends],
                    f"{label}, mitigated" if hollow else label,
                    style,
                    hollow=hollow,
                    thin=hollow,
                    line=line,
                    stand=[at for at, _ in found],
                )
            )
    return marks


def _panel(title: str, marks: Sequence[Points], jobs: Sequence[JobRow]) -> Panel:
    moments = [job.when for job in jobs if job.when is not None]
    return Panel(title, marks, x=_time_axis(min(moments), max(moments)), y=Axis(""))


EPOCH = datetime.fromisoformat("2020-01-01T00:00:00+00:00")


def _hours(moment: datetime) -> float:
    return (moment - EPOCH).total_seconds() / 3600


def _time_axis(first: datetime, last: datetime) -> Axis:
    """Return an axis of hours with moments written at it: days, or hours of a day where there are few."""
    low, high = _hours(first), _hours(last)
    room = max(0.06 * (high - low), 0.01)
    span = high - low
    form = "%d %b %Y" if span > 72 else "%d %b %H:%M" if span > 0.5 else "%H:%M:%S"
    places = [low + span * step / (TICKS - 1) for step in range(TICKS)] if span > 0.02 else [low]
    ticks = {place: (EPOCH + timedelta(hours=place)).strftime(form) for place in places}
    return Axis("time (UTC)", ticks={**ticks}, low=low - room, high=high + room)


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
