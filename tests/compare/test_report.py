import re
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser

import pytest
from matplotlib.figure import Figure

from compare.engine.plain import plain
from compare.recorded import read_page
from compare.report import Picture, Report, Section, Table, write_report
from compare.report.breaking import broken
from compare.report.cells import MISSING, estimate, seconds
from compare.studies.ridgelet.samplers.rows import parts
from tests.compare import TINY, tiny_run

PROVENANCE = ("Settings", "Versions", "Machine")

SVG = "{http://www.w3.org/2000/svg}"

FIGURES = {"small-frequencies", "small-risk", "raw-risk", "dimension-time"}

# Elements that HTML closes by itself.
VOID = {"meta", "img", "br", "hr", "link", "input", "source"}


class Page(HTMLParser):
    """A page taken apart: its elements, its tables, its text; refuses tags that do not nest."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.elements, self.tables, self.text, self.links = [], [], [], [], 0
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        assert len(dict(attributes)) == len(attributes), f"<{tag}> repeats an attribute"
        self.elements.append((tag, dict(attributes)))
        self.links += dict(attributes).get("class") == "from"
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
        if tag in ("a", "span"):
            self.links = 0

    def handle_data(self, data):
        if {"style", "script"} & set(self.open) or self.links:
            return  # what leads to records is no part of a cell
        self.text.append(data)
        if {"td", "th"} & set(self.open):
            self.tables[-1][-1][-1] += data

    def values(self, name):
        return [attributes[name] for _, attributes in self.elements if name in attributes]

    def table(self, *headings):
        """The one table with these headings, as rows by their first cell; parts of a wide one are joined."""
        whole = []
        for table in self.tables:
            if whole and [row[0] for row in table] == [row[0] for row in whole[-1]]:
                whole[-1] = [[*row, *more[1:]] for row, more in zip(whole[-1], table, strict=True)]
            else:
                whole.append(table)
        (found,) = [table for table in whole if set(headings) <= set(table[0])]
        return {row[0]: dict(zip(found[0], row, strict=True)) for row in found[1:]}


@pytest.fixture(scope="module")
def source():
    return (tiny_run().folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(source):
    return Page(source)


@pytest.fixture(scope="module")
def report():
    return tiny_run().made()


def known(part):
    """One part of the tiny run."""
    return next(one for one in parts(tiny_run()) if one.problem["part"] == part)


def test_the_page_is_html_with_balanced_tags(source, page):
    assert source.startswith("<!doctype html>")
    tags = [tag for tag, _ in page.elements]
    for tag in ("html", "head", "body", "h1"):
        assert tags.count(tag) == 1
    assert source.count("<title>quantum-tickets: ") == 1  # marks of figures have titles too
    assert ("meta", {"charset": "utf-8"}) in page.elements
    assert dict(page.elements[:1]) == {"html": {"lang": "en"}}


def test_the_page_needs_nothing_but_itself(source, page):
    assert not re.search(r"https?://", source)
    assert not re.search(r"@import|url\((?!#)", source)
    assert not {"iframe", "object", "embed"} & {tag for tag, _ in page.elements}
    assert all(value.startswith(("#", "data:image/png;base64,")) or value == "data:," for value in page.values("href"))
    assert not page.values("src")
    assert not page.values("srcset")
    (policy,) = [found["content"] for _, found in page.elements if found.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; img-src data:;")


def test_every_link_leads_to_a_place_on_the_page(page):
    places = page.values("id")
    assert len(places) == len(set(places))
    assert {value[1:] for value in page.values("href") if value.startswith("#")} <= set(places)


def test_every_table_is_rectangular_and_has_headings(page, report):
    parts = [part for section in report.sections for table in section.tables for part in broken(table)]
    assert len(page.tables) == len(parts) + len(PROVENANCE)
    for table in page.tables:
        assert len({len(row) for row in table}) == 1
        assert all(cell.strip() for row in table for cell in row)


def test_every_figure_is_a_file_and_stands_on_the_page(page):
    folder = tiny_run().folder
    assert {path.stem for path in folder.glob("*.png")} == {path.stem for path in folder.glob("*.svg")} == FIGURES
    drawings = [found for tag, found in page.elements if tag == "svg" and "wide" in found["class"].split()]
    assert len(drawings) == len(FIGURES)
    words = set(page.text)
    for name in FIGURES:
        root = ElementTree.parse(folder / f"{name}.svg").getroot()
        assert root.attrib["viewBox"] in {found["viewbox"] for found in drawings}
        assert {text.text for text in root.iter(f"{SVG}text") if text.text and text.text.strip()} <= words
        assert (folder / f"{name}.png").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")


def test_every_figure_is_self_contained_svg_with_text():
    for name in FIGURES:
        root = ElementTree.parse(tiny_run().folder / f"{name}.svg").getroot()
        assert root.tag == f"{SVG}svg"
        assert root.findall(f".//{SVG}text")
        links = root.iter()
        for element in links:
            for attribute, value in element.attrib.items():
                if attribute.endswith("href"):
                    assert value.startswith(("#", "data:"))


def test_every_picture_has_a_description_and_a_caption(page):
    said = [found["aria-label"] for tag, found in page.elements if tag == "svg"]
    assert len(said) == 2 * len(FIGURES)
    assert all(len(text) > 20 for text in said)
    assert [tag for tag, _ in page.elements].count("figcaption") == len(FIGURES) + 1  # and the circuit


@pytest.mark.parametrize("method", ["enumeration", "dequantized", "rejection", "circuit_mps", "leverage", "uniform"])
def test_numbers_on_the_page_are_those_of_the_records(page, method):
    part = known("small")
    label = {"circuit_mps": "circuit (MPS)", "leverage": "leverage (no labels)"}.get(method, method)
    row, found = page.table("total variation", "chi-square p")[label], part.tests[method]
    assert row["samples"] == str(found["samples"]) == "700"
    assert row["total variation"] == str(estimate(found["total_variation"]))
    assert row["fidelity"] == str(estimate(part.of_family(method, "fidelity")))
    risks = next(table for table in page.tables if table[0][:2] == ["network", "N"])
    (risk,) = [row for row in risks if row[0] == label]
    assert risk == [label, "4", *(str(estimate(part.risk(method, which))) for which in ("empirical", "held_out"))]


def test_both_risk_columns_stand_beside_the_coverage(page):
    text = " ".join(page.text)
    for part in ("small", "raw"):
        assert f"Coverage K/P^D = {known(part).problem['coverage']:.2g}" in text
    tables = [table for table in page.tables if table[0][:2] == ["network", "N"]]
    assert [table[0][2:] for table in tables] == [["empirical risk", "held-out risk"]] * 2


def test_settings_versions_and_the_command_stand_on_the_page(page, report):
    run = report.run
    rows = page.table("setting", "value")
    assert set(rows) == set(run["settings"])
    for name, value in TINY.items():
        assert rows[name]["value"] == (", ".join(map(str, value)) if isinstance(value, tuple) else str(value))
    assert rows["chain_features"]["value"] == "all / default"
    for name, version in run["versions"].items():
        assert page.table("package", "value")[name]["value"] == version
    machine = page.table("part", "value")
    assert machine["system"]["value"] == run["machine"]["system"]
    assert machine["memory"]["value"] == f"{run['machine']['memory_bytes'] / 2**30:.1f} GiB"
    text = " ".join(page.text)
    assert run["command"] in text
    assert run["started"] in text


def test_the_page_holds_the_record_of_its_run(report):
    assert read_page(tiny_run().folder / "report.html") == [plain(report.run)]


def test_every_finding_stands_on_the_page_and_the_answer_first(page, report):
    text = "".join(page.text)
    others = [text.index(sentence) for section in report.sections for sentence in section.findings]
    assert max(text.index(sentence) for sentence in report.verdict) < min(others)


def test_all_parts_stand_on_the_page(page):
    text = "".join(page.text)
    for part in parts(tiny_run()):
        assert part.title in text
        assert part.problem["description"] in text


def test_the_terminal_and_the_page_show_the_same_tables(page, report):
    shown = [
        [list(table.columns), *([str(cell) for cell in row] for row in table.rows)]
        for section in report.sections
        for whole in section.tables
        for table in broken(whole)
    ]
    assert shown == page.tables[: -len(PROVENANCE)]


RECORD = {
    "kind": "compare",
    "asks": [],
    "versions": {"quantum-tickets": "0.1.0"},
    "machine": {"system": "here"},
    "settings": {"dataset": "digits"},
    "started": "2026-01-01T00:00:00+00:00",
    "command": "tickets compare",
}


def made(folder, record=RECORD, **changes):
    """Write a report by hand, and return its page."""
    report = Report("A title", ["A verdict."], [Section("A section", **changes)], record)
    return Page(write_report(report, folder).read_text(encoding="utf-8"))


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", 'a "quoted" <b>', "</table></body>", "&amp; é·x ≤ b"])
def test_text_is_escaped(tmp_path, text):
    table = Table(text, ["x", text], [["1", text]], text)
    picture = Picture("figure", Figure(), text)
    page = made(tmp_path, paragraphs=[text], findings=[text], tables=[table], pictures=[picture])
    assert "".join(page.text).count(text) == 7
    assert [found["aria-label"] for tag, found in page.elements if tag == "svg"] == [text]
    assert [tag for tag, _ in page.elements].count("script") == 2


def test_an_empty_section_is_only_a_heading(tmp_path):
    page = made(tmp_path)
    assert "A section" in page.text
    assert len(page.tables) == len(PROVENANCE)
    assert not list(tmp_path.glob("*.svg"))


def test_a_record_of_little_still_makes_a_page(tmp_path):
    page = made(tmp_path, {"kind": "scale", "settings": {}, "command": ""})
    assert len(page.tables) == 0
    assert "not recorded" in " ".join(page.text)


def test_the_commit_stands_beside_the_version(tmp_path):
    commit = {"id": "0123456789abcdef", "changed": True}
    text = " ".join(made(tmp_path, RECORD | {"commit": commit}).text)
    assert "quantum-tickets 0.1.0, commit 0123456789 with changes, run of 2026-01-01" in text
    text = " ".join(made(tmp_path, RECORD | {"commit": commit | {"changed": False}}).text)
    assert "commit 0123456789, run of" in text


@pytest.mark.parametrize(
    ("value", "said"),
    [(None, "all / default"), ([1, 2.5], "1, 2.5"), ([], "none"), ({"a": 1, "b": None}, "a = 1, b = all / default")],
)
def test_settings_are_written_in_words(tmp_path, value, said):
    page = made(tmp_path, RECORD | {"settings": {"one": value}})
    assert page.table("setting", "value")["one"]["value"] == said


def test_a_long_verdict_opens_with_its_first_sentences(tmp_path):
    sentences = [f"Sentence {i}." for i in range(8)]
    page = Page(write_report(Report("A title", sentences, [], RECORD), tmp_path).read_text())
    assert "2 more" in page.text
    assert [text for text in page.text if text.startswith("Sentence")] == sentences
    assert [tag for tag, _ in page.elements].count("details") == 1


def test_cells_carry_the_order_of_their_column(tmp_path):
    table = Table("Times", ["method", "time"], [["b", seconds(3.0)], ["a", seconds(0.0012)], ["c", MISSING]], "")
    page = made(tmp_path, tables=[table])
    cells = [found.get("data-rank") for tag, found in page.elements if tag in ("td", "th") and "aria-sort" not in found]
    assert cells[:6] == ["1", "1", "0", "0", "2", None]
    assert [found["aria-sort"] for tag, found in page.elements if "aria-sort" in found][:2] == ["none", "none"]


def test_a_figure_of_one_arrangement_is_scrolled_and_one_of_two_is_chosen(tmp_path):
    alone = Picture("alone", Figure(figsize=(10, 4)), "Without another arrangement.")
    both = Picture("both", Figure(figsize=(10, 4)), "With another one.", Figure(figsize=(4, 8)))
    page = made(tmp_path, pictures=[alone, both])
    sheets = [found["style"] for tag, found in page.elements if found.get("class") == "sheet"]
    assert sheets == ["--most: 1080px; min-width: 612px", "--most: 1080px"]
    drawings = [(found["class"], found["viewbox"]) for tag, found in page.elements if tag == "svg"]
    assert drawings == [
        ("drawing", "0 0 720 288"),
        ("drawing wide", "0 0 720 288"),
        ("drawing narrow", "0 0 288 576"),
    ]
    assert sorted(path.name for path in tmp_path.glob("*.svg")) == ["alone.svg", "both.svg"]
