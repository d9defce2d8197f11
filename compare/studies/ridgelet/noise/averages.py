"""Expectation values under noise, estimated with equal shots in several ways: what is asked, and what is found.

An average over shots is corrected, of a function of the measured bits. No shot is: there are no mitigated nodes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from compare.engine import Array, Kind, Shape
from compare.studies.data import table_of
from compare.studies.ridgelet.noise.problems import OnDevice

__all__ = ["AVERAGES", "EXTRAPOLATIONS", "MITIGATIONS", "Averaged", "Averages"]

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


@dataclass(frozen=True)
class Averaged(OnDevice):
    """One way to estimate expectation values.

    `mitigation` is a name in `MITIGATIONS`, `shots` are those of all circuits together; `factors` and `extrapolation`
    are empty but for "zne".
    """

    mitigation: str
    shots: int
    factors: tuple[int, ...]
    extrapolation: str


@dataclass(frozen=True)
class Averages:
    """Expectation values, estimated.

    Attributes
    ----------
    names
        Of the observables: the cross-entropy fidelity, and Fourier moments of nodes.
    ideal, values, errors
        Of each: what p* has, exactly; the estimate; its standard error. Shape (observables,).
    shots, circuits
        How many were measured, and of how many different circuits.
    gates
        Two-qubit gates of the circuits, one by one if they differ.
    gamma
        The factor of signed averages; None where there are none.
    laws
        The curve by which each was extrapolated; "" where nothing is.
    scaled
        Estimates at each factor, shape (factors, observables); none where nothing is extrapolated.
    """

    names: tuple[str, ...]
    ideal: Annotated[Array, Shape("observables")]
    values: Annotated[Array, Shape("observables")]
    errors: Annotated[Array, Shape("observables", least=0)]
    shots: int
    circuits: int
    gates: tuple[int, ...]
    gamma: float | None
    laws: tuple[str, ...]
    scaled: Annotated[Array, Shape("factors", "observables")]


AVERAGES = Kind(
    "noise/averages", Averaged, Averages, "compare.studies.ridgelet.noise.averaging:average", needs=table_of
)
