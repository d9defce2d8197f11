"""The expected cost of a run in money, by prices of the user's: made before submission, and kept with the run."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import msgspec

from compare.hardware.prices import Counts, PriceList, Rates, charge
from problems.errors import InputError

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

    from compare.hardware.plan import Plan

__all__ = ["Bill", "Charge", "check_most", "counts_of", "make_bill", "money", "priced_name"]

Amount = Annotated[float, msgspec.Meta(ge=0, le=1e100)]
"""A count, or what it comes to: more than any file of prices makes of a run, and a sum of them is a number."""

ROUNDING = 1e-9
"""Sums of prices are rounded: relatively so much more than a limit is none."""

SNAPSHOT, DEVICE = "fake_", "ibm_"
"""Beginnings of the names of snapshots, and of the devices that they are of."""


class Charge(msgspec.Struct, frozen=True):
    """The cost of one job: its counts by unit (None where not known), and what they come to.

    `credits` is None where a device has none; `amount` where a count is not known.
    """

    counts: dict[str, Amount | None]
    credits: Amount | None
    amount: Amount | None


class Bill(msgspec.Struct, frozen=True):
    """The cost of a run as it was expected when it was submitted.

    Attributes
    ----------
    date, currency, source, digest
        Of the file of prices; see `compare.hardware.prices.PriceList`.
    device
        The name that prices were looked for: of a snapshot the device's that it is of.
    rates
        The rates of that device; None if the file has nothing on it.
    jobs
        The charge of each job; none where a run is not compiled.
    """

    date: str
    currency: str
    source: str
    digest: str
    device: str
    rates: Rates | None
    jobs: tuple[Charge, ...]

    @property
    def total(self) -> float | None:
        """The cost of all jobs together; None if that of one is not known."""
        known = [one.amount for one in self.jobs if one.amount is not None]
        return math.fsum(known) if self.rates is not None and len(known) == len(self.jobs) > 0 else None

    @property
    def credits(self) -> float | None:
        """The credits of all jobs together; None if those of one are not known, or there are none."""
        known = [one.credits for one in self.jobs if one.credits is not None]
        return math.fsum(known) if len(known) == len(self.jobs) > 0 else None

    @property
    def missing(self) -> str:
        """The reason why the total is not known, in words; empty if it is."""
        if self.rates is None:
            return f"the prices of {self.date} have no entry for {self.device}"
        if self.total is not None:
            return ""
        units = {unit for one in self.jobs if one.amount is None for unit, rate in self.rates.each.items() if rate
                 and one.counts.get(unit) is None}  # fmt: skip
        return f"{' and '.join(sorted(units)).replace('_', ' ')} not known" if units else "nothing was compiled"

    @property
    def told(self) -> str:
        """The total in words, with the date of the prices."""
        if self.total is None:
            return f"not known: {self.missing}"
        credits, name = self.credits, None if self.rates is None else self.rates.credit
        credit = "" if credits is None or name is None else f"{money(credits, name)}, so "
        return f"{credit}{money(self.total, self.currency)} by prices of {self.date} ({self.source})"

    def again(self) -> tuple[Charge, ...]:
        """Return what each job costs, computed anew from its counts."""
        return tuple(_charge(self.rates, one.counts) for one in self.jobs)


def money(amount: float, currency: str) -> str:
    """Write an amount: two decimals, and three digits where these take more."""
    short = f"{amount:,.2f}"
    return f"{short if amount >= 0.9995 or abs(amount - float(short)) < ROUNDING else f'{amount:.3g}'} {currency}"


def priced_name(backend: str) -> str:
    """Return the name that prices are looked for: of a snapshot, the device's that it is of."""
    return f"{DEVICE}{backend.removeprefix(SNAPSHOT)}" if backend.startswith(SNAPSHOT) else backend


def make_bill(plan: "Plan", prices: PriceList) -> Bill:
    """Return what a planned run costs by prices of the user's."""
    device = priced_name(plan.order.backend)
    rates = prices.of(device)
    seconds: Sequence[float | None] = [None] * len(plan.jobs) if plan.estimate is None else plan.estimate.seconds
    jobs = tuple(
        _charge(rates, _counts(plan, number, spent))
        for number, (job, spent) in enumerate(zip(plan.jobs, seconds, strict=True))
        if job.fitted is not None
    )
    return Bill(prices.date, prices.currency, prices.source, prices.digest, device, rates, jobs)


def check_most(bill: Bill, most: float, plan: "Plan") -> None:
    """Refuse a run on a device that costs more than its user wants to spend, or whose cost is not known.

    Raises
    ------
    InputError
        If it does; what is simulated here costs nothing.
    """
    if plan.local:
        return
    if bill.total is None:
        raise InputError(
            f"--most-money {most:.12g} cannot be kept: the cost is not known, as {bill.missing}; add it to the prices, "
            "or leave --most-money out."
        )
    if bill.total > most * (1 + ROUNDING):
        raise InputError(
            f"The run would cost {bill.told}, more than --most-money {most:.12g}; take fewer shots, rounds or circuits."
        )


def counts_of(circuit: "QuantumCircuit", shots: int, paid: bool, seconds: float | None) -> Counts:
    """Return what a job is charged for.

    Parameters
    ----------
    circuit
        As it is submitted: of circuits that run at once, that of all of them.
    shots
        How often it is run.
    paid
        Whether it is paid for: of circuits that run at once the first stands for all.
    seconds
        Quantum seconds to be expected of it; None where not known.
    """
    from quantum.backends.fitting import operation_counts

    ones, twos, measured = operation_counts(circuit) if paid else (0, 0, 0)
    return {
        "task": float(paid),
        "shot": float(paid * shots),
        "quantum_second": seconds,
        "quantum_minute": None if seconds is None else seconds / 60,
        "one_qubit_gate": float(ones * shots),
        "two_qubit_gate": float(twos * shots),
        "measurement": float(measured * shots),
    }


def _charge(rates: Rates | None, counts: Counts) -> Charge:
    credits, amount = (None, None) if rates is None else charge(rates, counts)
    return Charge(dict(counts), credits, amount)


def _counts(plan: "Plan", number: int, seconds: float | None) -> Counts:
    job = plan.jobs[number]
    paid = job.shared is None or job.shared.lead == number
    return counts_of(plan.together.get(number, job.circuit), job.shots, paid, seconds)
