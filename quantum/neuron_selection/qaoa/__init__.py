"""QAOA for neuron selection: two mixers, exact gradients, angles layer by layer, and the circuit."""

from quantum.neuron_selection.qaoa.circuit import qaoa_circuit
from quantum.neuron_selection.qaoa.costs import cost_operator
from quantum.neuron_selection.qaoa.graph import mixer_reach, neighbors, reaches
from quantum.neuron_selection.qaoa.mixers import MIXERS
from quantum.neuron_selection.qaoa.state import QaoaState
from quantum.neuron_selection.qaoa.tuning import QaoaResult, tune_qaoa

__all__ = [
    "MIXERS",
    "QaoaResult",
    "QaoaState",
    "cost_operator",
    "mixer_reach",
    "neighbors",
    "qaoa_circuit",
    "reaches",
    "tune_qaoa",
]
