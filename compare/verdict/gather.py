"""Rows of the verdict: each study that has a door, what its records say, and what is missing."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from compare.claims import Claim
from compare.engine.ask import read_asks
from compare.engine.kind import imported
from compare.engine.plain import canonical, plain
from compare.engine.record import Record
from compare.engine.runs import Runs
from compare.engine.session import run_study
from compare.engine.study import Study
from compare.report import Report
from compare.report.cells import so_many
from compare.unfinished import Unfinished
from problems.errors import InputError

__all__ = ["PRESET", "Row", "claiming", "gather", "read_row"]

PRESET = "verdict"
"""Settings of a study of at most three minutes, made of the same tasks as its full run."""

FAULTS = (ArithmeticError, AttributeError, ImportError, LookupError, RecursionError, TypeError, ValueError)
"""Errors that records of impossible things raise, where a claim or a report is made of them; and doors that are not
there."""


@dataclass(frozen=True)
class Row:
    """A row of the verdict.

    Attributes
    ----------
    study, title
        The study's name and heading.
    claim
        What its records say; None if nothing is known.
    notes
        What is missing, in sentences: failures, other versions, other machines.
    report
        The study's report, if there is one.
    records
        Its records by hash.
    folder
        Where they are.
    """

    study: str
    title: str
    claim: Claim | None = None
    notes: Sequence[str] = ()
    report: Report | None = None
    records: Mapping[str, Record] = field(default_factory=dict, repr=False)
    folder: Path = Path()

    @property
    def full(self) -> str:
        """The command of the full run."""
        return f"tickets {self.study}"

    @property
    def again(self) -> str:
        """The command that makes what this row needs."""
        return f"tickets {self.study} --preset {PRESET}"


def claiming(studies: Mapping[str, Study]) -> list[Study]:
    """Return the studies that have a door."""
    return [study for study in studies.values() if study.claim is not None]


def gather(
    studies: Iterable[Study],
    root: Path,
    run: bool = True,
    workers: int = 1,
    progress: bool = True,
    tell: Callable[[str], object] = lambda sentence: None,
) -> list[Row]:
    """Return a row for each study.

    Parameters
    ----------
    studies
        Those with a door.
    root
        Holds a folder for each of them, by its name.
    run
        Whether to run what has no record yet.
    workers
        Tasks at the same time.
    progress
        Whether to show bars.
    tell
        Called with a sentence on each study, before it is run.

    Returns
    -------
    list
        Also of studies that failed, and of those that were never run: their rows say so.
    """
    rows = []
    for study in studies:
        folder, failed = root / study.name, []
        if run:
            tell(f"{study.title} ({study.name})")
            try:
                run_study(study, {}, folder, workers, None, progress, PRESET if PRESET in study.presets else None)
            except (InputError, Unfinished) as error:
                failed.append(f"It did not run: {error}")
            except Exception as error:  # whatever one study raises, the other rows stand
                failed.append(f"It did not run ({type(error).__name__}: {error}).")
        rows.append(read_row(study, folder, failed))
    return _apart(rows)


def _apart(rows: Sequence[Row]) -> list[Row]:
    """Return rows in which those of another machine, or of other versions, than most of them say so."""
    found = list(rows)
    for part, words in (("machine", "another machine"), ("versions", "other versions of the packages")):
        of = [{canonical(getattr(record.line, part)) for record in row.records.values()} for row in found]
        most = Counter(one for some in of for one in some).most_common(1)
        for place, some in enumerate(of):
            if most and some and most[0][0] not in some:
                note = f"Its records are of {words} than those of most rows."
                found[place] = replace(found[place], notes=[*found[place].notes, note])
    return found


def read_row(study: Study, folder: Path, notes: Iterable[str] = ()) -> Row:
    """Return the row of a study from the records in its folder, of the preset where it was asked for there."""
    said = list(notes)
    try:
        runs = _runs(study, folder)
    except InputError as error:
        return Row(study.name, study.title, notes=[*said, f"Its records cannot be read: {error}"], folder=folder)
    if runs is None:
        return Row(study.name, study.title, notes=[*said, "It was never run here."], folder=folder)
    said += _said(runs, study)
    claim = report = None
    if any(record.line.result is not None for record in runs.records.finished.values()):
        claim, report = _made(study, runs, said)
    elif not runs.failed:
        said.append("No task is finished yet.")
    return Row(study.name, study.title, claim, said, report, dict(runs.records.finished), folder)


def _runs(study: Study, folder: Path) -> Runs | None:
    asks = [ask for ask in read_asks(folder) if ask.study == study.name]
    wanted = [canonical(plain(study.presets[PRESET]))] if PRESET in study.presets else []
    own = [ask for ask in asks if [canonical(one) for one in ask.settings] == wanted]
    chosen = own or asks
    return Runs.read(study, folder, chosen[-1]) if chosen else None


def _made(study: Study, runs: Runs, said: list[str]) -> tuple[Claim | None, Report | None]:
    made: list[Any] = []
    for what, make in (("claim", lambda: imported(study.claim or "")(runs, runs.settings)), ("report", runs.made)):
        try:
            made.append(make())
        except (InputError, *FAULTS) as error:
            said.append(f"Its records make no {what} ({type(error).__name__}: {error}).")
            made.append(None)
    return made[0], made[1]


def _said(runs: Runs, study: Study) -> list[str]:
    """Say what is missing of a row: failures, what is left, other versions and machines."""
    said = []
    if runs.failed:
        first = runs.failed[0].line
        count = len(runs.failed)
        said.append(f"{so_many(count, 'task')} failed, the first because: {first.error or first.refused}")
    left = runs.missing - len(runs.failed)
    if left > 0:
        said.append(f"{left:,} of {so_many(runs.asked, 'task')} {'is' if left == 1 else 'are'} not run yet.")
    older = runs.records.older(study.by_name)
    if older:
        said.append(older)
    if runs.records.damaged:
        said.append(runs.records.damage())
    lines = [record.line for record in runs.records.finished.values()]
    for words, found in (
        ("machines", {canonical(line.machine) for line in lines}),
        ("versions of the packages", {canonical(line.versions) for line in lines}),
    ):
        if len(found) > 1:
            said.append(f"Its records are of {len(found)} {words}.")
    elsewhere = sum(runs.elsewhere(kind) for kind in study.kinds)
    if elsewhere:
        are = "is" if elsewhere == 1 else "are"
        said.append(f"{so_many(elsewhere, 'timed record')} of other machines {are} left out.")
    return said
