"""Crossings of several runs are the same, or it is said how they differ."""

import json
import math

import pytest

from benchmarks.figures import engine_tables
from benchmarks.steady_crossings import contradiction, interval, measured, share_rest
from compare.machines import Crossing


def crossing(start, low, high):
    return Crossing(1, 10**6, 64, start, None if start is None else 10**6, low, high)


NEVER, POSSIBLE = crossing(None, None, None), crossing(None, 500, None)


def test_intervals_go_from_the_first_possible_size_to_the_first_without_doubt():
    assert interval(crossing(10, 5, 20)) == (5, 20)
    assert interval(crossing(10, 5, None)) == (5, math.inf)
    assert interval(NEVER) == (math.inf, math.inf)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([crossing(10, 5, 20), crossing(30, 20, 60)], ""),
        ([crossing(10, 5, 20), crossing(30, 21, 60)], "intervals exclude each other"),
        ([crossing(10, 5, 20), crossing(12, 8, 30), crossing(40, 25, None)], "intervals exclude each other"),
        ([NEVER, NEVER], ""),
        ([NEVER, POSSIBLE], ""),
        ([NEVER, crossing(10, 5, None)], "never in some runs"),
        ([POSSIBLE, crossing(700, 600, None)], "never in some runs"),
        ([crossing(10, 5, 20), None], "in 1 of 2 runs"),
    ],
)
def test_runs_that_contradict_each_other_are_told(found, said):
    assert contradiction(found) == said


def test_the_table_has_a_row_for_every_crossing_and_counts_those_that_differ():
    key, other = ("dimension", 3, "device", "free", "dequantized"), ("points", 3, "device", "free", "dequantized")
    runs = {
        "idle-1": {key: crossing(10, 5, 20), other: NEVER},
        "busy-1": {key: crossing(12, 8, None), other: NEVER},
        "idle-2": {key: crossing(90, 80, 99), other: NEVER},
    }
    rows, differing = measured(runs)
    assert differing == 1
    assert rows == [
        (*map(str, key), "10 [5, 20], 90 [80, 99]", "12 [8, never]", "intervals exclude each other"),
        (*map(str, other), "never [never, never], never [never, never]", "never [never, never]", "the same"),
    ]


def test_only_times_that_crossings_are_computed_from_are_measured_again(tmp_path):
    settings = {"count": {}, "cores": {}, **{name: {"method": name} for name in ("dequantized", "enumeration", "mps")}}
    lines = {
        name: json.dumps({"kind": f"crossover/{'curve' if one else name}", "settings": one}) + "\n"
        for name, one in settings.items()
    }
    for name in ("first", "begun"):
        (tmp_path / name).mkdir()
    (tmp_path / "first" / "records.jsonl").write_text("".join(lines.values()))
    (tmp_path / "begun" / "records.jsonl").write_text(lines["mps"])
    for name in ("second", "begun"):
        share_rest(tmp_path / "first", tmp_path / name)
    assert (tmp_path / "second" / "records.jsonl").read_text() == lines["count"] + lines["mps"]
    assert (tmp_path / "begun" / "records.jsonl").read_text() == lines["mps"]


def test_half_of_the_engine_has_a_table_of_its_own():
    spread = {"low": 1.0, "best": 1.0, "high": 1.0, "samples": 3}
    pair = {"tasks": 8, "reach": 1.8, **dict.fromkeys(("task_seconds", "one", "two", "ratio"), spread)}
    short = {"tasks": 50, "most": 0.003, "added": spread}
    titles = [[table.title for table in engine_tables(rows)] for rows in ([pair, short], [pair], [short])]
    assert [len(found) for found in titles] == [2, 1, 1]
    assert titles[0] == titles[1] + titles[2]
