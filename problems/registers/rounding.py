"""Numbers that round others: added and taken away again, without a call, so that loops stay in vector registers."""

import numpy as np

__all__ = ["ROUND", "ROUND_SINGLE"]

ROUND = 1.5 * 2**52
"""Rounds a double below 2^51 to the nearest whole number."""

ROUND_SINGLE = np.float32(1.5 * 2**23)
"""Rounds a single below 2^22 to the nearest whole number."""
