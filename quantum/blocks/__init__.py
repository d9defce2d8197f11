"""Circuit pieces that several studies share: transforms over Z_P, additions, loaders of sparse states, linear algebra.

Each piece is one gate in one file; it declares its qubits, its matrix or classical action, and its decomposition,
and `tests/quantum/blocks` holds them together.
"""

from quantum.blocks.amplitude_amplification import AmplitudeAmplification
from quantum.blocks.block_cost import BlockCost
from quantum.blocks.digits import digit_qubits
from quantum.blocks.discrete_exponential import DiscreteExponential
from quantum.blocks.filtered_loader import FilteredLoader
from quantum.blocks.fourier import PrimeFourier
from quantum.blocks.ideal_loader import IdealLoader
from quantum.blocks.inverse_polynomial import InversePolynomial, inverse_polynomial
from quantum.blocks.multiplication import ControlledMultiplication
from quantum.blocks.phase_response import PhaseResponse
from quantum.blocks.projectors import Projector, ZeroFlags
from quantum.blocks.qsvt import Qsvt
from quantum.blocks.qsvt_inverse import QsvtInverse
from quantum.blocks.rader_fourier import RaderFourier
from quantum.blocks.ripple_addition import RippleAddition, RippleSign, RippleTopBit
from quantum.blocks.signed_overlap import SignedOverlap
from quantum.blocks.sparse_loader import SparseLoader
from quantum.blocks.sparse_state import SparseState
from quantum.blocks.symmetric_phases import signal_response, symmetric_phases
from quantum.blocks.walk_block_encoding import WalkBlockEncoding
from quantum.blocks.walk_phase_estimation import WalkPhaseEstimation

__all__ = [
    "AmplitudeAmplification",
    "BlockCost",
    "ControlledMultiplication",
    "DiscreteExponential",
    "FilteredLoader",
    "IdealLoader",
    "InversePolynomial",
    "PhaseResponse",
    "PrimeFourier",
    "Projector",
    "Qsvt",
    "QsvtInverse",
    "RaderFourier",
    "RippleAddition",
    "RippleSign",
    "RippleTopBit",
    "SignedOverlap",
    "SparseLoader",
    "SparseState",
    "WalkBlockEncoding",
    "WalkPhaseEstimation",
    "ZeroFlags",
    "digit_qubits",
    "inverse_polynomial",
    "signal_response",
    "symmetric_phases",
]
