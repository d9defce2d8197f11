"""The command `tickets noise`."""

from pathlib import Path
from typing import Annotated

import typer

from compare.studies.running import run_study
from compare.terminal import read_activation, read_list

# The study imports Qiskit and scikit-learn; the command imports it, so that help and refusals come at once.

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""

    @app.command()
    def noise(
        dataset: Annotated[str, typer.Option(help="Data set: digits, breast-cancer, iris, ...")] = "digits",
        prime: Annotated[int, typer.Option(help="Prime P: levels of each feature.")] = 3,
        features: Annotated[int, typer.Option(help="Data dimension D.")] = 3,
        points: Annotated[int, typer.Option(help="Distinct data points K, at most.")] = 4,
        shots: Annotated[int, typer.Option(help="Shots of each repeat.")] = 2000,
        repeats: Annotated[int, typer.Option(help="Independent repeats of each circuit, at least 2.")] = 5,
        encoding: Annotated[str, typer.Option(help="Encodings, separated by commas.")] = "rader,binary",
        backend: Annotated[str, typer.Option(help="Device whose noise is simulated: fake_fez, ...")] = "fake_fez",
        suppression: Annotated[
            str, typer.Option(help="What runs against the noise, separated by commas.")
        ] = "none,dd,twirling,dd+twirling",
        nodes: Annotated[int, typer.Option(help="Hidden nodes N of the networks whose risk is measured.")] = 4,
        regularization: Annotated[float, typer.Option(help="Ridge parameter lambda, >= 0.")] = 1e-3,
        activation: Annotated[str, typer.Option(help="relu, step, ..., or P numbers separated by commas.")] = "relu",
        ridge: Annotated[float, typer.Option(help="Penalty of the output weights' fit, >= 0.")] = 1e-4,
        seed: Annotated[int, typer.Option(help="Seed of the data's split and of every run.")] = 0,
        out: Annotated[Path | None, typer.Option(help="Folder of the run; runs/noise-<hash> if left out.")] = None,
    ) -> None:
        """Compare the circuit ideal, noisy, with errors suppressed and readout mitigated. Writes a report."""
        from compare.studies.noise.study import Settings

        settings = Settings(
            dataset,
            prime,
            features,
            points,
            shots,
            repeats,
            read_list(encoding),
            backend,
            read_list(suppression),
            nodes,
            regularization,
            read_activation(activation),
            ridge,
            seed,
        )
        run_study("noise", settings, out)
