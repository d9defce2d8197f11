"""A submission beside its circuits: prices and a limit, rounds, mitigation, no question, or only to look."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from compare.hardware.mitigation import FACTORS, PEC_CIRCUITS, Mitigation, read_mitigation
from compare.hardware.rounds import LONGEST_PAUSE
from compare.options import real_option, whole_option
from problems.errors import InputError, whole_number
from problems.written import read_real

if TYPE_CHECKING:
    from compare.hardware.prices import PriceList

# Nothing of Qiskit is imported, so that refusals come at once.

__all__ = [
    "APART",
    "DRY_RUN",
    "EXTRAPOLATION",
    "FACTOR",
    "JSON",
    "MITIGATION",
    "MOST_MONEY",
    "PEC",
    "PRICES",
    "TURNS",
    "USUAL_FACTORS",
    "WISHES",
    "YES",
    "Wishes",
    "read_span",
]

PRICES = Annotated[Path | None, typer.Option(help="TOML file of your vendors' prices, with their date.")]
MOST_MONEY = Annotated[float | None, real_option("With --prices: refuse what costs more by them.")]
TURNS = Annotated[int, whole_option("Rounds in which all circuits are run, to see a device drift.")]
APART = Annotated[str, typer.Option(help="With --turns: time from one to the next, at least: 90s, 30min, 2h.")]
MITIGATION = Annotated[
    str | None,
    typer.Option(
        metavar="WAYS",
        help="Ways to estimate expectation values, each with as many shots: raw, readout, zne, pec. zne and pec run "
        "circuits of their own.",
    ),
]
FACTOR = Annotated[str, typer.Option(metavar="NUMBERS", help="Times as much noise that zne extrapolates from, odd.")]
EXTRAPOLATION = Annotated[str, typer.Option(help="What zne extrapolates by: exponential or linear.")]
PEC = Annotated[int, whole_option("Circuits with random Pauli gates that pec runs, a job each.")]
DRY_RUN = Annotated[bool, typer.Option("--dry-run", help="Only say what would be submitted, and what it costs.")]
JSON = Annotated[bool, typer.Option("--json", help="With --dry-run: print an object.")]
YES = Annotated[bool, typer.Option("--yes", help="Submit without asking.")]

USUAL_FACTORS = ",".join(map(str, FACTORS))

WISHES: dict[str, tuple[Any, Any]] = {
    "prices": (PRICES, None),
    "most_money": (MOST_MONEY, None),
    "turns": (TURNS, 1),
    "apart": (APART, "0s"),
    "mitigation": (MITIGATION, None),
    "factor": (FACTOR, USUAL_FACTORS),
    "extrapolation": (EXTRAPOLATION, "exponential"),
    "pec_circuits": (PEC, PEC_CIRCUITS),
    "yes": (YES, False),
    "dry_run": (DRY_RUN, False),
    "as_json": (JSON, False),
}
"""Flags by name: what typer takes as their annotation, and their default."""

SPAN = re.compile(r"(?P<number>[\d.]+) *(?P<unit>s|min|h|d)")

SECONDS = {"s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}

MOST_ROUNDS = 1000


@dataclass(frozen=True)
class Wishes:
    """All of it, checked.

    Attributes
    ----------
    prices
        The user's, or None.
    most
        The most money; None without a limit.
    rounds, every
        How often all circuits are run, and the seconds between.
    mitigation
        How expectation values are estimated.
    yes, dry_run, as_json
        Whether to submit without asking, only to say what would be, and as JSON.
    """

    prices: "PriceList | None"
    most: float | None
    rounds: int
    every: float
    mitigation: Mitigation
    yes: bool
    dry_run: bool
    as_json: bool

    @classmethod
    def of(
        cls,
        prices: Path | None = None,
        most_money: float | None = None,
        turns: int = 1,
        apart: str = "0s",
        mitigation: str | None = None,
        factor: str = USUAL_FACTORS,
        extrapolation: str = "exponential",
        pec_circuits: int = PEC_CIRCUITS,
        yes: bool = False,
        dry_run: bool = False,
        as_json: bool = False,
    ) -> "Wishes":
        """Read flags; those that a study has for itself are left out.

        Raises
        ------
        InputError
            If one is out of range or says nothing without another, or the prices are refused.
        """
        if as_json and not dry_run:
            raise InputError("--json goes with --dry-run; what a run has on disk: tickets runs --json.")
        if most_money is not None and prices is None:
            raise InputError("--most-money says nothing without prices; give them with --prices.")
        if most_money is not None and most_money < 0:
            raise InputError(f"--most-money {most_money:g} is negative; give an amount from 0.")
        if whole_number("turns", turns, 1) > MOST_ROUNDS:
            raise InputError(f"turns = {turns} is too large; give at most {MOST_ROUNDS}.")
        pause = read_span(apart)
        if pause and turns == 1:
            raise InputError("--apart says nothing without several rounds; give --turns.")
        ways = read_mitigation(mitigation, factor, extrapolation, pec_circuits)
        if prices is None:
            return cls(None, None, turns, pause, ways, yes, dry_run, as_json)
        from compare.hardware.prices import read_prices

        return cls(read_prices(prices), most_money, turns, pause, ways, yes, dry_run, as_json)


def read_span(text: str) -> float:
    """Return the seconds of a time such as "90s", "30min", "1.5h" or "1d".

    Raises
    ------
    InputError
        If it is none, or longer than 7 days.
    """
    found = SPAN.fullmatch(text.strip())
    try:
        seconds = read_real(found["number"]) * SECONDS[found["unit"]] if found else None
    except ValueError:
        seconds = None
    if seconds is None:
        raise InputError(f"apart = {text!r:.40} is no time; write a number and s, min, h or d, such as 30min.")
    if seconds > LONGEST_PAUSE:
        raise InputError(f"apart = {text!r:.40} is longer than 7 days; give less.")
    return seconds
