"""From a page alone back to the run: the same settings, the same numbers."""

import json
from pathlib import Path

import pytest

from compare.engine.folder import RECORDS
from compare.report.page import PAGE, page_digest


@pytest.fixture(autouse=True)
def empty_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def pages(toy_command):
    """Run the toy study in two folders, which leave a page each."""
    for name, repeats in (("one", 1), ("two", 2)):
        assert toy_command("toy", "--size", "2", "--repeats", repeats, "--out", name)[0] == 0
    return f"one/{PAGE}", f"two/{PAGE}"


def records_of(page):
    text = Path(page).read_text(encoding="utf-8")
    start = text.index(">", text.index('id="runs"')) + 1
    return json.loads(text[start : text.index("</script>", start)])


def page_of(path, *runs):
    text = json.dumps(runs)
    path.write_text(f'<script type="application/json" id="runs" data-digest="{page_digest(text)}">{text}</script>')
    return path


def results(folder):
    found = [json.loads(line) for line in (folder / RECORDS).read_text().splitlines()]
    return {line["task"]: line["result"] for line in found}


def test_the_folder_is_that_of_the_studys_own_command_or_the_one_named(toy_command, pages, tmp_path):
    assert toy_command("again", pages[0])[0] == 0
    assert toy_command("again", pages[0], "--out", "there")[0] == 0
    assert results(tmp_path / "runs/toy") == results(tmp_path / "there") == results(tmp_path / "one")


def test_other_versions_are_said_in_one_line_before_the_run(toy_command, pages, tmp_path):
    (run,) = records_of(pages[0])
    run |= {"versions": {"numpy": "1.0", "scipy": "0.1"}, "commit": {"id": "0" * 40, "changed": False}}
    code, out, _ = toy_command("again", page_of(tmp_path / "page.html", run), "--out", "again")
    assert code == 0
    first = out.splitlines()[0]
    assert first.startswith("Versions differ from those recorded, so numbers may: numpy ")
    assert "(recorded: 1.0), scipy" in first


def test_of_a_page_with_several_runs_all_run_or_the_one_that_is_named(toy_command, pages, tmp_path):
    both = page_of(tmp_path / "page.html", *records_of(pages[0]), *records_of(pages[1]))
    code, out, errors = toy_command("again", both, "--out", "all")
    assert (code, errors) == (0, "")
    assert results(tmp_path / "all/toy-1") == results(tmp_path / "one")
    assert results(tmp_path / "all/toy-2") == results(tmp_path / "two")
    assert f"Report: all/{PAGE}" in out
    assert toy_command("again", both, "--run", 2, "--out", "alone")[0] == 0
    assert results(tmp_path / "alone") == results(tmp_path / "two")


def test_what_cannot_be_run_again_is_refused_in_one_line_before_anything_runs(toy_command, pages, tmp_path):
    (good,) = records_of(pages[0])
    changed = json.loads(json.dumps(good))
    changed["asks"][0]["settings"][0]["repeats"] = "two"
    bad = page_of(tmp_path / "bad.html", good, changed)
    strange = page_of(tmp_path / "strange.html", {"kind": "nosuch", "asks": []})
    two = page_of(tmp_path / "two.html", good, good)
    (tmp_path / "none.html").write_text("<p>nothing</p>")
    for arguments, said in (
        ((bad,), "was changed: its digest is another"),
        ((strange,), "no study 'nosuch'"),
        ((two, "--run", 3), "run = 3 is not there: the page has 2"),
        ((two, "--run", 0), "run = 0 is too small"),
        (("none.html",), "holds no record of a run"),
        (("nowhere",), "holds no run"),
        (("nowhere.html",), "cannot be read"),
    ):
        code, out, errors = toy_command("again", *arguments)
        assert (code, out) == (2, ""), arguments
        assert said in errors
        assert errors.count("\n") == 1
    assert not (tmp_path / "runs").exists()


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
