"""Everything that a server can do to a request instead of answering it well."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["AFTER", "BEFORE", "Fault", "cut", "error", "hang", "refuse"]

BEFORE, AFTER = "before", "after"
"""Whether the fault strikes before the request takes effect, or after."""


@dataclass(eq=False)
class Fault:
    """One thing that goes wrong, for all requests of a method whose path ends like this.

    Attributes
    ----------
    method
        "GET", "POST", ... or "*" for any.
    path
        The end of the path, without the query ("/jobs", "/results"); "" for any.
    kind
        "answer" (a status and a text), "hang" (no answer) or "cut" (the connection is closed).
    when
        Before the request takes effect, or after.
    times
        How many requests it strikes; None for all.
    skip
        How many matching requests pass unharmed first.
    struck
        How many it has struck.
    """

    method: str
    path: str
    kind: str
    when: str = BEFORE
    times: int | None = None
    skip: int = 0
    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    struck: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def strikes(self, method: str, path: str) -> bool:
        """Say whether it strikes this request, and count it."""
        if self.method not in ("*", method) or not path.endswith(self.path):
            return False
        with self._lock:
            if self.skip > 0:
                self.skip -= 1
                return False
            if self.times is not None and self.struck >= self.times:
                return False
            self.struck += 1
            return True


def refuse(
    method: str,
    path: str,
    status: int,
    *,
    retry_after: float | str | None = None,
    payload: Any = None,
    when: str = BEFORE,
    times: int | None = None,
    skip: int = 0,
    headers: Mapping[str, str] | None = None,
) -> Fault:
    """Answer with a status and a text; `payload` that is no text is sent as JSON, None as the service's own error."""
    text = (
        payload
        if isinstance(payload, str)
        else json.dumps(error("loopback refuses", 1234) if payload is None else payload)
    )
    extra = dict(headers or {}) | ({} if retry_after is None else {"Retry-After": str(retry_after)})
    return Fault(method, path, "answer", when, times, skip, status, extra, text)


def cut(method: str, path: str, *, when: str = BEFORE, times: int | None = None, skip: int = 0) -> Fault:
    """Close the connection without an answer."""
    return Fault(method, path, "cut", when, times, skip)


def hang(method: str, path: str, *, when: str = BEFORE, times: int | None = None, skip: int = 0) -> Fault:
    """Keep the connection open and never answer."""
    return Fault(method, path, "hang", when, times, skip)


def error(message: str, code: int = 1000) -> dict[str, Any]:
    """Return an error as the service words it."""
    return {"errors": [{"code": code, "message": message}], "error": {"code": code, "message": message}}
