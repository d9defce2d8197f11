"""Failures of IBM's service, told in one line."""

from quantum.backends.wire import trouble as wire

__all__ = ["SAVE_ACCOUNT", "Trouble", "answered", "trouble_in"]

SAVE_ACCOUNT = 'QiskitRuntimeService.save_account(token="<API key>", instance="<CRN>", set_as_default=True)'


class Trouble(wire.Trouble):
    """The reason why a request to IBM's service failed."""

    service = "IBM Quantum"
    credentials = f"check the API key and the instance, and save them again with {SAVE_ACCOUNT}, overwrite=True"


def trouble_in(error: BaseException) -> Trouble:
    """Read what went wrong from an exception of the client, of its HTTP library or of the cloud's own client."""
    return wire.trouble_in(error, Trouble)


def answered(status: int, text: str, retry_after: str | None) -> Trouble:
    """Read what went wrong from an answer with an error status."""
    return wire.answered(status, text, retry_after, Trouble)
