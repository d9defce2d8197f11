"""The REST server: accounts, devices, batches and jobs, in the shapes that the runtime's client reads."""

import base64
import contextlib
import datetime
import itertools
import json
import threading
import time
import uuid
from typing import Any

from tests.loopback.base import Answer, Loopback, Query, Request
from tests.loopback.execution import calibration, run_program
from tests.loopback.faults import error

__all__ = ["CRN", "QUBITS", "TOKEN", "Request", "RuntimeServer"]

API = "/experimental/api/v1"  # the client takes a url with "experimental" in it as it is
TOKEN = "planted-api-key-4711"
CRN = "crn:v1:bluemix:public:quantum-computing:us-east:a/0123456789abcdef:00000000-0000-0000-0000-000000000000::"
EMPTY_CRN = CRN.replace(":00000000-", ":11111111-")
QUBITS = 36
"""Of the device: two rows of its lattice and what joins them."""

FINAL = ("Completed", "Failed", "Cancelled")
SIGNATURE = "cGxhbnRlZC1iZWFyZXI"  # of the bearer tokens: nothing of them may be seen anywhere


class RuntimeServer(Loopback):
    """A service with one device, on a port of loopback; a context manager that serves from a thread of its own.

    Parameters
    ----------
    port
        0 for any free one.
    seed
        Job n (from 0, in order of arrival) runs with seed + n.
    device
        Name of the one device, "ibm_" and the name of a snapshot of the client's.
    delay
        Seconds from the submission of a job to its completion.
    tag_lag
        Seconds until a job is listed, by tag or otherwise.
    simulator
        Where jobs run, when their results are first asked for; an AerSimulator by default.
    qubits
        How many qubits of the snapshot the device has, the first ones; None for all.

    Attributes
    ----------
    environ
        All that a client needs to talk to this server and to nothing else, for `os.environ` of this or any process.
    jobs
        The jobs by id: id, state, tags, session_id, params ... as the interface has them.
    sessions
        The batches by id.
    log
        All requests, in order of arrival.
    faults
        What goes wrong; the first that strikes wins. Add to it with `fault`, or directly.
    operational, gone
        Whether the device is on line; whether it has been taken away.
    remaining
        Quantum seconds left.
    empty_instance
        Whether the account has another instance, listed first, without devices and jobs.
    """

    def __init__(
        self,
        port: int = 0,
        seed: int = 7,
        device: str = "ibm_fez",
        delay: float = 0.0,
        tag_lag: float = 0.0,
        simulator: Any = None,
        qubits: int | None = QUBITS,
    ) -> None:
        self.seed, self.device, self.delay, self.tag_lag, self.simulator = seed, device, delay, tag_lag, simulator
        _read_no_certificates()
        self.configuration, self.properties = calibration(device, qubits)
        self.jobs: dict[str, dict[str, Any]] = {}
        self.sessions: dict[str, dict[str, Any]] = {}
        self.operational, self.gone, self.remaining, self.empty_instance = True, False, 588, False
        self._lock, self._numbers = threading.Lock(), itertools.count()
        self._results: dict[str, str] = {}
        super().__init__(port)

    @property
    def environ(self) -> dict[str, str]:
        """The account, and every address that the client asks."""
        return {
            "QISKIT_IBM_TOKEN": TOKEN,
            "QISKIT_IBM_INSTANCE": CRN,
            "QISKIT_IBM_URL": self.root + API,
            "IAM_URL": self.root,
            "GLOBAL_SEARCH_URL": self.root,
            "GLOBAL_CATALOG_URL": self.root + "/catalog",
            "NO_PROXY": "127.0.0.1",
            "USAGE_DATA_OPT_OUT": "True",  # or the client looks through its callers' sources at each request
        }

    def counts(self) -> dict[str, int]:
        """Count the requests so far by method and last word of the path that is no id: {"POST jobs": 2, ...}."""
        found: dict[str, int] = {}
        for request in list(self.log):
            words = [word for word in request.path.split("/") if word not in self.jobs and word not in self.sessions]
            key = f"{request.method} {words[-1]}"
            found[key] = found.get(key, 0) + 1
        return found

    def tagged(self, tag: str) -> list[dict[str, Any]]:
        """Return the jobs that carry this tag."""
        return [job for job in list(self.jobs.values()) if tag in job["tags"]]

    def set_state(self, job_id: str, status: str, **more: Any) -> None:
        """Make a job "Queued", "Running", "Completed", "Cancelled" or "Failed" (reason=..., reason_code=...)."""
        job = self.jobs[job_id]
        job["state"], job["status"] = {"status": status, **more}, status

    def result_text(self, job_id: str) -> str:
        """Return the text of a job's result; it is run at the first call."""
        with self._lock:
            if job_id not in self._results:
                if self.simulator is None:
                    from qiskit_aer import AerSimulator

                    self.simulator = AerSimulator()
                job = self.jobs[job_id]
                self._results[job_id] = run_program(job["params"], self.simulator, job["_seed"])
            return self._results[job_id]

    def answer(self, request: Request) -> Answer:
        """Let a request take effect and return its status and content (JSON, a text as it is, or None)."""
        method, path, query, body = request.method, request.path, request.query, request.body
        instance = request.headers.get("Service-CRN") or CRN
        if instance != CRN:
            match path.removeprefix(API).strip("/").split("/"):
                case ["backends"]:
                    return 200, {"devices": []}
                case ["jobs"]:
                    return 200, {"jobs": [], "count": 0}
            return 404, error("Not in this instance")
        if path == "/identity/token":
            return 200, {
                "access_token": _bearer(),
                "refresh_token": "none",
                "token_type": "Bearer",
                "expires_in": 3600,
                "expiration": int(time.time()) + 3600,
            }
        if path == "/v3/resources/search":
            kind = {"service_plan_unique_id": "plan", "tags": [], "doc": {"extensions": {"backends": [self.device]}}}
            items = [{"crn": CRN, "name": "loopback", **kind}]
            if self.empty_instance:
                items.insert(0, {"crn": EMPTY_CRN, "name": "empty", **kind})
            return 200, {"items": items, "limit": 100}
        if path.startswith("/catalog/"):
            return 200, {"overview_ui": {"en": {"display_name": "Open"}}, "metadata": {"pricing": {"type": "free"}}}
        if not path.startswith(API):
            return 404, error(f"no route {path}")
        parts = path.removeprefix(API).strip("/").split("/")
        match parts[0]:
            case "backends":
                return self._backends(method, parts[1:])
            case "instances" if parts[1:] == ["usage"]:
                used = {"usage_consumed_seconds": 600 - self.remaining, "usage_limit_seconds": 600}
                return 200, used | {"usage_limit_reached": False, "usage_remaining_seconds": self.remaining}
            case "sessions":
                return self._sessions(method, parts[1:], body)
            case "jobs" if parts[1:]:
                return self._job(method, parts[1], parts[2:], query, body)
            case "jobs" if method == "POST":
                return self._submit(body)
            case "jobs" if method == "GET":
                return self._list(query)
        return 404, error(f"no route {method} {path}")

    def _backends(self, method: str, parts: list[str]) -> Answer:
        if not parts:
            device = {
                "name": self.device,
                "qubits": self.configuration["n_qubits"],
                "status": {"name": "online"},
                "queue_length": 0,
                "class": "qpu",
            }
            return 200, {"devices": [] if self.gone else [device]}
        if parts[0] != self.device or self.gone:
            return 404, error(f"Backend {parts[0]} not found", 1216)
        if parts[1] == "status":
            waiting = sum(job["status"] not in FINAL for job in list(self.jobs.values()))
            status = {"state": self.operational, "status": "active", "length_queue": waiting}
            return 200, status | {"backend_version": "1.0.0"}
        return 200, {"configuration": self.configuration, "properties": self.properties}[parts[1]]

    def _sessions(self, method: str, parts: list[str], body: Any) -> Answer:
        if not parts:
            name = "s" + uuid.uuid4().hex[:19]
            self.sessions[name] = {
                "id": name,
                "backend_name": body.get("backend"),
                "mode": body.get("mode"),
                "state": "open",
                "accepting_jobs": True,
                "max_ttl": 28800,
                "elapsed_time": 0,
            }
            return 200, self.sessions[name]
        if parts[0] not in self.sessions:
            return 404, error("Session not found")
        session = self.sessions[parts[0]]
        if method == "GET":
            return 200, session
        session.update(body if method == "PATCH" else {"state": "closed", "accepting_jobs": False})
        return 204, None

    def _submit(self, body: Any) -> Answer:
        if body["backend"] != self.device or self.gone:
            return 404, error(f"Backend {body['backend']} not found", 1216)
        if body.get("session_id") and not self.sessions[body["session_id"]]["accepting_jobs"]:
            return 400, error("The session is closed", 1217)
        with self._lock:
            number = next(self._numbers)
            job = {
                "id": "d" + uuid.uuid4().hex[:19],
                "backend": body["backend"],
                "state": {"status": "Queued"},
                "status": "Queued",
                "program": {"id": body["program_id"]},
                "params": body["params"],
                "tags": body.get("tags", []),
                "session_id": body.get("session_id"),
                "created": datetime.datetime.now(datetime.UTC).isoformat().replace("+00:00", "Z"),
                "runtime": body.get("runtime", ""),
                "private": body.get("private", False),
                "cost": body.get("cost", 600),
                "estimated_running_time_seconds": 3.2,
                "_made": time.monotonic(),
                "_seed": self.seed + number,
            }
            self.jobs[job["id"]] = job
        return 200, {"id": job["id"], "backend": job["backend"], "session_id": job["session_id"]}

    def _list(self, query: Query) -> Answer:
        listed = time.monotonic() - self.tag_lag
        found = [job for job in list(self.jobs.values()) if job["_made"] <= listed]
        found = [job for job in found if set(query.get("tags", [])) <= set(job["tags"])]
        if "session_id" in query:
            found = [job for job in found if job["session_id"] == query["session_id"][0]]
        if "pending" in query:
            found = [job for job in found if (job["status"] not in FINAL) == (query["pending"][0] == "true")]
        if query.get("sort") != ["ASC"]:
            found.reverse()
        skip, limit = int(query.get("offset", ["0"])[0]), int(query.get("limit", ["20"])[0])
        jobs = [_public(job) for job in found[skip : skip + limit]]
        return 200, {"jobs": jobs, "count": len(found), "limit": limit, "offset": skip}

    def _job(self, method: str, job_id: str, rest: list[str], query: Query, body: Any) -> Answer:
        job = self.jobs.get(job_id)
        if job is None:
            return 404, error(f"Job not found. Job ID: {job_id}", 1291)
        if job["status"] in ("Queued", "Running") and time.monotonic() >= job["_made"] + self.delay:
            self.set_state(job_id, "Completed")
        match [method, *rest]:
            case ["GET"]:
                return 200, _public(job, parameters=query.get("exclude_params") != ["true"])
            case ["GET", "results"]:
                return (200, self.result_text(job_id)) if job["status"] == "Completed" else (204, None)
            case ["GET", "metrics"]:
                usage = {"quantum_seconds": 2, "qpu_charge_time_seconds": 2, "status": "complete"}
                return 200, {"timestamps": {"created": job["created"]}, "usage": usage}
            case ["POST", "cancel"]:
                if job["status"] in FINAL:
                    return 409, error("Job is already in a final state", 1229)
                self.set_state(job_id, "Cancelled")
                return 204, None
            case ["DELETE"]:
                del self.jobs[job_id]
                return 204, None
        return 404, error(f"no route {method} jobs/{'/'.join(rest)}")


def _public(job: dict[str, Any], parameters: bool = False) -> dict[str, Any]:
    return {key: value for key, value in job.items() if key[0] != "_" and (key != "params" or parameters)}


def _read_no_certificates() -> None:
    """Have connections to the cloud's accounts not read all certificates: nothing is encrypted on loopback."""
    with contextlib.suppress(ImportError):
        from ibm_cloud_sdk_core.http_adapter import SSLHTTPAdapter
        from requests.adapters import HTTPAdapter

        SSLHTTPAdapter.init_poolmanager = HTTPAdapter.init_poolmanager


def _bearer() -> str:
    """Return a token in the shape that the client reads, of which it decodes only the times."""

    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    start = int(time.time())
    return ".".join([part({"alg": "RS256", "typ": "JWT"}), part({"iat": start, "exp": start + 3600}), SIGNATURE])
