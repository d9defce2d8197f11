import base64
import json
import re
import shutil
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser

import pytest
from matplotlib.figure import Figure

from compare.records import RunFolder
from compare.report import Picture, Report, Section, write_report
from compare.studies.ridgelet.samplers.page import load_results, report
from compare.tables import Table
from tests.compare import TINY, TINY_DIMENSIONS, tiny_run

FIGURES = {"small-frequencies", "small-risk", "raw-risk", "dimension-time"}

# Elements that HTML closes by itself.
VOID = {"meta", "img", "br", "hr", "link", "input"}


class Page(HTMLParser):
    """A page taken apart: its elements, its tables, its text; refuses tags that do not nest."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.elements, self.tables, self.text = [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        assert len(dict(attributes)) == len(attributes), f"<{tag}> repeats an attribute"
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" in self.open:
            return
        self.text.append(data)
        if {"td", "th"} & set(self.open):
            self.tables[-1][-1][-1] += data

    def values(self, name):
        return [attributes[name] for _, attributes in self.elements if name in attributes]

    def table(self, *headings):
        """The one table with these headings, as rows by their first cell."""
        (found,) = [table for table in self.tables if set(headings) <= set(table[0])]
        return {row[0]: dict(zip(found[0], row, strict=True)) for row in found[1:]}


@pytest.fixture(scope="module")
def source():
    return (tiny_run().folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(source):
    return Page(source)


def written(estimate):
    return f"{estimate['best']:.3f} [{estimate['low']:.3f}, {estimate['high']:.3f}]"


def test_the_page_is_html_with_balanced_tags(source, page):
    assert source.startswith("<!doctype html>")
    tags = [tag for tag, _ in page.elements]
    for tag in ("html", "head", "title", "body", "h1"):
        assert tags.count(tag) == 1
    assert ("meta", {"charset": "utf-8"}) in page.elements
    assert dict(page.elements[:1]) == {"html": {"lang": "en"}}


def test_the_page_needs_nothing_but_itself(source, page):
    assert not re.search(r"https?://", source)
    assert not re.search(r"@import|url\(", source)
    assert not {"script", "link", "iframe", "object", "embed"} & {tag for tag, _ in page.elements}
    assert page.values("href") == []
    assert page.values("srcset") == []
    assert all(value.startswith("data:image/svg+xml;base64,") for value in page.values("src"))


def test_every_table_is_rectangular_and_has_headings(page):
    assert len(page.tables) == 11
    for table in page.tables:
        assert len({len(row) for row in table}) == 1
        assert all(cell.strip() for row in table for cell in row)


def test_every_figure_is_a_file_and_stands_on_the_page(page):
    folder = tiny_run().folder
    on_the_page = {base64.b64decode(value.split(",", 1)[1]) for value in page.values("src")}
    assert {path.stem for path in folder.glob("*.png")} == {path.stem for path in folder.glob("*.svg")} == FIGURES
    assert on_the_page == {(folder / f"{name}.svg").read_bytes() for name in FIGURES}
    for name in FIGURES:
        assert (folder / f"{name}.png").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")


def test_every_figure_is_self_contained_svg_with_text():
    for name in FIGURES:
        root = ElementTree.parse(tiny_run().folder / f"{name}.svg").getroot()
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert root.findall(".//{http://www.w3.org/2000/svg}text")
        links = root.iter()
        for element in links:
            for attribute, value in element.attrib.items():
                if attribute.endswith("href"):
                    assert value.startswith(("#", "data:"))


def test_every_picture_has_a_description_and_a_caption(page):
    assert len(page.values("alt")) == len(FIGURES)
    assert all(len(text) > 20 for text in page.values("alt"))
    assert [tag for tag, _ in page.elements].count("figcaption") == len(FIGURES)


@pytest.mark.parametrize("method", ["enumeration", "dequantized", "rejection", "circuit_mps", "leverage", "uniform"])
def test_numbers_on_the_page_are_those_of_the_records(page, method):
    found = json.loads((tiny_run().folder / f"small-{method}.json").read_text())["result"]
    label = {"circuit_mps": "circuit (MPS)", "leverage": "leverage (no labels)"}.get(method, method)
    row = page.table("total variation", "chi-square p")[label]
    assert row["samples"] == str(found["samples"]) == "700"
    assert row["total variation"] == written(found["total_variation"])
    assert row["fidelity"] == written(found["fidelity"])
    risks = next(table for table in page.tables if table[0][:2] == ["network", "N"])
    (risk,) = [row for row in risks if row[0] == label]
    at = found["risk"]["sizes"].index(4)
    assert risk == [label, "4", written(found["risk"]["empirical"][at]), written(found["risk"]["held_out"][at])]


def test_both_risk_columns_stand_beside_the_coverage(page):
    text = " ".join(page.text)
    for part in ("small", "raw"):
        coverage = json.loads((tiny_run().folder / f"{part}-problem.json").read_text())["result"]["coverage"]
        assert f"Coverage K/P^D = {coverage:.2g}" in text
    tables = [table for table in page.tables if table[0][:2] == ["network", "N"]]
    assert [table[0][2:] for table in tables] == [["empirical risk", "held-out risk"]] * 2


def test_settings_versions_and_the_command_stand_on_the_page(page):
    run = json.loads((tiny_run().folder / "run.json").read_text())
    rows = page.table("setting", "value")
    assert set(run["settings"]) <= set(rows)
    for name, value in TINY.items():
        assert rows[name]["value"] == str(value)
    assert rows["chain_features"]["value"] == "all / default"
    for name, version in run["versions"].items():
        assert rows[name]["value"] == version
    assert rows["system"]["value"] == run["machine"]["system"]
    text = " ".join(page.text)
    assert run["command"] in text
    assert run["started"] in text


def test_every_finding_stands_on_the_page_and_the_verdict_first(page):
    from compare.studies.ridgelet.samplers.findings import findings

    text = "".join(page.text)
    said = findings(tiny_run().results)
    assert all(sentence in text for sentences in said.values() for sentence in sentences)
    verdict = [text.index(sentence) for sentence in said["verdict"]]
    others = [text.index(sentence) for key, sentences in said.items() if key != "verdict" for sentence in sentences]
    assert max(verdict) < min(others)


def test_all_parts_stand_on_the_page(page):
    text = "".join(page.text)
    for key, part in tiny_run().results.parts.items():
        assert part["title"] in text, key
        assert part["problem"]["description"] in text
    assert set(TINY_DIMENSIONS) == set(tiny_run().results.dimension)


def test_a_report_written_again_has_the_same_bytes(tmp_path):
    folder = tmp_path / "run"
    shutil.copytree(tiny_run().folder, folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    results = load_results(RunFolder.open(folder))
    assert write_report(report(results), folder) == folder / "report.html"
    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(after) == set(before)
    assert [name for name in before if after[name] != before[name]] == []


def test_the_terminal_and_the_page_show_the_same_tables(page):
    shown = [
        [list(table.columns), *(list(row) for row in table.rows)]
        for section in report(tiny_run().results).sections
        for table in section.tables
    ]
    assert shown == page.tables[:-1]


def made(folder, **changes):
    """Write a report by hand, and return its page."""
    record = {
        "versions": {"quantum-tickets": "0.1.0"},
        "machine": {"system": "here"},
        "settings": {"dataset": "digits"},
        "started": "2026-01-01T00:00:00+00:00",
        "command": "tickets compare",
    }
    report = Report("A title", ["A verdict."], [Section("A section", **changes)], record)
    return Page(write_report(report, folder).read_text(encoding="utf-8"))


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", 'a "quoted" <b>', "</table></body>", "&amp; é·x ≤ b"])
def test_text_is_escaped(tmp_path, text):
    table = Table(text, ["x", text], [["1", text]], text)
    picture = Picture("figure", Figure(), text)
    page = made(tmp_path, paragraphs=[text], findings=[text], tables=[table], pictures=[picture])
    assert "".join(page.text).count(text) == 7
    assert page.values("alt") == [text]
    assert "script" not in {tag for tag, _ in page.elements}


def test_an_empty_section_is_only_a_heading(tmp_path):
    page = made(tmp_path)
    assert "A section" in page.text
    assert len(page.tables) == 1
    assert not list(tmp_path.glob("*.svg"))
