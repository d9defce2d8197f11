"""The page in a browser: the answer on one screen, and nothing beyond a phone's edge."""

import pytest
from playwright.sync_api import sync_playwright

from compare.verdict import write_verdict
from tests.browser import browser_path

BOTTOM = "document.querySelector('.card svg.wide').getBoundingClientRect().bottom"


@pytest.fixture(scope="module")
def address(planted_rows, tmp_path_factory):
    names = ("wins", "ties", "loses", "far", "missing")
    return write_verdict([planted_rows[name] for name in names], tmp_path_factory.mktemp("browser"))


def test_it_fits_every_screen(address, look):
    look(address)


def test_the_answer_stands_on_the_first_screen(address):
    width, height = 1280, 800
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width, "height": height})
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address.as_uri())
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
        assert page.evaluate(BOTTOM) <= height
        assert page.locator(".card").first.locator("li").count() == 3
        browser.close()
