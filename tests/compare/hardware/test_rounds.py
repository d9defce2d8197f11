"""Rounds of the same circuits: submitted one after the other, in time, and nothing twice; the clock is the test's."""

import shutil
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest

from compare.hardware.bill import make_bill
from compare.hardware.create import create, resumable
from compare.hardware.drift import drifts, sentence
from compare.hardware.offer import offer_lines, plain_offer
from compare.hardware.pace import Clock
from compare.hardware.plan import Order, make_plan
from compare.hardware.prices import PriceList, Rates
from compare.hardware.record import Intent, Submission
from compare.hardware.rows import JobRow, RunRow
from compare.hardware.run import HardwareRun
from compare.hardware.submit import send
from compare.statistics import Estimate
from compare.wishes import Wishes, read_span
from problems.errors import InputError
from tests.compare.hardware.runs import QUICK, SHOTS, bring, small_payloads, unfinished
from tests.loopback import refuse

EVERY, START = 1800.0, datetime(2026, 11, 29, 10, tzinfo=UTC)


@dataclass
class Watch:
    """A clock that goes by itself while somebody sleeps, and no other way."""

    at: datetime = START
    slept: list = field(default_factory=list)
    interrupt: int | None = None

    @property
    def clock(self):
        return Clock(lambda: self.at.isoformat(timespec="milliseconds"), self.sleep)

    def sleep(self, seconds):
        if len(self.slept) == self.interrupt:
            raise KeyboardInterrupt
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)


@pytest.fixture(scope="module")
def plan(served):
    """Three rounds of the two circuits that are fitted already."""
    once = served[2]
    jobs = [replace(job, round=number, seed=10 * number + job.seed) for number in range(3) for job in once.jobs]
    return replace(once, jobs=jobs, order=replace(once.order, rounds=3, every=EVERY))


def begun(run):
    """When the first job of each round was submitted."""
    found = {}
    for job in run.jobs:
        found.setdefault(job.round, datetime.fromisoformat(run.read(Intent, job).at))
    return list(found.values())


def test_circuits_take_turns_and_each_has_a_stream_of_its_own():
    plan = make_plan(small_payloads(2), Order("aer_statevector", SHOTS, 3, rounds=3))
    first = plan.jobs[:2]
    assert [job.round for job in plan.jobs] == [0, 0, 1, 1, 2, 2]
    assert [job.payload.digest for job in plan.jobs] == 3 * [job.payload.digest for job in first]
    assert all(job.circuit is plan.jobs[place % 2].circuit for place, job in enumerate(plan.jobs))
    assert len({job.seed for job in plan.jobs}) == 6
    fewer = make_plan(small_payloads(2), Order("aer_statevector", SHOTS, 3, rounds=2))
    assert [job.seed for job in fewer.jobs] == [job.seed for job in plan.jobs[:4]]  # whatever rounds follow


def test_rounds_begin_when_their_time_has_come(served, server, plan, tmp_path):
    run, watch, said = create(plan, tmp_path), Watch(), []
    send(run, plan.account, plan.device, True, QUICK, said.append, clock=watch.clock)
    assert [late - early for early, late in pairwise(begun(run))] == 2 * [timedelta(seconds=EVERY)]
    assert sum(watch.slept) == 2 * EVERY
    assert max(watch.slept) <= 60
    assert [line for line in said if "begins in" in line] == [
        f"Round {number} of 3 begins in 30 min; until then Ctrl-C loses nothing, and the same command goes on."
        for number in (2, 3)
    ]
    assert [len(server.tagged(job.tag)) for job in run.jobs] == 6 * [1]
    assert len({server.tagged(job.tag)[0]["session_id"] for job in run.jobs}) == 3  # a batch for each round
    assert set(bring(run, plan.account)) == {job.name for job in run.jobs}


def test_what_was_interrupted_goes_on_by_the_same_command(served, server, plan, tmp_path):
    run, watch = create(plan, tmp_path), Watch(interrupt=10)
    with unfinished(f"interrupted. .* submit --resume {run.name}", code=130):
        send(run, plan.account, plan.device, True, QUICK, clock=watch.clock)
    assert [len(server.tagged(job.tag)) for job in run.jobs] == [1, 1, 0, 0, 0, 0]
    assert resumable(plan, tmp_path).path == run.path
    fewer = replace(plan, order=replace(plan.order, rounds=2), jobs=plan.jobs[:4])
    assert resumable(fewer, tmp_path) is None  # another order
    # A day later: the round that is late begins at once, and the next one a whole time after it.
    later = Watch(watch.at + timedelta(days=1))
    send(HardwareRun(run.path), plan.account, plan.device, False, QUICK, clock=later.clock)
    assert [len(server.tagged(job.tag)) for job in run.jobs] == 6 * [1]
    assert sum(later.slept) == EVERY
    assert resumable(plan, tmp_path) is None


def test_what_another_copy_submitted_meanwhile_is_found(served, server, plan, tmp_path):
    run, watch, copies = create(plan, tmp_path / "here"), Watch(), []

    def sleep(seconds):
        if not copies:
            copies.append(HardwareRun(shutil.copytree(run.path, tmp_path / "there" / run.name)))
            send(copies[0], plan.account, plan.device, False, QUICK, clock=Watch(watch.at).clock)
        watch.sleep(seconds)

    send(run, plan.account, plan.device, True, QUICK, clock=Clock(watch.clock.now, sleep))
    assert [len(server.tagged(job.tag)) for job in run.jobs] == 6 * [1]
    assert [run.job_id(job) for job in run.jobs] == [copies[0].job_id(job) for job in run.jobs]


def test_a_round_that_was_found_by_its_tag_is_waited_for_too(served, server, plan, tmp_path):
    """Though no intent of it stands in this copy of the folder."""
    run, watch = create(plan, tmp_path / "here"), Watch(interrupt=0)
    other = HardwareRun(shutil.copytree(run.path, tmp_path / "there" / run.name))
    with unfinished("interrupted", code=130):
        send(other, plan.account, plan.device, False, QUICK, clock=watch.clock)
    assert bring_ids(run, plan.account) == [True, True, False, False, False, False]
    assert [run.read(Intent, job) for job in run.jobs] == 6 * [None]
    noted = datetime.fromisoformat(run.read(Submission, run.jobs[0]).noted)
    later = Watch(noted + timedelta(seconds=300))
    send(run, plan.account, plan.device, False, QUICK, clock=later.clock)
    assert sum(later.slept) == pytest.approx(2 * EVERY - 300, abs=1)
    assert [len(server.tagged(job.tag)) for job in run.jobs] == 6 * [1]


def bring_ids(run, account):
    """Fetch what there is, and return of which jobs the id is known."""
    with unfinished("never submitted"):
        bring(run, account, wait=False)
    return [run.job_id(job) is not None for job in run.jobs]


def test_a_run_that_goes_on_says_that_its_own_bill_counts(served, plan, tmp_path):
    rates = Rates("ibm_*", {"shot": 0.5})
    then, today = (PriceList(day, "EUR", "invented", "0" * 64, (rates,)) for day in ("2024-11-20", "2025-11-20"))
    order = replace(plan, estimate=replace(plan.estimate, seconds=3 * plan.estimate.seconds))
    run = create(order, tmp_path, bill=make_bill(order, then))
    (*_, line) = offer_lines(order, make_bill(order, today), resumable(order, tmp_path))
    assert line == (
        f"The run {run.name} of {run.record.started[:10]} goes on: 0 of its 6 jobs are submitted, and the others are "
        "as they were ordered then. What is said above is of today; the record counts, with its cost in money, 180.00 "
        "EUR by prices of 2024-11-20 (invented); a limit by --most-money is held against the prices of today."
    )
    assert not [line for line in offer_lines(order) if "goes on" in line]
    plain = plain_offer(order, make_bill(order, today), run)
    assert (plain["money"]["date"], plain["goes_on"]["money"]["date"]) == ("2025-11-20", "2024-11-20")
    assert (plain["goes_on"]["run"], plain["goes_on"]["submitted"]) == (run.name, 0)


def test_a_round_that_has_begun_is_completed_at_once(served, server, plan, tmp_path):
    run, watch = create(plan, tmp_path), Watch()
    with server.failing(refuse("POST", "/jobs", 400, skip=3)), unfinished("status 400"):
        send(run, plan.account, plan.device, True, QUICK, clock=watch.clock)
    assert [len(server.tagged(job.tag)) for job in run.jobs] == [1, 1, 1, 0, 0, 0]
    later = Watch(watch.at)
    send(run, plan.account, plan.device, False, QUICK, clock=later.clock)
    assert [len(server.tagged(job.tag)) for job in run.jobs] == 6 * [1]
    assert sum(later.slept) == EVERY  # for the third round alone


def test_a_clock_that_was_set_back_makes_nobody_wait_longer(served, server, plan, tmp_path):
    run, watch = create(plan, tmp_path), Watch(interrupt=0)
    with unfinished("interrupted", code=130):
        send(run, plan.account, plan.device, True, QUICK, clock=watch.clock)
    early = Watch(watch.at - timedelta(days=365), interrupt=40)
    with unfinished("interrupted", code=130):
        send(run, plan.account, plan.device, False, QUICK, clock=early.clock)
    assert max(early.slept) <= 60


def test_times_and_rounds_are_read_or_refused():
    assert [read_span(text) for text in ("90s", "30min", "1.5 h", "2d", "0s")] == [90, 1800, 5400, 172800, 0]
    for text in ("", "30", "min", "-3min", "1e3s", "1.2.3h", "\u0663min", "30 weeks"):
        with pytest.raises(InputError, match="is no time"):
            read_span(text)
    with pytest.raises(InputError, match="longer than 7 days"):
        read_span("8d")
    with pytest.raises(InputError, match="says nothing without several rounds"):
        Wishes.of(apart="30min")
    with pytest.raises(InputError, match="turns = 1001 is too large"):
        Wishes.of(turns=1001)
    with pytest.raises(InputError, match="rounds = 6000 of 2 circuits are 12,000 jobs"):
        make_plan(small_payloads(2), Order("aer_statevector", 10, rounds=6000))


def planted(flip, rounds=6, shots=2000):
    """A run whose readings go wrong more and more, up to this share at the end."""
    rng = np.random.default_rng(7)
    jobs = []
    for number in range(rounds):
        share = 0.1 + flip * number / (rounds - 1)
        bits = rng.random((shots, 3)) < share
        found = Estimate.normal(1 - bits.mean(), float(bits.std()) / np.sqrt(3 * shots), shots)
        when = START + timedelta(hours=number)
        jobs.append(
            JobRow(f"{number:03}", 0, number, "a circuit", "d", "done", when, shots=shots, number="share",
                   raw=found, bits=bits)
        )  # fmt: skip
    return RunRow("hw-1", device="d", path=None, jobs=tuple(jobs))


def test_drift_is_told_with_its_size_and_its_absence_too():
    steady, drifting = drifts([planted(0.0), planted(0.03)])
    assert (steady.seen, drifting.seen) == (False, True)
    assert steady.corrected == min(1.0, max(steady.outcomes.pvalue, 2 * drifting.outcomes.pvalue))
    assert "6 rounds of 2,000 shots over 5 h: no change of the outcomes is seen (chi-square" in sentence(steady)
    assert "the outcomes changed from round to round (chi-square" in sentence(drifting)
    assert "that the share is one number has as read p =" in sentence(drifting)
    assert drifting.outcomes.samples == 12_000
