"""How the outages and refusals of a quantum service are told: one line, without credentials."""

__all__ = ["ServiceError", "SubmissionUnknown"]


class ServiceError(RuntimeError):
    """A service did not answer, or refused: what was asked, what came back, and what to do, in one line."""


class SubmissionUnknown(ServiceError):
    """A submission whose answer was lost: a job may exist. Look for it by its tag before submitting again."""
