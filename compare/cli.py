"""The command line: ``tickets``."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from typer.exceptions import TyperException

from compare import again, reporting
from compare.engine.flags import command
from compare.engine.session import run_command
from compare.hardware import commands as hardware
from compare.studies import STUDIES
from compare.studies.noise import command as noise
from compare.terminal import ACTIVATION, DATASET, REGULARIZATION, SEED, console, read_activation, run_path
from compare.unfinished import Unfinished
from problems.errors import InputError, choose

# The studies import Qiskit and scikit-learn; commands import them, so that help and refusals come at once.

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Winning lottery tickets of neural networks: quantum algorithm against classical samplers.",
)

DRAWN_LINES = 60
"""Drawings of circuits up to so many lines are shown; longer ones stand in their file."""


@app.command()
def sample(
    dataset: DATASET = "digits",
    prime: Annotated[int, typer.Option(help="Prime P: levels of each feature.")] = 17,
    features: Annotated[int | None, typer.Option(help="Data dimension D; all features if left out.")] = None,
    sampler: Annotated[str, typer.Option(help="dequantized, circuit_mps, circuit_mps_rader, ...")] = "dequantized",
    samples: Annotated[int, typer.Option(help="Nodes to draw.")] = 1000,
    regularization: REGULARIZATION = 1e-3,
    activation: ACTIVATION = "relu",
    seed: SEED = 0,
    out: Annotated[Path | None, typer.Option(help="Folder of the run; runs/sample-<hash> if left out.")] = None,
) -> None:
    """Draw hidden nodes with one sampler and write them to an npz file, part by part."""
    from compare.drawing import draw_in_parts
    from compare.progress import progress_bars
    from compare.records import RunFolder
    from compare.studies.ridgelet.methods import SAMPLERS
    from problems.errors import whole_number
    from problems.ridgelet import RidgeletProblem
    from problems.ridgelet.data import load_residues
    from problems.ridgelet.sampling import check_room

    method = choose("sampler", sampler, SAMPLERS)
    whole_number("samples", samples, 1)
    whole_number("seed", seed, 0)
    data = load_residues(dataset, prime, features, seed)
    table = read_activation(activation)
    problem = RidgeletProblem.from_samples(data.x_train, data.y_train, prime, regularization, table)
    method.check(problem)
    check_room(samples, problem.dimension)
    settings = {
        "dataset": dataset,
        "prime": prime,
        "features": features,
        "sampler": sampler,
        "samples": samples,
        "regularization": regularization,
        "activation": table,
        "seed": seed,
    }

    stream = {"seed": seed, "dataset": dataset, "prime": prime, "features": features, "method": sampler}

    folder = RunFolder(run_path("sample", settings, out), "sample", settings)
    with progress_bars(console) as track:
        draw_in_parts(lambda: method.make(problem), samples, stream, folder, settings, track)
    console.print(
        f"{samples} nodes: {folder.path / 'nodes.npz'} (a, b, density = P^(D+1) p*)", soft_wrap=True, markup=False
    )


@app.command()
def circuit(
    dataset: DATASET = "digits",
    prime: Annotated[int, typer.Option(help="Prime P: levels of each feature.")] = 5,
    features: Annotated[int, typer.Option(help="Data dimension D.")] = 4,
    points: Annotated[int, typer.Option(help="Distinct data points K, at most.")] = 16,
    encoding: Annotated[str, typer.Option(help="How digits are held in qubits: binary, rader or crt.")] = "binary",
    loader: Annotated[str, typer.Option(help="How data is loaded: sparse, filtered or ideal.")] = "sparse",
    dynamic: Annotated[bool, typer.Option("--dynamic", help="Measure on the way and feed forward.")] = False,
    activation: ACTIVATION = "relu",
    regularization: REGULARIZATION = 1e-3,
    seed: SEED = 0,
    target: Annotated[str | None, typer.Option(help="Count on a device's snapshot too: fake_fez, ...")] = None,
    clifford_t: Annotated[bool, typer.Option("--clifford-t", help="Count Clifford and T gates too.")] = False,
    table: Annotated[bool, typer.Option("--table", help="Count over D, P and K too, and fit the growth.")] = False,
    out: Annotated[Path | None, typer.Option(help="Folder of the run; runs/circuit-<hash> if left out.")] = None,
) -> None:
    """Count a circuit's gates, loader and transform apart; draw it and write it as OpenQASM and QPY."""
    from compare import circuits
    from compare.records import RunFolder
    from compare.tables import for_terminal

    choices = circuits.CircuitSettings(
        dataset,
        prime,
        features,
        points,
        encoding,
        loader,
        dynamic,
        read_activation(activation),
        regularization,
        seed,
        target,
        clifford_t,
        table,
    )
    planned, settings = circuits.plan(choices), asdict(choices)
    folder = RunFolder(run_path("circuit", settings, out), "circuit", settings)
    with console.status("Counting gates: the table takes minutes" if table else "Counting gates"):
        result = folder.once("resources", settings, lambda: circuits.measure(planned, folder.path)).result
    drawing = circuits.draw(planned.circuit, console.width)
    if drawing.count("\n") > DRAWN_LINES:
        drawing = f"Drawing: {folder.path / 'circuit.txt'}"
    console.print(drawing, soft_wrap=True, markup=False, highlight=False)
    for counted in circuits.tables(result):
        console.print(for_terminal(counted))
        console.print()
    for sentence in circuits.remarks(result):
        console.print(f"• {sentence}", soft_wrap=True, markup=False)
    console.print(f"Resources: {folder.path / 'resources.json'}", soft_wrap=True, markup=False)


for commands in (noise, reporting, again, hardware):
    commands.register(app)

for study in STUDIES.values():
    app.command(study.name, help=study.summary)(command(study, run_command))

INTERRUPTED = 130


def _refuse(message: str, code: int) -> NoReturn:
    print(f"tickets: {' '.join(message.split())}", file=sys.stderr)
    raise SystemExit(code)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line: bad input gives one line on standard error and exit code 2."""
    command: Callable[..., object] = typer.main.get_command(app).main
    try:
        code = command(args=None if arguments is None else list(arguments), prog_name="tickets", standalone_mode=False)
    except InputError as error:
        _refuse(str(error), 2)
    except Unfinished as error:
        _refuse(str(error), error.code)
    except TyperException as error:
        _refuse(getattr(error, "format_message", error.__str__)() or "nothing to do; see tickets --help", 2)
    except MemoryError as error:
        _refuse(f"out of memory ({error}); take fewer features, fewer samples or a smaller prime.", 2)
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    if code == INTERRUPTED:  # typer turns Ctrl-C into this code
        _refuse("interrupted; finished steps are kept, and the same command continues.", INTERRUPTED)
    raise SystemExit(code if isinstance(code, int) else 0)
