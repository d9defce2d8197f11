"""The compiled sampler stage by stage on one block of nodes, in the order and the portions in which it works itself."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from classical.ridgelet import DequantizedSampler
from classical.ridgelet.dequantized.compiled import bits, kernel
from classical.ridgelet.dequantized.compiled.bits import levels as packed_levels
from classical.ridgelet.dequantized.compiled.bits import nodes as packed_nodes
from classical.ridgelet.dequantized.compiled.bits.tables import PADDING
from classical.ridgelet.dequantized.compiled.kernel import nodes as kernel_nodes
from classical.ridgelet.dequantized.compiled.kernel.finer_levels import finer_levels
from classical.ridgelet.dequantized.randomness import BLOCK, Streams
from problems.registers import LANES
from problems.ridgelet import RidgeletProblem
from problems.ridgelet.products import planes

__all__ = ["timed_stages"]

Seconds = dict[str, float]


class Clock:
    """Adds up what each stage takes."""

    def __init__(self) -> None:
        self.seconds: Seconds = defaultdict(float)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what is inside."""
        start = time.perf_counter()
        yield
        self.seconds[name] += time.perf_counter() - start


def timed_stages(problem: RidgeletProblem) -> Callable[[], Seconds]:
    """Return what draws one block on the calling thread and returns each stage's seconds a node.

    The nodes are those that the sampler draws with the same seed; this is checked here, once.
    """
    sampler = DequantizedSampler(problem, threads=1)
    path, plan = sampler._draw.__self__, sampler._plan  # type: ignore[attr-defined]
    draw = _packed if isinstance(path, bits.PackedBits) else _compiled
    streams = Streams(1, plan.prime, plan.dimension, len(plan.levels))
    a, b = np.empty((BLOCK, plan.dimension), dtype=np.int64), np.empty(BLOCK, dtype=np.int64)

    def run() -> Seconds:
        clock = Clock()
        with clock.stage("random numbers"):
            randomness = streams.draw(0, BLOCK)
        draw(path, randomness, a, b, clock)
        return {name: seconds / BLOCK for name, seconds in clock.seconds.items()}

    run()
    nodes = sampler.sample(BLOCK, seed=1)
    if not (np.array_equal(nodes.a, a) and np.array_equal(nodes.b, b)):
        raise AssertionError("The stages do not draw what the sampler draws; bring benchmarks/stages.py up to date.")
    return run


def _compiled(path: kernel.Compiled, randomness: Any, a: Any, b: Any, clock: Clock) -> None:
    """Draw as `Compiled.draw_nodes` does."""
    plan, tables = path._plan, path._tables
    with clock.stage("loader"):
        loaded = path._loader.load(randomness)
    bias = np.ascontiguousarray(randomness.bias)
    products = np.empty((path._many, len(plan.order)), dtype=plan.keys.dtype)
    u = np.empty((path._many, plan.dimension), dtype=plan.keys.dtype)
    for start in range(0, len(b), path._many):
        rows = slice(start, start + path._many)
        with clock.stage("prefix"):
            kernel_nodes.split_words(randomness.words[rows], plan.prime, path._digits, u)
        n = len(b[rows])
        with clock.stage("matrix product"):
            path._multiply(u[:n], path._rows, products)
        for first in range(0, n, path._few):
            part = slice(first, min(first + path._few, n))
            here = slice(start + part.start, start + part.stop)
            m0, output, v_inverse = (drawn[here] for drawn in loaded)
            k, scaled = np.zeros((len(m0), len(plan.tail)), dtype=np.int64), np.empty((len(m0), plan.prime))
            levels = np.ascontiguousarray(randomness.levels[here])
            with clock.stage("tail, smaller groups"):
                finer_levels(tables, products[part], m0, output, levels, k)
            with clock.stage("tail, all points"):
                path._tail(tables, products[part], output, v_inverse, levels, k, scaled)
            with clock.stage("weights a"):
                kernel_nodes.draw_weights(plan.prime, tables.tail, u[part], k, v_inverse, a[here])
            with clock.stage("bias b"):
                kernel_nodes.draw_bias(scaled, tables.ridgelet, bias[here], b[here])


def _packed(path: bits.PackedBits, randomness: Any, a: Any, b: Any, clock: Clock) -> None:
    """Draw as `PackedBits.draw_nodes` does."""
    plan, tables = path._plan, path._tables
    groups, size = tables.coordinates.shape
    blocks = -(-len(plan.order) // planes.BLOCK)
    with clock.stage("loader"):
        loaded = path._loader.load(randomness)
    for start in range(0, len(b), bits.NODES):
        rows = slice(start, start + bits.NODES)
        n = len(b[rows])
        m0, output, v_inverse = (drawn[rows] for drawn in loaded)
        levels, words = np.ascontiguousarray(randomness.levels[rows]), np.ascontiguousarray(randomness.words[rows])
        codes = np.empty((groups, n), dtype=np.uint8)
        digits = np.empty((plan.dimension, n + 8 * PADDING), dtype=np.uint8)
        products = np.zeros(n * blocks * (plan.prime - 1) * LANES, dtype=np.uint64)
        picked = np.zeros((n, len(tables.outcomes)), dtype=np.int64)
        real, imag = np.empty(n), np.empty(n)
        with clock.stage("prefix"):
            packed_nodes.write_codes(words, plan.prime, size, codes)
        with clock.stage("matrix product"):
            planes.multiply(plan.prime, plan.dimension, tables.planes, tables.coordinates, codes, products)
        with clock.stage("tail, smaller groups"):
            packed_levels.narrow_levels(tables, products, m0, output, levels, picked)
        with clock.stage("tail, all points"):
            packed_levels.wide_levels(tables, products, m0, output, levels, picked, real, imag)
        with clock.stage("bias b"):
            bias = np.ascontiguousarray(randomness.bias[rows])
            packed_nodes.draw_bias(tables.by_cos, tables.by_sin, real, imag, v_inverse, bias, b[rows])
        with clock.stage("weights a"):
            packed_nodes.write_digits(plan.prime, tables.coordinates, codes, digits)
            packed_nodes.draw_weights(plan.prime, tables.steps, digits, picked, v_inverse, a[rows])
