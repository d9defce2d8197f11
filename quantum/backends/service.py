"""Devices of vendors by name: one job submitted, waited for, and read."""

import time
import uuid
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.transpiler import Target

from quantum.backends.adapter import Account, Guarantee, RemoteDevice, Vendor, vendor_of
from quantum.backends.device import Device
from quantum.backends.errors import ServiceError, SubmissionUnknown
from quantum.backends.fitting import FittedCircuit
from quantum.backends.options import NO_SUPPRESSION, Suppression
from quantum.backends.snapshots import working_target

__all__ = ["ServiceBackend", "ServiceProgram", "connect_device"]

LOOKS = 5
"""How often a job whose submission had no answer is looked for by its tag."""


def connect_device(name: str, suppression: Suppression = NO_SUPPRESSION, poll: float = 2.0) -> "ServiceBackend":
    """Return a device, reached with the credentials that its vendor's client finds.

    Parameters
    ----------
    name
        The device's name: "ibm_fez", "ionq_qpu.forte-1", "arn:aws:braket:...".
    suppression
        What the device is to do against errors.
    poll
        Seconds between two looks at a job.

    Raises
    ------
    InputError
        If the vendor's client or an account is missing, or the account has no such device.
    ServiceError
        If the service cannot be reached.
    """
    vendor = vendor_of(name)
    account = vendor.connect()
    return ServiceBackend(account, account.device(name), vendor, suppression, poll)


@dataclass(eq=False)
class ServiceBackend(Device):
    """A device of a vendor.

    Attributes
    ----------
    account
        Reaches the service.
    remote
        The device as the service describes it.
    vendor
        Reads its results.
    suppression
        What the device is to do against errors.
    poll
        Seconds between two looks at a job.
    """

    account: Account
    remote: RemoteDevice
    vendor: Vendor
    suppression: Suppression = NO_SUPPRESSION
    poll: float = 2.0

    @property
    def name(self) -> str:
        """The device's name."""
        return self.remote.name

    @cached_property
    def target(self) -> Target:
        """The gates that work, and their calibration."""
        return working_target(self.remote.target)

    @property
    def max_shots(self) -> int | None:
        """The most shots of one job."""
        return self.remote.max_shots

    def notes(self, suppression: Suppression) -> tuple[str, ...]:
        """Return nothing where the device honors all of it, or that it is not asked for."""
        if self.vendor.suppresses:
            return ()
        return (
            f"{self.name} is asked for no {' and '.join(suppression.chosen)}: {self.vendor.title} takes none of it.",
        )

    def _ready(self, circuit: QuantumCircuit, fitted: FittedCircuit | None) -> "ServiceProgram":
        if fitted is not None and self.remote.recorded is not None:
            circuit = self.remote.recorded(circuit)
            fitted = replace(fitted, circuit=circuit)
        return ServiceProgram(self, circuit, fitted)


@dataclass(frozen=True, eq=False)
class ServiceProgram:
    """A circuit that a device runs, a job each time.

    Attributes
    ----------
    place
        The device and the account.
    circuit
        In the device's gates.
    fitted
        The circuit and what is expected of it; None if it came from a record.
    """

    place: ServiceBackend
    circuit: QuantumCircuit
    fitted: FittedCircuit | None = None

    def run(self, shots: int, seed: int) -> NDArray[np.bool_]:
        """Submit one job, wait for it, and return the bits (shots, classical bits), bit 0 first.

        The seed says nothing to a device. Whoever does not want to wait uses `tickets submit` and `tickets fetch`.

        Raises
        ------
        ServiceError
            If the device is out of operation, the job failed or was cancelled, or the service does not answer; the
            message names the job, if there is one.
        """
        del seed
        job = self._submit(shots)
        try:
            self._wait(job)
            bits = self.place.vendor.read(self.place.account.result_text(job), self.circuit, shots).bits
        except ServiceError as error:
            message = str(error)
            if job in message:
                raise
            raise ServiceError(f"Job {job} on {self.place.name}: {message}") from None
        if len(bits) < shots or bits.shape[1] != self.circuit.num_clbits:
            raise ServiceError(
                f"Job {job} on {self.place.name} returned half a result: {len(bits)} shots of {bits.shape[1]} bits "
                f"where {shots} of {self.circuit.num_clbits} were asked for."
            )
        return bits[:shots]

    def _submit(self, shots: int) -> str:
        place, account = self.place, self.place.account
        if not place.remote.operational:
            raise ServiceError(
                f"{place.name} is out of operation, and a job would wait without end; choose another device, or use "
                "tickets submit."
            )
        tag = f"tickets-{uuid.uuid4().hex}"
        try:
            return account.submit(place.remote, self.circuit, shots, [tag], place.suppression)
        except SubmissionUnknown:
            for _ in range(LOOKS if place.vendor.guarantee is Guarantee.LISTED else 0):
                if found := account.find(tag):
                    return found[0].id
                time.sleep(place.poll)
            raise

    def _wait(self, job: str) -> None:
        while (state := self.place.account.state(job)).name != "done":
            if state.name not in ("queued", "running"):
                reason = f": {state.reason}" if state.reason else ""
                raise ServiceError(f"Job {job} on {self.place.name} is {state.name}{reason}.")
            time.sleep(self.place.poll)
