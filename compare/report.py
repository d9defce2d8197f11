"""The report of a study: one self-contained page, and the figures as files beside it."""

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import matplotlib
from jinja2 import Environment, PackageLoader, StrictUndefined
from matplotlib.figure import Figure

from compare.tables import Table

__all__ = ["Picture", "Report", "Section", "write_report"]


@dataclass(frozen=True)
class Picture:
    """A figure, the name of its files, and what it shows."""

    name: str
    figure: Figure
    caption: str


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
    """Everything that stands on the page.

    Attributes
    ----------
    title
        The page's heading.
    verdict
        The findings in short, a sentence each: they come first.
    sections
        The rest, in order.
    run
        The run's record: settings, versions, machine, command.
    """

    title: str
    verdict: Sequence[str]
    sections: Sequence[Section]
    run: Mapping[str, Any]


def write_report(report: Report, folder: Path) -> Path:
    """Write `report.html` and every figure as PNG and SVG into `folder`; return the page's path."""
    embedded = {}
    # Text stays text, and the same results give the same bytes.
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "quantum-tickets"}):
        for picture in (picture for section in report.sections for picture in section.pictures):
            picture.figure.savefig(folder / f"{picture.name}.png", dpi=150)
            buffer = io.BytesIO()
            picture.figure.savefig(buffer, format="svg", dpi=150, metadata={"Date": None})
            (folder / f"{picture.name}.svg").write_bytes(buffer.getvalue())
            embedded[picture.name] = base64.b64encode(buffer.getvalue()).decode()
    environment = Environment(
        loader=PackageLoader("compare"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    page = environment.get_template("report.html.jinja").render(report=report, run=report.run, embedded=embedded)
    path = folder / "report.html"
    path.write_text(page, encoding="utf-8")
    return path
