"""The machine's own Chromium, which reads pages in tests; none is downloaded."""

import shutil

import pytest

__all__ = ["browser_path"]

NAMES = ("chromium", "chromium-browser", "google-chrome")


def browser_path() -> str:
    """Return the browser's program; skip the test, and say what to install, where there is none."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip(f"no browser ({', '.join(NAMES)}) to read pages with; on Debian: apt-get install chromium")
    return found
