"""Ridgelet node sampling as a quantum circuit (arXiv:2301.11936).

A new encoding of the digits is one new file here and one line in `circuit.ENCODINGS`; a new loader is one function
and one line in `loaders.LOADERS`.
"""

from quantum.ridgelet.circuit import (
    ENCODINGS,
    encodings_of,
    measured_loader,
    measured_transform,
    ridgelet_circuit,
    ridgelet_loader,
    ridgelet_transform,
)
from quantum.ridgelet.loaders import LOADERS
from quantum.ridgelet.sampler import CircuitSampler

__all__ = [
    "ENCODINGS",
    "LOADERS",
    "CircuitSampler",
    "encodings_of",
    "measured_loader",
    "measured_transform",
    "ridgelet_circuit",
    "ridgelet_loader",
    "ridgelet_transform",
]
