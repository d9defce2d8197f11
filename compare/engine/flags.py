"""A study's command: its flags, help and refusals come from the declaration of its settings."""

import dataclasses
import inspect
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from compare.engine.fields import Setting, declared
from compare.engine.numbers import whole_option
from compare.engine.study import Study

__all__ = ["Options", "command"]

GRID = Annotated[
    Path | None, typer.Option(help="YAML file: settings by the names of these flags, each with a value or a list.")
]
PRESET = Annotated[str | None, typer.Option(help="Settings by name; flags take the place of what it says.")]
WORKERS = Annotated[int, whole_option("Tasks at the same time on this machine; results do not depend on it.")]
SCHEDULER = Annotated[
    str | None,
    typer.Option(help="Address of a dask scheduler, tcp://...; its workers run what is not timed."),
]
DRY_RUN = Annotated[bool, typer.Option("--dry-run", help="Only say which tasks are left, and how long they take.")]

SIDE_BY_SIDE = min(2, os.cpu_count() or 1)
"""Workers by default."""

Options = Mapping[str, tuple[Any, Any]]
"""Flags by name: what typer takes as their annotation, and their default."""

RUN: Options = {
    "workers": (WORKERS, SIDE_BY_SIDE),
    "scheduler": (SCHEDULER, None),
    "dry_run": (DRY_RUN, False),
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
    parameters = [parameter for setting in settings.values() for parameter in _parameters(setting)]
    out = Annotated[Path | None, typer.Option(help=f"Folder; runs/{study.name} if left out.")]
    engine: dict[str, tuple[Any, Any]] = {"grid": (GRID, None)}
    if study.presets:
        engine["preset"] = (PRESET, None)
    own = {setting.axis for setting in settings.values()}
    engine |= {name: option for name, option in options.items() if name not in own} | {"out": (out, None)}
    parameters += [_parameter(name, hint, default) for name, (hint, default) in engine.items()]

    def called(**flags: Any) -> None:
        others = {name: flags.pop(name) for name in engine}
        given = {name.removeprefix("several_"): value for name, value in flags.items() if value is not None}
        run(study, given, **others)

    called.__doc__ = study.summary
    called.__name__ = study.name
    called.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters} | {"return": None}
    called.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return called


def _parameters(setting: Setting) -> list[inspect.Parameter]:
    """Return a setting's flag, and for an axis the plural, which is not shown."""
    nothing = "none" if setting.kind is str else "all"
    written = nothing if setting.default is None else _written(setting.default)
    default = "" if setting.default is dataclasses.MISSING else f"{written} if left out"
    words = "; ".join(part for part in (setting.words, default) if part)
    said = f"{words[:1].upper()}{words[1:]}."
    flag = f"--{setting.axis.replace('_', '-')}"
    if setting.kind is bool:
        option = typer.Option(f"{flag}/--no-{flag[2:]}", help=said, show_default=False)
        return [_parameter(setting.axis, Annotated[bool | None, option], None)]
    metavar = {int: "INTEGER", float: "NUMBER"}.get(setting.kind, "TEXT")
    metavar += ",..." if setting.several else ""
    option = typer.Option(flag, help=said, metavar=metavar, show_default=False)
    found = [_parameter(setting.axis, Annotated[str | None, option], None)]
    if setting.name != setting.axis:
        hidden = typer.Option(f"--{setting.name.replace('_', '-')}", hidden=True)
        found.append(_parameter(f"several_{setting.name}", Annotated[str | None, hidden], None))
    return found


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
