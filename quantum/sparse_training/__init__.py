"""Sparse training as one linear system (Liu et al., arXiv:2303.03428), solved by circuits and read by shots."""

from quantum.sparse_training.carleman_encoding import CarlemanEncoding
from quantum.sparse_training.cost import GateCost, SolverCost, SolverGates, gate_cost, shot_queries, solver_gates
from quantum.sparse_training.estimation import SystemEstimation
from quantum.sparse_training.history_solver import METHODS, HistorySolver
from quantum.sparse_training.inversion import SystemInversion
from quantum.sparse_training.marching import MarchingSolver
from quantum.sparse_training.reading import SignedReading
from quantum.sparse_training.signed_entries import SignedEntries, SignedEstimate
from quantum.sparse_training.slot_layout import SlotLayout
from quantum.sparse_training.training_loop import Training, train

__all__ = [
    "METHODS",
    "CarlemanEncoding",
    "GateCost",
    "HistorySolver",
    "MarchingSolver",
    "SignedEntries",
    "SignedEstimate",
    "SignedReading",
    "SlotLayout",
    "SolverCost",
    "SolverGates",
    "SystemEstimation",
    "SystemInversion",
    "Training",
    "gate_cost",
    "shot_queries",
    "solver_gates",
    "train",
]
