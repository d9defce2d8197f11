"""Studies of node sampling with the discrete ridgelet transform, a package each.

`samplers`: same distribution, same networks, at what cost? `risk`: who picks the nodes of the better network? `phase`:
where can optimized nodes win? `crossover`: from which size would a quantum computer be faster? `noise`: what is left of
the distribution on a noisy device?
"""
