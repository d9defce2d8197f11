"""How the outages and refusals of a quantum service are told: one line, without credentials."""

from collections.abc import Iterator
from contextlib import contextmanager

from problems.errors import InputError

__all__ = ["ServiceError", "SubmissionUnknown", "failures_of"]


class ServiceError(RuntimeError):
    """A service did not answer, or refused: what was asked, what came back, and what to do, in one line."""


class SubmissionUnknown(ServiceError):
    """A submission whose answer was lost: a job may exist. Look for it by its tag before submitting again."""


@contextmanager
def failures_of(name: str) -> Iterator[None]:
    """Turn whatever a vendor's own code raises into a ServiceError that names the backend."""
    try:
        yield
    except (InputError, ServiceError):
        raise
    except Exception as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        raise ServiceError(f"{name} failed: {reason}") from error
