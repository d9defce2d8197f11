"""Imported by the processes in which tasks of tests run: what is timed is measured in two rounds there, not in five.

How many make times steady is for `benchmarks` to find. The measuring itself is tested as it is, in the tests' own
process.

The device that most of them simulate is read once, before they begin, and so are the digits and what is compiled for
drawing nodes: each process would load it again. Nothing here may begin threads, which the processes would lack.
"""

import contextlib

from classical.ridgelet import DequantizedSampler
from problems import compiling
from problems.errors import InputError
from problems.ridgelet import RidgeletProblem
from problems.ridgelet.data import load_residues
from quantum.backends import resolve
from tests.compare.briefly import BRIEFLY
from tests.compiling import import_quimb

for module, name, brief in BRIEFLY:
    setattr(module, name, brief)

with contextlib.suppress(ImportError):  # without the extra
    import_quimb()
with contextlib.suppress(InputError):  # without IBM's extra there is none
    resolve("fake_fez").target  # noqa: B018

load_residues("digits", prime=3, features=1, seed=0)

for prime in (3, 5):
    made = RidgeletProblem.from_samples([[0, 1], [1, 1], [2, 0]], [1.0, -1.0, 0.5], prime)
    DequantizedSampler(made, threads=1).sample(2, 0)
# A record says how its process runs compiled code, if a task of it asked for any.
compiling.why_not_compiled.cache_clear()
