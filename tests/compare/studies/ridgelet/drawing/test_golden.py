"""The nodes of a small `tickets sample`: whatever is rebuilt, they stay."""

import json
from pathlib import Path

import numpy as np
import pytest

import compare

GOLDEN = Path(__file__).parents[4] / "goldens" / "sample.json"


def numbers(nodes):
    places = np.arange(len(nodes["b"]))
    return {
        "nodes": len(places),
        **{f"a[:, {j}] by place": float(nodes["a"][:, j] @ places) for j in range(nodes["a"].shape[1])},
        "b by place": float(nodes["b"] @ places),
        "sum of density": float(nodes["density"].sum()),
    }


@pytest.mark.parametrize(("sampler", "samples"), [("dequantized", 2500), ("uniform", 37), ("circuit_mps", 50)])
def test_the_nodes_are_those_that_were_drawn_before(tmp_path, sampler, samples):
    asked = {"dataset": "iris", "prime": 3, "features": 2, "sampler": sampler, "samples": samples, "workers": 2}
    compare.run("sample", out=tmp_path, progress=False, **asked)
    with np.load(tmp_path / "nodes.npz") as nodes:
        found = {f"{sampler}/{samples}/{name}": number for name, number in numbers(nodes).items()}
    golden = json.loads(GOLDEN.read_text())
    known = {name: number for name, number in golden.items() if name.startswith(f"{sampler}/{samples}/")}
    assert found == pytest.approx(known, rel=1e-9)
