"""A server on loopback that keeps a log of all requests, and misbehaves on purpose; vendors' servers stand on it."""

import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from tests.loopback.faults import AFTER, BEFORE, Fault

__all__ = ["Answer", "Loopback", "Query", "Request"]

Query = dict[str, list[str]]
Answer = tuple[int, Any]


@dataclass(frozen=True)
class Request:
    """A request that arrived; the path is without the query."""

    method: str
    path: str
    query: Query
    headers: dict[str, str]
    body: Any


class Loopback:
    """A service on a port of loopback; a context manager that serves from a thread of its own.

    Parameters
    ----------
    port
        0 for any free one.

    Attributes
    ----------
    log
        All requests, in order of arrival.
    faults
        What goes wrong; the first that strikes wins. Add to it with `fault`, or directly.
    """

    def __init__(self, port: int = 0) -> None:
        self.log: list[Request] = []
        self.faults: list[Fault] = []
        self._stopped = threading.Event()
        self._http = _Server(("127.0.0.1", port), type("BoundHandler", (_Handler,), {"runtime": self}))
        self.port = self._http.server_address[1]
        self.root = f"http://127.0.0.1:{self.port}"

    def answer(self, request: Request) -> Answer:
        """Let a request take effect and return its status and content (JSON, a text as it is, or None)."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop listening: from now on connections are refused."""
        if not self._stopped.is_set():
            self._stopped.set()  # lets hanging requests go
            self._http.shutdown()
            self._http.server_close()

    def count(self, method: str, path: str = "") -> int:
        """Count the requests so far of this method whose path ends like this."""
        return sum(request.method == method and request.path.endswith(path) for request in list(self.log))

    def fault(self, fault: Fault) -> Fault:
        """Add a fault and return it."""
        self.faults.append(fault)
        return fault

    @contextlib.contextmanager
    def failing(self, fault: Fault) -> Iterator[Fault]:
        """Have a fault for a while."""
        self.faults.append(fault)
        try:
            yield fault
        finally:
            self.faults.remove(fault)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that was killed leaves a broken connection behind."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    runtime: Loopback

    def _handle(self) -> None:
        # Connections are used once: none outlives the server, and processes that fork share none.
        self.close_connection = True
        split = urlsplit(self.path)
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = json.loads(raw) if raw[:1] in (b"{", b"[") else {}
        query = parse_qs(split.query)
        runtime = self.runtime
        request = Request(self.command, split.path, query, dict(self.headers), body)
        runtime.log.append(request)
        fault = next((fault for fault in list(runtime.faults) if fault.strikes(self.command, split.path)), None)
        if fault is None:
            self._reply(*runtime.answer(request))
            return
        if fault.when == AFTER:
            runtime.answer(request)
        else:
            assert fault.when == BEFORE
        if fault.kind == "hang":
            runtime._stopped.wait()
        elif fault.kind == "answer":
            self._reply(fault.status, fault.text, fault.headers)

    def _reply(self, status: int, content: Any, headers: Any = None) -> None:
        data = b"" if content is None else (content if isinstance(content, str) else json.dumps(content)).encode()
        self.send_response(status)
        known = {"Content-Type": "application/json", "Content-Length": str(len(data)), "Connection": "close"}
        for key, value in {**known, **(headers or {})}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _handle

    def log_message(self, *_: Any) -> None:
        """Say nothing."""
