"""Pages in a browser: phone and desktop, light and dark; nothing overflows, fails or is asked for, and tables sort."""

import dataclasses
import io
import itertools
import math
from pathlib import Path

import matplotlib.image
import pytest
from matplotlib.figure import Figure
from playwright.sync_api import sync_playwright

from compare.report import Cell, Picture, Report, Section, Style, Table, write_report, write_reports
from compare.report.cells import MISSING, power
from compare.report.views import Axis, Chart, Panel, Points, picture
from tests.browser import browser_path
from tests.compare import tiny_run
from tests.looking import OVERFLOWING

SIZES = {"phone": (390, 844), "small phone": (360, 640), "desktop": (1280, 800)}

RUN = {
    "kind": "compare",
    "versions": {"quantum-tickets": "0.1.0", "numpy": "2.4.0"},
    "machine": {"system": "Linux-6.18.44-fc-v595-x86_64-with-glibc2.36", "cores": 2, "memory_bytes": 2**33},
    "settings": {"dataset": "digits", "methods": ["dequantized", "rejection", "circuit_statevector"] * 8, "seed": 0},
    "started": "2026-01-01T00:00:00+00:00",
    "command": "tickets compare --dataset digits --methods " + ",".join(["dequantized"] * 20),
}

NUMBERS = Table(
    "Numbers of every kind",
    ["method", "time a sample", "samples", "chi-square p", "hidden nodes", "share", "risk [95%]", "why there is none"],
    [
        [
            "dequantized",
            Cell("1.2 ms [1 ms, 2 s]", 0.0012),
            Cell("1,234", 1234),
            Cell("< 1e-300", 0.0),
            Cell("10^5.2", 10**5.2),
            Cell("12%", 0.12),
            Cell("0.5 [0.4, 0.6]", 0.5),
            MISSING,
        ],
        [
            "circuit (MPS)",
            Cell("3 s", 3.0),
            Cell("20,000", 20000),
            Cell("0.184", 0.184),
            Cell("10^3.5", 10**3.5),
            Cell("5%", 0.05),
            Cell("-0.1 [-0.2, 0.0]", -0.1),
            MISSING,
        ],
        [
            "enumeration, which has a name of many words",
            Cell("86.4 ns", 8.64e-08),
            MISSING,
            Cell("1e-300", 1e-300),
            Cell("10^76", 1e76),
            MISSING,
            Cell("1.25 ±0.1", 1.25),
            MISSING,
        ],
        [
            "uniform",
            Cell("10^3 years", 30000000000.0),
            Cell("900", 900),
            Cell("0.002", 0.002),
            power(-400),
            Cell("100%", 1.0),
            Cell("0.45 [0.1, 2]", 0.45),
            "17 qubits are more than " * 5,
        ],
    ],
    "A note on all of this.",
)

SORTED = {
    "method": ["circuit (MPS)", "dequantized", "enumeration, which has a name of many words", "uniform"],
    "time a sample": ["86.4 ns", "1.2 ms [1 ms, 2 s]", "3 s", "10^3 years"],
    "samples": ["900", "1,234", "20,000", "-"],
    "chi-square p": ["< 1e-300", "1e-300", "0.002", "0.184"],
    "hidden nodes": ["1.0e-400", "10^3.5", "10^5.2", "10^76"],
    "share": ["5%", "12%", "100%", "-"],
    "risk [95%]": ["-0.1 [-0.2, 0.0]", "0.45 [0.1, 2]", "0.5 [0.4, 0.6]", "1.25 ±0.1"],
}


def figure(panels, width, height):
    made = Figure(figsize=(width, height), layout="constrained")
    for i in range(panels):
        axes = made.add_subplot(*((panels, 1) if height > width else (1, panels)), i + 1)
        axes.set(xlabel="data dimension D", ylabel="seconds a sample", title=f"P = {i}")
    return made


def report(title):
    both = Picture("both", figure(3, 12, 4), "Seconds a sample over the dimension.", figure(3, 4.2, 9))
    alone = Picture("alone", figure(2, 9, 4), "Risk over the number of nodes.")
    sections = [
        Section("What was compared", ["Words and " + "anunbrokenwordofmanyletters" * 4], ["A finding."], [NUMBERS]),
        *(Section(f"Figures {i}", pictures=[picture]) for i, picture in enumerate((both, alone))),
    ]
    return Report(
        title, [f"Finding {i} of {title}, with its interval: 0.5 [0.4, 0.6]." for i in range(8)], sections, RUN
    )


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The page of one run and that of two."""
    one, two = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("two")
    return [write_report(report("one"), one), write_reports([report("first"), report("second")], two)]


@pytest.fixture(scope="module")
def browser():
    path = browser_path()
    with sync_playwright() as playwright:
        # Without a sandbox, which root has not; the pages are our own.
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def visit(browser):
    """Open a page; return it, and what it complains about and asks for, which is to stay empty."""
    contexts = []

    def opened(path: Path, size="desktop", scheme="light"):
        width, height = SIZES[size]
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        contexts.append(context)
        page, complaints = context.new_page(), []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        # The drawings are in the page; their addresses are no places.
        page.on("request", lambda asked: complaints.append(asked.url) if not asked.url.startswith("data:") else None)
        page.goto(path.as_uri())
        assert complaints.pop(0) == path.as_uri()
        return page, complaints

    yield opened
    for context in contexts:
        context.close()


CONTRASTS = """() => {
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const luminance = (rgb) => rgb.slice(0, 3).map((c) => c / 255)
    .map((c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = channels(getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = {};
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || ["SCRIPT", "STYLE"].includes(element.tagName)) continue;
    const [a, b] = [luminance(channels(getComputedStyle(element).color)), luminance(behind(element))];
    found[element.tagName + "." + element.className] = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }
  return found;
}"""


SHOWN = """() => [...document.querySelectorAll("svg.drawing")].map((one) => ({words: one.ariaLabel,
  shown: one.getBoundingClientRect().width, points: one.viewBox.baseVal.width})).filter((one) => one.shown > 0)"""
"""Drawings that are in sight: what they show, their width in pixels and in points."""

SORT_ALL = """() => [...document.querySelectorAll("thead button")].filter((button) => {
  const table = button.closest("table"), at = button.closest("th").cellIndex, count = table.tBodies[0].rows.length;
  const shown = () => [...table.tBodies[0].rows].map((row) => row.cells[at].dataset.rank).filter((rank) => rank);
  button.click();
  const up = shown();
  button.click();
  const down = shown(), ascending = up.every((rank, i) => i === 0 || +up[i - 1] <= +rank);
  const descending = down.every((rank, i) => i === 0 || +down[i - 1] >= +rank);
  return !(ascending && descending && up.length === down.length && table.tBodies[0].rows.length === count);
}).map((button) => button.innerText)"""
"""Sorts every table of a page by each column, both ways; returns the columns where that fails."""


def test_pages_fit_and_are_legible(pages, visit):
    for path in pages:
        page, complaints = visit(path)
        page.eval_on_selector_all("details", "all => all.forEach((one) => { one.open = true; })")
        for (width, height), scheme in itertools.product(SIZES.values(), ("light", "dark")):
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate(OVERFLOWING) == []
            contrasts = page.evaluate(CONTRASTS)
            assert len(contrasts) > 10
            assert {name: ratio for name, ratio in contrasts.items() if ratio < 4.5} == {}
            paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert (sum(map(int, paper[4:-1].split(","))) > 384) == (scheme == "light")
        assert complaints == []


@pytest.mark.parametrize("size", SIZES)
def test_wide_tables_scroll_in_their_box_and_say_so(pages, visit, size):
    page, _ = visit(pages[0], size)
    narrow = size != "desktop"
    if narrow:
        page.wait_for_function("document.querySelector('.scroll').previousElementSibling.hidden === false")
    boxes = page.eval_on_selector_all(
        ".scroll", "all => all.map((one) => [one.scrollWidth > one.clientWidth, one.previousElementSibling.hidden])"
    )
    assert boxes
    assert all(wide != hidden for wide, hidden in boxes)
    # The numbers, in two parts that a desktop has room for, and the figure of one arrangement.
    assert [wide for wide, _ in boxes][:3] == [narrow] * 3
    if narrow:
        page.focus(".scroll")
        page.keyboard.press("ArrowRight")
        page.wait_for_function("document.querySelector('.scroll').scrollLeft > 0")


@pytest.mark.parametrize("size", SIZES)
def test_figures_are_described_and_of_a_legible_size(pages, visit, size):
    page, _ = visit(pages[0], size)
    drawings = page.evaluate(SHOWN)
    assert [one["words"] for one in drawings] == [
        "Seconds a sample over the dimension.",
        "Risk over the number of nodes.",
    ]
    assert (drawings[0]["points"] < 500) == (size != "desktop")
    for one in drawings:
        # Letters of 8 points are to have 6.5 pixels at least.
        assert one["shown"] / one["points"] > 6.5 / 8


def column(page, name):
    return page.evaluate(
        """(name) => {
          const place = (table) => [...table.tHead.rows[0].cells].findIndex((one) => one.innerText.trim() === name);
          const table = [...document.querySelectorAll("table")].find((one) => place(one) >= 0);
          const at = place(table), headings = [...table.tHead.rows[0].cells];
          return [[...table.tBodies[0].rows].map((row) => row.cells[at].innerText.trim()),
            headings.map((one) => one.getAttribute("aria-sort")).filter((sort) => sort !== "none")];
        }""",
        name,
    )


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_tables_sort_by_what_cells_mean_both_ways(pages, visit, size):
    page, complaints = visit(pages[0], size)
    tables = page.locator("table")
    for name, expected in SORTED.items():
        button = tables.get_by_role("button", name=name).first
        button.click()
        assert column(page, name) == [expected, ["ascending"]]
        button.click()
        there = [cell for cell in expected if cell != "-"]
        assert column(page, name) == [there[::-1] + ["-"] * (len(expected) - len(there)), ["descending"]]
    assert complaints == []


WALK = """() => { const at = document.querySelector(".spot.at"), tip = document.querySelector(".tip");
  return [at !== null && !tip.hidden, tip.textContent]; }"""

HIDDEN = """(key) => [...document.querySelectorAll(`svg.wide [data-series="${key}"]`)]
  .map((part) => getComputedStyle(part).display === "none")"""


@pytest.fixture(scope="module")
def marked(tmp_path_factory):
    """A page with a chart of two series, a long table, and the records that both are made of."""
    x, label = [1, 2, 4], "seconds"
    points = [
        Points(x, [1, 2, 3], [0, 1, 2], [2, 3, 4], "first", Style("#0072B2"), records=[["a"], ["b"], ["a", "c"]]),
        Points(x, [9, 8, 7], label="second", style=Style("#D55E00", "s", "--")),
    ]
    chart = picture("chart", Chart([Panel("small", points)], Axis("size N", "log"), Axis(label)), "Seconds over N.")
    rows = [[f"row {i}", Cell(str(i), i)] for i in range(20)]
    table = Table("Many rows", ["name", "N"], rows, records=[["a", "b"]] * 20)
    tasks = Table("Every task", ["task", "kind"], [[one, "time"] for one in "abc"], folded=True, anchors=list("abc"))
    sections = [Section("One", tables=[table], pictures=[chart]), Section("Behind", tables=[tasks])]
    made = Report("Marks", ["One."], sections, RUN, symbols={"N": "a size", "Q": "what is not there"})
    return write_report(made, tmp_path_factory.mktemp("marked"))


def test_marks_say_their_values_to_pointer_and_keys(marked, visit):
    page, complaints = visit(marked)
    page.locator("svg.wide .spot").nth(1).hover()
    assert page.evaluate(WALK) == [True, "small, first: size N 2; seconds 2 [1, 3] (click or Enter: its records)"]
    page.mouse.move(0, 0)
    assert page.evaluate(WALK)[0] is False
    page.locator("svg.wide").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert page.evaluate(WALK)[1].startswith("small, first: size N 4; seconds 3 [2, 4]")
    page.keyboard.press("Enter")
    assert page.locator("details", has_text="Every task").get_attribute("open") is not None
    assert page.locator("tr[id]:not(.out)").evaluate_all("all => all.map((row) => row.id)") == ["r1-0", "r1-2"]
    page.keyboard.press("Escape")
    assert page.evaluate(WALK)[0] is False
    assert complaints == []


def test_entries_of_a_legend_hide_their_series_but_not_on_paper(marked, visit):
    page, complaints = visit(marked)
    key = page.locator("svg.wide .key").first
    key.focus()
    page.keyboard.press("Enter")
    assert key.get_attribute("aria-pressed") == "false"
    assert page.evaluate(HIDDEN, "0") == [True] * len(page.evaluate(HIDDEN, "0"))
    assert not any(page.evaluate(HIDDEN, "1"))
    page.emulate_media(media="print")
    assert not any(page.evaluate(HIDDEN, "0"))
    page.emulate_media(media="screen")
    key.click()
    assert not any(page.evaluate(HIDDEN, "0"))
    assert complaints == []


def test_long_tables_filter_and_rows_lead_to_their_records(marked, visit):
    page, complaints = visit(marked)
    page.get_by_label("Rows of Many rows that hold").fill("row 1")
    assert page.locator("table").first.locator("tbody tr:visible").count() == 11
    page.get_by_role("button", name="all rows").first.click()
    assert page.locator("table").first.locator("tbody tr:visible").count() == 20
    page.locator("a.from").first.click()
    assert page.locator("tr[id]:visible").evaluate_all("all => all.map((row) => row.id)") == ["r1-0", "r1-1"]
    assert page.locator("thead button[title]").first.get_attribute("title") == "a size"
    assert page.locator(".symbols dt").all_text_contents() == ["N"]
    assert complaints == []


def test_without_a_script_everything_is_shown(marked, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(marked.as_uri())
    titles = page.locator("svg.wide .spot title").all_text_contents()
    assert len(titles) == 6
    assert titles[0] == "small, first: size N 1; seconds 1 [0, 2]"
    assert page.locator("a.from").first.get_attribute("href") == "#r1-0"
    assert page.locator("table").first.locator("tbody tr:visible").count() == 20
    context.close()


def test_a_folded_table_opens_and_sorts(visit, tmp_path):
    folded = dataclasses.replace(NUMBERS, folded=True)
    page, complaints = visit(write_report(Report("One", ["One."], [Section("Rest", tables=[folded])], RUN), tmp_path))
    table = page.locator("table").first
    assert not table.is_visible()
    page.locator("summary").click()
    assert table.is_visible()
    table.get_by_role("button", name="samples").click()
    assert column(page, "samples") == [SORTED["samples"], ["ascending"]]
    assert complaints == []


def test_tables_sort_by_keyboard(pages, visit):
    page, _ = visit(pages[0])
    page.locator("table").first.get_by_role("button", name="samples").focus()
    page.keyboard.press("Enter")
    assert column(page, "samples")[0] == SORTED["samples"]
    page.keyboard.press("Space")
    assert column(page, "samples") == [["20,000", "1,234", "900", "-"], ["descending"]]


def test_every_table_of_a_page_sorts_and_keeps_its_rows(pages, visit):
    page, complaints = visit(pages[1])
    for table in page.locator("table").all():
        rows = table.evaluate("one => [...one.tBodies[0].rows].map((row) => row.innerText)")
        button = table.locator("thead button").first
        button.click()
        up = table.evaluate("one => [...one.tBodies[0].rows].map((row) => row.innerText)")
        button.click()
        down = table.evaluate("one => [...one.tBodies[0].rows].map((row) => row.innerText)")
        assert sorted(rows) == sorted(up) == sorted(down)
        assert up == down[::-1]
    assert complaints == []


def test_the_page_of_a_real_run_sorts(visit):
    page, complaints = visit(tiny_run().folder / "report.html")
    assert page.evaluate(SORT_ALL) == []
    assert complaints == []


def test_dark_figures_are_no_white_sheets(pages, visit):
    """The corner of a drawing, which is white in its file, has the color of the page."""
    page, _ = visit(pages[0], "desktop", "dark")
    shown = page.locator("svg.drawing").first
    shown.scroll_into_view_if_needed()
    box = shown.bounding_box()
    png = page.screenshot(clip={"x": box["x"] + 1, "y": box["y"] + 1, "width": 4, "height": 4})
    assert max(_pixels(png)) < 48


def test_paper_is_light_and_keeps_everything(pages, visit):
    page, _ = visit(pages[0], "phone", "dark")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('.sheet')).filter") == "none"
    assert page.evaluate("[...document.querySelectorAll('details')].every((one) => one.open)")
    assert page.evaluate(SHOWN)[0]["points"] == 864


def test_without_a_browser_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(pytest.skip.Exception, match="apt-get install chromium"):
        browser_path()


def _pixels(png):
    """Return the samples of a small PNG, 0 to 255."""
    values = matplotlib.image.imread(io.BytesIO(png))[..., :3]
    return [math.floor(255 * value + 0.5) for value in values.ravel()]
