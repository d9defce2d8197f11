"""Classical ground states: sparse neural states with their pruning, Jastrow states and matrix product states.

NetKet's states (the extra ``[nqs]``) and quimb's DMRG (the extra ``[tensor]``) are imported when they are asked for.
"""

from classical.ground_states.exact_sums import ExactSums, exact_bytes, reference_gradient
from classical.ground_states.feed_forward import FeedForwardState
from classical.ground_states.jastrow import Jastrow, OptimizedJastrow
from classical.ground_states.matrix_product import MatrixProduct, matrix_product, mps_entries
from classical.ground_states.natural_gradient import Diverged, natural_gradient
from classical.ground_states.netket_states import netket_prune, netket_state, netket_step, netket_train
from classical.ground_states.pruning import ARMS, Round, cut, prune, random_mask
from classical.ground_states.samples import Samples, sampled_bytes
from classical.ground_states.tickets import Reading, bond_ticket, read_mask
from classical.ground_states.training import Training, train

__all__ = [
    "ARMS",
    "Diverged",
    "ExactSums",
    "FeedForwardState",
    "Jastrow",
    "MatrixProduct",
    "OptimizedJastrow",
    "Reading",
    "Round",
    "Samples",
    "Training",
    "bond_ticket",
    "cut",
    "exact_bytes",
    "matrix_product",
    "mps_entries",
    "natural_gradient",
    "netket_prune",
    "netket_state",
    "netket_step",
    "netket_train",
    "prune",
    "random_mask",
    "read_mask",
    "reference_gradient",
    "sampled_bytes",
    "train",
]
