"""The kernels against the field's library, the study's page, and slow references.

`neural_tangents.json` holds values of neural-tangents, computed once in double precision: Dense and Erf layers whose
weights have the variance 1 / E[erf(z)^2], of the first of them d ("unit") or the same ("published"); Conv 3 x 3 SAME
with variance 2 and Relu, AvgPool, Flatten, and Dense and Erf, the first with variance 1. Images: rows of norm 1, drawn
with default_rng(side), times the side.
"""

import json
import math
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from problems.errors import InputError, OutOfReach
from problems.kernel_training import MEAN_SQUARE, MU, SLOPE, ErfNtk, PooledConvNtk

FROZEN: dict[str, Any] = json.loads(Path(__file__).with_name("neural_tangents.json").read_text())


@pytest.mark.parametrize("case", FROZEN["erf"], ids=lambda case: f"{case['convention']}-{case['depth']}")
def test_erf_is_what_the_library_computes(case: dict[str, Any]) -> None:
    kernel = ErfNtk(case["depth"], case["convention"])
    np.testing.assert_allclose(kernel(case["cosines"]), case["kernel"], rtol=1e-12)


@pytest.mark.parametrize("case", FROZEN["conv"], ids=lambda case: "-".join(str(case[k]) for k in list(case)[:4]))
def test_convolutions_are_what_the_library_computes(case: dict[str, Any]) -> None:
    images = _images(case["side"])
    kernel = PooledConvNtk(case["depth"], case["pooling"], case["head"])
    np.testing.assert_allclose(kernel(images), case["kernel"], rtol=1e-12)
    np.testing.assert_allclose(kernel(images[:2], images[1:]), np.array(case["kernel"])[:2, 1:], rtol=1e-12)


def test_constants_and_values_of_the_page() -> None:
    assert f"{MEAN_SQUARE:.10f} {SLOPE:.10f}" == "0.4645590544 1.2257000038"
    assert pytest.approx(0.0864171571, abs=1e-10) == MU
    assert [f"{value:.10f}" for value in ErfNtk(3)([1, 0.9, 0.5])] == ["5.5694592587", "4.2054345446", "1.6850063986"]
    assert f"{ErfNtk(4, 'published').normalised(0.5):.10f}" == "0.4982534559"
    assert ErfNtk(4).k_max == ErfNtk(4).normalised(1 - 1e-5)


def test_the_mean_square_and_mu_are_those_of_erf() -> None:
    nodes, weights = np.polynomial.hermite_e.hermegauss(200)
    erf = np.array([math.erf(node) for node in nodes])
    density = weights / math.sqrt(2 * math.pi)
    assert density @ erf**2 == pytest.approx(MEAN_SQUARE, rel=1e-12)
    assert 1 - (density @ (erf * nodes)) ** 2 / (density @ erf**2) == pytest.approx(MU, rel=1e-11)


@pytest.mark.parametrize("convention", ["unit", "published"])
def test_the_kernel_is_odd_and_grows(convention: str) -> None:
    rho = np.linspace(-1, 1, 401)
    kernel = ErfNtk(6, convention)
    np.testing.assert_allclose(kernel(-rho), -kernel(rho), rtol=1e-14)
    assert np.all(np.diff(kernel(rho)) > 0)
    assert kernel.normalised(1.0) == 1


def test_the_tangent_kernel_is_that_of_a_wide_network() -> None:
    # One hidden layer: sum of products of parameter gradients, at random weights.
    rng, width, rho = np.random.default_rng(0), 200_000, 0.6
    x = np.array([[1.0, 0.0], [rho, math.sqrt(1 - rho**2)]])
    hidden, readout = rng.standard_normal((width, 2)), rng.standard_normal(width)
    at = x @ hidden.T
    erf = np.vectorize(math.erf)(at)
    slope = 2 / math.sqrt(math.pi) * np.exp(-(at**2)) * readout
    empirical = (erf[0] @ erf[1] + (slope[0] @ slope[1]) * rho) / MEAN_SQUARE / width
    assert empirical == pytest.approx(float(ErfNtk(1)(rho)), rel=0.01)


@pytest.mark.parametrize(("side", "depth", "pooling", "head"), [(4, 3, 2, 1), (4, 2, 4, 2), (6, 2, 3, 1)])
def test_offsets_alone_are_the_whole_recursion(side: int, depth: int, pooling: int, head: int) -> None:
    images = _images(side)
    expected = np.array([[_slowly(x, z, depth, pooling, head) for z in images] for x in images])
    # The arc cosine of the reference knows small angles to half the digits.
    np.testing.assert_allclose(PooledConvNtk(depth, pooling, head)(images), expected, rtol=1e-8)


def test_normalized_convolutions_are_one_on_the_diagonal_and_definite() -> None:
    images = np.random.default_rng(1).standard_normal((12, 36))
    kernel = PooledConvNtk(2, 3).normalised(images)
    assert np.diag(kernel) == pytest.approx(1)
    assert np.linalg.eigvalsh(kernel)[0] > 0
    np.testing.assert_allclose(kernel, PooledConvNtk(2, 3).between(images, images), rtol=1e-12)


@pytest.mark.parametrize("kernel", [ErfNtk(3), ErfNtk(3, "published"), PooledConvNtk(2, 2, 3)], ids=repr)
def test_kernels_are_values_and_pickle(kernel: Any) -> None:
    again = pickle.loads(pickle.dumps(kernel))
    assert again == kernel
    assert hash(again) == hash(kernel)
    assert again != ErfNtk(4)


def test_blank_pixels_are_no_division_by_zero() -> None:
    images = np.zeros((2, 4, 4))
    images[0, 0, 0] = images[1, 3, 3] = 1
    kernel = PooledConvNtk(1, 2)(images)
    assert np.all(np.isfinite(kernel))
    assert kernel[0, 1] == 0


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ErfNtk(0), "depth L = 0 is too small"),
        (lambda: ErfNtk(2.5), r"depth L = 2\.5 is no whole number"),
        (lambda: ErfNtk(2, "ntk"), "no convention 'ntk'"),
        (lambda: ErfNtk(2)([0.5, 1.2]), r"cosines\[1\] = 1\.2 is outside"),
        (lambda: ErfNtk(2)(np.nan), "cosines = nan is not finite"),
        (lambda: ErfNtk(2)(["a"]), "no real numbers"),
        (lambda: ErfNtk(2).between(np.eye(2) * 3), r"images\[0\] has norm 3"),
        (lambda: ErfNtk(2).between(np.eye(2), np.eye(3)), "2 features, others 3"),
        (lambda: ErfNtk(2).between([1.0]), "one input a row"),
        (lambda: PooledConvNtk(0, 1), "depth = 0 is too small"),
        (lambda: PooledConvNtk(1, 3)(np.ones((2, 16))), "does not divide the side of 4"),
        (lambda: PooledConvNtk(1, 1)(np.ones((2, 15))), "give square images"),
        (lambda: PooledConvNtk(1, 1)(np.full((1, 16), np.nan)), "not finite"),
        (lambda: PooledConvNtk(1, 1)(np.ones((1, 16)), np.ones((1, 9))), "images of one size"),
    ],
)
def test_bad_input_is_refused_in_one_line(make: Any, message: str) -> None:
    with pytest.raises(InputError, match=message) as refused:
        make()
    assert "\n" not in str(refused.value)


def test_kernels_that_do_not_fit_in_memory_are_refused_before_anything_is_allocated() -> None:
    many = np.broadcast_to(np.array([[1.0, 0.0]]), (1_000_000, 2))
    with pytest.raises(OutOfReach, match=r"The kernel of 1,000,000 and 1,000,000 images needs"):
        ErfNtk(2).between(many)
    with pytest.raises(OutOfReach, match="take fewer images"):
        PooledConvNtk(1, 1)(np.broadcast_to(np.array([[1.0]]), (400_000, 1)))


def _images(side: int) -> NDArray[np.float64]:
    images = np.random.default_rng(side).standard_normal((3, side * side))
    return images / np.linalg.norm(images, axis=1, keepdims=True)


def _slowly(x: NDArray[np.float64], z: NDArray[np.float64], depth: int, pooling: int, head: int) -> float:
    """Follow K and T of all pairs of pixels, as the formulas are written."""
    side = math.isqrt(x.size)

    def convolved(table: NDArray[np.float64]) -> NDArray[np.float64]:
        padded, total = np.pad(table, 1), np.zeros_like(table)
        for a in range(3):
            for b in range(3):
                total += padded[a : a + side, b : b + side, a : a + side, b : b + side]
        return total * 2 / 9

    def layers(first: NDArray[np.float64], second: NDArray[np.float64]) -> list[NDArray[np.float64]]:
        table, found = np.multiply.outer(first, second), []
        for _ in range(depth):
            table = convolved(table)
            found.append(table)
            own = [_own(one, len(found)) for one in (first, second)]
            scale = np.sqrt(np.multiply.outer(*own))
            theta = np.arccos(np.clip(table / scale, -1, 1))
            table = scale * (np.sin(theta) + (np.pi - theta) * np.cos(theta)) / (2 * np.pi)
            found[-1] = (np.pi - theta) / (2 * np.pi), found[-1]
        return [*found, table]

    def _own(image: NDArray[np.float64], convolutions: int) -> NDArray[np.float64]:
        square = image**2
        for step in range(convolutions):
            padded, total = np.pad(square, 1), np.zeros_like(square)
            for a in range(3):
                for b in range(3):
                    total += padded[a : a + side, b : b + side]
            square = total * 2 / 9 / (2 if step < convolutions - 1 else 1)
        return square

    def pooled(first: NDArray[np.float64], second: NDArray[np.float64]) -> tuple[float, float]:
        *inner, covariance = layers(first, second)
        tangent = np.zeros_like(covariance)
        for share, before in inner:
            tangent = (before + convolved(tangent)) * share
        blocks = side // pooling
        found = []
        for table in (covariance, tangent):
            means = table.reshape(blocks, pooling, blocks, pooling, blocks, pooling, blocks, pooling)
            means = means.mean(axis=(1, 3, 5, 7))
            found.append(float(np.mean([means[a, b, a, b] for a in range(blocks) for b in range(blocks)])))
        return found[0], found[1]

    image, other = (one.reshape(side, side) * side for one in (x, z))
    covariance, tangent = pooled(image, other)
    left, right = pooled(image, image)[0], pooled(other, other)[0]
    total, sine = covariance + tangent, math.asin(2 / 3)
    for _ in range(head):
        whole = (1 + 2 * left) * (1 + 2 * right)
        slope = 2 / (sine * math.sqrt(whole - 4 * covariance**2))
        covariance = math.asin(2 * covariance / math.sqrt(whole)) / sine
        total = covariance + total * slope
        left, right = (math.asin(2 * own / (1 + 2 * own)) / sine for own in (left, right))
    return total
