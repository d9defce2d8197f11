"""Quantum neuron selection (Whitaker, arXiv:2302.05984): oracles that mark masks, as real arithmetic.

A new oracle is one new file here; `Oracle` has the whole numbers of a quadratic loss, `MaskOracle` what all share.
"""

from quantum.neuron_selection.error_count import ErrorCountOracle
from quantum.neuron_selection.fourier import FourierOracle
from quantum.neuron_selection.lookup import LookupOracle
from quantum.neuron_selection.oracle import MaskOracle, Oracle, OracleCost, oracle_cost
from quantum.neuron_selection.ripple import RippleOracle

__all__ = [
    "ErrorCountOracle",
    "FourierOracle",
    "LookupOracle",
    "MaskOracle",
    "Oracle",
    "OracleCost",
    "RippleOracle",
    "oracle_cost",
]
