"""The command `tickets compare`."""

from pathlib import Path
from typing import Annotated

import typer

from compare.studies.running import run_study
from compare.terminal import ACTIVATION, DATASET, REGULARIZATION, SEED, read_activation

# The study imports Qiskit and scikit-learn; the command imports it, so that help and refusals come at once.

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""

    @app.command()
    def compare(
        dataset: DATASET = "digits",
        prime: Annotated[
            int, typer.Option(help="Prime P: levels of each feature, where everything is enumerated.")
        ] = 5,
        features: Annotated[int, typer.Option(help="Data dimension D, where everything is enumerated.")] = 4,
        nodes: Annotated[int, typer.Option(help="Hidden nodes N of the quoted tickets (20 N on raw features).")] = 40,
        samples: Annotated[int, typer.Option(help="Nodes drawn by each sampler.")] = 20_000,
        regularization: REGULARIZATION = 1e-3,
        activation: ACTIVATION = "relu",
        ridge: Annotated[float, typer.Option(help="Penalty of the output weights' fit, >= 0.")] = 1e-4,
        seed: SEED = 0,
        raw_prime: Annotated[int, typer.Option(help="Prime P of the part on raw features.")] = 17,
        raw_features: Annotated[int | None, typer.Option(help="Its features; all if left out.")] = None,
        chain_prime: Annotated[int, typer.Option(help="Prime P of the circuit past enumeration.")] = 3,
        chain_features: Annotated[
            int | None, typer.Option(help="Its features; 16, or all if fewer, if left out.")
        ] = None,
        chain_points: Annotated[int, typer.Option(help="Its distinct data points K.")] = 16,
        chain_samples: Annotated[int, typer.Option(help="Its shots.")] = 2000,
        out: Annotated[Path | None, typer.Option(help="Folder of the run; runs/compare-<hash> if left out.")] = None,
    ) -> None:
        """Compare all samplers: same distribution? same networks? at what cost? Writes a report."""
        from compare.studies.ridgelet.samplers.study import Settings

        settings = Settings(
            dataset,
            prime,
            features,
            nodes,
            samples,
            regularization,
            read_activation(activation),
            ridge,
            seed,
            raw_prime,
            raw_features,
            chain_prime,
            chain_features,
            chain_points,
            chain_samples,
        )
        run_study("ridgelet", settings, out)
