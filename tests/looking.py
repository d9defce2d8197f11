"""Pages read by a browser at both widths and in both schemes: what holds for the report of every study."""

import re
from concurrent.futures import ThreadPoolExecutor

from playwright.sync_api import sync_playwright

from tests.browser import browser_path

__all__ = ["OVERFLOWING", "Looker"]

WIDTHS, SCHEMES = (390, 1280), ("light", "dark")

OVERFLOWING = """() => [...document.querySelectorAll("body *")].filter((element) => {
  const box = element.getBoundingClientRect();
  return !element.closest(".scroll") && box.width > 0 && (box.left < -0.5 || box.right > innerWidth + 0.5);
}).map((element) => element.outerHTML.slice(0, 80))"""
"""Elements that stand out of the window, and are in no box that scrolls."""

SCROLLED = """() => [...document.querySelectorAll(".scroll > table")].filter((table) => {
  const box = table.parentElement;
  return box.scrollWidth > box.clientWidth + 1;
}).map((table) => table.parentElement.ariaLabel)"""
"""Tables that are wider than their box."""

LINKS = """() => [...document.querySelectorAll("[data-from]")].filter((link) => {
  const [run, places] = link.dataset.from.split(":");
  return places.split(/[-,]/).some((place) => document.getElementById(`r${run}-${place}`) === null);
}).map((link) => link.outerHTML.slice(0, 80))"""
"""Links to records that are not on the page."""

PATHS = re.compile(r"(?<![\w.:/])/(?:home|root|tmp|work|usr|var|private|opt|Users)/\S*")

COUNTS = re.compile(r"(?<![\w.,^=<>/+-])(?<![=<>+-] )1 (?:[a-z]+-[a-z]+ )?([a-z]{2,}s)\b")

NO_COUNTS = {"as", "has", "is", "its", "less", "this", "times", "was"}
"""Words that may follow a 1."""


class Looker:
    """One browser for all pages of a process; in a thread of its own, as tests have event loops of theirs."""

    def __init__(self):
        self._thread = ThreadPoolExecutor(1)
        self._page = None

    def __call__(self, path):
        """Hold a page to what holds for all."""
        path_of_browser = browser_path()
        return self._thread.submit(self._look, path, path_of_browser).result()

    def close(self):
        """Close the browser, if it was needed."""
        self._thread.submit(self._close).result()
        self._thread.shutdown()

    def _look(self, path, program):
        if self._page is None:
            self._playwright = sync_playwright().start()
            # Without a sandbox, which root has not; the pages are our own.
            self._browser = self._playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
            self._page = self._browser.new_page()
            self._complaints = []
            self._page.on("console", lambda message: self._complaints.append(message.text))
            self._page.on("pageerror", lambda error: self._complaints.append(str(error)))
        page = self._page
        self._complaints.clear()
        page.goto(path.as_uri())
        page.eval_on_selector_all("details", "all => all.forEach((one) => { one.open = true; })")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                assert page.evaluate("document.documentElement.scrollWidth") <= width
                assert page.evaluate(OVERFLOWING) == []
                paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
                assert (sum(map(int, paper[4:-1].split(","))) > 384) == (scheme == "light")
        wide = page.evaluate(SCROLLED)
        assert wide == [], wide
        assert page.evaluate(LINKS) == []
        assert self._complaints == []
        text = page.evaluate("document.body.innerText")
        assert PATHS.findall(text) == []
        wrong = [text[found.start() - 30 : found.end()] for found in COUNTS.finditer(text) if found[1] not in NO_COUNTS]
        assert wrong == [], wrong
        return text

    def _close(self):
        if self._page is not None:
            self._browser.close()
            self._playwright.stop()
