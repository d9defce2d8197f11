"""What the commands share: options, where they print, how a study's run begins and how it ends."""

import sys
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from problems.activations import Activation
from problems.errors import InputError

if TYPE_CHECKING:
    from compare.records import RunFolder
    from compare.report import Report

# What needs Qiskit or scikit-learn is imported where it is used, so that help and refusals come at once.

__all__ = [
    "ACTIVATION",
    "DATASET",
    "REGULARIZATION",
    "SEED",
    "begin_run",
    "console",
    "read_activation",
    "read_list",
    "run_path",
    "show",
]

DATASET = Annotated[
    str, typer.Option(help="Data set: digits, digits-classes, mnist-8-9, breast-cancer, wine, iris, ...")
]
REGULARIZATION = Annotated[float, typer.Option(help="Ridge parameter lambda of the whole network, >= 0.")]
ACTIVATION = Annotated[str, typer.Option(help="relu, step, sine, tanh, gaussian, or P numbers separated by commas.")]
SEED = Annotated[int, typer.Option(help="Seed of the data's split and of every sampler.")]

# Tables keep their shape where nobody watches: a log has no width.
console = Console() if sys.stdout.isatty() else Console(width=160)


def read_activation(text: str) -> Activation:
    """Read an activation as it is typed: a name, or P numbers separated by commas.

    Raises
    ------
    InputError
        If there are commas and no numbers between them.
    """
    if "," not in text:
        return text
    try:
        return [float(value) for value in text.split(",")]
    except ValueError:
        raise InputError(f"activation = {text!r} is no list of numbers; write P numbers separated by commas.") from None


def read_list(text: str) -> tuple[str, ...]:
    """Read what stands between commas; empty parts are left out."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def run_path(kind: str, settings: Mapping[str, Any], out: Path | None) -> Path:
    """Return the folder of a run: `out`, or one named for the run's kind and settings."""
    from compare.records import settings_id

    return out or Path("runs") / f"{kind}-{settings_id(dict(settings) | {'version': version('quantum-tickets')})}"


def begin_run(
    kind: str,
    settings: Mapping[str, Any],
    path: Path,
    check: Callable[[], object] = lambda: None,
) -> "RunFolder":
    """Open the folder of a study's run, and say so if the run was begun earlier.

    Parameters
    ----------
    kind
        The study's name in `compare.studies.STUDIES`.
    settings
        Its settings, plain data.
    path
        The folder.
    check
        Refusals that take seconds, before a folder is made; not called for a run that was begun.

    Raises
    ------
    InputError
        If the folder cannot be used, or what `check` raises.
    """
    from compare.records import RunFolder

    begun = (path / "run.json").exists()
    if not begun:
        check()
    folder = RunFolder(path, kind, settings)
    if begun:
        known = f"This run was begun {folder.run['started']} in {folder.path}"
        console.print(f"{known}; its finished steps are read, not run again.", soft_wrap=True, markup=False)
    return folder


def show(report: "Report", folder: Path) -> None:
    """Print a report's tables and verdict, and write its page into the run's folder."""
    from compare.report import write_report
    from compare.tables import for_terminal

    for section in report.sections:
        for table in section.tables:
            console.print(for_terminal(table))
            console.print()
    for sentence in report.verdict:
        console.print(f"• {sentence}")
    console.print(f"Report: {write_report(report, folder)}", soft_wrap=True, markup=False)
