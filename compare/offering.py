"""An order as it is offered: its cost is told, the user is asked, and it is submitted, or resumed later."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from compare.saying import in_lines, tell
from compare.unfinished import Unfinished
from compare.wishes import Wishes
from problems.errors import InputError

if TYPE_CHECKING:
    from compare.hardware.bill import Bill
    from compare.hardware.plan import Plan
    from compare.hardware.run import HardwareRun
    from quantum.backends.adapter import Account, RemoteDevice

# Qiskit is imported by what needs it, so that help and refusals come at once.

__all__ = ["offer", "resume_run"]


def offer(plan: "Plan", wishes: Wishes, make: "Callable[[Bill | None], HardwareRun]", out: Path) -> None:
    """Say what a run costs, ask, make its folder, and submit it; rounds that were interrupted go on."""
    from compare.durable import NotWritten
    from compare.hardware.bill import check_most, make_bill
    from compare.hardware.create import resumable
    from compare.hardware.offer import offer_lines, plain_offer

    bill = None if wishes.prices is None else make_bill(plan, wishes.prices)
    if bill is not None and wishes.most is not None:
        check_most(bill, wishes.most, plan)
    begun = resumable(plan, out)
    if wishes.as_json:
        print(json.dumps(plain_offer(plan, bill, begun), indent=1))
        return
    for line in offer_lines(plan, bill, begun):
        tell(line)
    if wishes.dry_run:
        return
    if not wishes.yes and not _agreed():
        raise Unfinished("nothing was submitted.")
    with in_lines():
        begun = resumable(plan, out)  # another process may have made or ended it meanwhile
        try:
            run = make(bill) if begun is None else begun
        except NotWritten as error:
            raise Unfinished(f"{error}; make room. Nothing was submitted.") from None
        # Said before anything is submitted: whoever is interrupted now knows what to continue.
        tell(f"Run: {run.path}{'' if begun is None else ', which goes on'}")
        if plan.account is not None:
            _send(run, plan.account, plan.device, fresh=begun is None)
        tell(run.name)


def resume_run(name: str, out: Path, again: bool, study: str | None = None) -> None:
    """Submit what is missing of a run; of a study's, if one is named."""
    from compare.hardware.listing import find_run
    from quantum.backends.adapter import vendor_of

    run = find_run(out, name)
    if study is not None and run.record.study != study:
        of = "no study" if run.record.study is None else f"the study {run.record.study}"
        raise InputError(f"{run.name} is of {of}, and not of {study}; leave --study out, or name another run.")
    if run.record.local:
        tell(f"{run.record.backend} is simulated here and keeps no jobs: fetch the run.")
    elif all(run.job_id(job) is not None for job in run.jobs):
        tell("All its jobs were submitted.")
    else:
        _send(run, vendor_of(run.record.backend).connect(), None, again=again)
    tell(run.name)


def _send(
    run: "HardwareRun", account: "Account", device: "RemoteDevice | None", fresh: bool = False, again: bool = False
) -> None:
    """Submit what is missing; with several rounds, progress is shown while they are waited for."""
    from compare.hardware.submit import send
    from compare.progress import progress_bars, silent
    from compare.terminal import console

    rounds = len({job.round for job in run.jobs})
    with progress_bars(console) if rounds > 1 else nullcontext(silent) as track:
        send(run, account, device, fresh, say=tell, again=again, advance=track("Rounds", rounds))


def _agreed() -> bool:
    try:
        return input("Submit? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        raise InputError("Nobody is there to answer; give --yes to submit without being asked.") from None
