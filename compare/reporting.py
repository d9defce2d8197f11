"""The command `tickets report`: the page of one finished run, or of several together."""

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from compare.options import RUNS
from compare.streams import printable
from compare.terminal import as_typed, show, show_page, show_verdict
from problems.errors import InputError, choose
from problems.showing import so_many

if TYPE_CHECKING:
    from compare.engine.runs import Runs
    from compare.report import Report

# Reports need Matplotlib and studies Qiskit; they are imported when the command runs, so that help comes at once.

__all__ = ["is_run", "load_all", "load_runs", "register", "write_joined"]


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""

    @app.command(rich_help_panel=RUNS)
    def report(
        runs: Annotated[
            list[Path], typer.Argument(metavar="RUN...", help="Folders of finished runs, or files of records.")
        ],
        out: Annotated[
            Path | None,
            typer.Option(help="Folder of the page; the run's own, or runs/report-<hash> of several, if left out."),
        ] = None,
        as_csv: Annotated[
            bool, typer.Option("--csv", help="Write every table as a CSV file too, into tables/ beside the page.")
        ] = False,
        as_json: Annotated[
            bool, typer.Option("--json", help="Only print titles, findings and tables, as JSON.")
        ] = False,
    ) -> None:
        """Write tables, figures and report of finished runs: of one in its folder, of several on one page."""
        with _possible(runs):
            reports = load_all(runs)
            if as_json:
                print(_json(reports))
                return
            own = out is None and len(reports) == len(runs) == 1 and runs[0].is_dir()
            folder = runs[0] if own else _room(reports, runs, out)
            if len(reports) > 1:
                _write_together(reports, folder)
            else:
                show(reports[0], folder)
            if as_csv:
                _write_tables(reports, folder)

    @app.command(rich_help_panel=RUNS)
    def merge(
        folders: Annotated[list[Path], typer.Argument(metavar="FOLDER...", help="Folders of studies.")],
        out: Annotated[Path, typer.Option(help="The folder that they are joined into; it keeps what it has.")],
    ) -> None:
        """Join the records of several folders, of other machines too, into one; nothing is run."""
        from compare.engine.merging import merge as join
        from compare.terminal import console

        found = join(folders, out)
        for sentence in found.told:
            print(f"tickets: {' '.join(sentence.split())}", file=sys.stderr)
        console.print(f"{so_many(found.lines, 'record')}: {out / 'records.jsonl'}", soft_wrap=True, markup=False)
        console.print(f"Their report: {as_typed('report', out)}", soft_wrap=True, markup=False)


@contextmanager
def _possible(runs: Sequence[Path]) -> Iterator[None]:
    """Say in one line that records of the right types and digests say what no task can have measured.

    A command that runs tasks has no such net: what fails there is a fault, and shows where.
    """
    try:
        yield
    except InputError:
        raise
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, Warning) as error:
        raise InputError(
            f"{', '.join(map(str, runs))}: what the records say makes no report ({type(error).__name__}: {error}); "
            "they were changed, or this version has a fault: copy the run again, or run it anew with another --out."
        ) from error


def write_joined(reports: "Sequence[Report]", runs: Sequence[Path], out: Path | None = None) -> None:
    """Write the page of several reports, and print the verdict of each.

    Parameters
    ----------
    reports
        At least one.
    runs
        Where they come from.
    out
        The page's folder; runs/report-<hash> if None.

    Raises
    ------
    InputError
        If the folder cannot be used.
    """
    _write_together(reports, _room(reports, runs, out))


def _write_together(reports: "Sequence[Report]", folder: Path) -> None:
    from compare.report import write_reports
    from compare.terminal import console

    page = write_reports(reports, folder)
    for report in reports:
        console.print(printable(report.title), style="bold", markup=False)
        show_verdict(report)
        console.print()
    show_page(page)


def _write_tables(reports: "Sequence[Report]", folder: Path) -> None:
    from compare.report.export import TABLES, write_tables
    from compare.terminal import console

    tables = so_many(len(write_tables(reports, folder)), "table")
    console.print(f"{tables} as CSV: {folder / TABLES}", soft_wrap=True, markup=False, highlight=False)


def _json(reports: "Sequence[Report]") -> str:
    from compare.report.export import plain_table

    found = [
        {
            "title": report.title,
            "verdict": [str(sentence) for sentence in report.verdict],
            "sections": [
                {
                    "title": section.title,
                    "findings": [str(sentence) for sentence in section.findings],
                    "tables": [plain_table(table) for table in section.tables],
                }
                for section in report.sections
            ],
            "run": {name: report.run.get(name) for name in ("kind", "settings", "started")},
        }
        for report in reports
    ]
    return json.dumps(found, indent=1)


def load_all(runs: Sequence[Path]) -> "list[Report]":
    """Return the reports of runs; free grids of one study are read as one.

    Raises
    ------
    InputError
        If there is no finished run in a folder, or it is named twice.
    """
    places = [run.resolve() for run in runs]
    for run, place in zip(runs, places, strict=True):
        if places.count(place) > 1:
            raise InputError(f"{run} is named {places.count(place)} times; name each run once.")
    found = load_runs(runs)
    reports = [one.made() for one in found]
    for one in found:  # what makes no report is told with the reason
        for sentence in filter(None, (one.records.damage(), one.others())):
            print(f"tickets: {sentence}", file=sys.stderr)
    return reports


def is_run(path: Path) -> bool:
    """Tell whether a path is a study's folder, or a file of records."""
    from compare.engine.folder import ASKS, RECORDS

    if path.suffix == ".jsonl":
        return path.exists() and bool(_kinds(path))
    return (path / ASKS).is_dir() or ((path / RECORDS).exists() and bool(_kinds(path / RECORDS)))


def load_runs(paths: Sequence[Path]) -> "list[Runs]":
    """Return the runs of folders, each the newest ask; those of a study with a free grid, and of files, as one.

    Raises
    ------
    InputError
        If there is no such study here, or a file cannot be read.
    """
    from compare.engine.ask import newest
    from compare.engine.folder import ASKS, RECORDS
    from compare.engine.runs import Runs
    from compare.studies import STUDIES

    found: list[Runs] = []
    grids: dict[str, list[Path]] = {}
    for path in paths:
        if not is_run(path):
            raise InputError(f"{path} holds no run (nothing was asked for in it); name a folder that `tickets` wrote.")
        if (path / ASKS).is_dir():
            ask = newest(path)
            study = choose("study", ask.study, STUDIES)
            if not study.grids:
                found.append(Runs.read(study, path, ask))
                continue
            names = [study.name]
        else:
            kinds = _kinds(path / RECORDS if path.is_dir() else path)
            names = _whose(kinds, {name: set(study.by_name) for name, study in STUDIES.items()})
            if not names:
                raise InputError(f"{path} holds records of no study here ({', '.join(sorted(kinds)) or 'none'}).")
        for name in names:
            grids.setdefault(name, []).append(path)
    return found + [Runs.joined(STUDIES[name], joined) for name, joined in grids.items()]


def _whose(kinds: set[str], studies: Mapping[str, set[str]]) -> list[str]:
    """Return the studies that records of these kinds are of: some kinds are shared, as what a circuit counts.

    A study is left out if another one has every kind here that it has, and more.
    """
    shared = {name: kinds & own for name, own in studies.items()}
    return [name for name, own in shared.items() if own and not any(own < other for other in shared.values())]


def _kinds(file: Path) -> set[str]:
    """Return the kinds of a file's records, by what its lines say at a glance."""
    from problems.reading import read_file

    try:
        return {kind.decode(errors="replace") for kind in re.findall(rb'"kind":"([^"]+/[^"]+)"', read_file(file))}
    except OSError as error:
        raise InputError(f"{file} cannot be read ({error.strerror}); name a file of records.") from None


def _room(reports: "Sequence[Report]", runs: Sequence[Path], out: Path | None) -> Path:
    """Make a page's folder, unless it holds something else."""
    from compare.durable import make_folder
    from compare.engine.plain import canonical, content_hash, plain
    from compare.report import PAGE

    # Named for the runs and not for their paths: the same ones make the same page, from anywhere.
    records = [{name: report.run.get(name) for name in ("kind", "settings", "started")} for report in reports]
    folder = out or Path("runs") / f"report-{content_hash(canonical(plain(records)), 8)}"
    make_folder(folder)
    places = {run.resolve() for run in runs}
    others = [path for path in folder.iterdir() if path.resolve() not in places]
    foreign = is_run(folder) or (others and not (folder / PAGE).exists())
    if foreign and folder.resolve() not in places:
        raise InputError(f"{folder} holds something other than a page of these runs; choose another folder.")
    return folder
