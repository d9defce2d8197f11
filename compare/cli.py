"""The command line: ``tickets``."""

import errno
import sys
import warnings
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

from compare import again, crosstalk, jobs, judging, listing, overview, own_data, replaying, reporting, single
from compare.studies import STUDIES
from compare.studies.known import refuse_unknown
from compare.unfinished import Unfinished
from problems.errors import InputError

# The studies import Qiskit and scikit-learn; commands import them, so that help and refusals come at once.


class _Commands(MutableMapping[str, Any]):
    """Commands by name; a study's is made when it is asked for, which imports the study."""

    def __init__(self, own: MutableMapping[str, Any]) -> None:
        self._made = own

    def __getitem__(self, name: str) -> Any:
        if name not in self._made and name in STUDIES:
            from compare.engine.flags import command
            from compare.engine.session import run_command

            study = STUDIES[name]
            alone = typer.Typer(add_completion=False)
            alone.command(study.name, help=study.summary)(command(study, run_command))
            self._made[name] = typer.main.get_command(alone)
        return self._made[name]

    def __setitem__(self, name: str, made: Any) -> None:
        self._made[name] = made

    def __delitem__(self, name: str) -> None:
        del self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._made or name in STUDIES

    def __iter__(self) -> Iterator[str]:
        names = [name for name in self._made if name not in STUDIES]
        return iter([*names, *STUDIES])

    def __len__(self) -> int:
        return len(list(iter(self)))


class _Group(TyperGroup):
    """The command `tickets`, with a command for each study beside its own; lists of commands import no study."""

    _lists = False

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.commands = _Commands(self.commands)

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of the commands."""
        return list(self.commands)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command; while they are listed, of a study's the name and the summary alone."""
        if self._lists and cmd_name in STUDIES:
            about = STUDIES.about(cmd_name)
            return TyperCommand(cmd_name, help=about.summary, rich_help_panel=about.panel)
        return super().get_command(ctx, cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that arguments begin with; misspelled names are refused before its study is imported."""
        if args and STUDIES.is_own(args[0]) and not ctx.resilient_parsing:
            refuse_unknown(STUDIES.about(args[0]).names, args[1:])
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help."""
        with self._listing():
            super().format_help(ctx, formatter)

    def shell_complete(self, ctx: Any, incomplete: str) -> Any:
        """Return what completes a name of a command."""
        with self._listing():
            return super().shell_complete(ctx, incomplete)

    @contextmanager
    def _listing(self) -> Iterator[None]:
        self._lists = True
        try:
            yield
        finally:
            self._lists = False


app = typer.Typer(
    cls=_Group,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="To begin: tickets compare, which runs for about two minutes; tickets COMMAND -h explains a command.",
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        from compare.checkout import commit

        known = commit()
        said = f"quantum-tickets {version('quantum-tickets')}"
        if known is not None:
            said += f", commit {known['id'][:10]}{' with changes' if known['changed'] else ''}"
        print(said)
        raise typer.Exit


@app.callback()
def tickets(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Say which version this is, and of which commit.", callback=_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Winning lottery tickets of neural networks: quantum algorithm against classical samplers."""


for commands in (listing, reporting, single, again, jobs, replaying, crosstalk, overview, own_data, judging):
    commands.register(app)

INTERRUPTED = 130

PATHS = (errno.ENAMETOOLONG, errno.ELOOP, errno.ENOTDIR)
"""Errors of a path as it was typed."""


def _refuse(message: str, code: int) -> NoReturn:
    print(f"tickets: {' '.join(message.split())}", file=sys.stderr)
    raise SystemExit(code)


def _told(error: TyperException) -> str:
    """Say what typer refuses, and where to read on."""
    said = str(getattr(error, "format_message", error.__str__)()).strip().rstrip(".")
    where = getattr(getattr(error, "ctx", None), "command_path", "tickets")
    if not said:
        return f"Nothing is asked for; {where} -h says what there is."
    return f"{said}{'' if said.endswith('?') else '.'} {where} -h says what there is."


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
        _refuse(_told(error), 2)
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
