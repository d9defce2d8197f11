"""Failures of Amazon's services, read from its client's exceptions, and told in one line."""

from collections.abc import Iterator
from typing import Any

from quantum.backends.wire import one_line
from quantum.backends.wire import trouble as wire

__all__ = ["CREDENTIALS", "Trouble", "trouble_in"]

CREDENTIALS = "aws configure, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
"""Where Amazon's client finds credentials."""

_REFUSED = (
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "MissingAuthenticationToken",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
)
"""Codes of credentials that are not accepted."""

_KINDS = {
    "ConnectTimeoutError": "unreachable",
    "EndpointConnectionError": "unreachable",
    "ProxyConnectionError": "unreachable",
    "ReadTimeoutError": "timeout",
    "ConnectionClosedError": "cut",
    "ConnectionError": "cut",
    "HTTPClientError": "cut",
    "IncompleteReadError": "cut",
    "ResponseStreamingError": "cut",
}
"""The client's exceptions by their names: what is raised in whichever of its parts."""


class Trouble(wire.Trouble):
    """The reason why a request to Amazon Braket failed."""

    service = "Amazon Braket"
    credentials = f"check the credentials ({CREDENTIALS}) and what they allow"


def trouble_in(error: BaseException) -> Trouble:
    """Read what went wrong from an exception of Amazon's client."""
    causes = list(_causes(error))
    for cause in causes:
        answer = getattr(cause, "response", None)
        if isinstance(answer, dict) and isinstance(answer.get("Error"), dict):
            return _answered(answer)
    for cause in causes:
        for kind in type(cause).__mro__:
            if kind.__name__ in _KINDS:
                return Trouble(_KINDS[kind.__name__])
    return Trouble("cut") if any(isinstance(cause, OSError) for cause in causes) else Trouble("unreadable")


def _answered(answer: dict[str, Any]) -> Trouble:
    code = str(answer["Error"].get("Code", ""))
    status = (answer.get("ResponseMetadata") or {}).get("HTTPStatusCode")
    status = status if isinstance(status, int) else 500
    if code in _REFUSED:
        status = 401
    elif code.startswith("Throttling") or code in ("TooManyRequestsException", "SlowDown"):
        status = 429
    words = str(answer["Error"].get("Message") or answer.get("message") or "")
    detail = ": ".join(part for part in (code, words) if part)
    return Trouble("answer", status, one_line(detail)[: wire.LONGEST].rstrip(". "))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
