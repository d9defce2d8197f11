"""A further circuit of a run on a device, as its record has it: folded, or with random Pauli gates."""

from typing import Annotated

import msgspec

__all__ = ["Arm"]


class Arm(msgspec.Struct, frozen=True, kw_only=True):
    """A circuit that runs for the expectation values of another of its run, in a job of its own.

    Attributes
    ----------
    way
        "zne" or "pec".
    of
        The name of the other circuit's job.
    factor
        How often each two-qubit gate runs; 1 but for "zne".
    sign
        The sign with which the average counts; 1 but for "pec".
    paulis
        How many two-qubit gates are followed by random Pauli gates; 0 in the circuit of "pec" that has none.
    gamma, plain
        Of "pec": the factor of the signed average, and the probability that no gate is followed by any.
    """

    way: str
    of: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{3,5}\Z")]
    factor: Annotated[int, msgspec.Meta(ge=1)] = 1
    sign: Annotated[int, msgspec.Meta(ge=-1, le=1)] = 1
    paulis: Annotated[int, msgspec.Meta(ge=0)] = 0
    gamma: Annotated[float, msgspec.Meta(ge=1)] | None = None
    plain: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None

    @property
    def told(self) -> str:
        """The circuit in words."""
        if self.way == "zne":
            return "zne, gates as they are" if self.factor == 1 else f"zne, two-qubit gates {self.factor} times"
        if not self.paulis:
            return "pec, without random gates"
        return f"pec, random gates after {self.paulis} gate{'s' if self.paulis > 1 else ''}, sign {self.sign:+d}"
