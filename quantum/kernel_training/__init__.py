"""Training of wide networks by quantum inversion of their tangent kernel (Zlokapa, Neven, Lloyd, arXiv:2107.09200)."""

from quantum.kernel_training.flagged_state import FlaggedKernelState
from quantum.kernel_training.readout import Readout, amplified_mean, best_readout

__all__ = ["FlaggedKernelState", "Readout", "amplified_mean", "best_readout"]
