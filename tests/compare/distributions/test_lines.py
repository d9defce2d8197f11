import numpy as np
import pytest

from compare.distributions import lines
from compare.distributions.lines import line_density
from problems.ridgelet import Nodes, RidgeletProblem
from tests import reference
from tests.compare.distributions import SMALL, made


@pytest.mark.parametrize(("prime", "dimension", "outputs"), SMALL)
def test_a_line_is_the_exact_density_of_its_nodes(prime, dimension, outputs):
    problem, exact = made(prime, dimension, outputs)
    a = reference.all_points(prime, dimension)
    assert line_density(problem, a).ravel() == pytest.approx(len(exact) * exact, abs=1e-12)


def test_lines_are_the_same_in_blocks_and_from_sparse_points(raw, monkeypatch):
    from scipy.sparse import csr_array

    a = np.random.default_rng(0).integers(0, 17, (3, 64))
    expected = np.stack([raw.density(Nodes(np.tile(row, (17, 1)), np.arange(17))) for row in a])
    assert line_density(raw, a) == pytest.approx(expected, rel=1e-6, abs=1e-9)
    blocks = lines.row_blocks
    monkeypatch.setattr(lines, "row_blocks", lambda rows, columns: blocks(rows, columns, 40_000))
    assert line_density(raw, a) == pytest.approx(expected, rel=1e-6, abs=1e-9)
    sparse = RidgeletProblem.from_samples(csr_array(raw.points), raw.labels[:, 0], 17)
    dense = RidgeletProblem.from_samples(raw.points, raw.labels[:, 0], 17)
    assert line_density(sparse, a) == pytest.approx(line_density(dense, a), rel=1e-6, abs=1e-9)
