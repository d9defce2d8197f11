"""Every notebook runs, and says what its stored outputs say."""

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.loopback import TOKEN, RuntimeServer
from tests.notebook_copies import NotebookCopies

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


def printed(notebook):
    return [
        "".join(output.text for output in cell.get("outputs", []) if output.output_type == "stream")
        for cell in notebook.cells
    ]


def shown(notebook):
    """Results of cells, as text: tables and problems, but neither addresses of objects nor names of new runs."""
    texts = [
        output.data["text/plain"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "execute_result"
    ]
    return [re.sub(r"hw-\d{8}-[0-9a-f]{6}", "hw-", text) for text in texts if " at 0x" not in text]


def execute(notebook, folder):
    """Run a notebook as its reader does, by a kernel that is a program of its own."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    ).execute()
    return notebook


def test_there_are_notebooks():
    assert [path.name for path in NOTEBOOKS] == [
        "distributions.ipynb",
        "estimators.ipynb",
        "hardware.ipynb",
        "kernels.ipynb",
        "neurons.ipynb",
        "quickstart.ipynb",
        "risk.ipynb",
        "runtimes.ipynb",
        "states.ipynb",
        "training.ipynb",
        "verdict.ipynb",
    ]


@pytest.fixture(scope="module")
def copies():
    made = NotebookCopies(NOTEBOOKS)
    yield made
    made.close()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs_and_prints_what_is_stored(path, tmp_path, copies):
    stored = nbformat.read(path, as_version=4)
    fresh = copies.execute(path, tmp_path)
    assert all(cell.outputs or cell.execution_count for cell in stored.cells if cell.cell_type == "code")
    assert printed(fresh) == printed(stored)
    assert shown(fresh) == shown(stored)


def hardware_until(call):
    """The hardware notebook, switched to a device, up to the first cell that makes this call."""
    notebook = nbformat.read(next(path for path in NOTEBOOKS if path.stem == "hardware"), as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert sum(cell.source.count("fake_") for cell in code) == 1
    switch = next(cell for cell in code if "fake_" in cell.source)
    assert switch.source == 'BACKEND = "fake_fez"'
    switch.source = 'BACKEND = "ibm_fez"'
    last = next(number for number, cell in enumerate(notebook.cells) if call in cell.source)
    notebook.cells = notebook.cells[: last + 1]
    return notebook


def test_one_word_takes_the_hardware_notebook_to_a_device_where_it_submits_once(tmp_path, monkeypatch, copies):
    """Closed after the submission, and run again from the start in another kernel; the device is a server here."""
    again = tmp_path / "again.ipynb"
    nbformat.write(hardware_until("fetch(run"), again)
    with RuntimeServer() as server:
        environ = server.environ | {"HOME": str(tmp_path)}
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        submitted = execute(hardware_until("send(run"), tmp_path)
        assert len(server.jobs) == 2
        assert server.count("GET", "results") == 0
        fetched = copies.execute(again, tmp_path, environ)
        assert server.count("POST", "/jobs") == len(server.jobs) == 2
        assert server.count("GET", "results") == 2
    # The same run, now with its results.
    assert fetched.cells[len(submitted.cells) - 1].outputs == submitted.cells[-1].outputs
    rows = [line.replace("│", " ").split() for line in shown(fetched)[-1].splitlines()]
    assert [row for row in rows if "4,000" in row] == [["rader", "4,000", "100%"], ["binary", "4,000", "100%"]]
    written = [file.read_bytes() for file in (tmp_path / "runs").rglob("*") if file.is_file()]
    assert len(written) > 10
    assert not any(TOKEN.encode() in content for content in [*written, nbformat.writes(fetched).encode()])
