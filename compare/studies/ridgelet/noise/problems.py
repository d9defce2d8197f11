"""The fields of all tasks of the noise study: a problem, and its circuit on a device."""

from dataclasses import dataclass, fields

__all__ = ["OnDevice", "Problem"]


@dataclass(frozen=True)
class Problem:
    """The first distinct training points of a data set; all as in `Settings`."""

    dataset: str
    prime: int
    features: int
    points: int
    regularization: float
    activation: str | tuple[float, ...]
    seed: int

    @property
    def problem(self) -> "Problem":
        """The problem alone, of a task that has more fields."""
        return Problem(**{field.name: getattr(self, field.name) for field in fields(Problem)})


@dataclass(frozen=True)
class OnDevice(Problem):
    """A problem's circuit in one encoding, to be fitted to a device."""

    encoding: str
    backend: str
