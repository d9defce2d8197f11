"""Notebooks run in copies of one process, which has imported all that any of them imports."""

import ast
import contextlib
import multiprocessing
import os
import signal
from importlib import import_module

import nbformat

__all__ = ["NotebookCopies"]

IMPORTED = (
    "ipykernel.inprocess",
    "matplotlib_inline.backend_inline",
    "qiskit_aer.primitives",
    "qiskit_ibm_runtime",
    "tests.compare.quick",
)
"""Modules that notebooks and their kernels import on the way, besides those that stand in cells.

The last has times measured in two rounds, and reads the device that most of them simulate.
"""

PATIENCE = 120
"""Seconds after which a kernel that has run a cell, and says nothing, is given up."""

LONGEST = 900
"""Seconds after which a notebook is given up that has not come to its end."""


class NotebookCopies:
    """The process, from outside; a notebook has a copy of it to itself, and there a kernel of Jupyter's own.

    The kernel is asked without sockets. To begin one as a program, with its imports, takes longer than most notebooks.
    """

    def __init__(self, notebooks):
        context = multiprocessing.get_context("spawn")
        self._pipe, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(other, [str(path) for path in notebooks]))
        self._process.start()
        other.close()

    def close(self):
        """End the process."""
        self._pipe.send(None)
        self._process.join(10)
        self._process.close()

    def execute(self, path, folder, environ=()):
        """Run a notebook in a folder, with these variables besides; return it with its new outputs."""
        written = folder / path.name
        self._pipe.send((str(path), str(folder), str(written), dict(environ)))
        code, said = self._pipe.recv()
        assert code == 0, f"{path.name} ended with exit code {code}. {said}"
        return nbformat.read(written, as_version=4)


def _serve(pipe, notebooks):
    # As programs that are kernels have it.
    os.environ |= {"MPLBACKEND": "module://matplotlib_inline.backend_inline", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    for path in notebooks:
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code":
                exec(compile(_imports(cell.source), path, "exec"), {})
    for module in IMPORTED:
        import_module(module)
    from tests.copies import run_in_copy

    with contextlib.suppress(EOFError):  # who asks is gone
        while (asked := pipe.recv()) is not None:
            pipe.send(run_in_copy(lambda asked=asked: _execute(*asked)))


def _imports(source):
    """Return the imports at the margin of a cell, alone."""
    tree = ast.parse(source)
    tree.body = [line for line in tree.body if isinstance(line, (ast.Import, ast.ImportFrom))]
    return tree


def _execute(path, folder, written, environ):
    os.environ |= environ
    import qiskit_ibm_runtime.accounts.management as management
    from ipykernel.inprocess import InProcessKernelManager
    from traitlets.config import Config

    signal.alarm(LONGEST)
    os.chdir(folder)
    # An account of whoever runs the tests is none of theirs.
    management._DEFAULT_ACCOUNT_CONFIG_JSON_FILE = os.path.join(folder, "qiskit-ibm.json")
    notebook = nbformat.read(path, as_version=4)
    manager = InProcessKernelManager(config=Config({"HistoryManager": {"hist_file": ":memory:"}}))
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            client.execute(cell.source)
            cell.execution_count, cell.outputs = number, list(_outputs(client))
            for output in cell.outputs:
                assert output.output_type != "error", "\n".join(output.traceback)
    nbformat.write(notebook, written)


def _outputs(client):
    """Return the outputs of a cell, up to the message that it is done."""
    while True:
        message = client.get_iopub_msg(timeout=PATIENCE)
        kind, content = message["msg_type"], message["content"]
        if kind == "status" and content["execution_state"] == "idle":
            return
        if kind in ("stream", "display_data", "execute_result", "error"):
            yield nbformat.v4.output_from_msg(message)
