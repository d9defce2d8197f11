"""The command `tickets crossover`."""

from pathlib import Path
from typing import Annotated

import typer

from compare.studies.running import run_study
from compare.terminal import read_list
from problems.errors import InputError

# The study imports Qiskit and scikit-learn; the command imports it, so that help and refusals come at once.

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""

    @app.command()
    def crossover(
        primes: Annotated[str, typer.Option(help="Primes P, separated by commas.")] = "3,17",
        points: Annotated[int, typer.Option(help="Distinct data points K while D varies.")] = 16,
        dimension: Annotated[int, typer.Option(help="Data dimension D while K varies.")] = 24,
        dimensions: Annotated[
            str, typer.Option(help="D at which circuits are counted, separated by commas.")
        ] = "4,6,8,16,24,32,64",
        loaded_points: Annotated[
            str, typer.Option(help="K at which loaders are counted, separated by commas.")
        ] = "2,4,8,16,24",
        encoding: Annotated[str, typer.Option(help="Encoding of the circuits: rader, binary or crt.")] = "rader",
        device: Annotated[str, typer.Option(help="Snapshot of a device: fake_fez, ...")] = "fake_fez",
        reset: Annotated[float, typer.Option(help="Seconds of the reset before each shot.")] = 1.6e-6,
        delay: Annotated[float, typer.Option(help="Seconds of the repetition delay before each shot.")] = 250e-6,
        cycle: Annotated[float, typer.Option(help="Seconds of a round of error correction.")] = 1e-6,
        distance: Annotated[int, typer.Option(help="Code distance d; a logical step takes d rounds.")] = 25,
        t_rate: Annotated[
            float | None, typer.Option(help="T states a second; as many as asked for if left out.")
        ] = None,
        synthesis_error: Annotated[float, typer.Option(help="Error of all rotations of a circuit together.")] = 0.01,
        machines: Annotated[int, typer.Option(help="Quantum machines side by side.")] = 1,
        classical_speedup: Annotated[
            float, typer.Option(help="How many times faster than this one the classical machine is.")
        ] = 1.0,
        samples: Annotated[int, typer.Option(help="Nodes drawn at once, which share a preparation.")] = 1000,
        draws: Annotated[int, typer.Option(help="Random problems of each size, at least 2.")] = 5,
        limit: Annotated[
            float, typer.Option(help="Seconds: classical samplers go up to sizes that take longer.")
        ] = 1.0,
        most_dimensions: Annotated[int, typer.Option(help="Largest D of classical samplers.")] = 4096,
        most_points: Annotated[int, typer.Option(help="Largest K of classical samplers.")] = 65536,
        most_prime: Annotated[int, typer.Option(help="Largest P of classical samplers.")] = 257,
        methods: Annotated[
            str, typer.Option(help="Samplers whose growth is measured, separated by commas; all if left out.")
        ] = "",
        seed: Annotated[int, typer.Option(help="Seed of the problems and of every sampler.")] = 0,
        out: Annotated[Path | None, typer.Option(help="Folder of the run; runs/crossover-<hash> if left out.")] = None,
    ) -> None:
        """Compare classical and quantum seconds a sample: who wins, from which size, by which assumption."""
        from compare.studies.ridgelet.crossover.study import Settings

        settings = Settings(
            device=device,
            reset=reset,
            delay=delay,
            cycle=cycle,
            distance=distance,
            t_rate=t_rate,
            synthesis_error=synthesis_error,
            machines=machines,
            classical_speedup=classical_speedup,
            primes=_numbers("primes", primes),
            points=points,
            dimension=dimension,
            dimensions=_numbers("dimensions", dimensions),
            loaded_points=_numbers("loaded_points", loaded_points),
            encoding=encoding,
            samples=samples,
            draws=draws,
            limit=limit,
            most_dimensions=most_dimensions,
            most_points=most_points,
            most_prime=most_prime,
            methods=read_list(methods),
            seed=seed,
        )
        run_study("crossover", settings, out)


def _numbers(name: str, text: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in read_list(text))
    except ValueError:
        raise InputError(f"{name} = {text!r} is no list of whole numbers; separate them by commas.") from None
