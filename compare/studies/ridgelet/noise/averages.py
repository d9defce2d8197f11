"""Expectation values under noise, estimated with equal shots in several ways: what is asked, and what is found.

An average over shots is corrected, of a function of the measured bits. No shot is: there are no mitigated nodes.
"""

from dataclasses import dataclass
from typing import Annotated

from compare.engine import Array, Kind, Shape
from compare.hardware.mitigation import EXTRAPOLATIONS, MITIGATIONS
from compare.studies.data import table_of
from compare.studies.ridgelet.noise.problems import OnDevice

__all__ = ["AVERAGES", "EXTRAPOLATIONS", "MITIGATIONS", "Averaged", "Averages"]


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
