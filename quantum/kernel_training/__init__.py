"""Training of wide networks by quantum inversion of their tangent kernel (Zlokapa, Neven, Lloyd, arXiv:2107.09200).

The blocks are in `quantum.blocks`; here they become predictions: states of labels and test images, circuits that read
a sign, and what a prediction takes in queries, gates, T gates and shots.
"""

from quantum.kernel_training.circuit_row import CircuitRow, circuit_row, inversion_circuit
from quantum.kernel_training.flagged_overlap import FlaggedOverlap
from quantum.kernel_training.flagged_state import FlaggedKernelState
from quantum.kernel_training.label_state import label_state
from quantum.kernel_training.phase_row import PhaseRow, fewest_bits, phase_row
from quantum.kernel_training.prediction_cost import PredictionCost
from quantum.kernel_training.predictor import KernelPredictor
from quantum.kernel_training.readout import Readout, amplified_mean, best_readout
from quantum.kernel_training.t_cost import TCost, t_by_growth, t_cost

__all__ = [
    "CircuitRow",
    "FlaggedKernelState",
    "FlaggedOverlap",
    "KernelPredictor",
    "PhaseRow",
    "PredictionCost",
    "Readout",
    "TCost",
    "amplified_mean",
    "best_readout",
    "circuit_row",
    "fewest_bits",
    "inversion_circuit",
    "label_state",
    "phase_row",
    "t_by_growth",
    "t_cost",
]
