"""Settings that the ridgelet's studies share, each declared once."""

from collections.abc import Mapping
from typing import Annotated, Any

from compare.engine import Check, Help, Least, Names
from compare.studies.data import known_or_file
from problems.errors import choose
from problems.names import ACTIVATIONS, DATA
from quantum.names import ENCODINGS, LOADERS

# What refuses is imported when there is something to refuse: a study's declaration imports nothing heavy.

__all__ = [
    "LETTERS",
    "ActivationSetting",
    "DatasetSetting",
    "PrimeSetting",
    "RegularizationSetting",
    "RidgeSetting",
    "SeedSetting",
    "data_sets",
    "encodings",
    "loaders",
    "refuse_no_activation",
    "refuse_no_prime",
]


LETTERS = {
    "prime": "P",
    "dimension": "D",
    "features": "D",
    "points": "K",
    "distinct": "K",
    "nodes": "N",
    "regularization": "lambda",
    "ridge": "penalty",
    "concentration": "c",
}
"""Letters by which formulas, tables and figures call a setting."""


def data_sets() -> Mapping[str, Any]:
    """Return the data sets, and the functions on Z_P^D, by name."""
    return DATA


def encodings() -> Mapping[str, Any]:
    """Return the encodings of the circuits by name."""
    return ENCODINGS


def loaders() -> Mapping[str, Any]:
    """Return the loaders of the circuits by name."""
    return LOADERS


def refuse_no_activation(name: str, value: Any) -> None:
    """Refuse a name that is no activation; numbers are held against the prime later."""
    if isinstance(value, str):
        choose("activation", value, dict.fromkeys(ACTIVATIONS))


def refuse_no_prime(name: str, value: Any) -> None:
    """Refuse a number that is not prime."""
    from problems.finite_field import check_prime

    check_prime(value)


DatasetSetting = Annotated[str, Names(data_sets, "data set, or a file", "data set", known_or_file)]
PrimeSetting = Annotated[int, Check(refuse_no_prime)]
ActivationSetting = Annotated[
    str | tuple[float, ...],
    Check(refuse_no_activation, "relu, step, sine, tanh, gaussian, or P numbers separated by commas"),
]
RegularizationSetting = Annotated[float, Least(0), Help("ridge parameter lambda of the whole network")]
RidgeSetting = Annotated[float, Least(0), Help("penalty of the output weights' fit")]
SeedSetting = Annotated[int, Least(0), Help("seed of everything that is drawn")]
