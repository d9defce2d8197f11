"""The command `tickets phase`."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from compare.studies.running import run_study
from compare.terminal import read_activation, read_list
from problems.errors import InputError

# The study imports scikit-learn; the command imports it, so that help and refusals come at once.

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""

    @app.command()
    def phase(
        prime: Annotated[int, typer.Option(help="Odd prime P.")] = 17,
        dimensions: Annotated[str, typer.Option(help="Data dimensions D, commas between.")] = "1,2,3,4,5,6,8,16,32,64",
        points: Annotated[int, typer.Option(help="Distinct points K, or all P^D if that is less.")] = 4913,
        concentrations: Annotated[
            str, typer.Option(help="Shares c of the target's variance along its directions, 0 to 1.")
        ] = "0,0.25,0.5,0.75,1",
        thinnings: Annotated[
            str, typer.Option(help="All points are also divided by each, at the largest D that has them all.")
        ] = "2,4,8,16,32,64",
        directions: Annotated[int, typer.Option(help="Directions m of the target.")] = 1,
        spreads: Annotated[str, typer.Option(help="Other numbers of directions.")] = "2,4,8,16,32",
        nodes: Annotated[int, typer.Option(help="Hidden nodes N of each network.")] = 16,
        networks: Annotated[int, typer.Option(help="Networks in each draw.")] = 5,
        repeats: Annotated[int, typer.Option(help="Draws of target, points and nodes, at least 2.")] = 10,
        samples: Annotated[int, typer.Option(help="Nodes of p* in each draw.")] = 500,
        activation: Annotated[str, typer.Option(help="relu, step, ..., or P numbers separated by commas.")] = "relu",
        ridge: Annotated[float, typer.Option(help="Penalty of the output weights' fit, >= 0.")] = 1e-4,
        seed: Annotated[int, typer.Option(help="Seed of everything that is drawn.")] = 0,
        out: Annotated[Path | None, typer.Option(help="Folder of the run; runs/phase-<hash> if left out.")] = None,
    ) -> None:
        """Draw where optimized nodes beat uniform ones, over coverage and concentration. Writes a report."""
        from compare.studies.ridgelet.phase.study import Settings

        settings = Settings(
            prime,
            _numbers("dimensions", dimensions, int),
            points,
            _numbers("concentrations", concentrations, float),
            _numbers("thinnings", thinnings, int),
            directions,
            _numbers("spreads", spreads, int),
            nodes,
            networks,
            repeats,
            samples,
            read_activation(activation),
            ridge,
            seed,
        )
        run_study("phase", settings, out)


def _numbers(name: str, text: str, kind: Callable[[str], Any]) -> tuple[Any, ...]:
    try:
        return tuple(kind(part) for part in read_list(text))
    except ValueError:
        raise InputError(f"{name} = {text!r} is no list of numbers; write them separated by commas.") from None
