"""Seeds of a task: streams by name, and by the settings that they depend on."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from compare.engine.plain import plain
from problems.errors import InputError
from problems.seeds import named

__all__ = ["Seeds"]


class Seeds:
    """The random streams of one task.

    What two methods are compared on leaves the method out of `by`; what is nested in size leaves the size out. No
    place in a list is part of a seed, and a field that is not named moves no number.

    Parameters
    ----------
    task
        The task: a dataclass of plain fields.
    """

    def __init__(self, task: Any) -> None:
        self._task = task

    def __call__(self, stream: str, by: Sequence[str], **more: Any) -> np.random.SeedSequence:
        """Return the seed sequence of a stream.

        Parameters
        ----------
        stream
            What is drawn: "nodes", "split".
        by
            The fields of the task that it depends on.
        more
            Whatever else tells it from others within the task, by name: an inner fold, a draw.

        Raises
        ------
        InputError
            If the task has no such field.
        """
        for name in by:
            if not hasattr(self._task, name):
                raise InputError(f"{type(self._task).__name__} has no field {name!r} that a seed could depend on.")
        return named(stream, **plain({name: getattr(self._task, name) for name in by} | more))
