"""The record of mitigated averages, beside the results that they are made of."""

from typing import Annotated

import msgspec

from compare.hardware.mitigation import MITIGATIONS
from compare.hardware.record import Record
from compare.statistics import Estimate

__all__ = ["AveragesRecord", "Way"]


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """One way to estimate the averages.

    Attributes
    ----------
    name
        A name in `compare.hardware.mitigation.MITIGATIONS`.
    values, errors
        Of each observable: the estimate and its standard error.
    halves
        Half of each 95% interval; none where it is that of the normal law.
    shots, jobs
        How many were measured, and the names of the jobs that they are of.
    gates
        Two-qubit gates of the circuits as they are sent, each number once, in the order of the jobs.
    gamma
        The factor of signed averages; None where there are none.
    laws
        The curve by which each was extrapolated; none where nothing is.
    scaled
        Estimates at each factor; none where nothing is extrapolated.
    """

    name: str
    values: tuple[float, ...]
    errors: tuple[float, ...]
    shots: int
    jobs: tuple[str, ...]
    gates: tuple[int, ...]
    halves: tuple[Annotated[float, msgspec.Meta(ge=0)], ...] = ()
    gamma: float | None = None
    laws: tuple[str, ...] = ()
    scaled: tuple[tuple[float, ...], ...] = ()


class AveragesRecord(Record, frozen=True, kw_only=True, tag="averages"):
    """The averages of a job's circuit: of each its name, its value without noise (None: not known), and every way."""

    names: tuple[str, ...]
    ideal: tuple[float | None, ...]
    ways: tuple[Way, ...]
    file = "averages-{}.json"
    remedy = "remove it, and fetch again: it is made anew of the results"

    def __post_init__(self) -> None:
        ways = {way.name for way in self.ways}
        if not self.names or len(self.ideal) != len(self.names) or not {"raw"} <= ways <= set(MITIGATIONS):
            raise ValueError("it has no averages as read, or ways that there are not")
        for way in self.ways:
            optional = {len(way.laws), len(way.halves)} - {0, len(self.names)}
            if not len(way.values) == len(way.errors) == len(self.names) or optional:
                raise ValueError(f"it has not every average by {way.name}")

    @property
    def by_name(self) -> dict[str, Way]:
        """The ways by their names."""
        return {way.name: way for way in self.ways}

    def estimate(self, way: Way, place: int = 0) -> Estimate:
        """Return an average with its 95% interval."""
        best, error = way.values[place], way.errors[place]
        if not way.halves:
            return Estimate.normal(best, error, way.shots)
        return Estimate(best - way.halves[place], best, best + way.halves[place], way.shots)

    def cost(self, way: Way, place: int = 0) -> float | None:
        """Return the variance of an estimate over that as read, with as many shots; None where that has none."""
        raw = self.by_name["raw"].errors[place]
        return (way.errors[place] / raw) ** 2 if raw > 0 else None
