"""The command `tickets crosstalk`."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from compare.listing import run_names
from compare.options import DEVICES
from compare.streams import printable
from problems.showing import so_many

if TYPE_CHECKING:
    from compare.hardware.crosstalk import Crosstalk

# NumPy and SciPy are imported by what needs them, so that help and refusals come at once.

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""

    @app.command(rich_help_panel=DEVICES)
    def crosstalk(
        run: Annotated[
            str, typer.Argument(help="A run submitted with --at-once and --alone.", autocompletion=run_names)
        ],
        out: Annotated[Path, typer.Option(help="Folder that holds the runs.")] = Path("runs"),
    ) -> None:
        """Tell whether circuits that ran at once disturbed each other, by their own runs alone."""
        from compare.hardware.listing import find_run

        found = find_run(out, run)
        from compare.hardware.crosstalk import crosstalk as compared

        every = compared(found)
        for one in every:
            for line in _lines(one):
                print(printable(line))
        print(printable(_verdict(every, found.record.local)))


def _lines(one: "Crosstalk") -> Iterator[str]:
    from quantum.region_names import write_region

    found = one.found
    yield (
        f"{one.beside} beside others, {one.alone} alone: {one.description}, on qubits {write_region(one.region)}: "
        f"distance {found.distance:.3f} where shots alone make about {found.floor:.3f}, chi-square "
        f"{found.statistic:.1f} over {so_many(found.freedom, 'degree')} of freedom, p = {one.pvalue:.2g} adjusted"
    )
    yield f"     most in bit {found.bit}: {found.shift:+.3f} of ones beside others"


def _verdict(every: "list[Crosstalk]", local: bool) -> str:
    seen = [one.beside for one in every if one.seen]
    shots = ", ".join(map(str, sorted({one.shots for one in every})))
    if local:
        return (
            "Simulated apart: noise of a snapshot is local and holds no crosstalk. It is seen in "
            f"{len(seen)} of {len(every)}; in 5% of such runs there is a false alarm."
        )
    if seen:
        return f"Crosstalk in {', '.join(seen)}, at a level of 5% for all together, {shots} shots either way."
    return (
        f"No crosstalk is seen in {len(every)} circuits, at {shots} shots either way; what is much less than the "
        "distances above would not be."
    )
