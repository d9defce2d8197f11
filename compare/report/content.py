"""What stands in a report, before it is a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from matplotlib.figure import Figure

from compare.tables import Table

__all__ = ["Picture", "Report", "Section"]


@dataclass(frozen=True)
class Picture:
    """A figure, the name of its files, and what it shows.

    Attributes
    ----------
    name
        Of its files, without ending.
    figure
        As it stands on wide screens, on paper and in files.
    caption
        What it shows, with units and what its intervals are.
    narrow
        The same for phones, `compare.canvas.NARROW` inches wide, panels below one another. Without it a phone scrolls
        through the wide one.
    """

    name: str
    figure: Figure
    caption: str
    narrow: Figure | None = None


@dataclass(frozen=True)
class Section:
    """A section of the page.

    Attributes
    ----------
    title
        Its heading.
    paragraphs
        Running text, before everything else; `markupsafe.Markup` where it holds markup.
    findings
        What the numbers say, a sentence each.
    tables, pictures
        In their order on the page.
    """

    title: str
    paragraphs: Sequence[str] = ()
    findings: Sequence[str] = ()
    tables: Sequence[Table] = ()
    pictures: Sequence[Picture] = field(default_factory=list)


@dataclass(frozen=True)
class Report:
    """Everything that stands on the page of one run.

    Attributes
    ----------
    title
        The page's heading.
    verdict
        The findings in short, a sentence each: they come first.
    sections
        The rest, in order.
    run
        The run's record: kind, settings, versions, machine, started, command; commit where it is known; of a sweep
        also tasks.
    """

    title: str
    verdict: Sequence[str]
    sections: Sequence[Section]
    run: Mapping[str, Any]
