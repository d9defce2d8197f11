"""Expectation values mitigated past readout: what is ordered beside a run's circuits, and what each further circuit is.

An average over shots is corrected, of a function of the measured bits. No shot is: there are no mitigated nodes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import msgspec

from problems.errors import InputError, choose, whole_number
from problems.written import read_whole
from quantum.fold_factors import check_factors

# Qiskit is not imported, so that refusals come at once.

__all__ = [
    "EXTRAPOLATIONS",
    "FACTORS",
    "MITIGATIONS",
    "MOST_FACTOR",
    "MOST_PEC_CIRCUITS",
    "NO_MITIGATION",
    "Arm",
    "Mitigation",
    "read_mitigation",
]

MITIGATIONS: Mapping[str, str] = {
    "raw": "as read",
    "readout": "readout errors inverted, bit by bit",
    "zne": "readout errors inverted, and gate errors extrapolated to none from folded gates",
    "pec": "readout errors inverted, and gate errors canceled by random Pauli gates with signs",
}
"""Ways to estimate an expectation value, in words."""

EXTRAPOLATIONS: Mapping[str, str] = {
    "exponential": "A exp(-b x), a straight line where the values are not clearly of one sign",
    "linear": "a straight line",
}
"""Laws that values follow as the noise grows, in words."""

FACTORS = (1, 3, 5)
"""Times as much noise that is extrapolated from, if nothing else is said."""

MOST_FACTOR = 99
"""Times as much noise, at most: nothing of a signal is left long before."""

PEC_CIRCUITS = 32
"""Circuits with random Pauli gates, if nothing else is said."""

MOST_PEC_CIRCUITS = 1000
"""Circuits with random Pauli gates, at most: each is a job."""


@dataclass(frozen=True)
class Mitigation:
    """The ways in which a run's expectation values are estimated, with equal shots each.

    Attributes
    ----------
    ways
        Names in `MITIGATIONS`. The circuit itself runs whatever they are: its shots are those of "raw" and "readout".
    factors
        Times as much noise that "zne" extrapolates from; the shots are divided among them.
    extrapolation
        A name in `EXTRAPOLATIONS`.
    pec_circuits
        Circuits with random Pauli gates that "pec" runs, beside one without any.
    """

    ways: tuple[str, ...] = ()
    factors: tuple[int, ...] = FACTORS
    extrapolation: str = "exponential"
    pec_circuits: int = PEC_CIRCUITS

    def check(self) -> None:
        """Refuse what there is not, and numbers out of range.

        Raises
        ------
        InputError
            If there is.
        """
        for way in self.ways:
            choose("mitigation", way, MITIGATIONS)
        choose("extrapolation", self.extrapolation, EXTRAPOLATIONS)
        if not 2 <= whole_number("pec_circuits", self.pec_circuits, 1) <= MOST_PEC_CIRCUITS:
            raise InputError(
                f"pec_circuits = {self.pec_circuits} are too {'few' if self.pec_circuits < 2 else 'many'}; their "
                f"spread is the interval, and each is a job: give 2 to {MOST_PEC_CIRCUITS:,}."
            )
        for factor in check_factors(self.factors):
            if factor > MOST_FACTOR:
                raise InputError(f"factor = {factor} is too large; give at most {MOST_FACTOR}.")

    @property
    def circuits(self) -> int:
        """The number of circuits that run for each that is ordered, that one included."""
        return 1 + ("zne" in self.ways) * len(self.factors) + ("pec" in self.ways) * (self.pec_circuits + 1)


NO_MITIGATION = Mitigation()
"""Circuits run as they are, and nothing is estimated beside what their study makes of them."""


class Arm(msgspec.Struct, frozen=True, kw_only=True):
    """A circuit that runs for the expectation values of another of its run, in a job of its own.

    Attributes
    ----------
    way
        "zne" or "pec".
    of
        The name of the other circuit's job.
    factor
        How often each two-qubit gate runs; 1 but for "zne".
    sign
        The sign with which the average counts; 1 but for "pec".
    paulis
        How many two-qubit gates are followed by random Pauli gates; 0 in the circuit of "pec" that has none.
    gamma, plain
        Of "pec": the factor of the signed average, and the probability that no gate is followed by any.
    """

    way: str
    of: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{3,5}\Z")]
    factor: Annotated[int, msgspec.Meta(ge=1)] = 1
    sign: Annotated[int, msgspec.Meta(ge=-1, le=1)] = 1
    paulis: Annotated[int, msgspec.Meta(ge=0)] = 0
    gamma: Annotated[float, msgspec.Meta(ge=1)] | None = None
    plain: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None

    @property
    def told(self) -> str:
        """The circuit in words."""
        if self.way == "zne":
            return "zne, gates as they are" if self.factor == 1 else f"zne, two-qubit gates {self.factor} times"
        if not self.paulis:
            return "pec, without random gates"
        return f"pec, random gates after {self.paulis} gate{'s' if self.paulis > 1 else ''}, sign {self.sign:+d}"


def read_mitigation(ways: str | None, factors: str, extrapolation: str, pec_circuits: int) -> Mitigation:
    """Read flags of the command line, lists separated by commas.

    Raises
    ------
    InputError
        If something in them is not there, out of range, or says nothing without another.
    """
    named = () if ways is None else tuple(dict.fromkeys(word.strip() for word in ways.split(",")))
    try:
        numbers = tuple(read_whole(word.strip()) for word in factors.split(","))
    except ValueError:
        raise InputError(f"factor = {factors!r:.40} is no list of whole numbers; separate them by commas.") from None
    found = Mitigation(named, numbers, extrapolation, pec_circuits)
    found.check()
    usual = Mitigation()
    for needed, flag, changed in (
        ("zne", "--factor", found.factors != usual.factors),
        ("zne", "--extrapolation", found.extrapolation != usual.extrapolation),
        ("pec", "--pec-circuits", found.pec_circuits != usual.pec_circuits),
    ):
        if changed and needed not in named:
            raise InputError(f"{flag} says nothing without {needed}; give --mitigation raw,readout,{needed}.")
    return found
