"""Expectation values mitigated past readout: what is ordered beside a run's circuits.

An average over shots is corrected, of a function of the measured bits. No shot is: there are no mitigated nodes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from problems.errors import InputError, choose, whole_number
from problems.written import read_whole
from quantum.fold_factors import check_factors

# Neither Qiskit nor msgspec is imported, so that refusals come at once.

__all__ = [
    "EXTRAPOLATIONS",
    "FACTORS",
    "MITIGATIONS",
    "MOST_FACTOR",
    "MOST_PEC_CIRCUITS",
    "NO_MITIGATION",
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
