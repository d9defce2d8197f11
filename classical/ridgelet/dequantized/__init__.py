"""The dequantized sampler: the quantum circuit followed gate by gate with one classical string.

Bravyi, Gosset, Liu 2022 (arXiv:2112.08499), "How to simulate quantum measurement without computing marginals":
keep one string; when a gate acts on a register, redraw that register from its conditional law given all the
others. For the ridgelet circuit (`quantum.ridgelet`):

1. Loader. Draw m0 with probability h_m^2 and v != 0 with probability |r^(v)|^2: the string is (x_m0, v).
2. Fourier transform of coordinate l. Redraw it as u_l with probability proportional to
   |sum_{m in G} h_m w^(u_1 x_m1 + ... + u_l x_ml)|^2, where G is the group of points that agree with x_m0 in
   all coordinates still untouched: one group, never a sum over groups.
3. Multiplication: a = u/v.
4. Last Fourier transform: draw b from |sum_t H(t) r(t - b)|^2, H(t) = sum of h_m over a.x_m = t.

While G is m0 alone, u_l is uniform. So the coordinates are chosen such that a short tail of linear functionals A_f
separates the points (`plan`): everything before them is a uniform prefix u_0 in Z_P^D, and u = u_0 + sum_f k_f A_f
with the k_f drawn from their groups, the smallest groups first. The phases that the prefix causes are one matrix
product, U X^T, whose time is the floor for the whole. Exact, no rejection, O(K D) a node.

The same random numbers (`randomness`) and the same plan serve two paths: plain NumPy (`gates`), which is the
reference, and compiled kernels (`compiled`), which draw the same nodes in less time.
"""

from classical.ridgelet.dequantized.sampler import DequantizedSampler

__all__ = ["DequantizedSampler"]
