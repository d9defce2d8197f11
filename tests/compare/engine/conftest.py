import pytest

from compare import cli, studies
from compare.engine.flags import command
from compare.engine.session import run_command
from tests.compare.engine import toy


@pytest.fixture
def toy_command(monkeypatch, tickets):
    """The command line with the toy study beside the others."""
    monkeypatch.setitem(studies.STUDIES._modules, "toy", "tests.compare.engine.toy")
    monkeypatch.setattr(cli.app, "registered_commands", [*cli.app.registered_commands])
    cli.app.command("toy", help=toy.STUDY.summary)(command(toy.STUDY, run_command))
    return tickets
