"""From a page alone back to the run: the same settings, the same numbers."""

import json

import pytest

from compare.studies import OLD_STUDIES as STUDIES


@pytest.fixture(autouse=True)
def empty_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def begun(monkeypatch):
    """What would run, instead of running: kind, settings and folder."""
    asked = []
    monkeypatch.setattr("compare.again.run_study", lambda *arguments: asked.append(arguments))
    return asked


def page_of(path, *runs):
    path.write_text(f'<script type="application/json" id="runs">{json.dumps(runs)}</script>')
    return path


def record(kind="noise", **changes):
    settings = json.loads(json.dumps(STUDIES[kind].settings().__dict__)) | changes
    return {"kind": kind, "settings": settings, "command": f"tickets {kind}"}


def test_the_folder_is_that_of_the_studys_own_command_or_the_one_named(tickets, tmp_path, begun):
    page = page_of(tmp_path / "page.html", record(seed=7))
    assert tickets("again", page)[0] == 0
    assert tickets("again", page, "--out", "there")[0] == 0
    (kind, settings, folder), (_, _, named) = begun
    assert (kind, settings.seed, folder.parent.name) == ("noise", 7, "runs")
    assert folder.name.startswith("noise-")
    assert named.name == "there"


def test_other_versions_are_said_in_one_line_before_the_run(tickets, tmp_path, begun):
    run = record() | {"versions": {"numpy": "1.0", "scipy": "0.1"}, "commit": {"id": "0" * 40, "changed": False}}
    code, out, _ = tickets("again", page_of(tmp_path / "page.html", run))
    assert code == 0
    assert out.count("\n") == 1
    assert out.startswith("Versions differ from those recorded, so numbers may: numpy ")
    assert "(recorded: 1.0), scipy" in out
    assert len(begun) == 1


def test_of_a_page_with_several_runs_all_run_or_the_one_that_is_named(tickets, tmp_path, begun, monkeypatch):
    joined = []
    monkeypatch.setattr("compare.again.load_all", lambda folders: list(folders))
    monkeypatch.setattr("compare.again.write_joined", lambda *arguments: joined.append(arguments))
    page = page_of(tmp_path / "page.html", record(seed=1), record(seed=2))
    assert tickets("again", page)[0] == 0
    assert [settings.seed for _, settings, _ in begun] == [1, 2]
    assert tickets("again", page, "--out", "all")[0] == 0
    folders = [folder.relative_to("all").parts for _, _, folder in begun[2:]]
    assert [len(parts) for parts in folders] == [1, 1]
    assert [parts[0].split("-")[0] for parts in folders] == ["noise", "noise"]
    assert [len(reports) for reports, _, _ in joined] == [2, 2]
    assert tickets("again", page, "--run", 2, "--out", "one")[0] == 0
    (_, settings, folder) = begun[4]
    assert (settings.seed, str(folder)) == (2, "one")
    assert len(joined) == 2


def test_what_cannot_be_run_again_is_refused_in_one_line_before_anything_runs(tickets, tmp_path, begun):
    good = record()
    bad = page_of(tmp_path / "bad.html", good, record(prime="five"))
    strange = page_of(tmp_path / "strange.html", {"kind": "nosuch", "settings": {}})
    sample = page_of(
        tmp_path / "sample.html", {"kind": "sample", "settings": {}, "command": "tickets sample --prime 3"}
    )
    two = page_of(tmp_path / "two.html", good, good)
    (tmp_path / "none.html").write_text("<p>nothing</p>")
    for arguments, said in (
        ((bad,), "prime = 'five'"),
        ((strange,), "no study 'nosuch'"),
        ((sample,), "run it again with: tickets sample --prime 3"),
        ((two, "--run", 3), "run = 3 is not there: the page has 2"),
        ((two, "--run", 0), "run = 0 is too small"),
        (("none.html",), "holds no record of a run"),
        (("nowhere",), "holds no run"),
        (("nowhere.html",), "cannot be read"),
    ):
        code, out, errors = tickets("again", *arguments)
        assert (code, out) == (2, ""), arguments
        assert said in errors
        assert errors.count("\n") == 1
    assert begun == []
    assert not (tmp_path / "runs").exists()


def test_interrupted_again_continues_with_the_same_command(tickets, tmp_path, monkeypatch):
    """A run that a page asked for is a run like others."""

    def interrupted(*arguments):
        raise KeyboardInterrupt

    page = page_of(tmp_path / "page.html", record())
    monkeypatch.setattr("compare.records.RunFolder.once", interrupted)
    assert tickets("again", page, "--out", "run")[0] == 130
    assert json.loads((tmp_path / "run" / "run.json").read_text())["kind"] == "noise"


def test_the_command_that_leads_back_is_the_one_that_was_called(monkeypatch, capsys, tmp_path):
    from compare.terminal import show_page

    monkeypatch.setattr("sys.argv", [".venv/bin/tickets", "compare"])
    monkeypatch.setattr("shutil.which", lambda name: None)
    show_page(tmp_path / "a run" / "report.html")
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"Report: {tmp_path}/a run/report.html"
    assert said[1] == f"The same again: .venv/bin/tickets again '{tmp_path}/a run/report.html'"
    monkeypatch.setattr("shutil.which", lambda name: "/usr/bin/tickets")
    show_page(tmp_path)
    assert "The same again: tickets again /" in capsys.readouterr().out
