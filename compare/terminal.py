"""The common parts of all commands: options, where they print, and how a run's results are shown."""

import shlex
import shutil
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from compare.streams import printable
from problems.errors import InputError
from problems.written import read_real

if TYPE_CHECKING:
    from rich.console import Console

    from compare.report import Drawing, Report
    from problems.activations import Activation

# What needs Qiskit, scikit-learn or Rich is imported where it is used, so that help and refusals come at once.

__all__ = [
    "ACTIVATION",
    "MISSING",
    "TARGET",
    "TRUST",
    "WITHOUT",
    "as_typed",
    "columns_left_out",
    "console",
    "read_activation",
    "show",
    "show_page",
    "show_verdict",
]

ACTIVATION = Annotated[str, typer.Option(help="relu, step, sine, tanh, gaussian, or P numbers separated by commas.")]

TARGET = Annotated[
    str | None, typer.Option(help="Column of a file to predict; one named target, label, class or y, else the last.")
]
MISSING = Annotated[
    str, typer.Option(help="What becomes of a file's missing features: refuse, drop (their rows) or median.")
]
WITHOUT = Annotated[
    str | None,
    typer.Option(metavar="COLUMN,...", help="Columns of a file to leave out, such as names and numbers of its rows."),
]

DRAWN_LINES = 60
"""Drawings of up to so many lines are shown; longer ones stand in their file."""

NARROWEST = 60
"""Letters of a terminal for which tables are still broken into parts."""

TRUST = Annotated[
    list[str] | None,
    typer.Option(
        "--trust",
        metavar="PACKAGE.MODULE:NAME",
        help="A class of your own that a record names: it is imported only if it is repeated here.",
    ),
]

console: "Console"
"""Where commands print, made when it is first asked for."""


@cache
def _console() -> "Console":
    from rich.console import Console

    # Tables keep their shape where nobody watches: a log has no width.
    return Console() if sys.stdout.isatty() else Console(width=160)


def __getattr__(name: str) -> Any:
    """Make the console when somebody prints to it."""
    if name != "console":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _console()


def read_activation(text: str) -> "Activation":
    """Read an activation as it is typed: a name, or P numbers separated by commas.

    Raises
    ------
    InputError
        If there are commas and no numbers between them.
    """
    if "," not in text:
        return text
    try:
        return [read_real(value) for value in text.split(",")]
    except ValueError:
        raise InputError(f"activation = {text!r} is no list of numbers; write P numbers separated by commas.") from None


def columns_left_out(text: str | None) -> tuple[str, ...]:
    """Return the columns that `WITHOUT` names; none if it is left out.

    Raises
    ------
    InputError
        If a name is empty.
    """
    names = () if text is None else tuple(name.strip() for name in text.split(","))
    if not all(names):
        raise InputError(f"without = {text!r} has an empty place; write names of columns separated by single commas.")
    return names


def show(report: "Report", folder: Path) -> None:
    """Write a report's page, print its drawings, tables and verdict, and say how it is run again."""
    from compare.report import Card, Drawing, write_report
    from compare.report.breaking import broken
    from compare.report.terminal import for_terminal

    console, page = _console(), write_report(report, folder)
    answer = report.card.picture if isinstance(report.card, Card) else None
    if isinstance(answer, Drawing):  # others stand on the page, and in their files
        _show_drawing(answer, folder)
    for section in report.sections:
        for table in section.tables:
            for part in broken(table, max(NARROWEST, console.width)) if not table.folded else ():
                console.print(for_terminal(part))
                console.print()
    show_verdict(report)
    show_page(page)


def _show_drawing(drawing: "Drawing", folder: Path) -> None:
    console = _console()
    fits = not drawing.narrow or max(map(len, drawing.text.splitlines()), default=0) <= console.width
    text = drawing.text if fits else drawing.narrow
    if text.count("\n") > DRAWN_LINES:
        text = f"Drawing: {folder / drawing.name}.txt"
    console.print(printable(text), soft_wrap=True, markup=False, highlight=False)


def show_verdict(report: "Report") -> None:
    """Print what a report says in short."""
    for sentence in report.verdict:
        _console().print(f"• {printable(sentence)}", markup=False)


def show_page(page: Path) -> None:
    """Print where a page is, and the command that runs the same again."""
    console = _console()
    console.print(f"Report: {page}", soft_wrap=True, markup=False)
    console.print(f"The same again: {as_typed('again', page)}", soft_wrap=True, markup=False)


def as_typed(*arguments: str | Path) -> str:
    """Return a command as it is to be typed here: as .venv/bin/tickets, where the shell does not know the name."""
    program = Path(sys.argv[0])
    name = str(program) if program.name == "tickets" and shutil.which("tickets") is None else "tickets"
    return shlex.join([name, *map(str, arguments)])
