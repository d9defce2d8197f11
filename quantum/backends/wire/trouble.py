"""Failures between us and a service, read from its client's many exceptions, and told in one line."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from quantum.backends.errors import ServiceError
from quantum.backends.wire.secrets import redact

__all__ = ["Trouble", "answered", "one_line", "trouble_in"]

S = TypeVar("S", bound="Trouble")

LONGEST = 300
"""Characters of a service's own message that are passed on."""

_WORDS = {
    "unreachable": "the connection was refused, or the address is not known",
    "timeout": "no answer came in time",
    "cut": "the connection broke off",
    "unreadable": "the answer could not be read",
}


@dataclass(frozen=True)
class Trouble:
    """The reason why a request failed; a vendor's own kind names the service, and what to do about its credentials.

    Attributes
    ----------
    kind
        "answer" (one with an error status came), "unreachable" (nothing was sent), "timeout", "cut" or "unreadable".
    status
        The HTTP status, of an answer.
    detail
        The service's own words, redacted.
    wait
        Seconds that the service asks to wait, if it does.
    """

    service: ClassVar[str] = "The service"
    credentials: ClassVar[str] = "check the credentials"

    kind: str
    status: int | None = None
    detail: str = ""
    wait: float | None = None

    @property
    def passing(self) -> bool:
        """Whether the same request may well succeed later."""
        return self.kind != "answer" or self.status == 429 or (self.status or 0) >= 500

    def told(self, what: str, kind: type[ServiceError] = ServiceError) -> ServiceError:
        """Return the error to raise, where `what` was asked of the service ("list the devices")."""
        return kind(one_line(f"{self.service} could not {what}: {self.reason}; {self._remedy()}."))

    @property
    def refused(self) -> bool:
        """Whether an answer means that nothing was done: the request was wrong, not the service or its time."""
        return self.kind == "answer" and 400 <= (self.status or 0) < 500 and self.status not in (408, 425, 499)

    @property
    def reason(self) -> str:
        """The failure in words."""
        if self.kind != "answer":
            return _WORDS[self.kind]
        detail = f" ({self.detail})" if self.detail else ""
        if self.status == 401:
            return f"it does not accept the credentials, status 401{detail}"
        if self.status == 403:
            return f"the account has no access, status 403{detail}"
        if self.status == 429:
            return f"it had too many requests, status 429{detail}"
        return f"it answered with status {self.status}{detail}"

    def _remedy(self) -> str:
        if self.wait is not None and self.passing:
            return f"try again in {self.wait:g} seconds"
        if self.status in (401, 403):
            return self.credentials
        if self.kind == "unreachable":
            return "check the network, and try again"
        if self.passing:
            return "try again later"
        return "change what was asked: the same again will fail again"


def trouble_in(error: BaseException, said: type[S]) -> S:
    """Read what went wrong from an exception of a client or of its HTTP library, as the vendor's kind `said`."""
    from requests import exceptions as http
    from urllib3 import exceptions as wire

    causes = list(_causes(error))
    for cause in causes:
        known = getattr(cause, "trouble", None)
        if isinstance(known, said):
            return known
        response = getattr(cause, "response", None)
        response = getattr(cause, "http_response", None) if response is None else response
        if response is not None and response.status_code >= 400:
            return answered(response.status_code, response.text, response.headers.get("Retry-After"), said)
    if any(isinstance(cause, wire.ConnectTimeoutError | http.ConnectTimeout) for cause in causes):
        return said("unreachable")
    if any(isinstance(cause, wire.ReadTimeoutError | http.ReadTimeout) for cause in causes):
        return said("timeout")
    if any(isinstance(cause, http.JSONDecodeError) for cause in causes):
        return said("unreadable")
    if any(isinstance(cause, wire.HTTPError | http.RequestException | OSError) for cause in causes):
        return said("cut")
    return said("unreadable")


def answered(status: int, text: str, retry_after: str | None, said: type[S]) -> S:
    """Read what went wrong from an answer with an error status, as the vendor's kind `said`."""
    return said("answer", status, _detail(text), _seconds(retry_after))


def one_line(text: str) -> str:
    """Return the text redacted and in one line."""
    return " ".join(redact(text).split())


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        inner: Any = error.args[0] if error.args else None
        inner = getattr(inner, "reason", inner)  # a list of retries that failed names the last of them
        error = error.__cause__ or error.__context__ or (inner if isinstance(inner, BaseException) else None)


def _detail(text: str) -> str:
    try:
        content = json.loads(text)
        error = content.get("error") or (content["errors"][0] if "errors" in content else content)
        words = error["message"] if isinstance(error, dict) else content.get("message") or error
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        words = ""  # a page of some machine in between
    return one_line(str(words))[:LONGEST].rstrip(". ")


def _seconds(retry_after: str | None) -> float | None:
    from urllib3.util.retry import Retry

    try:
        return None if retry_after is None else float(Retry().parse_retry_after(retry_after))
    except Exception:  # neither seconds nor a date
        return None
