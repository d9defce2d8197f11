import pytest

from compare import cli


@pytest.fixture
def tickets(capsys):
    """Run the command line in this process; return its exit code, its output and its errors."""

    def run(*arguments):
        capsys.readouterr()
        with pytest.raises(SystemExit) as stop:
            cli.main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return stop.value.code, printed.out, printed.err

    return run
