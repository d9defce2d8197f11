"""A scheduler's client, lent to a task that shares its own work out to the workers."""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

__all__ = ["lend", "lent"]

_client: ContextVar[Any] = ContextVar("_client", default=None)


@contextlib.contextmanager
def lend(client: Any) -> Iterator[None]:
    """Lend a client to the task that runs here."""
    token = _client.set(client)
    try:
        yield
    finally:
        _client.reset(token)


def lent() -> Any:
    """Return the client that is lent to this task, a `distributed.Client`; None if there is none."""
    return _client.get()
