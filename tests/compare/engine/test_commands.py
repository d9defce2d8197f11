"""A study on the command line: flags from its declaration, what is left beforehand, reports, merges, again."""

import json
import re

import pytest

from compare.engine.folder import ARRAYS, ASKS, RECORDS


def test_flags_help_and_ranges_come_from_the_declaration(toy_command):
    code, said, _ = toy_command("toy", "--help")
    words = " ".join(re.sub(r"[│╭╮╰╯─]", " ", said).split())
    assert code == 0
    assert "--size INTEGER,... Numbers summed, >= 1; 2,3 if left out." in words
    assert "--repeats INTEGER Independent repeats, >= 1; 2 if left out." in words
    assert "--sizes" not in words
    for flag in ("--workers", "--scheduler", "--dry-run", "--grid", "--preset", "--out", "--timed"):
        assert flag in words


def test_a_command_runs_reports_and_says_how_to_do_the_same_again(toy_command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, said, errors = toy_command("toy", "--sizes", "2", "--method", "plain,double", "--repeats", "1")
    assert (code, errors) == (0, "")
    assert "3 tasks run: runs/toy/records.jsonl" in said
    assert "Report: runs/toy/report.html" in said
    code, said, _ = toy_command("toy", "--size", "2", "--repeats", "1")
    assert "0 tasks run, 3 were finished before" in said
    content = (tmp_path / "runs/toy" / RECORDS).read_bytes()
    code, said, errors = toy_command("report", "runs/toy")
    assert (code, errors) == (0, "")
    assert (tmp_path / "runs/toy" / RECORDS).read_bytes() == content
    code, said, errors = toy_command("again", "runs/toy/report.html", "--out", "other")
    assert (code, errors) == (0, "")
    assert "3 tasks run: other/records.jsonl" in said


def test_a_dry_run_says_what_is_left_and_how_long_and_runs_nothing(toy_command, tmp_path):
    out = tmp_path / "out"
    code, said, errors = toy_command("toy", "--timed", "--device", "--dry-run", "--out", out)
    assert (code, errors) == (0, "")
    assert not out.exists()
    assert "16 tasks are left; how long 16 take is not known. Nothing was run." in said
    code, said, errors = toy_command("toy", "--timed", "--device", "--dry-run", "--json", "--out", out)
    told = json.loads(said)
    assert (code, errors, told["study"], told["left"], told["finished"], told["not_known"]) == (0, "", "toy", 16, 0, 16)
    assert sum(one["left"] for one in told["kinds"]) == 16
    assert "--json goes with --dry-run" in toy_command("toy", "--json", "--out", out)[2]
    toy_command("toy", "--repeats", "1", "--out", out)
    before = (out / RECORDS).read_bytes()
    code, said, _ = toy_command("toy", "--repeats", "3", "--method", "plain,large", "--dry-run", "--out", out)
    assert (out / RECORDS).read_bytes() == before
    rows = {words[0]: words for words in (line.replace("│", "").split() for line in said.splitlines()) if words}
    assert rows["toy/draw"][1:3] == ["4", "2"]
    assert re.search(r"toy/sum plain\s*│\s*4 │\s*2 │ side by side │\s*\S+ s", said)
    assert re.search(r"toy/sum large\s*│\s*6 │\s*0 │ side by side │ not known", said)


def test_a_grid_from_a_file_with_several_parts_and_flags_in_its_place(toy_command, tmp_path):
    grid = tmp_path / "grid.yaml"
    grid.write_text("- {size: [2, 3], method: plain}\n- {sizes: 4, methods: [double], scale: 2}\n")
    code, _said, errors = toy_command("toy", "--grid", grid, "--repeats", "1", "--out", tmp_path / "out")
    assert (code, errors) == (0, "")
    lines = [json.loads(line) for line in (tmp_path / "out" / RECORDS).read_text().splitlines()]
    sums = {(line["settings"]["size"], line["settings"]["method"]) for line in lines if line["kind"] == "toy/sum"}
    assert sums == {(2, "plain"), (3, "plain"), (4, "double")}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("size: 2\nsize: 3\n", "the key 'size' stands twice"),
        ("colour: red\n", "There is no setting 'colour'"),
        ("2\n", "is no mapping from settings to values"),
        ("size: []\n", "There is no size; give at least one."),
        ("size: true\n", "size = True is not a whole number"),
        ("{", "is no YAML"),
        ("repeats: [1, 2]\n", "repeats = [1, 2] is not a whole number"),
    ],
)
def test_bad_files_are_one_line_and_nothing_is_made(toy_command, tmp_path, text, said):
    (tmp_path / "grid.yaml").write_text(text)
    code, _, errors = toy_command("toy", "--grid", tmp_path / "grid.yaml", "--out", tmp_path / "out")
    assert code == 2
    assert said in errors
    assert errors.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_failures_are_told_after_the_report_and_the_exit_code_is_1(toy_command, tmp_path):
    code, said, errors = toy_command("toy", "--method", "plain,failing", "--repeats", "1", "--out", tmp_path)
    assert code == 1
    assert errors.startswith("tickets: 2 of 4 tasks failed, the first (")
    assert "Report: " in said


def test_folders_are_merged_and_records_of_a_broken_off_line_are_kept_apart(toy_command, tmp_path):
    one, two, out = tmp_path / "one", tmp_path / "two", tmp_path / "both"
    toy_command("toy", "--method", "plain", "--repeats", "1", "--out", one)
    toy_command("toy", "--method", "plain,large", "--repeats", "1", "--out", two)
    (two / RECORDS).write_bytes((two / RECORDS).read_bytes() + b'{"half')
    code, said, errors = toy_command("merge", one, two, "--out", out)
    assert (code, errors) == (0, "tickets: 1 of 11 lines are damaged; they are kept, and skipped.\n")
    assert len(list((out / ARRAYS).iterdir())) == 2
    assert len(list((out / ASKS).iterdir())) == 2
    code, said, errors = toy_command("toy", "--method", "plain,large", "--repeats", "1", "--out", out)
    assert "0 tasks run, 6 were finished before" in said
    assert "no JSON" in errors
    assert toy_command("merge", one, one, "--out", out)[0] == 2
    assert "holds no records.jsonl" in toy_command("merge", tmp_path, "--out", out)[2]


def test_several_folders_and_files_of_a_free_grid_are_one_report(toy_command, tmp_path):
    toy_command("toy", "--method", "plain", "--out", tmp_path / "one")
    toy_command("toy", "--method", "double", "--out", tmp_path / "two")
    code, said, errors = toy_command("report", tmp_path / "one", tmp_path / "two", "--out", tmp_path / "page")
    assert (code, errors) == (0, "")
    assert "8 sums." in said
    code, said, errors = toy_command("report", tmp_path / "one" / RECORDS, "--out", tmp_path / "lines")
    assert (code, errors) == (0, "")
    code, said, errors = toy_command("again", tmp_path / "lines" / "report.html", "--out", tmp_path / "again")
    assert "8 tasks run" in said


def test_what_was_asked_for_and_changed_by_hand_is_refused(toy_command, tmp_path):
    toy_command("toy", "--repeats", "1", "--out", tmp_path)
    (ask,) = (tmp_path / ASKS).iterdir()
    ask.write_text(ask.read_text().replace('"repeats": 1', '"repeats": 2'))
    code, _, errors = toy_command("report", tmp_path)
    assert code == 2
    assert "was changed: its digest is another" in errors


def test_an_older_run_is_refused_by_name_with_what_to_do(toy_command, tmp_path):
    (tmp_path / "run.json").write_text("{}")
    code, _, errors = toy_command("toy", "--out", tmp_path)
    assert code == 2
    assert "holds a run of an earlier version" in errors


def test_a_page_that_was_changed_is_refused_before_anything_is_made(toy_command, tmp_path):
    toy_command("toy", "--repeats", "1", "--out", tmp_path / "out")
    page = (tmp_path / "out" / "report.html").read_text()
    for was, becomes, said in (
        ('"repeats": 1', '"repeats": 2', "was changed: the digest of its records is another"),
        ('"versions": {', '"versions": 5, "was": {', "holds no record of a run"),
    ):
        assert was in page
        (tmp_path / "changed.html").write_text(page.replace(was, becomes))
        code, _, errors = toy_command("again", tmp_path / "changed.html", "--out", tmp_path / "again")
        assert code == 2
        assert said in errors
        assert errors.count("\n") == 1
        assert not (tmp_path / "again").exists()


def test_several_pages_are_run_again_each_in_a_folder_of_its_own(toy_command, tmp_path):
    pages = []
    for seed in ("0", "1"):
        toy_command("toy", "--seed", seed, "--repeats", "1", "--out", tmp_path / seed)
        pages.append(tmp_path / seed / "report.html")
    code, _, errors = toy_command("again", *pages, "--out", tmp_path / "both")
    assert (code, errors) == (0, "")
    assert sorted(path.parent.name for path in (tmp_path / "both").glob("*/records.jsonl")) == ["toy-1", "toy-2"]


def test_where_every_task_is_refused_nothing_is_called_run(toy_command, tmp_path):
    code, said, errors = toy_command("toy", "--method", "refusing", "--sizes", "2", "--repeats", "3", "--out", tmp_path)
    assert code == 2
    assert "Report:" not in said
    assert re.fullmatch(r"tickets: All 3 tasks were refused, the first because: .+\n", errors)
    again = toy_command("toy", "--method", "refusing", "--sizes", "2", "--repeats", "3", "--out", tmp_path)
    assert (again[0], again[2]) == (code, errors)


def test_damage_is_told_where_errors_go(toy_command, tmp_path):
    toy_command("toy", "--sizes", "2", "--method", "plain", "--out", tmp_path)
    file = tmp_path / RECORDS
    lines = file.read_bytes().splitlines()
    file.write_bytes(b"\n".join([lines[0][:100], *lines]) + b"\n")
    code, _, errors = toy_command("report", tmp_path)
    assert code == 0
    assert re.search(r"tickets: .*records\.jsonl, line 1 \(no JSON: .*\): damaged, kept and skipped", errors)
