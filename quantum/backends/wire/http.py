"""An HTTP connection within limits: it sends twice only what is harmless, and never waits for ever."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from urllib3.exceptions import MaxRetryError
from urllib3.util.retry import Retry

from quantum.backends.wire.patience import Patience
from quantum.backends.wire.secrets import redact
from quantum.backends.wire.trouble import Trouble, answered, trouble_in

__all__ = ["Exchange", "LimitedAdapter"]

PASSING = (429, 500, 502, 503, 504, 520, 521, 522, 524)
"""Statuses after which a request that changes nothing is sent again."""

HARMLESS = frozenset({"GET", "PATCH"})
"""Methods that may be sent again: reading, and closing a batch that may be closed already."""


@dataclass
class Exchange:
    """A POST that was sent, and what came back."""

    trouble: Trouble | None = None
    text: str = field(default="", repr=False)


class LimitedRetry(Retry):
    """The library's retries, which give up where the service asks for more time than we have patience for."""

    patience = Patience()

    def new(self, **changes: Any) -> "LimitedRetry":
        made = super().new(**changes)
        made.patience = self.patience
        return made

    def get_retry_after(self, response: Any) -> float | None:
        """Return the seconds that the service asks to wait; None where it names none, or none that can be read."""
        try:
            return super().get_retry_after(response)
        except Exception:  # neither seconds nor a date of the calendar
            return None

    def increment(
        self,
        method: Any = None,
        url: Any = None,
        response: Any = None,
        error: Any = None,
        _pool: Any = None,
        _stacktrace: Any = None,
    ) -> "LimitedRetry":
        if response is not None and (self.get_retry_after(response) or 0) > self.patience.longest_wait:
            raise MaxRetryError(_pool, url)
        return super().increment(method, url, response, error, _pool, _stacktrace)


class LimitedAdapter(HTTPAdapter):
    """Sends requests with limits of time, repeats harmless ones, and sends any other exactly once."""

    def __init__(self, patience: Patience, posts: list[Exchange], said: type[Trouble]) -> None:
        retry = LimitedRetry(
            total=patience.total,
            connect=patience.total,
            redirect=0,
            other=0,
            backoff_factor=patience.backoff,
            status_forcelist=PASSING,
            allowed_methods=HARMLESS,
            raise_on_status=False,  # so that the last answer tells what is wrong
        )
        retry.patience = patience
        super().__init__(max_retries=retry)
        self._once = HTTPAdapter(max_retries=0)
        self._patience, self._posts, self._said = patience, posts, said

    def __deepcopy__(self, _memo: dict | None = None) -> "LimitedAdapter":
        return self

    def close(self) -> None:
        """Close all connections."""
        super().close()
        self._once.close()

    def send(
        self,
        request: PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Any = None,
    ) -> Response:
        """Send a request; see `requests.adapters.HTTPAdapter.send`."""
        # The client's own limits are not used: some of its requests have none.
        if request.method in HARMLESS:
            return super().send(request, stream, self._patience.limits, verify, cert, proxies)
        exchange = Exchange()
        if request.method == "POST":
            self._posts.append(exchange)
        submits = urlsplit(str(request.url)).path.endswith("/jobs")
        limits = (self._patience.connect, self._patience.submit if submits else self._patience.read)
        try:
            response = self._once.send(request, stream, limits, verify, cert, proxies)
            exchange.text = redact(response.text)  # reads it to the end
        except Exception as error:
            exchange.trouble = trouble_in(error, self._said)
            raise
        if response.status_code >= 300:
            wait = response.headers.get("Retry-After")
            exchange.trouble = answered(response.status_code, response.text, wait, self._said)
        return response
