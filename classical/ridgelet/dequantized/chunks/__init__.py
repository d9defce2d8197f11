"""The sampler over points that stay on disk: two passes over them for a batch of nodes, however many nodes that are.

All that the gates ask of the points are sums over them, so that nothing needs all points at once. The first pass has
the products with the points of m0's group on every level but the first, a share 1/P of all, from which all levels but
the first are drawn. The second pass has the string with what was drawn, and all points: products by chunks, scattered
into one table of outcomes x phases for each node, from which the outcome of the first level and b are read.

Sums are exact, and so do not depend on the order in which points come, nor on who adds them up: amplitudes are whole
numbers (`amplitudes`), and what is summed with roots of unity is a whole number too (`sums`). `plan` is what a sampler
knows of a problem, a `part` sums over a range of rows, by `reference` or by `kernels`, `drawing` draws from what the
parts have summed, whether there is one part or many, and `batches` says how many nodes at once.
"""
