"""Wide networks as kernels: neural tangent kernels in closed form, the images they are trained on, and sparse patterns.

Source: Zlokapa, Neven, Lloyd, A quantum algorithm for training wide and deep classical neural networks,
arXiv:2107.09200.
"""

from problems.kernel_training.erf_ntk import CONVENTIONS, MEAN_SQUARE, MU, SLOPE, ErfNtk
from problems.kernel_training.kernel_task import Kernel, KernelTask, standardized
from problems.kernel_training.patterns import PATTERNS, kept_pairs, pattern, sparse_kernel
from problems.kernel_training.pooled_conv_ntk import PooledConvNtk
from problems.kernel_training.states import (
    RULES,
    KernelState,
    decide,
    kernel_states,
    overlaps,
    readout_shots,
    share_right,
)

__all__ = [
    "CONVENTIONS",
    "MEAN_SQUARE",
    "MU",
    "PATTERNS",
    "RULES",
    "SLOPE",
    "ErfNtk",
    "Kernel",
    "KernelState",
    "KernelTask",
    "PooledConvNtk",
    "decide",
    "kept_pairs",
    "kernel_states",
    "overlaps",
    "pattern",
    "readout_shots",
    "share_right",
    "sparse_kernel",
    "standardized",
]
