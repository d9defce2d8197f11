"""The engine at work, on a study of a few milliseconds."""

import dataclasses
import json
import re

import numpy as np
import pytest

import compare
from compare.engine import Runs, running
from compare.engine.folder import ARRAYS, ASKS, RECORDS, read_records
from compare.engine.graph import Graph
from compare.engine.methods import Method
from compare.engine.running import execute, plan
from compare.engine.session import shortfalls
from compare.report import Shown, Style
from compare.unfinished import Unfinished
from problems.errors import InputError
from tests.compare.engine import toy


def lines(folder):
    return [json.loads(line) for line in (folder / RECORDS).read_text().splitlines()]


def totals(runs):
    return {(row["size"], row["method"], row["repeat"]): row["total"] for row in runs[toy.SUM]}


@pytest.fixture
def run(tmp_path):
    return lambda **settings: compare.run(toy.STUDY, out=tmp_path, progress=False, **settings)


def test_each_task_has_one_line_and_what_several_need_runs_once(run, tmp_path):
    runs = run()
    assert len(runs[toy.SUM]) == 8
    assert [line["kind"] for line in lines(tmp_path)].count("toy/draw") == 4
    for row in runs[toy.SUM]:
        drawn = runs[toy.DRAW].where(size=row["size"], repeat=row["repeat"])[0]["values"]
        assert row["total"] == pytest.approx(toy.METHODS[row["method"]] * drawn.sum(), rel=1e-15)


def test_what_is_finished_never_runs_again_and_more_is_added(run, tmp_path):
    first = run()
    before = (tmp_path / RECORDS).read_bytes()
    again = run()
    assert (tmp_path / RECORDS).read_bytes() == before
    more = run(repeats=3)
    assert (tmp_path / RECORDS).read_bytes().startswith(before)
    assert len(lines(tmp_path)) == 12 + 6
    assert totals(first) == totals(again)
    assert totals(first).items() <= totals(more).items()
    assert len(list((tmp_path / ASKS).iterdir())) == 2


def test_a_task_that_failed_is_a_missing_pair_and_one_refused_is_none(run):
    runs = run(methods=["plain", "double", "failing", "refusing"], sizes=2, repeats=3)
    asked = runs.tasks(toy.SUM)
    assert (asked.unique("method"), len(asked)) == (["plain", "double", "failing"], 9)
    found = runs[toy.SUM].contrast("total", control="plain", pair_by=("repeat",), asked=asked)
    assert [(one.name, one.pairs) for one in found] == [("double", "3"), ("failing", "0 of 3")]
    assert found.of("failing").comparisons[0].verdict == "no verdict"


@pytest.mark.parametrize(("workers", "how"), [(2, "with 2 at a time"), (None, "one after the other")])
def test_a_long_run_says_beforehand_how_long_it_takes(run, tmp_path, monkeypatch, workers, how):
    run()
    planned = plan(toy.STUDY, [toy.Settings(repeats=3)])
    graph, records = Graph.of(planned.tasks, {}), read_records([tmp_path / RECORDS], toy.STUDY.by_name)
    assert running._expected(graph, records, workers) == ""
    monkeypatch.setattr(running, "LONG", 0.0)
    said = running._expected(graph, records, workers)
    assert re.fullmatch(rf"18 tasks are left, which take about \S+ s {how}\.", said)


def test_rows_show_methods_as_the_ask_recorded_them(tmp_path):
    style = Style("#123456", "s", "--")
    table = {"plain": Method("as it is", "p*", toy.add, style=style), "double": Method("twice", "control", toy.add)}
    study = dataclasses.replace(toy.STUDY, methods=table)
    rows = compare.run(study, out=tmp_path, progress=False)[toy.SUM]
    assert rows.methods == {"plain": Shown("as it is", "p*", style), "double": Shown("twice", "control")}
    marks = rows.lines("total", over="size").figure.args[0].panels[0].marks
    assert (marks[0].label, marks[0].style, marks[1].label) == ("as it is", style, "twice")


def test_a_setting_of_the_report_alone_runs_nothing(run, tmp_path):
    run()
    before = (tmp_path / RECORDS).read_bytes()
    runs = run(level=0.01)
    assert (tmp_path / RECORDS).read_bytes() == before
    assert runs.made().sections[0].tables[0].note == "Level 0.01."


def test_results_do_not_depend_on_workers_or_on_what_else_is_asked(tmp_path):
    one = compare.run(toy.STUDY, out=tmp_path / "one", progress=False)
    two = compare.run(toy.STUDY, out=tmp_path / "two", progress=False, workers=2, methods=["large", "double", "plain"])
    assert totals(one).items() <= totals(two).items()


def test_large_arrays_are_files_and_read_as_they_were(run, tmp_path):
    runs = run(methods="large", sizes=2, repeats=1)
    (row,) = runs[toy.SUM]
    np.testing.assert_array_equal(row["many"], np.full(2000, row["total"]))
    (file,) = (tmp_path / ARRAYS).iterdir()
    file.unlink()
    assert run(methods="large", sizes=2, repeats=1).records.damaged
    assert file.exists()


def test_refusals_are_final_and_errors_and_scarce_memory_run_again(run, tmp_path):
    runs = run(methods=["plain", "refusing", "failing", "scarce"], sizes=2, repeats=1)
    (refused,) = runs.refused(toy.SUM)
    assert refused["refused"] == "This method takes no numbers."
    assert sorted(record.task.method for record in runs.failed) == ["failing", "scarce"]
    assert runs.missing == 2
    done = execute(plan(toy.STUDY, [runs.settings]), tmp_path)
    assert (done.before, done.now, len(done.failed)) == (3, 0, 2)
    assert "2 of 4 tasks failed" in shortfalls(done, toy.STUDY)[0]
    failing = [line for line in lines(tmp_path) if line["error"]]
    assert "ZeroDivisionError" in failing[0]["traceback"]


def test_what_needs_a_device_waits_and_is_named(run, tmp_path):
    runs = run(device=True)
    assert runs.missing == 2
    done = execute(plan(toy.STUDY, [toy.Settings(device=True)]), tmp_path)
    assert shortfalls(done, toy.STUDY) == [
        "2 tasks (toy/shots) wait for a device: tickets submit --study toy with the same flags, then tickets fetch."
    ]


def test_timed_tasks_run_last_and_alone(run, tmp_path):
    run(timed=True, workers=2)
    order = [(line["kind"], line["alone"], line["threads"]) for line in lines(tmp_path)]
    assert order[-2:] == [("toy/time", True, 1)] * 2
    assert all(not alone for _, alone, _ in order[:-2])


def test_times_of_another_machine_are_finished_but_not_mixed(run, tmp_path):
    from compare.engine.record import sealed

    run(timed=True)
    file = tmp_path / RECORDS
    changed = []
    for line in lines(tmp_path):
        if line["kind"] == "toy/time" and line["settings"]["size"] == 2:
            line["machine"] = {"system": "another"}
            line["digest"] = sealed(line)
        changed.append(json.dumps(line))
    file.write_text("\n".join(changed) + "\n")
    runs = run(timed=True)
    assert len(lines(tmp_path)) == len(changed)
    assert (len(runs[toy.TIME]), runs.elsewhere(toy.TIME)) == (1, 1)
    behind = runs.made().sections[-1]
    assert any("never fitted together" in sentence for sentence in behind.findings)


def test_damaged_and_changed_lines_are_kept_named_and_run_again(run, tmp_path, capsys):
    first = run()
    file = tmp_path / RECORDS
    text = file.read_text().splitlines()
    changed = json.loads(text[0])
    changed["result"]["mean"] = 7.0
    text[0], text[1] = json.dumps(changed), text[1][: len(text[1]) // 2]
    file.write_text("\n".join(text))  # the last line has no end
    capsys.readouterr()
    again = run()
    said = capsys.readouterr().err
    assert re.search(r"line 1 \(it was changed: .*; .*line 2 \(no JSON", said)
    assert totals(first) == totals(again)
    assert file.read_text().startswith("\n".join(text) + "\n")


def test_lines_of_another_version_or_kind_are_passed_over(run, tmp_path, capsys, monkeypatch):
    from dataclasses import replace

    run()
    newer = replace(toy.SUM, version=2)
    monkeypatch.setattr(toy, "SUM", newer)
    study = replace(toy.STUDY, kinds=(toy.DRAW, newer, toy.TIME, toy.SHOTS))
    capsys.readouterr()
    runs = compare.run(study, out=tmp_path, progress=False)
    assert "8 of 'toy/sum' version 1" in capsys.readouterr().err
    assert len(runs[newer]) == 8


def test_a_record_of_a_method_that_is_gone_is_still_reported(run, tmp_path, monkeypatch):
    run()
    monkeypatch.delitem(toy.METHODS, "double")
    runs = Runs.read(toy.STUDY, tmp_path)
    assert {row["method"] for row in runs[toy.SUM]} == {"plain", "double"}
    assert len(runs.made().sections[0].tables[0].rows) == 8
    with pytest.raises(InputError, match="There is no method 'double'"):
        run(methods="double")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"sizes": 0}, "size = 0 is too small; give at least 1."),
        ({"sizes": "2,,3"}, "has an empty place"),
        ({"size": "two"}, "size = 'two' is not a whole number"),
        ({"methods": ["plan"]}, "There is no method 'plan'. Did you mean 'plain'?"),
        ({"methods": ["plain", "plain"]}, "method 'plain' is there 2 times"),
        ({"methods": []}, "There is no method; give at least one."),
        ({"scale": "inf"}, "scale = 'inf' is not a finite number"),
        ({"sizes": 2, "size": 3}, "size is given twice"),
        ({"scal": 1.0}, "There is no setting 'scal'. Did you mean 'scale'?"),
        ({"workers": 0}, "workers = 0 is too small"),
        ({"preset": "smal"}, "There is no preset 'smal'. Did you mean 'small'?"),
        ({"repeats": 1.5}, "repeats = 1.5 is not a whole number"),
    ],
)
def test_what_is_refused_is_refused_before_anything_is_made(tmp_path, settings, said):
    with pytest.raises(InputError, match=re.escape(said)):
        compare.run(toy.STUDY, out=tmp_path / "new", progress=False, **settings)
    assert not (tmp_path / "new").exists()


def test_what_is_new_in_a_folder_is_checked_before_it_is_written_and_the_same_again_is_not(tmp_path):
    seen = []

    def prepare(settings, records):
        seen.append(settings.repeats)
        assert not records
        if settings.repeats == 4:
            raise InputError("too many")

    study = dataclasses.replace(toy.STUDY, prepare=prepare)
    for repeats in (1, 1, 2, 1):
        compare.run(study, out=tmp_path, progress=False, repeats=repeats)
    before = sorted(tmp_path.rglob("*"))
    for _ in range(2):
        with pytest.raises(InputError, match="too many"):
            compare.run(study, out=tmp_path, progress=False, repeats=4)
    assert sorted(tmp_path.rglob("*")) == before
    assert seen == [1, 2, 4, 4]


def test_two_commands_in_one_folder_are_refused(run, tmp_path):
    from compare.engine.folder import opened

    with opened(tmp_path), pytest.raises(InputError, match="Another command writes in"):
        run()


def test_a_folder_that_holds_something_else_is_refused(run, tmp_path):
    (tmp_path / "mine.txt").write_text("dear")
    with pytest.raises(InputError, match="is not empty and holds no records"):
        run()


def test_a_full_disk_is_one_line_and_the_same_command_continues(run, tmp_path, monkeypatch):
    import errno
    import os

    first, real = run(repeats=1), os.fsync

    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unfinished, match="make room, and the same command continues"):
        run(repeats=2)
    monkeypatch.setattr(os, "fsync", real)
    assert totals(first).items() <= totals(run(repeats=2)).items()


def test_kinds_that_need_one_another_in_a_circle_are_no_study():
    from compare.engine.graph import Graph
    from compare.engine.kind import Kind

    kind = Kind("toy/circle", toy.Timing, toy.Timed, toy.clock, needs=lambda task: {"itself": [kind(task)]})
    with pytest.raises(ValueError, match="need one another in a circle"):
        Graph.of([kind(toy.Timing(1))], {})


def test_a_record_glued_to_a_torn_one_is_read(run, tmp_path):
    first = run()
    file = tmp_path / RECORDS
    whole = file.read_bytes().splitlines()
    # As `cat torn.jsonl other.jsonl` joins them, and two whole lines without an end between them.
    glued = [whole[0][:200] + whole[1], whole[2] + whole[3], *whole[4:], whole[0]]
    file.write_bytes(b"\n".join(glued) + b"\n")
    found = Runs.read(toy.STUDY, tmp_path)
    assert found.missing == 0
    assert totals(found) == totals(first)
    assert len(found.records.damaged) == 2
    assert "line 1 (no JSON" in found.records.damage()


def test_text_in_other_encodings_is_read_or_named(run, tmp_path):
    first = run()
    file = tmp_path / RECORDS
    content = file.read_bytes()
    file.write_bytes(b"\xef\xbb\xbf" + content)
    assert totals(Runs.read(toy.STUDY, tmp_path)) == totals(first)
    file.write_bytes(content.decode().encode("utf-16"))
    with pytest.raises(InputError, match=r"records\.jsonl is text in UTF-16, .*: join folders with tickets merge"):
        Runs.read(toy.STUDY, tmp_path)
