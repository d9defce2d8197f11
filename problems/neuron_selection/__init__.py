"""Which neurons of a random network to keep: losses of masks, from real data and the networks behind them.

Source: Whitaker, Quantum Neuron Selection, arXiv:2302.05984. Bit j of a mask's whole number is neuron j. A problem is
whatever has `neurons`, `loss(masks)`, `table()` and `accuracy(mask)`, where there is data behind it.
"""

from problems.neuron_selection.binary_model import to_bqm
from problems.neuron_selection.distillation import DistillationProblem, distillation_problem
from problems.neuron_selection.echo_state import EchoStateProblem, echo_state_problem
from problems.neuron_selection.error_count import ErrorCountProblem, error_count_problem
from problems.neuron_selection.mask_problem import Coefficients, MaskProblem, QuantizedProblem
from problems.neuron_selection.masks import check_masks, index_of, mask_of, masks_of
from problems.neuron_selection.network import RandomNetwork
from problems.neuron_selection.nk import NKProblem, random_neighbours, ring
from problems.neuron_selection.subset_sum import SubsetSumProblem, gadget_problem, subset_sum_problem
from problems.neuron_selection.ticket import TicketProblem, ticket_problem

__all__ = [
    "Coefficients",
    "DistillationProblem",
    "EchoStateProblem",
    "ErrorCountProblem",
    "MaskProblem",
    "NKProblem",
    "QuantizedProblem",
    "RandomNetwork",
    "SubsetSumProblem",
    "TicketProblem",
    "check_masks",
    "distillation_problem",
    "echo_state_problem",
    "error_count_problem",
    "gadget_problem",
    "index_of",
    "mask_of",
    "masks_of",
    "random_neighbours",
    "ring",
    "subset_sum_problem",
    "ticket_problem",
    "to_bqm",
]
