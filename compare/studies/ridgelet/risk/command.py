"""The command `tickets risk`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from compare.studies.running import run_study
from compare.terminal import read_activation, read_list

# The study imports Qiskit and scikit-learn; the command imports it, so that help and refusals come at once.

__all__ = ["register"]

WORKERS = min(2, os.cpu_count() or 1)
"""Processes by default."""


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""

    @app.command()
    def risk(
        datasets: Annotated[
            str,
            typer.Option(help="Data sets, separated by commas: digits, digits-raw, iris, sine, ..."),
        ] = "",
        methods: Annotated[
            str, typer.Option(help="Methods, separated by commas: dequantized, uniform, rbf, ...; all by default.")
        ] = "",
        seeds: Annotated[int, typer.Option(help="Independent draws of nodes on each fold.")] = 1,
        folds: Annotated[int, typer.Option(help="Random splits, a quarter held out each; at least 2.")] = 8,
        nodes: Annotated[int, typer.Option(help="Hidden nodes N of the quoted networks (5 N on raw digits).")] = 40,
        regularization: Annotated[float, typer.Option(help="Ridge parameter lambda, >= 0.")] = 1e-3,
        activation: Annotated[str, typer.Option(help="relu, step, ..., or P numbers separated by commas.")] = "relu",
        ridge: Annotated[float, typer.Option(help="Fixed penalty of the output weights' fit, > 0.")] = 1e-4,
        seed: Annotated[int, typer.Option(help="Seed of all splits and draws.")] = 0,
        workers: Annotated[
            int, typer.Option(help="Processes at the same time; results do not depend on it.")
        ] = WORKERS,
        out: Annotated[Path | None, typer.Option(help="Folder of the run; runs/risk-<hash> if left out.")] = None,
    ) -> None:
        """Compare risks over N of all samplers and of common peers on many data sets. Writes a report."""
        from compare.studies.ridgelet.risk.cases import DEFAULT
        from compare.studies.ridgelet.risk.methods import METHODS
        from compare.studies.ridgelet.risk.study import Settings
        from problems.errors import whole_number

        settings = Settings(
            read_list(datasets) or DEFAULT,
            read_list(methods) or tuple(METHODS),
            seeds,
            folds,
            nodes,
            regularization,
            read_activation(activation),
            ridge,
            seed,
        )
        run_study("risk", settings, out, workers=whole_number("workers", workers, 1))
