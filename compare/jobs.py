"""The commands `tickets submit` and `tickets fetch`."""

import json
import math
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from typer.core import TyperCommand

from compare.listing import run_names
from compare.options import DEVICES, real_option, whole_option
from compare.streams import printable
from compare.studies import STUDIES
from compare.terminal import (
    ACTIVATION,
    MISSING,
    TARGET,
    TRUST,
    WITHOUT,
    as_typed,
    columns_left_out,
    read_activation,
)
from compare.trusted import trust
from compare.unfinished import Unfinished
from problems.errors import InputError, choose
from problems.showing import so_many
from problems.written import DIGITS, read_whole

if TYPE_CHECKING:
    from compare.engine.running import Plan as Asked
    from compare.engine.study import Study
    from compare.hardware.plan import Order, Plan
    from compare.hardware.run import HardwareRun

# Qiskit and scikit-learn are imported by what needs them, so that help and refusals come at once.

__all__ = ["register"]

T = TypeVar("T")

OUT = Annotated[Path, typer.Option(help="Folder that holds the runs.")]
LISTED = "several, separated by commas, make a batch of jobs"


def _backends(incomplete: str) -> list[str]:
    from quantum.names import SIMULATORS, snapshot_names

    try:
        names = [*SIMULATORS, *snapshot_names()]
    except InputError:
        names = [*SIMULATORS]
    return [name for name in names if name.startswith(incomplete)]


BACKEND = Annotated[
    str | None,
    typer.Option(
        help="Device of IBM (ibm_fez, ...), IonQ (ionq_qpu.forte-1, ...) or Amazon Braket (its ARN), snapshot "
        "(fake_fez, ...) or aer_statevector.",
        autocompletion=_backends,
    ),
]
DD = Annotated[bool, typer.Option("--dd", help="Decouple waiting qubits dynamically.")]
TWIRLING = Annotated[bool, typer.Option("--twirling", help="Twirl gates and measurements.")]
YES = Annotated[bool, typer.Option("--yes", help="Submit without asking.")]
STUDY = Annotated[
    str | None,
    typer.Option("--study", help="Study whose tasks for a device are submitted; its flags: add --help."),
]


class _Submit(TyperCommand):
    """Has the flags of a study, where one is named, instead of its own."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        name = _named(args)
        if name is None or "--resume" in args:
            return super().make_context(info_name, args, parent, **extra)
        return _submit_of(choose("study", name, STUDIES)).make_context(info_name, args, parent, **extra)


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""

    @app.command(cls=_Submit, rich_help_panel=DEVICES)
    def submit(
        backend: BACKEND = None,
        study: STUDY = None,
        dataset: Annotated[str, typer.Option(help=f"Data set, or a file; {LISTED}.")] = "digits",
        target: TARGET = None,
        missing: MISSING = "refuse",
        without: WITHOUT = None,
        prime: Annotated[str, typer.Option(help=f"Prime P: levels of each feature; {LISTED}.")] = "3",
        features: Annotated[str, typer.Option(help=f"Data dimension D; {LISTED}.")] = "3",
        points: Annotated[str, typer.Option(help=f"Distinct data points K, at most; {LISTED}.")] = "4",
        shots: Annotated[int, whole_option("Shots of each circuit.")] = 2000,
        encoding: Annotated[str, typer.Option(help=f"binary, rader or crt; {LISTED}.")] = "binary",
        loader: Annotated[
            str | None, typer.Option(help="sparse, filtered or ideal; what suits the backend if left out.")
        ] = None,
        seed: Annotated[int, whole_option("Seed of the data's split and of the simulation.")] = 0,
        dd: DD = False,
        twirling: TWIRLING = False,
        regularization: Annotated[float, real_option("Ridge parameter lambda, >= 0.")] = 1e-3,
        activation: ACTIVATION = "relu",
        resume: Annotated[
            str | None, typer.Option(help="Submit what is missing of this run, and nothing that the service has.")
        ] = None,
        again: Annotated[
            bool,
            typer.Option("--again", help="With --resume: also what the service may have; a second may be paid for."),
        ] = False,
        yes: YES = False,
        out: OUT = Path("runs"),
    ) -> None:
        """Estimate what circuits cost on a backend, ask, and submit them; the last line is the run's id."""
        if resume is not None:
            with _short():
                _resume(resume, out, again)
            return
        if again:
            raise InputError("--again says nothing without a run; name it with --resume.")
        _check_names(backend, dataset=dataset, encoding=encoding, loader=loader)
        from compare.hardware.plan import make_plan
        from compare.hardware.submit import create
        from compare.studies.ridgelet.jobs import payloads_of_data
        from problems.errors import whole_number

        order = _order(backend, shots, seed, dd, twirling)
        whole_number("shots", shots, 1)
        left_out = columns_left_out(without)
        _check_folder(out)
        with _short():
            payloads = payloads_of_data(
                _list("dataset", dataset, str),
                _list("prime", prime, _whole),
                _list("features", features, _whole),
                _list("points", points, _whole),
                _list("encoding", encoding, str),
                loader,
                regularization,
                read_activation(activation),
                seed,
                target,
                missing,
                left_out,
            )
            plan = make_plan(payloads, order)
        _offer(plan, yes, lambda: create(plan, out))

    @app.command(rich_help_panel=DEVICES)
    def fetch(
        run: Annotated[
            str, typer.Argument(help="The run's id, as tickets submit printed it.", autocompletion=run_names)
        ],
        wait: Annotated[bool, typer.Option("--wait", help="Wait until all jobs have ended.")] = False,
        out: OUT = Path("runs"),
        trusted: TRUST = None,
        as_json: Annotated[bool, typer.Option("--json", help="Print what was fetched as a list of objects.")] = False,
    ) -> None:
        """Bring a run's results to disk; as often as you like, from any process or machine that has its folder."""
        from compare.hardware.listing import find_run

        trust(trusted or ())
        found = find_run(out, run)
        from compare.hardware.fetch import fetch as bring

        say = _mention if as_json else _say
        with _short(say):
            try:
                bring(found, wait, say=say)
            finally:  # what came of a study's tasks counts, though others wait
                if found.record.study is not None:
                    _keep(found, found.record.study, say)
        if as_json:
            print(json.dumps(list(_described(found)), indent=1))
        else:
            _show(found)


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
        "dd": (DD, False),
        "twirling": (TWIRLING, False),
        "yes": (YES, False),
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
    yes: bool,
    out: Path | None,
    backend: str | None = None,
    preset: str | None = None,
) -> None:
    if backend is not None:
        _check_backend(backend)
    from compare.engine.grid import settings_of
    from compare.engine.running import plan as plan_study
    from compare.engine.session import folder_of
    from compare.hardware.plan import make_plan
    from compare.hardware.tasks import create_for, find_orders

    asked, folder = plan_study(study, settings_of(study, given, grid, preset)), folder_of(study, out)
    _check_folder(folder)
    with _short():
        orders = find_orders(asked, folder)
        most = max(one.shots for one in orders.ordered)
        plan = make_plan(orders.ordered, _order(_backend(asked, backend), most, 0, dd, twirling))
    if orders.told:
        _say(orders.told)
    _offer(plan, yes, lambda: create_for(orders, plan, folder, _say))


def _backend(asked: "Asked", given: str | None) -> str | None:
    """Return the backend of a study's tasks: the study's own setting of that name, or what was given."""
    from compare.engine.fields import declared

    own = [name for name, setting in declared(asked.study.settings).items() if setting.axis == "backend"]
    values = [getattr(settings, name) for settings in asked.settings for name in own]
    found = {name for value in values for name in (value if isinstance(value, tuple) else (value,))}
    if len(found) > 1:
        raise InputError(f"A run is on one backend; give --backend one of {', '.join(sorted(map(str, found)))}.")
    return found.pop() if found else given


def _check_names(backend: str | None, **given: str | None) -> None:
    """Refuse names that there are not, before anything heavy is imported."""
    _check_backend(backend)
    known = STUDIES.about("circuit").names
    for name, text in given.items():
        for word in [] if text is None else _list(name, text, str):
            known[name].check(name, word)


def _check_backend(backend: str | None) -> str:
    from quantum.names import check_backend

    if backend is None:
        raise InputError("No backend is named; give --backend: a vendor's device, a snapshot or a simulator.")
    check_backend(backend)
    return backend


def _order(backend: str | None, shots: int, seed: int, dd: bool, twirling: bool) -> "Order":
    backend = _check_backend(backend)
    from compare.hardware.plan import Order
    from quantum.backends.options import Suppression

    return Order(backend, shots, seed, Suppression(dd, twirling))


def _check_folder(out: Path) -> None:
    there = next(path for path in (out, *out.absolute().parents) if path.exists())
    if not there.is_dir():
        raise InputError(f"--out {out} cannot be a folder: {there} is a file; name another.")


def _offer(plan: "Plan", yes: bool, make: "Callable[[], HardwareRun]") -> None:
    """Say what a run costs, ask, make its folder, and submit it."""
    from compare.durable import NotWritten
    from compare.hardware.submit import send

    for line in _estimate(plan):
        _say(line)
    if not yes and not _agreed():
        raise Unfinished("nothing was submitted.")
    with _short():
        try:
            run = make()
        except NotWritten as error:
            raise Unfinished(f"{error}; make room. Nothing was submitted.") from None
        # Said before anything is submitted: whoever is interrupted now knows what to continue.
        _say(f"Run: {run.path}")
        if plan.account is not None:
            send(run, plan.account, plan.device, fresh=True, say=_say)
        _say(run.name)


def _resume(name: str, out: Path, again: bool) -> None:
    from compare.hardware.listing import find_run
    from compare.hardware.submit import send
    from quantum.backends.adapter import vendor_of

    run = find_run(out, name)
    if run.record.local:
        _say(f"{run.record.backend} is simulated here and keeps no jobs: fetch the run.")
    elif all(run.job_id(job) is not None for job in run.jobs):
        _say("All its jobs were submitted.")
    else:
        send(run, vendor_of(run.record.backend).connect(), say=_say, again=again)
    _say(run.name)


def _keep(run: "HardwareRun", name: str, say: Callable[[str], object]) -> None:
    from compare.engine.session import folder_of
    from compare.hardware.tasks import keep

    study, folder = choose("study", name, STUDIES), run.path.parent
    kept = keep(run, study)
    if kept:
        out = () if folder == folder_of(study, None) else ("--out", folder)
        records = f"{kept:,} record{'s' if kept > 1 else ''}: {folder / 'records.jsonl'}"
        say(f"{records}; with the same flags as before, go on with: {as_typed(study.name, *out)}")


def _described(run: "HardwareRun") -> Iterator[dict[str, Any]]:
    """Return of each job what came of it, as plain values."""
    for job in run.jobs:
        result = run.result(job)
        yield {
            "job": job.name,
            "about": job.description,
            "shots": len(result.arrays["bits"]),
            "told": result.told,
            "path": str(run.path / f"result-{job.name}.npz"),
        }


def _show(run: "HardwareRun") -> None:
    for one in _described(run):
        told = f", {one['told']}" if one["told"] else ""
        print(printable(f"{one['job']}: {one['about']}: {one['shots']} shots{told}: {one['path']}"))


def _estimate(plan: "Plan") -> Iterator[str]:
    """Say what a run is made of and what it costs."""
    order, estimate = plan.order, plan.estimate
    suppressed = "".join(f", {way}" for way in order.suppression.chosen)
    many = so_many(len(plan.jobs), "job")
    counts = sorted({job.shots for job in plan.jobs})
    yield f"{order.backend}: {many}, {' to '.join(map(str, counts[:: len(counts) - 1 or 1]))} shots each{suppressed}"
    for number, job in enumerate(plan.jobs):
        parts = [job.payload.description]
        if job.fitted is None:
            parts.append(f"{job.circuit.num_qubits} qubits, not compiled, {job.shots} shots, no noise")
        else:
            parts.append(
                f"{len(job.fitted.qubits)} qubits, depth {job.fitted.depth}, {job.fitted.two_qubit_gates} two-qubit "
                f"gates, {job.shots} shots, {job.fitted.expected}"
            )
            seconds = None if estimate is None else estimate.seconds[number]
            parts.append("quantum seconds unknown" if seconds is None else f"about {seconds:.0f} quantum seconds")
        yield f"  {number:03}  {': '.join(parts[:2])}{''.join(f', {part}' for part in parts[2:])}"
    if estimate is None:
        yield "Simulated here, at the first fetch; no quantum seconds."
    elif estimate.total is None:
        yield "The device does not state how long its operations take, so the quantum seconds are not known."
    else:
        cost = f"about {math.ceil(estimate.total)} quantum seconds"
        if estimate.budget is not None:
            share = f"{100 * estimate.total / estimate.budget:.1f}%" if estimate.budget > 0 else "more than all"
            left = f"the {estimate.budget:.0f} s that the account has left"
            cost += f", {share} of {left}" if estimate.left else f", {share} of the open plan's 10 minutes"
        if plan.local:
            yield f"Simulated here, at the first fetch, at no cost; the device itself would take {cost}."
        else:
            yield f"Expected cost: {cost}."
    if plan.device is not None:
        if not plan.device.operational:
            yield f"{plan.device.name} is not operational now; the job waits until it is."
        elif plan.device.pending:
            yield f"{plan.device.pending} jobs wait in the queue of {plan.device.name}."


def _agreed() -> bool:
    try:
        return input("Submit? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        raise InputError("Nobody is there to answer; give --yes to submit without being asked.") from None


def _list(name: str, text: str, read: Callable[[str], T]) -> list[T]:
    """Read a comma list; what is given twice counts once."""
    words = [word.strip() for word in text.split(",")]
    try:
        if not all(words):
            raise ValueError
        return list(dict.fromkeys(read(word) for word in words))
    except InputError:
        raise
    except ValueError:
        kind = "names" if read is str else "whole numbers"
        raise InputError(f"{name} = {text!r} is no list of {kind}; separate them by commas.") from None


def _whole(word: str) -> int:
    number = read_whole(word)
    if abs(number) >= 10**DIGITS:
        raise InputError(f"{word:.40} has more than {DIGITS} digits; give a smaller number.")
    return number


def _say(line: str) -> None:
    print(printable(line), flush=True)


def _mention(line: str) -> None:
    """Say a line beside the output, which is for programs."""
    print(printable(line), file=sys.stderr, flush=True)


@contextmanager
def _short(say: Callable[[str], object] = _say) -> Iterator[None]:
    """Say in a line each what a user is warned of, and what a service refuses."""
    from quantum.backends.errors import ServiceError
    from quantum.backends.options import NotHonored, UnknownErrors

    notes = (NotHonored, UnknownErrors)

    def show(message: Warning | str, category: type[Warning], *where: object) -> None:
        if issubclass(category, notes):
            say(f"Note: {' '.join(str(message).split())}")
        else:
            known(message, category, *where)  # type: ignore[arg-type]

    known = warnings.showwarning
    with warnings.catch_warnings():
        for note in notes:
            warnings.simplefilter("always", note)
        warnings.showwarning = show  # type: ignore[assignment]
        try:
            yield
        except ServiceError as error:
            raise Unfinished(str(error)) from None
