"""The command `tickets submit --study`: a study's tasks for a device, and the records that their results become."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from compare.offering import offer
from compare.order_flags import (
    AT_ONCE,
    BACKEND,
    BUFFER,
    DD,
    REGION,
    TWIRLING,
    check_folder,
    named_backend,
    order_of,
    read_at_once,
)
from compare.saying import in_lines, tell, tell_aside
from compare.studies import STUDIES
from compare.terminal import as_typed
from compare.wishes import WISHES, Wishes
from problems.errors import InputError, choose

if TYPE_CHECKING:
    from compare.engine.running import Plan as Asked
    from compare.engine.study import Study
    from compare.hardware.run import HardwareRun

# The engine and Qiskit are imported by what needs them, so that help and refusals come at once.

__all__ = ["STUDY", "Submit", "keep_records"]

STUDY = Annotated[
    str | None,
    typer.Option("--study", help="Study whose tasks for a device are submitted; its flags: add --help."),
]


class Submit(TyperCommand):
    """Has the flags of a study, where one is named, instead of its own."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Read the command line by the flags of the study that it names, if any."""
        name = _named(args)
        if name is None or any(word == "--resume" or word.startswith("--resume=") for word in args):
            return super().make_context(info_name, args, parent, **extra)
        return _submit_of(choose("study", name, STUDIES)).make_context(info_name, args, parent, **extra)


def _named(words: Sequence[str]) -> str | None:
    """Return the study that a command line names."""
    for place, word in enumerate(words):
        if word == "--study" and place + 1 < len(words):
            return words[place + 1]
        if word.startswith("--study="):
            return word.partition("=")[2]
    return None


def _submit_of(study: "Study") -> Any:
    """Return the command that submits a study's tasks: the study's flags, and those of an order."""
    from compare.engine.flags import Options, command

    flags: Options = {
        "backend": (BACKEND, None),
        "named": (STUDY, None),
        "at_once": (AT_ONCE, 1),
        "buffer": (BUFFER, 0),
        "region": (REGION, None),
        "dd": (DD, False),
        "twirling": (TWIRLING, False),
        **WISHES,
    }
    app = typer.Typer(add_completion=False)
    said = f"Submit the tasks of tickets {study.name} for a device, after asking; the last line is the run's id."
    app.command(help=said)(command(study, _submit_study, flags))
    return typer.main.get_command(app)


def _submit_study(
    study: "Study",
    given: Mapping[str, Any],
    *,
    named: str,
    grid: Path | None,
    dd: bool,
    twirling: bool,
    out: Path | None,
    backend: str | None = None,
    preset: str | None = None,
    at_once: int = 1,
    buffer: int = 0,
    region: Sequence[str] | None = None,
    **flags: Any,
) -> None:
    if backend is not None:
        named_backend(backend)
    wishes = Wishes.of(**flags)
    from compare.engine.grid import settings_of
    from compare.engine.running import plan as plan_study
    from compare.engine.session import folder_of
    from compare.hardware.plan import make_plan
    from compare.hardware.tasks import create_for, find_orders

    shared = read_at_once(at_once, buffer, region)
    asked, folder = plan_study(study, settings_of(study, given, grid, preset)), folder_of(study, out)
    check_folder(folder)
    say = tell_aside if wishes.as_json else tell
    with in_lines(say):
        orders = find_orders(asked, folder)
        most = max(one.shots for one in orders.ordered)
        plan = make_plan(orders.ordered, order_of(_backend(asked, backend), most, 0, dd, twirling, wishes, shared))
    if orders.told:
        say(orders.told)
    offer(plan, wishes, lambda bill: create_for(orders, plan, folder, tell, bill), folder)


def _backend(asked: "Asked", given: str | None) -> str | None:
    """Return the backend of a study's tasks: the study's own setting of that name, or what was given."""
    from compare.engine.fields import declared

    own = [name for name, setting in declared(asked.study.settings).items() if setting.axis == "backend"]
    values = [getattr(settings, name) for settings in asked.settings for name in own]
    found = {name for value in values for name in (value if isinstance(value, tuple) else (value,))}
    if len(found) > 1:
        raise InputError(f"A run is on one backend; give --backend one of {', '.join(sorted(map(str, found)))}.")
    return found.pop() if found else given


def keep_records(run: "HardwareRun", name: str, say: Callable[[str], object]) -> None:
    """Append what came of a study's run to the study's records."""
    from compare.engine.session import folder_of
    from compare.hardware.tasks import keep

    study, folder = choose("study", name, STUDIES), run.path.parent
    kept = keep(run, study)
    if kept:
        out = () if folder == folder_of(study, None) else ("--out", folder)
        records = f"{kept:,} record{'s' if kept > 1 else ''}: {folder / 'records.jsonl'}"
        say(f"{records}; with the same flags as before, go on with: {as_typed(study.name, *out)}")
