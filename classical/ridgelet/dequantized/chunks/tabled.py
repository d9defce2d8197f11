"""Sums over a range of rows by the compiled kernels, in two passes a batch and a table of P x P numbers a node."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from classical.ridgelet.dequantized.chunks import kernels
from classical.ridgelet.dequantized.chunks.groups import Groups, Strings
from classical.ridgelet.dequantized.chunks.part import Share, level_dots
from classical.ridgelet.dequantized.chunks.sums import roots
from problems.finite_field import residue_type, row_blocks
from problems.ridgelet.points import Points
from problems.ridgelet.products.residues import residue_products
from problems.threads import shared_out

__all__ = ["NODES", "POINTS", "TabledPart"]

NODES, POINTS = 252, 8192
"""Nodes and points whose products are held at once for each thread, at most: a few MiB. 252 are 42 blocks of nodes of
the product in whole numbers."""


Products: TypeAlias = Callable[[Any, Any, Any], None]
"""Writes the products of nodes and some points into an array: see `residue_products`."""


@dataclass
class Gathered:
    """The products of the prefixes with their groups on the second level.

    Attributes
    ----------
    kept
        Group by group, and node by node within a group: flat.
    at
        Where a node's products would begin if it had all places, shape (n,).
    """

    kept: NDArray[np.unsignedinteger]
    at: NDArray[np.int64]


@dataclass(frozen=True)
class Chunk:
    """A chunk of points, and the order that keeps each table's rows together.

    Attributes
    ----------
    points
        Residues in the order of the file, (m, D).
    order
        The points sorted by their outcomes on the first level, (m,).
    coarsest, places
        The group of each point on the first level, and its place, in that order: (m,).
    """

    points: NDArray[np.unsignedinteger]
    order: NDArray[np.int64]
    coarsest: NDArray[np.unsignedinteger]
    places: NDArray[np.int64]


class TabledPart:
    """Sums by tables, for primes up to `problems.ridgelet.transform.MAX_COMPILED_PRIME`; see `part.Part`.

    Parameters
    ----------
    share
        The part.
    threads
        How many threads sum.
    """

    def __init__(self, share: Share, threads: int) -> None:
        plan = share.plan
        self._plan, self._points, self._threads = plan, share.points, threads
        self._groups = Groups(plan, share.points.codes, share.amplitudes)
        self._dots = level_dots(plan.prime, min(plan.joint, max(1, len(plan.tail))))
        self._residues = residue_type(plan.prime)

    def gather(self, strings: Strings) -> Gathered:
        """Return the products of the strings with their groups; see `part.Part`."""
        n, groups, plan = len(strings), self._groups, self._plan
        if len(plan.levels) < 2:
            return Gathered(np.empty(0, dtype=self._residues), np.zeros(n, dtype=np.int64))
        first, last = groups.of(strings.code, 1)
        # Nodes of one group lie one behind the other: what is multiplied is then a matrix, and so is what is kept.
        order = np.argsort(strings.code // np.uint64(plan.below(1)), kind="stable")
        sizes = (last - first)[order]
        begins = np.cumsum(sizes) - sizes
        at = np.empty(n, dtype=np.int64)
        at[order] = begins - first[order]
        gathered = Gathered(np.empty(int(np.sum(sizes)), dtype=self._residues), at)
        number = (strings.code[order] // np.uint64(plan.below(1))).astype(groups.coarsest.dtype)
        wanted, starts = np.unique(number, return_index=True)
        nodes = [order[low:high] for low, high in zip(starts, [*starts[1:], n], strict=True)]
        kept = [
            gathered.kept[begins[low] : begins[low] + len(own) * sizes[low]].reshape(len(own), -1)
            for low, own in zip(starts, nodes, strict=True)
        ]
        prefixes = [np.ascontiguousarray(strings.prefix[own]) for own in nodes]
        for chunk in self._chunks():
            multiply = self._products(chunk)
            lows, highs = (np.searchsorted(chunk.coarsest, wanted, side=side) for side in ("left", "right"))

            def work(group: int, chunk: Chunk, multiply: Products, run: slice) -> None:
                u = prefixes[group]
                out = np.empty((len(u) + len(u) % 2, run.stop - run.start), dtype=self._residues)
                multiply(u, chunk.order[run], out)
                kept[group][:, chunk.places[run] - first[nodes[group][0]]] = out[: len(u)]

            runs = list(enumerate(map(slice, lows.tolist(), highs.tolist())))
            jobs = [partial(work, group, chunk, multiply, run) for group, run in runs if run.start < run.stop]
            # A few jobs at a time: many of them are over in less time than it takes to hand them out.
            self._share(_all, [jobs[part :: 4 * self._threads] for part in range(4 * self._threads)])
        return gathered

    def level(
        self, gathered: Gathered, strings: Strings, level: int, nodes: NDArray[np.int64], picked: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Return the sums of a level; see `part.Part`."""
        plan, groups = self._plan, self._groups
        sums = np.zeros((len(nodes), plan.outcomes(level), 2, 2), dtype=np.int64)
        first, last = groups.of(strings.code[nodes], level)
        at, output = gathered.at[nodes], strings.output[nodes]
        cos, sin = roots(plan.prime, len(plan.levels))

        def work(those: slice) -> None:
            kernels.add_level(
                gathered.kept, at[those], first[those], last[those], groups.outcomes, level, picked[those],
                self._dots, groups.amplitudes, output[those], cos, sin, sums[those],
            )  # fmt: skip

        self._share(work, self._pieces(len(nodes)))
        return sums

    def multiply(self, strings: Strings, picked: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the tables of all strings: shape (n, Q P)."""
        plan, n = self._plan, len(strings)
        tables = np.zeros((n, plan.outcomes(0) * plan.prime))
        u = plan.strings(strings.prefix, picked).astype(self._residues)
        for chunk in self._chunks():
            multiply = self._products(chunk)
            outcomes = self._groups.outcomes[0, chunk.places] if plan.levels else np.zeros(len(chunk.order), np.int64)
            rows = outcomes.astype(np.uint32) * np.uint32(plan.prime)
            h = self._groups.amplitudes[:, chunk.places].astype(float)

            def work(nodes: slice, chunk: Chunk, multiply: Products, rows: Any, h: Any) -> None:
                count = nodes.stop - nodes.start
                even = count + count % 2
                room = np.empty(even * min(POINTS, len(rows)), dtype=self._residues)
                cells = np.empty(min(POINTS, len(rows)), dtype=np.uint32)
                for part in row_blocks(len(rows), 1, POINTS):
                    size = part.stop - part.start
                    products = room[: even * size].reshape(even, size)
                    multiply(u[nodes], chunk.order[part], products)
                    some = np.ascontiguousarray(h[:, part])
                    output = strings.output[nodes]
                    kernels.fill_tables(products, rows[part], some, output, cells[:size], tables[nodes])

            self._share(partial(work, chunk=chunk, multiply=multiply, rows=rows, h=h), self._pieces(n))
        return tables

    def spectrum(self, multiplied: NDArray[np.float64], strings: Strings) -> NDArray[np.int64]:
        """Return the sums of the first level; see `part.Part`."""
        plan = self._plan
        sums = np.zeros((len(strings), plan.outcomes(0), 2, 2), dtype=np.int64)
        cos, sin = roots(plan.prime)
        self._share(
            lambda nodes: kernels.add_spectra(multiplied[nodes], plan.prime, cos, sin, sums[nodes]),
            self._pieces(len(strings)),
        )
        return sums

    def histogram(
        self, multiplied: NDArray[np.float64], strings: Strings, picked: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Return the histograms; see `part.Part`."""
        found = np.zeros((len(strings), self._plan.prime), dtype=np.int64)
        own = np.ascontiguousarray(picked)
        self._share(
            lambda nodes: kernels.add_histograms(multiplied[nodes], self._dots, own[nodes], found[nodes]),
            self._pieces(len(strings)),
        )
        return found

    def _chunks(self) -> Iterator[Chunk]:
        """Read the chunks, one ahead of what is in work if there are threads for it."""
        chunks = self._points.chunks()
        for which, points in _ahead(chunks) if self._threads > 1 else chunks:
            coarsest = self._groups.coarsest[which]
            order = np.argsort(coarsest, kind="stable").astype(np.int64, copy=False)
            yield Chunk(points, order, coarsest[order], self._groups.place[which][order])

    def _products(self, chunk: Chunk) -> Products:
        return residue_products(Points(chunk.points, np.arange(len(chunk.points))), self._plan.prime)

    def _pieces(self, n: int) -> list[slice]:
        """Cut n nodes evenly into pieces of at most `NODES`, as many for each thread."""
        rounds = -(-n // (NODES * self._threads))
        step = -(-n // (rounds * self._threads))
        return [slice(start, min(start + step, n)) for start in range(0, n, step)]

    def _share(self, work: Callable[[Any], None], parts: Sequence[Any]) -> None:
        with closing(shared_out(work, parts, self._threads)) as done:
            for _ in done:
                pass


def _all(jobs: Sequence[Callable[[], None]]) -> None:
    for job in jobs:
        job()


def _ahead(items: Iterator[Any]) -> Iterator[Any]:
    """Yield the same items, each made while the one before is in use."""
    with ThreadPoolExecutor(1, thread_name_prefix="reading") as reader:
        coming = reader.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = reader.submit(next, items, None)
            yield item
