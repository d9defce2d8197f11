"""The part of Amazon's interfaces that is used: Braket's devices and tasks, of which it keeps tokens, and S3's objects.

Programs run by the matrices of the native gates, read from the OpenQASM that was submitted.
"""

import itertools
import json
import math
import re
import threading
import uuid
from typing import Any
from urllib.parse import unquote

import numpy as np

from tests.loopback.base import Answer, Loopback, Request
from tests.loopback.gates import distribution

__all__ = ["DEVICE", "KEY_ID", "SECRET", "BraketServer"]

KEY_ID = "AKIAPLANTED0815LOOP"
SECRET = "planted/aws+secret4711"
REGION = "eu-north-1"
DEVICE = f"arn:aws:braket:{REGION}::device/qpu/iqm/Loopback"
BUCKET = "amazon-braket-loopback"
GATE = re.compile(r"^(prx|cz)(?:\(([^)]*)\))? (.*);$")


class BraketServer(Loopback):
    """A service with one device, whose qubits are called 1, 2, ..., in a line.

    Parameters
    ----------
    qubits
        Of the device.
    seed
        Task n (from 0, in order of arrival) runs with seed + n.
    histogram
        Whether single shots are kept to itself, and only shares of outcomes are given.

    Attributes
    ----------
    tasks
        The tasks by ARN, as the interface has them.
    """

    def __init__(self, qubits: int = 5, seed: int = 7, histogram: bool = False) -> None:
        super().__init__()
        self.qubits, self.seed, self.histogram = qubits, seed, histogram
        self.tasks: dict[str, dict[str, Any]] = {}
        self.tokens: dict[str, tuple[str, str]] = {}
        self.status = "ONLINE"
        self._numbers, self._lock = itertools.count(), threading.Lock()

    @property
    def environ(self) -> dict[str, str]:
        """All that the client needs to talk to this server and to nothing else."""
        return {
            "AWS_ACCESS_KEY_ID": KEY_ID,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": "/nonexistent",
            "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
            "BRAKET_ENDPOINT": self.root,
            "AWS_ENDPOINT_URL_S3": self.root,
            "AMZN_BRAKET_OUT_S3_BUCKET": BUCKET,
            "NO_PROXY": "127.0.0.1",
        }

    def tagged(self, tag: str) -> list[dict[str, Any]]:
        """Return the tasks that carry this tag as their job's."""
        return [task for task in list(self.tasks.values()) if task["tags"]["tickets_job"] == tag]

    def answer(self, request: Request) -> Answer:
        """Let a request take effect and return its status and content."""
        if f"Credential={KEY_ID}/" not in request.headers.get("Authorization", ""):
            return 403, {"message": "The security token included in the request is invalid."}
        match [request.method, *map(unquote, request.path.strip("/").split("/"))]:
            case ["GET", "device", *arn] if "/".join(arn) == DEVICE:
                return 200, self._device()
            case ["POST", "quantum-task"]:
                return self._submit(request.body)
            case ["GET", "quantum-task", *arn] if "/".join(arn) in self.tasks:
                task = self.tasks["/".join(arn)]
                return 200, {key: value for key, value in task.items() if key[0] != "_"}
            case ["GET", bucket, "tickets", task_id, "results.json"] if bucket == BUCKET:
                found = [task for arn, task in self.tasks.items() if arn.endswith(task_id)]
                return 200, self._result(found[0])
        return 404, {"message": f"no {request.path}", "code": "ResourceNotFoundException"}

    def _device(self) -> dict[str, Any]:
        return {
            "deviceArn": DEVICE,
            "deviceName": "Loopback",
            "providerName": "IQM",
            "deviceType": "QPU",
            "deviceStatus": self.status,
            "deviceCapabilities": json.dumps(_capabilities(self.qubits)),
            "deviceQueueInfo": [],
        }

    def _submit(self, body: dict[str, Any]) -> Answer:
        if body["deviceArn"] != DEVICE:
            return 404, {"message": "no such device"}
        said = json.dumps(body, sort_keys=True)
        with self._lock:
            token = body["clientToken"]
            if token in self.tokens:
                arn, before = self.tokens[token]
                if before != said:
                    return 400, {"message": "The token was used for another task."}
                return 201, {"quantumTaskArn": arn}
            number = next(self._numbers)
            task_id = str(uuid.UUID(int=number + 1))
            arn = f"arn:aws:braket:{REGION}:123456789012:quantum-task/{task_id}"
            self.tokens[token] = arn, said
            self.tasks[arn] = {
                "quantumTaskArn": arn,
                "status": "COMPLETED",
                "deviceArn": DEVICE,
                "deviceParameters": body.get("deviceParameters", "{}"),
                "shots": body["shots"],
                "outputS3Bucket": body["outputS3Bucket"],
                "outputS3Directory": f"{body['outputS3KeyPrefix']}/{task_id}",
                "createdAt": "2026-11-29T12:00:00Z",
                "endedAt": "2026-11-29T12:01:37Z",
                "tags": body["tags"],
                "_source": json.loads(body["action"])["source"],
                "_seed": self.seed + number,
            }
        return 201, {"quantumTaskArn": arn}

    def _result(self, task: dict[str, Any]) -> dict[str, Any]:
        gates, measured = read_program(task["_source"])
        weights = distribution(gates, self.qubits)
        outcomes = np.random.default_rng(task["_seed"]).choice(len(weights), task["shots"], p=weights)
        rows = [[int(outcome) >> (label - 1) & 1 for label in measured] for outcome in outcomes]
        found: dict[str, Any] = {"measurements": rows, "measurementProbabilities": None}
        if self.histogram:
            words = ["".join(map(str, row)) for row in rows]
            shares = {word: words.count(word) / len(words) for word in sorted(set(words))}
            found = {"measurements": None, "measurementProbabilities": shares}
        return found | {
            "braketSchemaHeader": {"name": "braket.task_result.gate_model_task_result", "version": "1"},
            "measuredQubits": measured,
            "taskMetadata": {"id": task["quantumTaskArn"], "shots": task["shots"], "deviceId": DEVICE},
            "additionalMetadata": {"iqmMetadata": {"compiledProgram": task["_source"]}},
        }


def read_program(source: str) -> tuple[list[tuple[np.ndarray, list[int]]], list[int]]:
    """Read a verbatim program: its gates on qubits from 0, and the labels of what is measured, in order."""
    lines = [line.strip() for line in source.splitlines()]
    start = lines.index("#pragma braket verbatim")
    assert lines[start + 1] == "box{"
    end = lines.index("}", start)
    gates = []
    for line in lines[start + 2 : end]:
        name, angles, places = GATE.match(line).groups()
        qubits = [int(place.strip().removeprefix("$")) - 1 for place in places.split(",")]
        gates.append((_matrix(name, angles), qubits))
    measures = [re.match(r"b\[(\d+)\] = measure \$(\d+);", line) for line in lines[end + 1 :]]
    assert all(measures)
    return gates, [int(found.group(2)) for found in sorted(measures, key=lambda found: int(found.group(1)))]


def _matrix(name: str, angles: str | None) -> np.ndarray:
    if name == "cz":
        return np.diag([1, 1, 1, -1]).astype(complex)
    theta, phi = (float(angle) for angle in angles.split(","))
    cos, sin = math.cos(theta / 2), -1j * math.sin(theta / 2)
    turn = complex(math.cos(phi), math.sin(phi))
    return np.array([[cos, sin * turn.conjugate()], [sin * turn, cos]])


def _capabilities(qubits: int) -> dict[str, Any]:
    """Return what the service says of the device, in the schemas that the client reads."""

    def header(name: str) -> dict[str, Any]:
        return {"braketSchemaHeader": {"name": f"braket.device_schema.{name}", "version": "1"}}

    def time(seconds: float) -> dict[str, Any]:
        return {"value": seconds, "standardError": None, "unit": "S"}

    labels = [str(label) for label in range(1, qubits + 1)]
    pairs = list(itertools.pairwise(labels))
    fidelities = [("SIMULTANEOUS_RANDOMIZED_BENCHMARKING", 0.9991), ("READOUT", 0.98)]
    one = {
        "T1": time(5e-5),
        "T2": time(2e-5),
        "oneQubitFidelity": [
            {"fidelityType": {"name": name, "description": None}, "fidelity": value, "standardError": None}
            for name, value in fidelities
        ],
    }
    two = {"gateName": "CZ", "fidelity": 0.995, "fidelityType": {"name": "IRB", "description": None}}
    action = {
        "actionType": "braket.ir.openqasm.program",
        "version": ["1"],
        "supportedOperations": ["prx", "cz"],
        "supportedResultTypes": [],
    }
    service = {
        "executionWindows": [{"executionDay": "Everyday", "windowStartHour": "00:00:00", "windowEndHour": "23:59:59"}],
        "shotsRange": [1, 20000],
        "updatedAt": "2026-11-28T06:00:00+00:00",
    }
    graph = {a: [b for pair in pairs for b in pair if a in pair and b != a] for a in labels}
    return {
        **header("iqm.iqm_device_capabilities"),
        "service": header("device_service_properties") | service,
        "action": {"braket.ir.openqasm.program": action},
        "deviceParameters": {},
        "paradigm": {
            **header("gate_model_qpu_paradigm_properties"),
            "connectivity": {"fullyConnected": False, "connectivityGraph": graph},
            "qubitCount": qubits,
            "nativeGateSet": ["prx", "cz"],
        },
        "provider": None,
        "standardized": {
            **header("standardized_gate_model_qpu_device_properties"),
            "oneQubitProperties": dict.fromkeys(labels, one),
            "twoQubitProperties": {"-".join(pair): {"twoQubitGateFidelity": [two]} for pair in pairs},
        },
    }
