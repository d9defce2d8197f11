import math

import pytest

from compare import cli, studies
from compare.engine import processes, running
from compare.engine.flags import command
from compare.engine.session import run_command
from compare.report.figures import Embedded
from compare.studies.neuron_selection import study as neurons
from tests.compare import once
from tests.compare.briefly import BRIEFLY
from tests.compare.engine import toy
from tests.looking import Looker

IMPORTED = (
    "classical.kernel_training",
    "classical.neuron_selection.relaxation_kernels",
    "classical.peers",
    "compare.claims",
    "compare.engine.runs",
    "compare.studies.kernel_training.measures",
    "compare.studies.neuron_selection.measures",
    "compare.studies.ridgelet.circuit.measures",
    "compare.studies.ridgelet.noise.measures",
    "compare.studies.ridgelet.risk.measures",
    "compare.studies.ridgelet.samplers.measures",
    "mthree",
    "problems.registers",
    "qiskit.transpiler.passes.synthesis.hls_plugins",
    "qiskit_aer.primitives",
    "qiskit_ibm_runtime.fake_provider",
    "qiskit_ibm_runtime.transpiler.plugin",
    "sklearn.kernel_approximation",
    "sklearn.linear_model",
    "tests.compare.quick",
)
"""Modules that tasks of many studies take seconds to import, and shorter measurements of time."""


@pytest.fixture(scope="session", autouse=True)
def shared(tmp_path_factory):
    """Small runs are made once for all processes, and a process that tasks run in begins with what many import.

    A study's command names its own modules when the first process begins; here one session runs every study.
    """
    once.settle(tmp_path_factory)
    take = processes._context
    with pytest.MonkeyPatch.context() as patch:
        # A Gray code of 28 neurons takes seconds for one more size of those that its growth is fitted to.
        patch.setattr(neurons, "TIMED_ANYWAY", 24)
        patch.setattr(processes, "_context", lambda preload: take([*preload, *IMPORTED]))
        yield


@pytest.fixture
def here(monkeypatch):
    """Have tasks run in this process, and what they time measured as shortly as in others; see `tests.compare.quick`.

    Others would have to import what a test registers, or could not see what it puts in its place.
    """
    monkeypatch.setattr(running, "importable", lambda kind: False)
    for setting in BRIEFLY:
        monkeypatch.setattr(*setting)


@pytest.fixture(scope="session")
def look():
    """Hold a page to what holds for all, in a browser; see `tests.looking`."""
    looker = Looker()
    yield looker
    looker.close()


@pytest.fixture
def tickets(capsys, monkeypatch):
    """Run the command line in this process; return its exit code, its output and its errors.

    A run says beforehand how long it takes if finished tasks took long, as they do on a busy machine; here none does.
    """
    monkeypatch.setattr(running, "LONG", math.inf)

    def run(*arguments):
        capsys.readouterr()
        with pytest.raises(SystemExit) as stop:
            cli.main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return stop.value.code, printed.out, printed.err

    return run


@pytest.fixture
def undrawn(monkeypatch):
    """Pages whose figures are captions alone: drawing takes longer than all else that a small study does."""
    monkeypatch.setattr("compare.report.page.draw", lambda picture, path, prefix, refer: Embedded(picture.caption))


@pytest.fixture
def toy_command(monkeypatch, tickets, undrawn):
    """The command line with the toy study beside the others."""
    monkeypatch.setitem(studies.STUDIES._modules, "toy", "tests.compare.engine.toy")
    monkeypatch.setattr(cli.app, "registered_commands", [*cli.app.registered_commands])
    cli.app.command("toy", help=toy.STUDY.summary)(command(toy.STUDY, run_command))
    return tickets
