"""The page in a browser: the answer on one screen, and nothing beyond a phone's edge."""

import pytest
from playwright.sync_api import sync_playwright

from compare.verdict import write_verdict
from tests.browser import browser_path

BOTTOM = "document.querySelector('.card figure img').getBoundingClientRect().bottom"


@pytest.fixture(scope="module")
def address(planted_rows, tmp_path_factory):
    names = ("wins", "ties", "loses", "far", "missing")
    return write_verdict([planted_rows[name] for name in names], tmp_path_factory.mktemp("browser")).as_uri()


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_it_fits_the_screen(address, width, height):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width, "height": height})
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
        if width == 1280:
            assert page.evaluate(BOTTOM) <= height
            assert page.locator(".card").first.locator("li").count() == 3
        browser.close()
