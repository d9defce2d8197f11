"""All nodes in one file, for whoever takes them elsewhere."""

from collections.abc import Callable

import numpy as np

from compare.durable import write_file
from compare.engine import Runs
from compare.studies.ridgelet.drawing.study import PART
from problems.showing import so_many

__all__ = ["FILE", "write"]

FILE = "nodes.npz"


def write(runs: Runs, say: Callable[[str], object]) -> None:
    """Write the nodes of all parts, in their order, and say where they are."""
    parts = list(runs[PART])
    if not parts:
        return
    whole = {name: np.concatenate([part[name] for part in parts]) for name in ("a", "b", "density")}
    arrays = whole | {name: whole[name].astype(np.int64) for name in ("a", "b")}
    path = runs.folder / FILE
    write_file(path, lambda file: np.savez_compressed(file, allow_pickle=False, **arrays))
    say(f"{so_many(len(arrays['b']), 'node')}: {path} (a, b, density = P^(D+1) p*)")
