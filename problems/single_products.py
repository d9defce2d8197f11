"""Products of matrices in single precision, without warnings of what nobody asked for.

OpenBLAS's kernel for a matrix of five columns times a vector, on processors with AVX-512 (`sgemv_kernel_t_5`; seen in
0.3.31), writes five products of a row into eight places on the stack and adds up whole registers of them. What lies in
the other three is some earlier caller's; the sum of that is thrown away, but where it happens to read as a signaling
NaN, or as infinities or numbers too large to be added, the processor's flag is raised, and NumPy warns of an invalid
value or an overflow in a product that is right to the last bit. An operation on numbers of the product itself that is
invalid or overflows leaves NaN or infinity in the result: that is how the two are told apart.
"""

import numpy as np
from numpy.typing import NDArray

__all__ = ["single_product"]


def single_product(left: NDArray[np.floating], right: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return left @ right, and let NumPy warn as it is set to only where a number of the product is not finite.

    Parameters
    ----------
    left, right
        Of any shapes and types that `numpy.matmul` takes.
    """
    raised: list[str] = []
    with np.errstate(over="call", invalid="call", call=lambda kind, _: raised.append(kind)):
        product = left @ right
    if raised and not np.all(np.isfinite(product)):
        return left @ right  # once more: what is done about it is the caller's
    return product
