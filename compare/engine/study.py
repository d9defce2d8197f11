"""A study: what a user may ask for, the tasks that this makes, and what their records say."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from compare.engine.kind import MOST_TASKS, Kind, Planned, at_most, imported
from compare.report.styles import Shown

if TYPE_CHECKING:
    from compare.engine.runs import Runs
    from compare.report import Report

__all__ = ["Attached", "Study"]


@dataclass(frozen=True)
class Attached:
    """Settings in which a user's own files stand by their content, and what a folder must hold for that.

    Attributes
    ----------
    settings
        The settings.
    records
        Tasks of external kinds with their results, appended before anything runs.
    labels
        What readers see in place of names.
    """

    settings: Any
    records: Sequence[tuple[Planned, Any]] = ()
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Study:
    """A study as commands, notebooks and tests see it.

    The module that holds it imports nothing heavy: its report is made of records alone.

    Attributes
    ----------
    name
        The command, and its folder below runs/.
    title
        The heading of its report.
    summary
        One sentence for ``--help``.
    settings
        Every choice: a frozen dataclass of annotated fields; see `compare.engine.fields`.
    tasks
        From settings return the tasks, purely.
    report
        From the runs of an ask and its settings make the report; a function, or ``"module:function"``.
    kinds
        Every kind whose records it reads.
    presets
        Settings by name.
    methods
        The table that names of methods are looked up in, for labels, laws and styles.
    prepare
        Refusals that take a look at data, before a folder is made, and whenever something is asked for that was not
        asked for there before; a function, or ``"module:function"``. Called with settings and the records of a user's
        own files that stand in them, of which there may be none.
    attach
        Turns a user's own files into records; a function of settings that returns `Attached`, or its import path.
    grids
        Whether its tasks are a free grid: a grid's file may have several parts, and folders are reported as one.
    after
        Called with the runs and the folder when tasks have run, to write files that users take away; or its path.
    claim
        From the runs of an ask and its settings, what a paper claims and what both sides take
        (`compare.claims.Claim`); a function, or its path. None if no paper's claim is held against it.
    symbols
        Letters and words of its report with what they stand for; the page shows those that occur on it.
    suits
        From a data set say in a clause why the study does not take it, or return the flags that it needs, or None; or
        its path. If the study takes no data of users, or all, it is left out.
    """

    name: str
    title: str
    summary: str
    settings: type
    tasks: Callable[[Any], Sequence[Planned]]
    report: Callable[["Runs", Any], "Report"] | str
    kinds: Sequence[Kind]
    presets: Mapping[str, Any] = field(default_factory=dict)
    methods: Mapping[str, Any] | None = None
    prepare: Callable[[Any, Sequence[tuple[Planned, Any]]], object] | str | None = None
    attach: Callable[[Any], Attached] | str | None = None
    grids: bool = False
    after: Callable[["Runs", Any], object] | str | None = None
    claim: Callable[["Runs", Any], Any] | str | None = None
    symbols: Mapping[str, str] = field(default_factory=dict)
    suits: Callable[[Any], str | Sequence[str] | None] | str | None = None

    @property
    def by_name(self) -> dict[str, Kind]:
        """Its kinds by name."""
        return {kind.name: kind for kind in self.kinds}

    def made(self, parts: Iterable[Any], most: int = MOST_TASKS) -> dict[str, Planned]:
        """Return the tasks of settings, those of the parts of a grid each once, by their hash.

        Raises
        ------
        InputError
            If there are more than `most`.
        """
        with at_most(most):
            return {planned.id: planned for settings in parts for planned in self.tasks(settings)}

    def shown(self, tasks: Iterable[Planned], others: bool = True) -> dict[str, Shown]:
        """Return label, law and style of every method that tasks name.

        Parameters
        ----------
        tasks
            The tasks.
        others
            Whether methods count that are not listed in the table, but named by where they stand: these are imported.
        """
        table = self.methods
        if table is None:
            return {}
        named = {value for planned in tasks for value in planned.settings.values() if isinstance(value, str)}
        return {
            name: Shown(table[name].label, table[name].law, table[name].style)
            for name in dict.fromkeys([*table, *(sorted(named) if others else ())])
            if name in named and name in table
        }

    def attached(self, settings: Any) -> Attached:
        """Return settings with a user's files as records; see `attach`."""
        found: Attached = Attached(settings) if self.attach is None else imported(self.attach)(settings)
        return found

    def checked(self, attached: Attached) -> None:
        """Refuse what a look at the data refuses; see `prepare`."""
        if self.prepare is not None:
            imported(self.prepare)(attached.settings, attached.records)
