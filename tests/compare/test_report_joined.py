"""Several runs on one page, and the records that every page holds."""

import dataclasses
import itertools
import re
import shutil
from pathlib import Path

import pytest
from matplotlib.figure import Figure

import compare
from compare.recorded import read_page
from compare.report import Picture, Report, Section, Table, write_report, write_reports
from compare.reporting import _whose, load_all, write_joined
from compare.studies import STUDIES
from problems.errors import InputError
from tests.compare.engine import toy
from tests.compare.test_report import RECORD, Page


def report(title, **settings):
    picture = Picture("figure", Figure(figsize=(2, 2)), f"The figure of {title}.", Figure(figsize=(1, 1)))
    table = Table("A table", ["a", "b"], [["x", "1"]], "")
    sections = [Section(f"Section of {title}", tables=[table], pictures=[picture])]
    return Report(title, [f"Verdict of {title}."], sections, RECORD | {"settings": settings})


def test_the_verdict_of_each_comes_first_then_the_sections_of_each(tmp_path):
    path = write_reports([report("one", seed=1), report("two", seed=2)], tmp_path)
    page = Page(path.read_text(encoding="utf-8"))
    text = "".join(page.text)
    order = ["2 runs on one page", "Verdict of one.", "Verdict of two.", "tickets again", "The figure of one."]
    order += ["The figure of two.", "How to get these numbers again"]
    assert [text.index(words) for words in order] == sorted(text.index(words) for words in order)
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in itertools.pairwise(levels))
    assert {value[1:] for value in page.values("href") if value.startswith("#")} <= set(page.values("id"))
    assert "--run 2" in text


def test_figures_of_the_same_name_are_kept_apart(tmp_path):
    write_reports([report("one"), report("two")], tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"report.html", *(f"{run}-figure.{ending}" for run in (1, 2) for ending in ("png", "svg"))}


def test_a_page_gives_every_record_back(tmp_path):
    reports = [report("one", seed=1, activation=[0, 0.1 + 0.2, -1e-17]), report("two", note='</script><b>"&amp;\u2028')]
    assert read_page(write_reports(reports, tmp_path)) == [one.run for one in reports]
    assert read_page(write_report(reports[1], tmp_path)) == [reports[1].run]
    page = Page((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert "b" not in {tag for tag, _ in page.elements}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<p>No report.</p>",
        '<script type="application/json" id="runs">{</script>',
        '<script type="application/json" id="runs">[]</script>',
        '<script type="application/json" id="runs">[{"kind": 1, "asks": []}]</script>',
        '<script type="application/json" id="runs">[{"kind": "risk", "settings": {}}]</script>',
        '<script type="application/json" id="other">[{"kind": "risk", "asks": []}]</script>',
    ],
)
def test_what_holds_no_record_is_refused(tmp_path, text):
    (tmp_path / "page.html").write_text(text)
    with pytest.raises(InputError, match="holds no record of a run"):
        read_page(tmp_path / "page.html")


def test_a_page_that_is_not_there_or_no_text_is_refused(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_page(tmp_path / "page.html")
    (tmp_path / "page.html").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="holds no record"):
        read_page(tmp_path / "page.html")


# The command


SUMS = dataclasses.replace(toy.STUDY, name="sums", grids=False)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Two folders of runs of one study, which nobody may change."""
    folder = tmp_path_factory.mktemp("sums")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("compare.studies.STUDIES", {"sums": SUMS})
        for repeats in (1, 2):
            compare.run(SUMS, out=folder / f"run{repeats}", progress=False, sizes=2, repeats=repeats)
    return folder


@pytest.fixture
def runs(made, tmp_path, monkeypatch, undrawn):
    """Copies of both, in the working folder, each with a page of its own."""
    monkeypatch.setattr("compare.studies.STUDIES", {"sums": SUMS})
    monkeypatch.chdir(tmp_path)
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return Path("run1"), Path("run2")


def test_one_run_is_reported_in_its_folder_and_several_in_one_of_their_own(runs, tickets, tmp_path):
    code, out, errors = tickets("report", "run1")
    assert (code, errors) == (0, "")
    assert "Report: run1/report.html\nThe same again: " in out
    assert out.endswith("tickets again run1/report.html\n")
    code, out, errors = tickets("report", *runs)
    assert (code, errors) == (0, "")
    (page,) = (tmp_path / "runs").glob("report-*/report.html")
    assert f"Report: {page.relative_to(tmp_path)}" in out
    assert "• 2 sums." in out
    assert "• 4 sums." in out
    assert [run["settings"]["repeats"] for run in read_page(page)] == [1, 2]
    tickets("report", *runs)
    tickets("report", tmp_path / "run1", runs[1])
    assert len(list((tmp_path / "runs").iterdir())) == 1


def test_a_page_goes_where_it_is_asked_to(runs, tickets, tmp_path):
    assert tickets("report", *runs, "--out", "sent")[0] == 0
    assert tickets("report", *runs, "--out", "sent")[0] == 0
    assert tickets("report", "run1", "--out", "alone")[0] == 0
    assert len(read_page(tmp_path / "sent" / "report.html")) == 2
    assert len(read_page(tmp_path / "alone" / "report.html")) == 1


def test_what_is_no_run_or_no_room_is_refused_in_one_line(runs, tickets, tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "thesis.tex").write_text("mine")
    (tmp_path / "file").write_text("mine")
    for arguments, said in (
        (("run1", "nowhere"), "nowhere holds no run"),
        (("run1", "./run1"), "named 2 times"),
        (("run1", "run2", "--out", "thesis"), "holds something other"),
        (("run2", "--out", "run1/below/../../thesis"), "holds something other"),
        (("run1", "run2", "--out", "file"), "cannot be made"),
        (("thesis",), "holds no run"),
        (("nowhere.jsonl",), "nowhere.jsonl"),
    ):
        code, out, errors = tickets("report", *arguments)
        assert (code, out) == (2, ""), arguments
        assert said in errors
        assert errors.count("\n") == 1
    assert {path.name for path in (tmp_path / "thesis").iterdir()} == {"thesis.tex"}


def test_a_joined_page_never_takes_the_place_of_another_runs_own(runs, tickets, tmp_path):
    (tmp_path / "run3").mkdir()
    shutil.copytree(tmp_path / "run1" / "asks", tmp_path / "run3" / "asks")
    (tmp_path / "run3" / "report.html").write_text("its own")
    assert tickets("report", *runs, "--out", "run3")[0] == 2
    assert (tmp_path / "run3" / "report.html").read_text() == "its own"


def test_the_runs_of_a_joined_page_may_lie_beside_it(runs, tmp_path):
    write_joined(load_all(runs), [run.resolve() for run in runs], tmp_path)
    assert (tmp_path / "report.html").exists()


def test_records_without_an_ask_are_of_the_study_that_has_all_their_kinds():
    """Studies share kinds, as `size` counts what `crossover` counts."""
    studies = {name: set(study.by_name) for name, study in STUDIES.items()}
    assert {name: _whose(own, studies) for name, own in studies.items()} == {name: [name] for name in studies}
    both = studies["crossover"] | studies["size"]
    assert _whose(both, studies) == ["crossover", "size"]
    assert _whose({"circuit/drawing", "circuit/piece"}, studies) == ["circuit"]
