"""The commands `tickets submit` and `tickets fetch`."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from compare.hardware.mitigation import PEC_CIRCUITS
from compare.listing import run_names
from compare.offering import offer, resume_run
from compare.options import DEVICES, real_option, whole_option
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
from compare.streams import printable
from compare.studies import STUDIES
from compare.study_jobs import STUDY, Submit, keep_records
from compare.terminal import ACTIVATION, MISSING, TARGET, TRUST, WITHOUT, columns_left_out, read_activation
from compare.trusted import trust
from compare.wishes import (
    APART,
    DRY_RUN,
    EXTRAPOLATION,
    FACTOR,
    JSON,
    MITIGATION,
    MOST_MONEY,
    PEC,
    PRICES,
    TURNS,
    USUAL_FACTORS,
    YES,
    Wishes,
)
from problems.errors import InputError
from problems.written import DIGITS, read_whole

if TYPE_CHECKING:
    from compare.hardware.run import HardwareRun

# Qiskit and scikit-learn are imported by what needs them, so that help and refusals come at once.

__all__ = ["register"]

T = TypeVar("T")

OUT = Annotated[Path, typer.Option(help="Folder that holds the runs.")]
MOST_COPIES = 1000
"""Copies of a circuit in a run, at most: each is a simulation, or a job, of its own."""

WITH_RESUME = ("resume", "again", "yes", "out", "study")
"""Names of flags that go with --resume."""

LISTED = "several, separated by commas, make a batch of jobs"


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""

    @app.command(cls=Submit, rich_help_panel=DEVICES)
    def submit(
        context: typer.Context,
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
        mitigation: MITIGATION = None,
        factor: FACTOR = USUAL_FACTORS,
        extrapolation: EXTRAPOLATION = "exponential",
        pec_circuits: PEC = PEC_CIRCUITS,
        yes: YES = False,
        dry_run: DRY_RUN = False,
        as_json: JSON = False,
        out: OUT = Path("runs"),
    ) -> None:
        """Estimate what circuits cost on a backend, ask, and submit them; the last line is the run's id."""
        ways = (mitigation, factor, extrapolation, pec_circuits)
        if resume is not None:
            _refuse_beside_resume(context)
            with in_lines():
                resume_run(resume, out, again, study)
            return
        if again:
            raise InputError("--again says nothing without a run; name it with --resume.")
        _check_names(backend, dataset=dataset, encoding=encoding, loader=loader)
        wishes = Wishes.of(prices, most_money, turns, apart, *ways, yes, dry_run, as_json)
        from compare.hardware.create import create
        from compare.hardware.plan import make_plan
        from compare.studies.ridgelet.jobs import payloads_of_data
        from problems.errors import whole_number

        order = order_of(backend, shots, seed, dd, twirling, wishes, read_at_once(at_once, buffer, region, alone))
        whole_number("shots", shots, 1)
        if whole_number("copies", copies, 1) > MOST_COPIES:
            raise InputError(f"copies = {copies} is too many; order at most {MOST_COPIES} of each circuit in a run.")
        left_out = columns_left_out(without)
        check_folder(out)
        with in_lines(tell_aside if as_json else tell):
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
        offer(plan, wishes, lambda bill: create(plan, out, bill=bill), out)

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

        say = tell_aside if as_json else tell
        with in_lines(say):
            try:
                bring(found, wait, say=say)
            finally:  # what came of a study's tasks counts, though others wait
                if found.record.study is not None:
                    keep_records(found, found.record.study, say)
        if as_json:
            print(json.dumps(list(_described(found)), indent=1))
        else:
            _show(found)


def _refuse_beside_resume(context: typer.Context) -> None:
    """Refuse flags that say something else of a run than it was ordered with."""
    given = [
        next((word for word in one.opts if word.startswith("--")), str(one.name))
        for one in context.command.params
        if one.name not in WITH_RESUME
        and getattr(context.get_parameter_source(str(one.name)), "name", "DEFAULT") != "DEFAULT"
    ]
    if given:
        raise InputError(
            f"--resume submits what is missing of a run as it was ordered, and {' and '.join(given)} "
            f"change{'s' if len(given) == 1 else ''} nothing of it; leave {'it' if len(given) == 1 else 'them'} out."
        )


def _check_names(backend: str | None, **given: str | None) -> None:
    """Refuse names that there are not, before anything heavy is imported."""
    named_backend(backend)
    known = STUDIES.about("circuit").names
    for name, text in given.items():
        for word in [] if text is None else _list(name, text, str):
            known[name].check(name, word)


def _described(run: "HardwareRun") -> Iterator[dict[str, Any]]:
    """Return of each job what came of it, as plain values."""
    for job in run.jobs:
        result = run.result(job)
        yield {
            "job": job.name,
            "about": job.description,
            "shots": len(result.arrays["bits"]),
            "told": result.told,
            "way": None if job.arm is None else job.arm.way,
            "path": str(run.path / f"result-{job.name}.npz"),
        }


def _show(run: "HardwareRun") -> None:
    beside = {job.name for job in run.jobs if job.arm is not None}
    for one in _described(run):
        if one["job"] not in beside:
            told = f", {one['told']}" if one["told"] else ""
            print(printable(f"{one['job']}: {one['about']}: {one['shots']} shots{told}: {one['path']}"))
    if run.record.mitigation is not None:
        from compare.hardware.averages import told_averages

        for line in told_averages(run):
            print(printable(line))


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
