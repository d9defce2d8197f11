"""The commands `tickets submit` and `tickets fetch`."""

import json
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
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
from compare.wishes import APART, DRY_RUN, JSON, MOST_MONEY, PRICES, TURNS, WISHES, YES, Wishes
from problems.errors import InputError, choose
from problems.written import DIGITS, read_whole

if TYPE_CHECKING:
    from compare.engine.running import Plan as Asked
    from compare.engine.study import Study
    from compare.hardware.at_once import AtOnce
    from compare.hardware.bill import Bill
    from compare.hardware.plan import Order, Plan
    from compare.hardware.run import HardwareRun
    from quantum.backends.adapter import Account, RemoteDevice

# Qiskit and scikit-learn are imported by what needs them, so that help and refusals come at once.

__all__ = ["register"]

T = TypeVar("T")

OUT = Annotated[Path, typer.Option(help="Folder that holds the runs.")]
MOST_COPIES = 1000
"""Copies of a circuit in a run, at most: each is a simulation, or a job, of its own."""

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
AT_ONCE = Annotated[
    int,
    whole_option("Circuits that run at once in one job, each on a region of the device of its own."),
]
BUFFER = Annotated[int, whole_option("With --at-once: unused qubits between any two circuits, at least.")]
REGION = Annotated[
    list[str] | None,
    typer.Option(
        metavar="QUBITS",
        help="With --at-once: the qubits of the first circuit, again for the second, ..., such as 0-7 or 0,1,2,9-11; "
        "the best there is room for if left out.",
    ),
]
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
        at_once: AT_ONCE = 1,
        buffer: BUFFER = 0,
        region: REGION = None,
        copies: Annotated[int, whole_option("How often each circuit is ordered, with seeds of their own.")] = 1,
        alone: Annotated[
            bool,
            typer.Option(
                "--alone", help="With --at-once: run each also alone, at the same place, to tell what others do to it."
            ),
        ] = False,
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
        prices: PRICES = None,
        most_money: MOST_MONEY = None,
        turns: TURNS = 1,
        apart: APART = "0s",
        yes: YES = False,
        dry_run: DRY_RUN = False,
        as_json: JSON = False,
        out: OUT = Path("runs"),
    ) -> None:
        """Estimate what circuits cost on a backend, ask, and submit them; the last line is the run's id."""
        if resume is not None:
            if prices is not None or most_money is not None or (turns, apart) != (1, "0s") or dry_run or as_json:
                raise InputError(
                    "--resume submits what is missing of a run as it was ordered, and --prices, --most-money, --turns, "
                    "--apart, --dry-run and --json change nothing of it; leave them out."
                )
            with _short():
                _resume(resume, out, again)
            return
        if again:
            raise InputError("--again says nothing without a run; name it with --resume.")
        _check_names(backend, dataset=dataset, encoding=encoding, loader=loader)
        wishes = Wishes.of(prices, most_money, turns, apart, yes, dry_run, as_json)
        from compare.hardware.plan import make_plan
        from compare.hardware.submit import create
        from compare.studies.ridgelet.jobs import payloads_of_data
        from problems.errors import whole_number

        order = _order(backend, shots, seed, dd, twirling, wishes, _at_once(at_once, buffer, region, alone))
        whole_number("shots", shots, 1)
        if whole_number("copies", copies, 1) > MOST_COPIES:
            raise InputError(f"copies = {copies} is too many; order at most {MOST_COPIES} of each circuit in a run.")
        left_out = columns_left_out(without)
        _check_folder(out)
        with _short(_mention if as_json else _say):
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
            plan = make_plan([payload for payload in payloads for _ in range(copies)], order)
        _offer(plan, wishes, lambda bill: create(plan, out, bill=bill), out)

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
        _check_backend(backend)
    wishes = Wishes.of(**flags)
    from compare.engine.grid import settings_of
    from compare.engine.running import plan as plan_study
    from compare.engine.session import folder_of
    from compare.hardware.plan import make_plan
    from compare.hardware.tasks import create_for, find_orders

    shared = _at_once(at_once, buffer, region)
    asked, folder = plan_study(study, settings_of(study, given, grid, preset)), folder_of(study, out)
    _check_folder(folder)
    say = _mention if wishes.as_json else _say
    with _short(say):
        orders = find_orders(asked, folder)
        most = max(one.shots for one in orders.ordered)
        plan = make_plan(orders.ordered, _order(_backend(asked, backend), most, 0, dd, twirling, wishes, shared))
    if orders.told:
        say(orders.told)
    _offer(plan, wishes, lambda bill: create_for(orders, plan, folder, _say, bill), folder)


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


def _order(
    backend: str | None, shots: int, seed: int, dd: bool, twirling: bool, wishes: Wishes, at_once: "AtOnce"
) -> "Order":
    backend = _check_backend(backend)
    from compare.hardware.plan import Order
    from quantum.backends.options import Suppression

    return Order(backend, shots, seed, Suppression(dd, twirling), wishes.rounds, wishes.every, at_once)


def _at_once(circuits: int, buffer: int, regions: Sequence[str] | None, alone: bool = False) -> "AtOnce":
    """Return how many circuits run at once and where, or refuse it before anything heavy is imported."""
    from compare.hardware.at_once import AtOnce
    from quantum.region_names import read_region

    found = AtOnce(circuits, buffer, tuple(map(read_region, regions)) if regions else None, alone)
    found.check()
    return found


def _check_folder(out: Path) -> None:
    there = next(path for path in (out, *out.absolute().parents) if path.exists())
    if not there.is_dir():
        raise InputError(f"--out {out} cannot be a folder: {there} is a file; name another.")


def _offer(plan: "Plan", wishes: Wishes, make: "Callable[[Bill | None], HardwareRun]", out: Path) -> None:
    """Say what a run costs, ask, make its folder, and submit it; rounds that were interrupted go on."""
    from compare.durable import NotWritten
    from compare.hardware.bill import check_most, make_bill
    from compare.hardware.offer import offer_lines, plain_offer
    from compare.hardware.submit import resumable

    bill = None if wishes.prices is None else make_bill(plan, wishes.prices)
    if bill is not None and wishes.most is not None:
        check_most(bill, wishes.most, plan)
    if wishes.as_json:
        print(json.dumps(plain_offer(plan, bill), indent=1))
        return
    for line in offer_lines(plan, bill):
        _say(line)
    if wishes.dry_run:
        return
    if not wishes.yes and not _agreed():
        raise Unfinished("nothing was submitted.")
    with _short():
        begun = resumable(plan, out)
        try:
            run = make(bill) if begun is None else begun
        except NotWritten as error:
            raise Unfinished(f"{error}; make room. Nothing was submitted.") from None
        # Said before anything is submitted: whoever is interrupted now knows what to continue.
        _say(f"Run: {run.path}{'' if begun is None else ', which goes on'}")
        if plan.account is not None:
            _send(run, plan.account, plan.device, fresh=begun is None)
        _say(run.name)


def _send(
    run: "HardwareRun", account: "Account", device: "RemoteDevice | None", fresh: bool = False, again: bool = False
) -> None:
    """Submit what is missing; with several rounds, progress is shown while they are waited for."""
    from compare.hardware.submit import send
    from compare.progress import progress_bars, silent
    from compare.terminal import console

    rounds = len({job.round for job in run.jobs})
    with progress_bars(console) if rounds > 1 else nullcontext(silent) as track:
        send(run, account, device, fresh, say=_say, again=again, advance=track("Rounds", rounds))


def _resume(name: str, out: Path, again: bool) -> None:
    from compare.hardware.listing import find_run
    from quantum.backends.adapter import vendor_of

    run = find_run(out, name)
    if run.record.local:
        _say(f"{run.record.backend} is simulated here and keeps no jobs: fetch the run.")
    elif all(run.job_id(job) is not None for job in run.jobs):
        _say("All its jobs were submitted.")
    else:
        _send(run, vendor_of(run.record.backend).connect(), None, again=again)
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
