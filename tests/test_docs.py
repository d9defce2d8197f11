"""The site builds without a warning, fits a phone, and says what works: its Python runs, its commands exist."""

import gc
import os
import re
import shlex
import subprocess
import sys
import warnings
from contextlib import nullcontext, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
import typer
from filelock import FileLock
from playwright.sync_api import sync_playwright

from tests.browser import browser_path
from tests.compiling import compiled_quickly
from tests.copies import run_in_copy

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(path for path in DOCS.rglob("*.md") if "_build" not in path.parts)
TEXTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *PAGES]

FENCE = re.compile(r"(?P<mark><!-- not run: .+? -->\n)?^```(?P<language>\w+)\n(?P<code>.*?)^```$", re.M | re.S)

SMALLER = {
    "docs/explanation/speed.md": {"10**6, batch=10**5": "10**4, batch=10**3"},
    "docs/howto/states.md": {
        "least=40": "least=66",
        "masked(mask), 300)": "masked(mask), 20)",
        '"4x4"': '"3x3"',
        "least=12": "least=32",
    },
}
"""Sizes that only take time, by page."""

COMPILED = ("docs/howto/states.md",)
"""Pages for which JAX compiles."""


def blocks(path, *languages):
    """The fenced blocks of a page, in order, that are not marked as not run."""
    return [
        match["code"]
        for match in FENCE.finditer(path.read_text())
        if match["language"] in languages and not match["mark"]
    ]


def name(path):
    return str(path.relative_to(ROOT))


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The built site and what the build said; built once, whichever of the test processes comes first."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "site"
    with FileLock(f"{folder}.lock"):
        if not (folder / "said").exists():
            code, said = run_in_copy(lambda: build(folder))
            assert code == 0, said
            (folder / "said").write_text(said)
    code, said = (folder / "said").read_text().split("\n", 1)
    return folder / "html", int(code), said


def with_warnings_of_a_program():
    """Set warnings, which are errors in tests, also those of others' code, as Python begins with them."""
    warnings.resetwarnings()
    for kind in (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning):
        warnings.simplefilter("ignore", kind)


def build(folder):
    """Build the site as `make docs` does, in a copy of this process, which has imported most of what pages name."""
    from sphinx.cmd.build import main

    with_warnings_of_a_program()
    os.chdir(ROOT)
    gc.disable()  # the copy ends with the build
    with redirect_stdout(StringIO()) as said, redirect_stderr(said):
        options = ["--quiet", "--fail-on-warning", "--keep-going", "-b", "html", "-d", str(folder / "doctrees")]
        code = main([*options, str(DOCS), str(folder / "html")])
    return f"{code}\n{said.getvalue()}"


def test_site_builds_without_a_warning(site):
    html, code, said = site
    assert (code, said.strip()) == (0, "")
    assert {path.relative_to(html).with_suffix("") for path in html.rglob("*.html")} >= {
        path.relative_to(DOCS).with_suffix("") for path in PAGES
    }


def test_formulas_are_drawn_by_the_browser_itself(site):
    text = (site[0] / "explanation" / "networks.html").read_text()
    assert text.count("<math") > 30
    assert "$" not in re.sub(r"<script.*?</script>|<style.*?</style>", "", text, flags=re.S)


def test_docstrings_leave_no_markup_behind(site):
    for page in (site[0] / "reference").glob("*.html"):
        shown = re.sub(r"<(pre|script|style).*?</\1>|<[^>]+>", "", page.read_text(), flags=re.S)
        assert re.findall(r"\\[|*_]|:(?:ivar|param|raises|class):|^ *:: *$", shown, re.M) == [], page.name


def test_reference_has_every_command_and_option(site):
    from compare.cli import app

    text = (site[0] / "reference" / "commands.html").read_text()
    for command in typer.main.get_command(app).commands.values():
        for parameter in (shown for shown in command.params if not shown.hidden):
            for flag in (flag for flag in parameter.opts if flag.startswith("--")):
                assert f'id="cmdoption-tickets-{command.name}-{flag.lstrip("-")}' in text, (command.name, flag)


def test_pages_fit_phone_and_desktop_and_load_nothing_from_outside(site):
    program, problems = browser_path(), []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program)
        page = browser.new_page()
        page.on("console", lambda message: problems.append(message.text) if message.type != "log" else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda request: problems.extend([request.url] * (not request.url.startswith("file:"))))
        page.on("requestfailed", lambda request: problems.append(f"{request.url} is missing"))
        for path in sorted(site[0].rglob("*.html")):
            page.goto(path.as_uri())
            for width, height in ((1280, 800), (360, 640)):
                page.set_viewport_size({"width": width, "height": height})
                if page.evaluate("document.documentElement.scrollWidth") > width:
                    problems.append(f"{path.relative_to(site[0])} is wider than {width}")
        browser.close()
    assert problems == []


@pytest.mark.parametrize("path", [path for path in TEXTS if blocks(path, "python")], ids=name)
def test_python_runs(path, tmp_path, monkeypatch):
    """The blocks of a page, one after the other in one namespace."""
    monkeypatch.chdir(tmp_path)
    namespace = {"__name__": "__page__"}
    with compiled_quickly() if name(path) in COMPILED else nullcontext():
        for code in blocks(path, "python"):
            for large, small in SMALLER.get(name(path), {}).items():
                code = code.replace(large, small)
            exec(compile(code, name(path), "exec"), namespace)


def test_blocks_that_are_not_run_say_why():
    marked = {name(path): len(re.findall("<!-- not run: ", path.read_text())) for path in PAGES}
    assert {path: count for path, count in marked.items() if count} == {
        "docs/howto/hardware.md": 1,
        "docs/howto/large-data.md": 1,
        "docs/howto/training.md": 2,
    }
    for page, parts in SMALLER.items():
        for part in parts:
            assert (ROOT / page).read_text().count(part) == 1, part


def test_blocks_run_alone_or_say_what_they_go_on_from(tmp_path):
    for path in PAGES:
        for number, code in enumerate(blocks(path, "python")):
            if not code.startswith("# Goes on from the blocks above."):
                (tmp_path / f"{path.stem}-{number}.py").write_text(code)
    found = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "F821", "--no-cache", str(tmp_path)]
    done = subprocess.run(found, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def commands(path):
    """The lines of a page's shell blocks, in words: continued lines joined, comments left out."""
    lines = "".join(blocks(path, "sh")).replace("\\\n", " ").splitlines()
    return [words for line in lines if (words := shlex.split(line, comments=True))]


@pytest.mark.parametrize("path", [path for path in TEXTS if commands(path)], ids=name)
def test_commands_exist(path):
    """Names and options of `tickets` are parsed by itself; targets of make, programs and files are looked up."""
    from compare.cli import app

    tickets = typer.main.get_command(app)
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M)
    for program, *arguments in commands(path):
        if program.endswith("tickets"):
            command, *rest = arguments
            if command != "--help":
                # Parsed, not run; help would be printed.
                tickets.commands[command].make_context(command, [word for word in rest if word != "--help"])
        elif program == "make":
            assert {word for word in arguments if "=" not in word} <= set(targets), arguments
        elif program.startswith(".venv/bin/"):
            assert (Path(sys.prefix) / "bin" / Path(program).name).exists(), program
        else:
            assert program in ("cat",), program


def test_grid_on_the_page_is_a_grid(tmp_path):
    from compare.engine.grid import settings_of
    from compare.engine.running import plan
    from compare.studies import STUDIES

    (grid,) = blocks(DOCS / "howto" / "sweep.md", "yaml")
    (tmp_path / "grid.yaml").write_text(grid)
    parts = settings_of(STUDIES["scale"], {"repeats": "2"}, tmp_path / "grid.yaml")
    assert [len(plan(STUDIES["scale"], [part]).tasks) for part in parts] == [12, 4]


MADE = ("runs/", ".venv/", "docs/_build/")
"""Folders that commands make."""

INLINE = re.compile(r"`((?:[a-z_0-9]+/)+[a-zA-Z_0-9.-]*)`")


@pytest.mark.parametrize("path", TEXTS, ids=name)
def test_files_that_are_named_are_there(path):
    named = [found for found in INLINE.findall(path.read_text()) if not found.startswith(MADE)]
    # The table of rooms names folders within a folder.
    places = (ROOT, ROOT / "compare", DOCS)
    assert [found for found in named if not any((place / found).exists() for place in places)] == []
