"""The load of a job, as the code that submits and fetches jobs sees it: a name, plain settings and arrays.

What they mean, only their kind knows: which circuit they stand for, and what its measured bits say. A new kind is a
module with these two functions; its name is one in `KINDS`, or says where it stands.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from compare.trusted import require_trusted
from problems.errors import InputError, choose
from problems.seeds import Seed

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

    from compare.hardware.observables import Observables
    from compare.hardware.scores import Scores

__all__ = ["KINDS", "Built", "Decoded", "Ordered", "Payload", "PayloadKind", "find_kind", "recorded_kind"]

KINDS = {
    "kernels/overlap": "compare.studies.kernel_training.jobs:OVERLAP",
    "neurons/masks": "compare.studies.neuron_selection.jobs:MASKS",
    "ridgelet/nodes": "compare.studies.ridgelet.jobs:NODES",
    "states/energy": "compare.studies.ground_states.jobs:ENERGY",
    "training/weights": "compare.studies.sparse_training.jobs:WEIGHTS",
}
"""Where each kind stands, as "module:name"; imported when a payload of it is built or decoded."""


@dataclass(frozen=True, eq=False)
class Payload:
    """Everything that one circuit is made from: it travels in the run's record, and nothing else is needed to decode.

    Attributes
    ----------
    kind
        A name in `KINDS`, or where it stands, as "module:name".
    settings
        What JSON has: numbers, text, lists and dictionaries.
    arrays
        By name.
    description
        What it is, in words.

    Raises
    ------
    InputError
        If the settings are no plain data.
    """

    kind: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    arrays: Mapping[str, NDArray] = field(default_factory=dict)
    description: str = "a payload given in Python"

    def __post_init__(self) -> None:
        try:
            self._text()
        except (TypeError, ValueError) as error:
            raise InputError(
                f"The settings of the payload {self.kind!r} are no plain data ({error}); give finite numbers, text, "
                "lists and dictionaries."
            ) from None

    @cached_property
    def digest(self) -> str:
        """A SHA-256 of the kind, the settings and the arrays; the description is a label."""
        digest = hashlib.sha256(self._text().encode())
        for name, array in sorted(self.arrays.items()):
            digest.update(f"\n{name} {array.dtype.str} {array.shape}\n".encode())
            digest.update(array.tobytes())
        return digest.hexdigest()

    def _text(self) -> str:
        return json.dumps([self.kind, self.settings], sort_keys=True, allow_nan=False)


@dataclass(frozen=True, eq=False)
class Ordered:
    """A payload, and how it is to be run: what the measure of a study's external kind returns.

    Attributes
    ----------
    payload
        What is to be measured.
    shots
        How often.
    seed
        Of the simulation, where there is one: a stream of the task.
    """

    payload: Payload
    shots: int
    seed: Seed


@dataclass(frozen=True, eq=False)
class Built:
    """A circuit and what it was made from.

    Attributes
    ----------
    payload
        What is to be recorded: that which was given, with everything decided that it left open.
    circuit
        Measured, not yet fitted to a device.
    rank
        A bound on the Schmidt rank of its states at every cut, for simulators by matrix products; None knows none.
    """

    payload: Payload
    circuit: "QuantumCircuit"
    rank: int | None = None


@dataclass(frozen=True, eq=False)
class Decoded:
    """The reading of measured bits.

    Attributes
    ----------
    arrays
        By name. In a result "bits" are the measured bits themselves, shape (shots, classical bits), bit 0 first.
    numbers
        What JSON has, by name.
    told
        The most important of it in a few words, for the line on the terminal.
    """

    arrays: Mapping[str, NDArray] = field(default_factory=dict)
    numbers: Mapping[str, Any] = field(default_factory=dict)
    told: str = ""


@dataclass(frozen=True)
class PayloadKind:
    """The code that a kind's name stands for.

    Attributes
    ----------
    build
        Makes the circuit of a payload, and is given the device's name, or None where a simulator takes states as well
        as gates. It raises an `InputError` where that cannot be done.
    decode
        Reads the bits (shots, classical bits), bit 0 first, that a payload's circuit measured.
    scores
        Returns the one number that devices are judged by, from the same bits; None where a kind has none.
    averages
        Returns the functions of so many measured bits whose averages can be mitigated; the number of `scores` alone if
        left out.
    """

    build: Callable[[Payload, str | None], Built]
    decode: Callable[[Payload, NDArray[np.bool_]], Decoded]
    scores: Callable[[Payload, NDArray[np.bool_]], "Scores"] | None = None
    averages: Callable[[Payload, int], "Observables"] | None = None

    def observables(self, payload: Payload, bits: int) -> "Observables":
        """Return the functions of so many measured bits whose averages can be mitigated.

        Raises
        ------
        InputError
            If the kind has none, or there are too many bits.
        """
        if self.averages is not None:
            return self.averages(payload, bits)
        if self.scores is None:
            raise InputError(
                f"What {payload.kind} measures is no average over shots, and nothing else is mitigated; leave "
                "--mitigation out."
            )
        from compare.hardware.observables import of_scores

        return of_scores(partial(self.scores, payload), bits)


def recorded_kind(name: str) -> PayloadKind:
    """Return what a kind's name in a record stands for: one that a module defines has to be trusted first.

    Raises
    ------
    InputError
        If there is no such kind, or the user did not name it; see `compare.trusted`.
    """
    require_trusted(name)
    return find_kind(name)


def find_kind(name: str) -> PayloadKind:
    """Return what a kind's name stands for.

    Raises
    ------
    InputError
        If there is no such kind.
    """
    module, _, attribute = (name if ":" in name else choose("kind of payload", name, KINDS)).partition(":")
    try:
        found = getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise InputError(f"The kind of payload {name!r} cannot be found ({error}); install what defines it.") from None
    if not isinstance(found, PayloadKind):
        raise InputError(f"{name!r} is no kind of payload; name a compare.hardware.payload.PayloadKind.")
    return found
