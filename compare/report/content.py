"""The content of a report, before it is a page. Nothing is drawn, and Matplotlib is not imported, until it is one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from compare.report.table import Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["MOST", "Card", "Drawing", "Picture", "Report", "Section"]

MOST = 3
"""Sentences of a card."""


@dataclass(frozen=True)
class Picture:
    """A figure, the name of its files, and what it shows.

    Attributes
    ----------
    name
        Of its files, without ending.
    figure
        As it stands on wide screens, on paper and in files; or what draws it, called once when it is needed.
    caption
        What it shows, with units and what its intervals are.
    narrow
        The same for phones, `compare.report.canvas.NARROW` inches wide, panels below one another. Without it a phone
        scrolls through the wide one.
    """

    name: str
    figure: "Figure | Callable[[], Figure]"
    caption: str
    narrow: "Figure | Callable[[], Figure] | None" = None

    def _repr_html_(self) -> str:
        from compare.report.inline import picture_html

        return picture_html(self)


@dataclass(frozen=True)
class Drawing:
    """A drawing in characters, such as that of a circuit.

    Attributes
    ----------
    name
        Of its file, without ending.
    text
        The drawing.
    caption
        What it shows.
    narrow
        The same for narrow terminals; empty if there is none.
    """

    name: str
    text: str
    caption: str
    narrow: str = ""

    def _repr_html_(self) -> str:
        from compare.report.inline import picture_html

        return picture_html(self)


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
    pictures: Sequence[Picture | Drawing] = ()


@dataclass(frozen=True)
class Card:
    """The answer to a study's question, which the page opens with.

    Attributes
    ----------
    picture
        The one picture that shows it; None if there is none.
    sentences
        At most three that say it. What else there is to say stands in the sections.

    Raises
    ------
    ValueError
        If there are more.
    """

    picture: Picture | Drawing | None
    sentences: Sequence[str]

    def __post_init__(self) -> None:
        if isinstance(self.sentences, str):
            raise ValueError("The sentences of a card are a list; put the one sentence into brackets.")
        if len(self.sentences) > MOST:
            raise ValueError(
                f"A card with {len(self.sentences)} sentences is no answer; keep the {MOST} that matter most, and put "
                "the others into a section's findings."
            )


@dataclass(frozen=True, repr=False)
class Report:
    """Everything that stands on the page of one run.

    Attributes
    ----------
    title
        The page's heading.
    card
        The answer, first of all; a list of sentences of studies that have no card yet.
    sections
        The rest, in order.
    run
        The run's record: kind, settings, versions, machine, started, command; commit where it is known; of a sweep
        also tasks. Whoever writes the page adds it.
    cited
        Numbers on the page that are others', in words; empty if there are none.
    symbols
        Letters and words with what they stand for; a page shows those that occur on it.
    renewed
        The command that makes the page anew, where it is of no run that can be done again.
    """

    title: str
    card: Card | Sequence[str]
    sections: Sequence[Section]
    run: Mapping[str, Any] = field(default_factory=dict)
    cited: str = ""
    symbols: Mapping[str, str] = field(default_factory=dict)
    renewed: str = ""

    def __repr__(self) -> str:
        sections = "1 section" if len(self.sections) == 1 else f"{len(self.sections)} sections"
        return f"Report({self.title!r}: {sections})"

    def _repr_html_(self) -> str:
        from compare.report.inline import report_html

        return report_html(self)

    @property
    def verdict(self) -> Sequence[str]:
        """The findings in short, a sentence each."""
        return self.card.sentences if isinstance(self.card, Card) else self.card

    @property
    def pictures(self) -> list[Picture | Drawing]:
        """Every picture, in the order of the page."""
        first = [self.card.picture] if isinstance(self.card, Card) and self.card.picture is not None else []
        return [*first, *(picture for section in self.sections for picture in section.pictures)]
