import numpy as np
import pytest

from problems.errors import InputError
from problems.quantile_sketch import QuantileSketch, buffer_rows
from problems.quantizers import LevelQuantizer, QuantileQuantizer

SHARES = np.arange(1, 20) / 20


@pytest.mark.parametrize("order", ["random", "ascending", "descending", "waves"])
@pytest.mark.parametrize("rows", [4, 32, 256])
def test_ranks_are_right_within_the_bound(order, rows):
    count = 5003
    values = np.random.default_rng(0).permutation(count).astype(float)
    values = {
        "random": values,
        "ascending": np.sort(values),
        "descending": -np.sort(-values),
        "waves": np.argsort(np.arange(count) % 77).astype(float),
    }[order]
    features = np.column_stack([values, values**3 - 1e6])
    sketch = QuantileSketch(2, rows)
    for part in np.array_split(features, 37):
        sketch.add(part)
    assert sketch.count == count
    levels = int(np.log2(count / rows))
    assert 0 < sketch.error <= (levels + 1) / (2 * rows)
    found = sketch.quantiles(SHARES)
    for column, feature in zip(found.T, features.T, strict=True):
        ranks = np.searchsorted(np.sort(feature), column) / count
        assert np.max(np.abs(ranks - SHARES)) <= sketch.error + 1 / count


def test_few_rows_are_kept_and_their_quantiles_exact():
    values = np.random.default_rng(0).normal(size=(30, 3))
    sketch = QuantileSketch(3, 32)
    for row in values:
        sketch.add(row[None])
    assert sketch.error == 0
    np.testing.assert_array_equal(sketch.quantiles(SHARES), 2 * np.quantile(values / 2, SHARES, axis=0))
    with pytest.raises(InputError, match="No row was added"):
        QuantileSketch(3, 32).quantiles(SHARES)


def test_buffers_fit_where_they_can():
    assert buffer_rows(1000, 3) == 2**16
    assert buffer_rows(10**6, 784) == 512
    assert buffer_rows(10**7, 100_000) == 256


@pytest.mark.parametrize("make", [QuantileQuantizer, LevelQuantizer])
def test_quantizers_fitted_in_one_pass_are_those_of_the_whole(make, tmp_path):
    x = np.random.default_rng(0).normal(size=(500, 3))
    np.save(tmp_path / "x.npy", x)
    whole, streamed = make(5).fit(x), make(5).fit_chunks([tmp_path / "x.npy"], chunk=7)
    np.testing.assert_array_equal(streamed.edges, whole.edges)
    np.testing.assert_array_equal(streamed.transform(x), whole.transform(x))


def test_of_many_rows_the_error_is_stated_and_kept():
    x = np.random.default_rng(0).normal(size=(40_000, 300))
    quantizer = QuantileQuantizer(5).fit_chunks(x)
    assert 0 < quantizer.rank_error < 0.005
    shares = np.mean(x[:, :, None] < quantizer.edges, axis=0)
    assert np.max(np.abs(shares - np.arange(1, 5) / 5)) <= quantizer.rank_error + 1e-4


def test_bad_features_are_refused_with_their_row():
    x = np.ones((50, 2))
    x[33, 1] = np.inf
    for given, said in ((x, r"x\[33, 1\] = inf is not finite"), (x[0], r"x has shape \(2,\)")):
        with pytest.raises(InputError, match=said):
            QuantileQuantizer(5).fit_chunks(given, chunk=7)
