import math

import pytest

from compare import cli, studies
from compare.engine import running
from compare.engine.flags import command
from compare.engine.session import run_command
from compare.report.figures import Embedded
from compare.statistics import clocks, timing
from compare.studies.neuron_selection import study as neurons
from tests.compare import once
from tests.compare.engine import toy
from tests.looking import Looker


@pytest.fixture(scope="session", autouse=True)
def shared(tmp_path_factory):
    """Small runs are made once for all processes, and are small."""
    once.settle(tmp_path_factory)
    with pytest.MonkeyPatch.context() as patch:
        # A Gray code of 28 neurons takes seconds for one more size of those that its growth is fitted to.
        patch.setattr(neurons, "TIMED_ANYWAY", 24)
        yield


@pytest.fixture
def here(monkeypatch):
    """Have tasks run in this process, and what they time measured as shortly as in others; see `tests.compare.quick`.

    Others would have to import what a test registers, or could not see what it puts in its place.
    """
    monkeypatch.setattr(running, "importable", lambda kind: False)
    monkeypatch.setattr(timing, "ROUNDS", 2)
    monkeypatch.setattr(clocks, "LONG_ENOUGH", 1e-3)


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
