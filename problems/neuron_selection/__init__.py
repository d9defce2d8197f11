"""Which neurons of a random network to keep: losses of masks, from real data and the networks behind them.

Source: Whitaker, Quantum Neuron Selection, arXiv:2302.05984. Bit j of a mask's whole number is neuron j.
"""

from problems.neuron_selection.mask_problem import Coefficients, MaskProblem, QuantizedProblem
from problems.neuron_selection.masks import check_masks, index_of, mask_of, masks_of

__all__ = ["Coefficients", "MaskProblem", "QuantizedProblem", "check_masks", "index_of", "mask_of", "masks_of"]
