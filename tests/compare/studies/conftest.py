import pytest
import typer


@pytest.fixture
def in_an_empty_folder(tmp_path, monkeypatch, capsys):
    """From a study's `register`, return how its command is run in an empty folder; that returns what was printed."""
    monkeypatch.chdir(tmp_path)

    def command(register):
        def run(*arguments):
            app = typer.Typer()
            register(app)
            capsys.readouterr()
            typer.main.get_command(app).main([str(argument) for argument in arguments], standalone_mode=False)
            return capsys.readouterr().out

        return run

    return command
