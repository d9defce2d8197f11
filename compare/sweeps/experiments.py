"""What can be swept: each kind of task, and where its parts are."""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, cast

from problems.errors import choose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compare.report import Section
    from compare.sweeps.record import Record

__all__ = ["EXPERIMENTS", "Experiment", "ExperimentPage", "experiment", "page"]

EXPERIMENTS: Mapping[str, str] = {
    "tickets": "compare.studies.ridgelet.tickets",
}
"""Packages by the kind that records bear."""


class Experiment(Protocol):
    """The module `task` of an experiment: what a task is."""

    Settings: type
    """A frozen dataclass, a field for each axis of the grid; whole numbers, real numbers and text, or None."""

    RESULT: "Mapping[str, Any]"
    """What `measure` returns, as JSON has it: the type of each part, as `compare.settings.fits` knows it."""

    def check(self, settings: Any) -> None:
        """Refuse settings, quickly and before any task runs.

        Raises
        ------
        InputError
            If a setting is out of range.
        """
        ...

    def measure(self, settings: Any) -> dict[str, Any]:
        """Run one task, and return what is to be recorded, plain data.

        Raises
        ------
        InputError
            If nothing can be measured with these settings, which is a result too: it is recorded as a refusal.
        """
        ...


class ExperimentPage(Protocol):
    """The module `page` of an experiment: what records say."""

    TITLE: str
    """Heading of the report."""

    def verdict(self, records: "Sequence[Record]") -> list[str]:
        """Return the findings in short, a sentence each."""
        ...

    def sections(self, records: "Sequence[Record]") -> "list[Section]":
        """Return tables and figures of finished tasks."""
        ...


def experiment(kind: str) -> Experiment:
    """Return what a task of a kind is.

    Raises
    ------
    InputError
        If there is no such kind.
    """
    return cast(Experiment, import_module(f"{choose('experiment', kind, EXPERIMENTS)}.task"))


def page(kind: str) -> ExperimentPage:
    """Return what makes a kind's report.

    Raises
    ------
    InputError
        If there is no such kind.
    """
    return cast(ExperimentPage, import_module(f"{choose('experiment', kind, EXPERIMENTS)}.page"))
