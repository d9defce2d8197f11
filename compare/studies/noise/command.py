"""The command `tickets noise`."""

from collections.abc import Callable
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

if TYPE_CHECKING:
    from compare.report import Report
    from compare.studies.noise.study import Settings
    from problems.activations import Activation

# The study imports Qiskit and scikit-learn; the command imports it, so that help and refusals come at once.

__all__ = ["register"]


def register(
    app: typer.Typer,
    console: Console,
    show: Callable[["Report", Path], None],
    activation_of: Callable[[str], "Activation"],
) -> None:
    """Add the command `noise` to an application.

    Parameters
    ----------
    app
        The application.
    console
        Where it prints.
    show
        Prints a report's tables and verdict, and writes its page into the run's folder.
    activation_of
        Reads an activation from text.
    """

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
            _names(encoding),
            backend,
            _names(suppression),
            nodes,
            regularization,
            activation_of(activation),
            ridge,
            seed,
        )
        _run(settings, out, console, show)


def _run(settings: "Settings", out: Path | None, console: Console, show: Callable[["Report", Path], None]) -> None:
    from compare.progress import progress_bars
    from compare.records import RunFolder, settings_id
    from compare.studies.noise import study
    from compare.studies.noise.page import report

    planned = study.plan(settings)
    identity = settings_id(asdict(settings) | {"version": version("quantum-tickets")})
    path = out or Path("runs") / f"noise-{identity}"
    begun = (path / "run.json").exists()
    if not begun:  # every refusal comes before a folder is made
        with console.status("Fitting the circuits to the device"):
            planned.arms.check(settings.encodings, settings.suppressions)
    folder = RunFolder(path, "noise", asdict(settings))
    if begun:
        known = f"This run was begun {folder.run['started']} in {folder.path}"
        console.print(f"{known}; its finished steps are read, not run again.", soft_wrap=True, markup=False)
    with progress_bars(console) as track:
        results = study.run(planned, folder, track)
    show(report(results), folder.path)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())
