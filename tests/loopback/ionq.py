"""The part of IonQ's REST interface, v0.4, that is used: devices, characterizations, jobs and results, without a list.

Programs run by the matrices of the native gates as IonQ's documentation states them, not by its client's.
"""

import cmath
import datetime
import itertools
import math
import threading
import uuid
from typing import Any

import numpy as np

from tests.loopback.base import Answer, Loopback, Request
from tests.loopback.gates import distribution

__all__ = ["KEY", "IonQServer"]

API = "/v0.4"
KEY = "planted-ionq-key-0815"

CHARACTERIZATION = {
    "id": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
    "date": "2026-11-20T00:00:00Z",
    "backend": "qpu.forte-1",
    "fidelity": {
        "spam": {"median": 0.9943, "stderr": None},
        "1q": {"median": 0.9998, "stderr": None},
        "2q": {"median": 0.9928, "stderr": None},
    },
    "timing": {"readout": 0.00015, "reset": 0.00002, "1q": 0.00011, "2q": 0.0009, "t1": 100, "t2": 1},
}


class IonQServer(Loopback):
    """A service with one device.

    Parameters
    ----------
    device, qubits
        What it is called ("qpu.aria-1" has MS gates, "qpu.forte-1" ZZ), and its size.
    seed
        Job n (from 0, in order of arrival) runs with seed + n.
    histogram
        Whether single shots are kept to itself, and only shares of outcomes are given.

    Attributes
    ----------
    jobs
        The jobs by id, as the interface has them.
    """

    def __init__(self, device: str = "qpu.forte-1", qubits: int = 6, seed: int = 7, histogram: bool = False) -> None:
        super().__init__()
        self.device, self.qubits, self.seed, self.histogram = device, qubits, seed, histogram
        self.jobs: dict[str, dict[str, Any]] = {}
        self.status = "available"
        self.compiled: Any = None
        self._numbers, self._lock = itertools.count(), threading.Lock()

    @property
    def environ(self) -> dict[str, str]:
        """All that the client needs to talk to this server and to nothing else."""
        return {"IONQ_API_KEY": KEY, "IONQ_API_URL": self.root + API, "NO_PROXY": "127.0.0.1"}

    def named(self, name: str) -> list[dict[str, Any]]:
        """Return the jobs of this name."""
        return [job for job in list(self.jobs.values()) if job["name"] == name]

    def answer(self, request: Request) -> Answer:
        """Let a request take effect and return its status and content."""
        if request.headers.get("Authorization") != f"apiKey {KEY}":
            return 401, {"statusCode": 401, "error": "Unauthorized", "message": "Invalid key provided"}
        match [request.method, *request.path.removeprefix(API).strip("/").split("/")]:
            case ["GET", "backends"]:
                return 200, [self._device(), {"backend": "simulator", "status": "available", "qubits": 29}]
            case ["GET", "backends", self.device]:
                return 200, self._device()
            case ["GET", "backends", self.device, "characterizations"]:
                found = CHARACTERIZATION | {"backend": self.device, "qubits": self.qubits}
                return 200, {"characterizations": [found], "pages": 1}
            case ["POST", "jobs"]:
                return self._submit(request.body)
            case ["GET", "jobs", job_id] if job_id in self.jobs:
                return 200, {key: value for key, value in self.jobs[job_id].items() if key[0] != "_"}
            case ["GET", "jobs", job_id, "results", kind] if job_id in self.jobs:
                return self._result(self.jobs[job_id], kind)
            case ["GET", "jobs", job_id, "artifacts", "native"] if job_id in self.jobs:
                return 200, self.compiled
        return 404, {"statusCode": 404, "error": "Not Found", "message": f"no {request.path}"}

    def _device(self) -> dict[str, Any]:
        return {"backend": self.device, "status": self.status, "qubits": self.qubits, "average_queue_time": 1181215}

    def _submit(self, body: dict[str, Any]) -> Answer:
        if body["backend"] != self.device or body["input"]["gateset"] != "native":
            return 400, {"statusCode": 400, "error": "Bad Request", "message": "cannot run this"}
        with self._lock:
            number = next(self._numbers)
            job_id = str(uuid.UUID(int=number + 1))
            start = datetime.datetime(2026, 11, 29, 12, 0, 0, tzinfo=datetime.UTC)
            times = [(start + datetime.timedelta(seconds=s)).isoformat().replace("+00:00", "Z") for s in (0, 90, 97)]
            results = {"probabilities": {"url": f"{API}/jobs/{job_id}/results/probabilities"}}
            if not self.histogram:
                results["shots"] = {"url": f"{API}/jobs/{job_id}/results/shots"}
            circuits = {} if self.compiled is None else {"ionq.native.v1": {"id": "native"}}
            self.jobs[job_id] = {
                "id": job_id,
                "name": body["name"],
                "status": "completed",
                "type": body["type"],
                "backend": body["backend"],
                "metadata": body["metadata"],
                "shots": body["shots"],
                "submitted_at": times[0],
                "started_at": times[1],
                "completed_at": times[2],
                "execution_duration_ms": 6500,
                "failure": None,
                "settings": body.get("settings"),
                "results": results,
                "output": {"compilation": {"compiled_circuits": circuits}},
                "_input": body["input"],
                "_seed": self.seed + number,
            }
        return 201, {"id": job_id, "status": "submitted", "session_id": None}

    def _result(self, job: dict[str, Any], kind: str) -> Answer:
        gates = [(_matrix(gate), gate.get("targets") or [gate["target"]]) for gate in job["_input"]["circuit"]]
        weights = distribution(gates, job["_input"]["qubits"])
        outcomes = np.random.default_rng(job["_seed"]).choice(len(weights), job["shots"], p=weights)
        if kind == "shots":
            return 200, [str(outcome) for outcome in outcomes]
        seen = np.bincount(outcomes, minlength=len(weights))
        return 200, {str(outcome): int(count) / job["shots"] for outcome, count in enumerate(seen) if count}


def _matrix(gate: dict[str, Any]) -> np.ndarray:
    """Return a gate's matrix, its first target the first bit; phases and angles are in turns."""

    def turn(turns: float) -> complex:
        return cmath.exp(2j * math.pi * turns)

    if gate["gate"] == "gpi":
        return np.array([[0, turn(-gate["phase"])], [turn(gate["phase"]), 0]])
    if gate["gate"] == "gpi2":
        return np.array([[1, -1j * turn(-gate["phase"])], [-1j * turn(gate["phase"]), 1]]) / math.sqrt(2)
    if gate["gate"] == "zz":
        half = gate["angle"] / 2
        return np.diag([turn(-half), turn(half), turn(half), turn(-half)])
    assert gate["gate"] == "ms"
    (first, second), angle = gate["phases"], gate["angle"]
    cos, sin = math.cos(math.pi * angle), -1j * math.sin(math.pi * angle)
    return np.array(
        [
            [cos, 0, 0, sin * turn(-first - second)],
            [0, cos, sin * turn(-first + second), 0],
            [0, sin * turn(first - second), cos, 0],
            [sin * turn(first + second), 0, 0, cos],
        ]
    )
