"""The sampler over the workers of a dask cluster: each sums over its range of rows, and the sums are added here.

Workers read the files themselves, from a path that all of them see; the prefix of u is made from the seed on each of
them. A level takes P complex sums a node from each worker, b takes P real ones, in whole numbers that are the same
whoever adds them up. What a worker holds follows from its rows and the seed, so that the scheduler has it made again
elsewhere when a worker is lost.

`tasks` run on the workers, `checking` refuses workers that could not run them, `parts` asks for the sums, and `sampler`
is the door.
"""

from classical.ridgelet.dequantized.cluster.sampler import ClusterSampler

__all__ = ["ClusterSampler"]
