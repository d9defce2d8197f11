"""Windows of a few neurons that share a loss out among them: one addition for each."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from quantum.neuron_selection.whole_loss import WholeLoss

__all__ = ["Window", "coverings", "windows_of"]

Pair = tuple[int, int]


@dataclass(frozen=True)
class Window:
    """A few neurons, and what the loss says of these alone.

    Attributes
    ----------
    neurons
        Ascending.
    values
        A whole number for each of their 2^k masks; bit i is `neurons[i]`.
    """

    neurons: tuple[int, ...]
    values: tuple[int, ...]

    def shifted(self, constant: int) -> "Window":
        """Return the window with a constant added."""
        return Window(self.neurons, tuple(value + constant for value in self.values))


def windows_of(loss: WholeLoss, covering: Iterable[Collection[int]]) -> list[Window]:
    """Share a loss, without its constant, out among windows.

    Parameters
    ----------
    loss
        The loss.
    covering
        Sets of neurons; every neuron with a coefficient and every pair with one is in at least one of them. Each goes
        to the first; what then has nothing is left out.
    """
    linear = {i: value for i, value in enumerate(loss.linear) if value}
    pairs, windows = dict(loss.pairs), []
    for members in covering:
        taken = {pair: pairs.pop(pair) for pair in combinations(sorted(members), 2) if pair in pairs}
        alone = {i: linear.pop(i) for i in members if i in linear}
        used = tuple(sorted({*alone, *(i for pair in taken for i in pair)}))
        if used:
            part = WholeLoss(
                0,
                tuple(alone.get(i, 0) for i in used),
                {(used.index(i), used.index(j)): value for (i, j), value in taken.items()},
            )
            windows.append(Window(used, tuple(part.all_values().tolist())))
    return windows


def coverings(loss: WholeLoss, largest: int) -> Iterator[list[tuple[int, ...]]]:
    """Yield sets of windows of at most so many neurons that cover a loss: greedily, and by designs where they fit."""
    yield _greedy(loss, largest)
    if largest == 4:
        for order in (3, 4, 5):
            if 2 * order < loss.neurons <= 4 * order:
                yield _designed(loss.neurons, order)


def _greedy(loss: WholeLoss, largest: int) -> list[tuple[int, ...]]:
    """Let each window grow, from the first pair not covered, by the neuron with most pairs not covered."""
    missing, windows = set(loss.pairs), []
    while missing:
        window = list(min(missing))
        while len(window) < min(largest, loss.neurons):
            gains = {
                j: sum((min(i, j), max(i, j)) in missing for i in window)
                for j in range(loss.neurons)
                if j not in window
            }
            best = max(gains, key=lambda j: (gains[j], -j))
            if not gains[best]:
                break
            window.append(best)
        windows.append(tuple(sorted(window)))
        missing -= set(combinations(windows[-1], 2))
    single = [i for i in range(loss.neurons) if loss.linear[i] and not any(i in pair for pair in loss.pairs)]
    return windows + [tuple(single[i : i + largest]) for i in range(0, len(single), largest)]


def _designed(neurons: int, order: int) -> list[tuple[int, ...]]:
    """Cover all pairs, of four groups of at most `order` neurons, by a transversal design.

    Two neurons of different groups are together in exactly one of order^2 windows (a, b, a + b, a + w b), in a field
    of that order, w neither 0 nor 1; each group is covered by itself. With the field of four elements and 16 neurons
    these are the 20 lines of an affine plane: no covering has fewer.
    """
    columns = [[group * order + i for i in range(order)] for group in range(4)]
    windows = [
        tuple(columns[group][i] for group, i in enumerate(line) if columns[group][i] < neurons)
        for line in _lines(order)
    ]
    for column in columns:
        inside = [i for i in column if i < neurons]
        pairs = dict.fromkeys(combinations(inside, 2), 1)
        windows += _greedy(WholeLoss(0, (0,) * neurons, pairs), 4)
    return windows + [(i,) for i in range(neurons)]


def _lines(order: int) -> Iterator[tuple[int, int, int, int]]:
    for a in range(order):
        for b in range(order):
            if order == 4:  # the field's sum is the exclusive or; w times 0, 1, w, w + 1 is 0, w, w + 1, 1
                yield a, b, a ^ b, a ^ (0, 2, 3, 1)[b]
            else:
                yield a, b, (a + b) % order, (a + 2 * b) % order
