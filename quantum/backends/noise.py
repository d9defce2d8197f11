"""The noise of a part of a device, made once, of which copies for each run cost nearly nothing."""

import copy
from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from qiskit.providers import BackendV2
from qiskit_aer.noise import NoiseModel

from quantum.target_contents import target_contents

__all__ = ["noise_of"]


def noise_of(part: BackendV2) -> NoiseModel | None:
    """Return the noise that Aer would give a simulator of a part of a device; None where there is none.

    Parts of the same calibration share it: nobody may change it.
    """
    contents = target_contents(part.target)
    return _made(part) if contents is None else _shared(_Described(contents, part))


@dataclass(frozen=True)
class _Described:
    """A part of a device that equals all of the same calibration."""

    contents: Hashable
    part: BackendV2 = field(compare=False)


@lru_cache(maxsize=16)
def _shared(described: _Described) -> NoiseModel | None:
    return _made(described.part)


def _made(part: BackendV2) -> NoiseModel | None:
    model = NoiseModel.from_backend(part)
    if model.is_ideal():
        return None
    shared = _SharedErrors()
    shared.__dict__.update(vars(model))
    return shared


class _SharedErrors(NoiseModel):
    """Noise whose copies share its errors, which nobody changes: every run copies it deeply, twice.

    Aer adds errors of waiting qubits to its copy, so what holds the errors is copied.
    """

    def __deepcopy__(self, memo: dict[int, Any]) -> "_SharedErrors":
        made = copy.copy(self)
        for name, value in vars(self).items():
            setattr(made, name, _held(value))
        return made


def _held(value: Any) -> Any:
    """Return dictionaries, sets and lists anew, with what they hold as it is."""
    if isinstance(value, dict):
        return {key: _held(item) for key, item in value.items()}
    return copy.copy(value) if isinstance(value, set | list) else value
