"""The commands `tickets submit`, `tickets fetch` and `tickets runs`."""

import json
import math
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from compare.terminal import read_activation
from compare.unfinished import Unfinished
from problems.errors import InputError

if TYPE_CHECKING:
    from compare.hardware.plan import Plan
    from compare.hardware.run import HardwareRun

# Qiskit and scikit-learn are imported by what needs them, so that help and refusals come at once.

__all__ = ["register"]

T = TypeVar("T")

OUT = Annotated[Path, typer.Option(help="Folder that holds the runs.")]
LISTED = "several, separated by commas, make a batch of jobs"


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""

    @app.command()
    def submit(
        backend: Annotated[
            str | None, typer.Option(help="IBM device (ibm_fez, ...), snapshot (fake_fez, ...) or aer_statevector.")
        ] = None,
        dataset: Annotated[str, typer.Option(help=f"Data set; {LISTED}.")] = "digits",
        prime: Annotated[str, typer.Option(help=f"Prime P: levels of each feature; {LISTED}.")] = "3",
        features: Annotated[str, typer.Option(help=f"Data dimension D; {LISTED}.")] = "3",
        points: Annotated[str, typer.Option(help=f"Distinct data points K, at most; {LISTED}.")] = "4",
        shots: Annotated[int, typer.Option(help="Shots of each circuit.")] = 2000,
        encoding: Annotated[str, typer.Option(help=f"binary, rader or crt; {LISTED}.")] = "binary",
        loader: Annotated[
            str | None, typer.Option(help="sparse, filtered or ideal; what suits the backend if left out.")
        ] = None,
        seed: Annotated[int, typer.Option(help="Seed of the data's split and of the simulation.")] = 0,
        dd: Annotated[bool, typer.Option("--dd", help="Decouple waiting qubits dynamically.")] = False,
        twirling: Annotated[bool, typer.Option("--twirling", help="Twirl gates and measurements.")] = False,
        regularization: Annotated[float, typer.Option(help="Ridge parameter lambda, >= 0.")] = 1e-3,
        activation: Annotated[
            str,
            typer.Option(help="relu, step, sine, tanh, gaussian, or P numbers separated by commas."),
        ] = "relu",
        resume: Annotated[
            str | None, typer.Option(help="Submit what is missing of this run, after looking for it by its tag.")
        ] = None,
        yes: Annotated[bool, typer.Option("--yes", help="Submit without asking.")] = False,
        out: OUT = Path("runs"),
    ) -> None:
        """Estimate what circuits cost on a backend, ask, and submit them; the last line is the run's id."""
        if resume is not None:
            with _short():
                _resume(resume, out)
            return
        if backend is None:
            raise InputError("No backend is named; give --backend: an IBM device, a snapshot or a simulator.")
        from compare.hardware.plan import Order, make_plan
        from compare.studies.ridgelet.jobs import payloads_of_data
        from problems.errors import whole_number
        from quantum.backends.options import Suppression

        whole_number("shots", shots, 1)
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
            )
            plan = make_plan(payloads, Order(backend, shots, seed, Suppression(dd, twirling)))
        for line in _estimate(plan):
            print(line, flush=True)
        if not yes and not _agreed():
            raise Unfinished("nothing was submitted.")
        with _short():
            _submit(plan, out)

    @app.command()
    def fetch(
        run: Annotated[str, typer.Argument(help="The run's id, as tickets submit printed it.")],
        wait: Annotated[bool, typer.Option("--wait", help="Wait until all jobs have ended.")] = False,
        out: OUT = Path("runs"),
    ) -> None:
        """Bring a run's results to disk; as often as you like, from any process or machine that has its folder."""
        from compare.hardware.fetch import fetch as bring
        from compare.hardware.listing import find_run

        found = find_run(out, run)
        with _short():
            bring(found, wait, say=_say)
        _show(found)

    @app.command()
    def runs(
        out: OUT = Path("runs"),
        as_json: Annotated[bool, typer.Option("--json", help="Print a list of objects.")] = False,
    ) -> None:
        """List the runs of a folder, by what is on disk."""
        from compare.hardware.listing import list_runs

        listed = list_runs(out)
        if as_json:
            print(json.dumps(listed, indent=1))
            return
        columns = ("run", "status", "backend", "jobs", "done", "shots", "started")
        rows = [columns, *([str("-" if one[name] is None else one[name]) for name in columns] for one in listed)]
        widths = [max(len(row[i]) for row in rows) for i in range(len(columns))]
        for row in rows:
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        for one in listed:
            if "reason" in one:
                print(f"{one['run']}: {one['reason']}")


def _check_folder(out: Path) -> None:
    there = next(path for path in (out, *out.absolute().parents) if path.exists())
    if not there.is_dir():
        raise InputError(f"--out {out} cannot be a folder: {there} is a file; name another.")


def _submit(plan: "Plan", out: Path) -> None:
    from compare.durable import NotWritten
    from compare.hardware.submit import create, send

    try:
        run = create(plan, out)
    except NotWritten as error:
        raise Unfinished(f"{error}; make room. Nothing was submitted.") from None
    # Said before anything is submitted: whoever is interrupted now knows what to continue.
    _say(f"Run: {run.path}")
    if plan.account is not None:
        send(run, plan.account, plan.device, fresh=True, say=_say)
    print(run.name, flush=True)


def _resume(name: str, out: Path) -> None:
    from compare.hardware.listing import find_run
    from compare.hardware.submit import send
    from quantum.backends.ibm import Account

    run = find_run(out, name)
    if run.record.local:
        _say(f"{run.record.backend} is simulated here and keeps no jobs: fetch the run.")
    elif all(run.job_id(job) is not None for job in run.jobs):
        _say("All its jobs were submitted.")
    else:
        send(run, Account.connect(), say=_say)
    print(run.name, flush=True)


def _show(run: "HardwareRun") -> None:
    for job in run.jobs:
        result = run.result(job)
        told = f", {result.told}" if result.told else ""
        path = run.path / f"result-{job.name}.npz"
        print(f"{job.name}: {job.description}: {len(result.arrays['bits'])} shots{told}: {path}")


def _estimate(plan: "Plan") -> Iterator[str]:
    """Say what a run is made of and what it costs."""
    order, estimate = plan.order, plan.estimate
    suppressed = "".join(f", {way}" for way in order.suppression.chosen)
    many = f"{len(plan.jobs)} job{'s' if len(plan.jobs) > 1 else ''}"
    yield f"{order.backend}: {many}, {order.shots} shots each{suppressed}"
    for number, job in enumerate(plan.jobs):
        parts = [job.payload.description]
        if job.fitted is None:
            parts.append(f"{job.circuit.num_qubits} qubits, not compiled, {order.shots} shots, no noise")
        else:
            parts.append(
                f"{len(job.fitted.qubits)} qubits, depth {job.fitted.depth}, {job.fitted.two_qubit_gates} two-qubit "
                f"gates, {order.shots} shots, {job.fitted.expected}"
            )
            seconds = None if estimate is None else estimate.seconds[number]
            parts.append("quantum seconds unknown" if seconds is None else f"about {seconds:.0f} quantum seconds")
        yield f"  {number:03}  {': '.join(parts[:2])}{''.join(f', {part}' for part in parts[2:])}"
    if estimate is None:
        yield "Simulated here, at the first fetch; no quantum seconds."
    elif estimate.total is None:
        yield "The device does not state how long its operations take, so the quantum seconds are not known."
    else:
        share = f"{100 * estimate.total / estimate.budget:.1f}%" if estimate.budget > 0 else "more than all"
        of = f"the {estimate.budget:.0f} s that the account has left" if estimate.left else "the open plan's 10 minutes"
        cost = f"about {math.ceil(estimate.total)} quantum seconds, {share} of {of}"
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
    except ValueError:
        kind = "names" if read is str else "whole numbers"
        raise InputError(f"{name} = {text!r} is no list of {kind}; separate them by commas.") from None


def _whole(word: str) -> int:
    return int(word, 10)


def _say(line: str) -> None:
    print(line, flush=True)


@contextmanager
def _short() -> Iterator[None]:
    """Say in a line each what a user is warned of, and what a service refuses."""
    from quantum.backends.errors import ServiceError
    from quantum.backends.options import NotHonored

    def show(message: Warning | str, category: type[Warning], *where: object) -> None:
        if issubclass(category, NotHonored):
            print(f"Note: {' '.join(str(message).split())}", flush=True)
        else:
            known(message, category, *where)  # type: ignore[arg-type]

    known = warnings.showwarning
    with warnings.catch_warnings():
        warnings.simplefilter("always", NotHonored)
        warnings.showwarning = show  # type: ignore[assignment]
        try:
            yield
        except ServiceError as error:
            raise Unfinished(str(error)) from None
