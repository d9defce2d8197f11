"""Quantum neuron selection (Whitaker, arXiv:2302.05984): oracles that mark masks, as real arithmetic."""

from quantum.neuron_selection.fourier import FourierOracle
from quantum.neuron_selection.oracle import MaskOracle, Oracle, OracleCost, oracle_cost
from quantum.neuron_selection.ripple import RippleOracle

__all__ = ["FourierOracle", "MaskOracle", "Oracle", "OracleCost", "RippleOracle", "oracle_cost"]
