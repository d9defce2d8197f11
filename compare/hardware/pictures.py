"""The pictures of the page of runs: every number over time, and the number of a circuit over its rounds."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from compare.hardware.drift import Drift
from compare.hardware.gather import numbers_of
from compare.hardware.rows import JobRow, RunRow
from compare.report import Picture
from compare.report.styles import Style, styles
from compare.report.views import Axis, Chart, Panel, Points, picture

__all__ = ["EPOCH", "over_rounds", "over_time"]

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


def over_time(rows: Sequence[RunRow]) -> Picture | None:
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


def over_rounds(known: Sequence[Drift]) -> list[Picture]:
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
