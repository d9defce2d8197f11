"""The command `tickets replay`."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from compare.listing import run_names
from compare.streams import printable
from compare.terminal import TRUST
from compare.trusted import trust

if TYPE_CHECKING:
    from compare.hardware.replay import Replayed
    from compare.hardware.run import HardwareRun

# Qiskit is imported by what needs it, so that help and refusals come at once.

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""

    @app.command()
    def replay(
        run: Annotated[
            str, typer.Argument(help="The run's id, as tickets submit printed it.", autocompletion=run_names)
        ],
        out: Annotated[Path, typer.Option(help="Folder that holds the runs.")] = Path("runs"),
        trusted: TRUST = None,
    ) -> None:
        """Make a run's results again from its record alone, and hold them against it; no service is asked."""
        from compare.hardware.listing import find_run

        trust(trusted or ())
        found = find_run(out, run)
        from compare.hardware.replay import replay as again

        for one in again(found):
            for line in _lines(one):
                print(printable(line))
        print(printable(_calibration(found)))


def _lines(one: "Replayed") -> Iterator[str]:
    yield (
        f"{one.name}: {one.description}: {one.shots} shots, {one.source}: {one.arrays} arrays are identical, "
        f"{one.numbers} numbers the same to {max(one.farthest, 1e-16):.1g}"
    )
    if one.averages:
        yield f"     its averages, mitigated: {one.averages} numbers the same"
    if one.source != "as they were simulated":
        said = "not known" if one.compiled is None else one.compiled if len(one.compiled) < 60 else "in its record"
        yield (
            f"     {_seconds(one.queue)} in the queue, {_seconds(one.execution)} on the device, {_seconds(one.total)} "
            f"from submission to end, {_seconds(one.fetched)} to fetch; what the service ran: {said}"
        )


def _calibration(run: "HardwareRun") -> str:
    when = "of a date that is not known" if run.record.calibrated is None else f"of {run.record.calibrated}"
    what = "no calibration" if run.target() is None else f"the calibration {when} as it was when it was submitted"
    return f"{run.name} is what its record says; it holds {what}."


def _seconds(value: float | None) -> str:
    return "unknown seconds" if value is None else f"{value:.3g} s"
