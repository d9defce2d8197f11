"""The command line: ``tickets``."""

import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

import typer
from typer.exceptions import TyperException

from compare import again, jobs, reporting
from compare.engine.flags import command
from compare.engine.session import run_command
from compare.studies import STUDIES
from compare.unfinished import Unfinished
from problems.errors import InputError

# The studies import Qiskit and scikit-learn; commands import them, so that help and refusals come at once.

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Winning lottery tickets of neural networks: quantum algorithm against classical samplers.",
)

for commands in (reporting, again, jobs):
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
