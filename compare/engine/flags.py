"""A study's command: its flags, help and refusals come from the declaration of its settings."""

import dataclasses
import inspect
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from compare.engine.fields import Names, Setting, called, declared
from compare.engine.study import Study
from compare.options import SIDE_BY_SIDE, whole_option
from problems.errors import InputError

__all__ = ["Options", "command"]

GRID = Annotated[
    Path | None, typer.Option(help="YAML file: settings by the names of these flags, each with a value or a list.")
]
WORKERS = Annotated[int, whole_option("Tasks at the same time on this machine; results do not depend on it.")]
SCHEDULER = Annotated[
    str | None,
    typer.Option(help="Address of a dask scheduler, tcp://...; its workers run what is not timed."),
]
DRY_RUN = Annotated[bool, typer.Option("--dry-run", help="Only say which tasks are left, and how long they take.")]

JSON = Annotated[bool, typer.Option("--json", help="With --dry-run: print an object.")]

ALIAS = "alias_"
"""Before the names of parameters whose flags are not shown."""

FEW, SHORT = 12, 100
"""Names of a setting that its help lists, and their letters."""

Options = Mapping[str, tuple[Any, Any]]
"""Flags by name: what typer takes as their annotation, and their default."""

RUN: Options = {
    "workers": (WORKERS, SIDE_BY_SIDE),
    "scheduler": (SCHEDULER, None),
    "dry_run": (DRY_RUN, False),
    "as_json": (JSON, False),
}
"""Flags that a run takes beside a study's settings."""


def command(study: Study, run: Callable[..., object], options: Options = RUN) -> Callable[..., None]:
    """Return a study's command for typer.

    Parameters
    ----------
    study
        The study.
    run
        Called with the study, the flags that were given by name, and `grid`, `preset`, `out` and the options as
        keywords.
    options
        Flags beside those of the settings; one that is called like a setting is the setting's.
    """
    settings = declared(study.settings)
    words = called(study.settings)
    parameters = [
        parameter
        for setting in settings.values()
        for parameter in _parameters(setting, [alias for alias in setting.aliases if words[alias] is setting])
    ]
    out = Annotated[Path | None, typer.Option(help=f"Folder; runs/{study.name} if left out.")]
    engine: dict[str, tuple[Any, Any]] = {"grid": (GRID, None)}
    if study.presets:
        said = f"Settings by name: {', '.join(study.presets)}; flags take the place of what it says."
        engine["preset"] = (Annotated[str | None, typer.Option(help=said)], None)
    own = {setting.flag for setting in settings.values()}
    engine |= {name: option for name, option in options.items() if name not in own} | {"out": (out, None)}
    parameters += [_parameter(name, hint, default) for name, (hint, default) in engine.items()]

    def run_with(**flags: Any) -> None:
        others = {name: flags.pop(name) for name in engine}
        given = {name.removeprefix(ALIAS): value for name, value in flags.items() if value is not None}
        run(study, given, **others)

    run_with.__doc__ = study.summary
    run_with.__name__ = study.name
    run_with.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters} | {"return": None}
    run_with.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return run_with


def _parameters(setting: Setting, aliases: Sequence[str]) -> list[inspect.Parameter]:
    """Return a setting's flag, and whatever else it is known by, which is not shown."""
    nothing = "none" if setting.kind is str or "none" in setting.words else "all"
    written = nothing if setting.default is None else _written(setting.default)
    default = "" if setting.default is dataclasses.MISSING else f"{written} if left out"
    listed = _listed(setting)
    if listed and setting.several and set(setting.default) == set(setting.options):
        default = "all of these if left out"
    words = "; ".join(part for part in (f"{setting.words}{listed}", default) if part)
    said = f"{words[:1].upper()}{words[1:]}."
    flag = f"--{setting.flag.replace('_', '-')}"
    if setting.kind is bool:
        option = typer.Option(f"{flag}/--no-{flag[2:]}", help=said, show_default=False)
        return [_parameter(setting.flag, Annotated[bool | None, option], None)]
    metavar = {int: "INTEGER", float: "NUMBER"}.get(setting.kind, "TEXT")
    metavar += ",..." if setting.several else ""
    names = _completed(setting)
    option = typer.Option(flag, help=said, metavar=metavar, show_default=False, autocompletion=names)
    found = [_parameter(setting.flag, Annotated[str | None, option], None)]
    for alias in aliases:
        hidden = typer.Option(f"--{alias.replace('_', '-')}", hidden=True, autocompletion=names)
        found.append(_parameter(f"{ALIAS}{alias}", Annotated[str | None, hidden], None))
    return found


def _listed(setting: Setting) -> str:
    """Return the names that there are for a setting, to be read in its help; nothing if they are many, or said."""
    try:
        names = list(setting.options)
    except InputError:  # an extra is missing
        return ""
    text = ", ".join(names)
    few = 1 < len(names) <= FEW and len(text) <= SHORT
    return f": {text}" if few and not any(name in setting.words for name in names) else ""


def _completed(setting: Setting) -> Callable[[str], list[str]] | None:
    """Return what completes a name, or the last of several, on the command line; None where it is no name."""
    if not any(isinstance(mark, Names) for mark in setting.marks):
        return None

    def complete(incomplete: str) -> list[str]:
        before, comma, last = incomplete.rpartition(",") if setting.several else ("", "", incomplete)
        there = before.split(",")
        try:
            return [f"{before}{comma}{name}" for name in setting.options if name.startswith(last) and name not in there]
        except InputError:  # an extra is missing: nothing to offer
            return []

    return complete


def _parameter(name: str, hint: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=hint)


def _written(value: Any) -> str:
    """Write a default as it is typed; a long list by how many it has."""
    if value is None:
        return "all"
    if isinstance(value, Mapping):
        return str(dict(value))
    if isinstance(value, tuple):
        if not value:
            return "none"
        text = ",".join(map(_written, value))
        return text if len(text) <= 60 else f"{len(value)} of them"
    return f"{value:g}" if isinstance(value, float) else str(value)
