"""Measures that a device is asked to take against its noise, and the warnings where they are of no use."""

from dataclasses import asdict, dataclass

from problems.errors import yes_or_no

__all__ = ["NO_SUPPRESSION", "NotHonored", "Suppression", "UnknownErrors"]


class NotHonored(UserWarning):
    """An option that the chosen backend does not take, or that cannot help there."""


class UnknownErrors(UserWarning):
    """A device does not state the errors by which a circuit would be judged too deep."""


@dataclass(frozen=True)
class Suppression:
    """Ways to suppress errors while a circuit runs.

    Attributes
    ----------
    dynamical_decoupling
        Whether pairs of X gates fill the time in which a qubit waits.
    twirling
        Whether two-qubit gates and measurements are surrounded by random Pauli gates that cancel.

    Raises
    ------
    InputError
        If an attribute is neither True nor False.
    """

    dynamical_decoupling: bool = False
    twirling: bool = False

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            yes_or_no(name, value)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The ways that are switched on, in words."""
        return tuple(name.replace("_", " ") for name, value in asdict(self).items() if value)


NO_SUPPRESSION = Suppression()
"""Circuits run as they are."""
