"""Peak memory of one sampler in a process of its own: ``python -m benchmarks.peak K D P N``, which prints JSON."""

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np

from classical.ridgelet import DequantizedSampler
from problems.ridgelet import RidgeletProblem

MIB = 2**20


def peak_bytes() -> int:
    """Return the most memory that this program has held, in bytes.

    Linux counts in ``ru_maxrss`` the process that started this one as well, so its own mark is read there.
    """
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def from_here() -> int:
    """Forget the peak so far, where the system lets it be forgotten (Linux), and return the memory held now, in bytes.

    Elsewhere it is the peak so far: what comes later is then the least that it can have taken.
    """
    forget = Path("/proc/self/clear_refs")
    if forget.exists():
        forget.write_text("5", encoding="ascii")
    return peak_bytes()


def main(points: int, dimension: int, prime: int, n: int) -> None:
    """Make a problem of uint8 points, make the sampler, draw n nodes."""
    imported, rng = peak_bytes(), np.random.default_rng(0)
    x = rng.integers(0, prime, (points, dimension), dtype=np.uint8)
    y = rng.choice([-1.0, 1.0], points)
    found = {"imported_mib": imported / MIB, "data_mib": x.nbytes / MIB}
    start = time.perf_counter()
    problem = RidgeletProblem.from_samples(x, y, prime=prime)
    found |= {"problem_seconds": time.perf_counter() - start, "problem_mib": peak_bytes() / MIB}
    start = time.perf_counter()
    sampler = DequantizedSampler(problem)
    found |= {"prepare_seconds": time.perf_counter() - start, "prepare_mib": peak_bytes() / MIB}
    start = time.perf_counter()
    sampler.sample(n, seed=1)
    found |= {"sample_seconds": time.perf_counter() - start, "peak_mib": peak_bytes() / MIB}
    print(json.dumps(found | {"threads": sampler.threads}))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
