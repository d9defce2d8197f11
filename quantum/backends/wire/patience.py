"""How long the service is waited for."""

from dataclasses import asdict, dataclass

from problems.errors import non_negative, whole_number

__all__ = ["Patience"]


@dataclass(frozen=True)
class Patience:
    """Limits of one request to the service.

    Attributes
    ----------
    total
        How often a request is repeated, where that is harmless.
    backoff
        Seconds before the first repetition, where the service asks for no others; doubled each time.
    connect, read, submit
        Seconds for the connection, for an answer, and for the answer to a submission.

    Raises
    ------
    InputError
        If `total` is no whole number of at least 0, or another is no finite number of at least 0.
    """

    total: int = 3
    backoff: float = 0.5
    connect: float = 5.0
    read: float = 60.0
    submit: float = 300.0

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            whole_number(name, value, 0) if name == "total" else non_negative(name, value)

    @property
    def limits(self) -> tuple[float, float]:
        """Seconds for the connection and for an answer."""
        return self.connect, self.read

    @property
    def longest_wait(self) -> float:
        """The longest wait that the service may ask for: longer ones are the caller's to decide on."""
        return self.read

    def wait(self, attempt: int, asked: float | None) -> float | None:
        """Return the seconds before the next attempt, from 0, or None where the service asks for too many."""
        if asked is None:
            return self.backoff * 2.0**attempt
        return asked if asked <= self.longest_wait else None
