"""Points that stay on disk: read in chunks, in the order of the file, whatever is asked of them.

`reading` turns rows into residues, `scanning` makes the one pass that finds the distinct points by codes, `comparing`
holds rows of equal codes against each other, `points` is what a problem keeps of it all, `budget` says what that takes,
and `making` is the door for `problems.ridgelet.RidgeletProblem.from_chunks`; `samples` reads what is used once, and
`finding` looks it up among the points; `packing` holds residues of small primes in few bits.
"""

from problems.ridgelet.chunks.budget import CHUNK
from problems.ridgelet.chunks.finding import PointFinder
from problems.ridgelet.chunks.making import read_chunks
from problems.ridgelet.chunks.points import ChunkedPoints
from problems.ridgelet.chunks.reading import Levels
from problems.ridgelet.chunks.samples import read_in_chunks, sample_chunks

__all__ = ["CHUNK", "ChunkedPoints", "Levels", "PointFinder", "read_chunks", "read_in_chunks", "sample_chunks"]
