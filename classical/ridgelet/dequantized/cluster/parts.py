"""The sums of parts on workers, asked for by tasks and added up here."""

import contextlib
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classical.ridgelet.dequantized.chunks.groups import Strings
from classical.ridgelet.dequantized.chunks.part import Share
from classical.ridgelet.dequantized.chunks.sums import carried
from classical.ridgelet.dequantized.cluster import tasks
from problems.errors import InputError, OutOfReach

__all__ = ["ClusterParts", "asking"]


class ClusterParts:
    """Parts on the workers of a cluster; see `classical.ridgelet.dequantized.chunks.drawing.Parts`.

    Parameters
    ----------
    client
        A client of the cluster.
    shares
        One for each thread of the workers, as a rule.
    homes
        The address of a worker for each share; should it be lost, another one takes over.
    compiled
        Whether the compiled kernels sum.
    """

    def __init__(self, client: Any, shares: Sequence[Share], homes: Sequence[str], compiled: bool) -> None:
        self._client, self._homes = client, list(homes)
        self._parts = [self._ask(place, tasks.make, share, compiled) for place, share in enumerate(shares)]

    def start(self, strings: Strings) -> None:
        """Begin a batch."""
        self._gathered = self._each(tasks.gather, None, strings)

    def level(self, level: int, nodes: NDArray[np.int64], picked: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the sums of some nodes on a level."""
        return carried(self._sum(self._each(tasks.level, self._gathered, level, nodes, picked)))

    def first_level(self, picked: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the sums of the first level."""
        self._multiplied = self._each(tasks.multiply, self._gathered, picked)
        # What was gathered is let go by the scheduler once it is multiplied, and made again should that be lost.
        del self._gathered
        return carried(self._sum(self._each(tasks.spectrum, self._multiplied)))

    def histogram(self, picked: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the histograms, and end the batch."""
        found = self._sum(self._each(tasks.histogram, self._multiplied, picked))
        del self._multiplied
        return found

    def _each(self, task: Callable[..., Any], own: Sequence[Any] | None, *arguments: Any) -> list[Any]:
        """Run a task of each part with what it holds of its own."""
        return [
            self._ask(place, task, part, *([] if own is None else [own[place]]), *arguments)
            for place, part in enumerate(self._parts)
        ]

    def _ask(self, place: int, task: Callable[..., Any], *arguments: Any) -> Any:
        with asking(self._client), warnings.catch_warnings():
            # Codes and amplitudes of a part travel once; that they are large is known.
            warnings.simplefilter("ignore", UserWarning)
            return self._client.submit(
                task, *arguments, workers=[self._homes[place]], allow_other_workers=True, pure=False
            )

    def _sum(self, futures: Sequence[Any]) -> NDArray[np.int64]:
        total: NDArray[np.int64] | None = None
        for future in futures:
            with asking(self._client, future):
                found = future.result()
            total = found if total is None else total + found
        assert total is not None
        return total


@contextlib.contextmanager
def asking(client: Any, future: Any = None) -> Iterator[None]:
    """Say in a line what became of a task, or that the scheduler went away.

    Raises
    ------
    InputError
        Of the task, as it is; or if it took several workers down, or the scheduler does not answer.
    """
    try:
        yield
    except InputError:
        raise
    except Exception as error:  # whatever a client makes of a scheduler that is gone
        if future is not None and future.status == "error":
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            raise OutOfReach(f"A part could not be summed on the workers ({reason:.300}).") from error
        address = getattr(getattr(client, "scheduler", None), "address", "that address")
        raise OutOfReach(
            f"The scheduler at {address} went away; start it again, and draw the rest: the same seed gives the same "
            "nodes."
        ) from None
