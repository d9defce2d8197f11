"""The report: one self-contained page, and the figures as files beside it."""

import base64
import io
from pathlib import Path

import matplotlib
from jinja2 import Environment, PackageLoader, StrictUndefined

from compare.findings import findings
from compare.plots import all_figures
from compare.studies.ridgelet import Results
from compare.tables import all_tables

__all__ = ["write_report"]


def write_report(results: Results, folder: Path) -> Path:
    """Write `report.html` and every figure as PNG and SVG into `folder`; return the page's path."""
    pictures = {}
    # Text stays text, and the same results give the same bytes.
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "quantum-tickets"}):
        for name, figure in all_figures(results).items():
            figure.savefig(folder / f"{name}.png", dpi=150)
            buffer = io.BytesIO()
            figure.savefig(buffer, format="svg", dpi=150, metadata={"Date": None})
            (folder / f"{name}.svg").write_bytes(buffer.getvalue())
            pictures[name] = base64.b64encode(buffer.getvalue()).decode()
    environment = Environment(
        loader=PackageLoader("compare"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    page = environment.get_template("report.html.jinja").render(
        run=results.run,
        settings=results.run["settings"],
        parts=results.parts,
        tables=all_tables(results),
        findings=findings(results),
        figures=pictures,
    )
    path = folder / "report.html"
    path.write_text(page, encoding="utf-8")
    return path
