"""Circuit pieces that several studies share: transforms over Z_P, additions, loaders of sparse states, linear algebra.

Each piece is one gate in one file; it declares its qubits, its matrix or classical action, and its decomposition,
and `tests/quantum/blocks` holds them together.
"""

from quantum.blocks.amplitude_amplification import AmplitudeAmplification
from quantum.blocks.block_cost import BlockCost
from quantum.blocks.block_encoding import BlockEncoding
from quantum.blocks.controlled_contraction import ControlledContraction
from quantum.blocks.dense_encoding import DenseEncoding
from quantum.blocks.digits import digit_qubits
from quantum.blocks.discrete_exponential import DiscreteExponential
from quantum.blocks.equal_rotations import EqualRotations
from quantum.blocks.filtered_loader import FilteredLoader
from quantum.blocks.fourier import PrimeFourier
from quantum.blocks.ideal_loader import IdealLoader
from quantum.blocks.inverse_polynomial import InversePolynomial, inverse_polynomial
from quantum.blocks.kernel_reflection import KernelReflection
from quantum.blocks.multiplication import ControlledMultiplication
from quantum.blocks.norm_estimate import NormEstimate
from quantum.blocks.phase_response import PhaseResponse
from quantum.blocks.projectors import Projector, ZeroFlags
from quantum.blocks.qsvt import Qsvt
from quantum.blocks.qsvt_inverse import QsvtInverse
from quantum.blocks.rader_fourier import RaderFourier
from quantum.blocks.reflection_polynomial import ReflectionPolynomial, reflection_polynomial
from quantum.blocks.ripple_addition import RippleAddition, RippleSign, RippleTopBit
from quantum.blocks.signed_overlap import SignedOverlap
from quantum.blocks.sparse_loader import SparseLoader, counting_bound, measured_loading
from quantum.blocks.sparse_state import SparseState
from quantum.blocks.symmetric_phases import signal_response, symmetric_phases
from quantum.blocks.time_shift import TimeShift
from quantum.blocks.walk_block_encoding import WalkBlockEncoding
from quantum.blocks.walk_phase_estimation import WalkPhaseEstimation

__all__ = [
    "AmplitudeAmplification",
    "BlockCost",
    "BlockEncoding",
    "ControlledContraction",
    "ControlledMultiplication",
    "DenseEncoding",
    "DiscreteExponential",
    "EqualRotations",
    "FilteredLoader",
    "IdealLoader",
    "InversePolynomial",
    "KernelReflection",
    "NormEstimate",
    "PhaseResponse",
    "PrimeFourier",
    "Projector",
    "Qsvt",
    "QsvtInverse",
    "RaderFourier",
    "ReflectionPolynomial",
    "RippleAddition",
    "RippleSign",
    "RippleTopBit",
    "SignedOverlap",
    "SparseLoader",
    "SparseState",
    "TimeShift",
    "WalkBlockEncoding",
    "WalkPhaseEstimation",
    "ZeroFlags",
    "counting_bound",
    "digit_qubits",
    "inverse_polynomial",
    "measured_loading",
    "reflection_polynomial",
    "signal_response",
    "symmetric_phases",
]
