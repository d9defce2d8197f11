"""The command line: ``tickets``."""

import errno
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, NoReturn

import typer
from typer.exceptions import TyperException

from compare import again, jobs, reporting
from compare.engine.flags import command
from compare.engine.session import run_command
from compare.studies import STUDIES
from compare.unfinished import Unfinished
from compare.verdict import command as verdict
from problems.errors import InputError

# The studies import Qiskit and scikit-learn; commands import them, so that help and refusals come at once.

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Winning lottery tickets of neural networks: quantum algorithm against classical samplers.",
)

for commands in (reporting, again, jobs, verdict):
    commands.register(app)

for study in STUDIES.values():
    app.command(study.name, help=study.summary)(command(study, run_command))

INTERRUPTED = 130

PATHS = (errno.ENAMETOOLONG, errno.ELOOP, errno.ENOTDIR)
"""Errors of a path as it was typed."""


def _refuse(message: str, code: int) -> NoReturn:
    print(f"tickets: {' '.join(message.split())}", file=sys.stderr)
    raise SystemExit(code)


@lru_cache(maxsize=1)
def _command(commands: tuple[object, ...]) -> Callable[..., object]:
    """Make all flags of all commands, once as long as these are the commands."""
    made: Callable[..., object] = typer.main.get_command(app).main
    return made


@contextmanager
def _notes() -> Iterator[None]:
    """Show what the suite warns of as a line each; warnings of others are shown as ever."""
    known = warnings.showwarning

    def show(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
        if category.__module__.partition(".")[0] in ("classical", "compare", "problems", "quantum"):
            print(f"tickets: {' '.join(str(message).split())}", file=sys.stderr)
        else:
            known(message, category, *where, **more)

    with warnings.catch_warnings():
        warnings.showwarning = show
        yield


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line: bad input gives one line on standard error and exit code 2."""
    words = None if arguments is None else list(arguments)
    try:
        with _notes():
            code = _command(tuple(app.registered_commands))(args=words, prog_name="tickets", standalone_mode=False)
    except InputError as error:
        _refuse(str(error), 2)
    except Unfinished as error:
        _refuse(str(error), error.code)
    except TyperException as error:
        _refuse(getattr(error, "format_message", error.__str__)() or "nothing to do; see tickets --help", 2)
    except OSError as error:
        if error.errno not in PATHS:
            raise
        _refuse(f"{str(error.filename)[:200]!r} cannot be a path ({error.strerror}); name another.", 2)
    except MemoryError as error:
        _refuse(f"out of memory ({error}); take fewer features, fewer samples or a smaller prime.", 2)
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    if code == INTERRUPTED:  # typer turns Ctrl-C into this code
        _refuse("interrupted; finished steps are kept, and the same command continues.", INTERRUPTED)
    raise SystemExit(code if isinstance(code, int) else 0)
