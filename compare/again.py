"""The command `tickets again`: from a page or a run's folder do exactly that run again."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from compare.options import RUNS, whole_option
from compare.reporting import load_all, write_joined
from compare.streams import printable
from compare.terminal import TRUST, console
from compare.trusted import require_trusted, trust
from problems.errors import InputError, choose, whole_number

# Studies import Qiskit and scikit-learn; they are imported when the command runs, so that help comes at once.

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""

    @app.command(rich_help_panel=RUNS)
    def again(
        sources: Annotated[
            list[Path], typer.Argument(metavar="PAGE_OR_RUN...", help="A report.html, or the folder of a run.")
        ],
        run: Annotated[int | None, whole_option("Which run of a page with several, from 1; all if left out.")] = None,
        out: Annotated[
            Path | None,
            typer.Option(help="Folder of the run, or for a folder of each of several; below runs/ if left out."),
        ] = None,
        trusted: TRUST = None,
    ) -> None:
        """Do exactly the same run again, from its report alone. In a new folder; what is there already is read."""
        from compare.recorded import recorded_runs

        trust(trusted or ())
        runs = [run for source in sources for run in recorded_runs(source)]
        chosen = runs if run is None else [_numbered(runs, run)]
        # What cannot be read is refused before the first one runs.
        prepared = [_prepare(record) for record in chosen]
        folders = [one.folder for one in prepared]
        if out is not None:
            folders = [out] if len(prepared) == 1 else [out / folder.name for folder in folders]
        folders = _apart(folders)
        for record, one, folder in zip(chosen, prepared, folders, strict=True):
            _compare_versions(record)
            one.start(folder)
        if len(folders) > 1:
            write_joined(load_all(folders), folders, out)


def _apart(folders: Sequence[Path]) -> list[Path]:
    """Return folders with a number behind those of one name: a report is of what a folder was last asked for."""
    return [
        folder if folders.count(folder) == 1 else folder.with_name(f"{folder.name}-{folders[:place].count(folder) + 1}")
        for place, folder in enumerate(folders)
    ]


@dataclass(frozen=True)
class _Prepared:
    """A run that can begin: where it goes if nobody says, and how it begins in a folder."""

    folder: Path
    start: Callable[[Path], object]


def _numbered(runs: Sequence[Mapping[str, Any]], number: int) -> Mapping[str, Any]:
    if whole_number("run", number, 1) > len(runs):
        raise InputError(f"run = {number} is not there: the page has {len(runs)}; give a number up to that.")
    return runs[number - 1]


def _prepare(record: Mapping[str, Any]) -> _Prepared:
    """Make what was asked of a study ready, or refuse it."""
    from compare.engine.ask import ask_of
    from compare.engine.fields import make, recorded
    from compare.engine.running import Plan, plan
    from compare.engine.session import folder_of, run_planned
    from compare.studies import STUDIES

    require_trusted([record.get("asks", []), record.get("tasks", [])])
    study = choose("study", record["kind"], STUDIES)
    asks = [ask_of(content, "What the page asks for") for content in record.get("asks", [])]
    parts: list[Any] = [recorded(study.settings, settings) for ask in asks for settings in ask.settings]
    if parts:
        # As if they were given: names that are gone are refused.
        made: list[Any] = [make(study.settings, vars(settings)) for settings in parts]
        planned = plan(study, made, sum(ask.most for ask in asks))
        # A user's files stand by their content now, and are called what they were called.
        called = {name: label for ask in asks for name, label in ask.labels.items()}
        planned = replace(planned, attached=[replace(one, labels={**called, **one.labels}) for one in planned.attached])
        listed = replace(asks[0], tasks=tuple(task for ask in asks for task in ask.tasks))
        if others := listed.others({one.id for one in planned.tasks}):
            print(f"tickets: {others}; those that they make now are run.", file=sys.stderr)
    else:
        kinds = study.by_name
        tasks = [choose("kind", task["kind"], kinds).of(task["settings"]) for task in record.get("tasks", [])]
        planned = Plan(study, (), tasks)
    return _Prepared(folder_of(study, None), lambda folder: run_planned(planned, folder))


def _compare_versions(record: Mapping[str, Any]) -> None:
    """Say in one line if this is not the software that a run recorded."""
    from compare.engine.provenance import differences, provenance

    others = differences(record, provenance())
    if others:
        said = f"Versions differ from those recorded, so numbers may: {', '.join(others)}."
        console.print(printable(said), soft_wrap=True, markup=False)
