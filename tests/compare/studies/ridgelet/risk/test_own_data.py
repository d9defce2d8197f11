"""A user's own file among the data sets: a case of its own, with the kind of its target, kept with the records."""

import random

import pytest

import compare
from compare.engine import Runs
from compare.studies.data import TABLE
from compare.studies.ridgelet.risk.rows import networks, problems
from compare.studies.ridgelet.risk.study import CELL, PROBLEM, STUDY
from problems.errors import InputError

SETTINGS = {"methods": ["dequantized", "uniform"], "nodes": 4, "folds": 2, "progress": False}

TARGETS = {
    "two": lambda a, b: "cat" if a + b > 1 else "dog",
    "three": lambda a, b: ("low", "middle", "high")[int(3 * a)],
    "number": lambda a, b: f"{a + b:.4f}",
}
"""Two classes, classes, and a number."""


@pytest.fixture
def table(tmp_path):
    rng = random.Random(1)
    points = [(rng.random(), rng.random()) for _ in range(80)]
    lines = [f"{a:.3f},{b:.3f},{','.join(make(a, b) for make in TARGETS.values())}" for a, b in points]
    found = {}
    for place, target in enumerate(TARGETS):
        columns = [0, 1, 2 + place]
        rows = [["a", "b", *TARGETS], *(line.split(",") for line in lines)]
        found[target] = tmp_path / f"{target}.csv"
        found[target].write_text("".join(",".join(row[column] for column in columns) + "\n" for row in rows))
    return found


def test_a_file_is_a_case_with_the_kind_of_its_target(table, tmp_path):
    paths = [str(path) for path in table.values()]
    runs = compare.run("risk", datasets=[*paths, "iris"], out=tmp_path / "out", **SETTINGS)
    assert runs.missing == 0
    assert [columns["kind"] for columns in runs[TABLE]] == ["two classes", "classes", "regression"]
    described = problems(runs)
    assert list(described) == ["two", "three", "number", "iris"]
    # Of the two features there are, both; up to four are taken.
    assert [(folds[0]["dimension"], folds[0]["outputs"]) for folds in described.values()] == [
        (2, 1),
        (2, 3),
        (2, 1),
        (4, 3),
    ]
    rows = networks(runs).where(quoted=True, method="uniform", fold=0)
    known = {row["case"]: row["chosen_held_out_accuracy"] is not None for row in rows}
    assert known == {"two": True, "three": True, "number": False, "iris": True}
    report = runs.made()
    titles = [section.title for section in report.sections]
    assert titles[3:7] == ["two", "three", "number", "iris"]
    assert "held-out accuracy" in report.sections[3].tables[0].columns
    assert "held-out accuracy" not in report.sections[5].tables[0].columns
    (said,) = report.sections[3].paragraphs
    assert said.endswith("dog (+1) against cat (-1); 2 of 2 features, each cut into 5 quantile levels.")


def test_a_file_stays_with_the_records_and_is_the_same_elsewhere(table, tmp_path):
    out = tmp_path / "out"
    first = compare.run("risk", datasets=str(table["two"]), target="two", out=out, **SETTINGS)
    before = (out / "records.jsonl").read_bytes()
    moved = table["two"].rename(tmp_path / "moved.csv")
    again = compare.run("risk", datasets=str(moved), out=out, **SETTINGS)
    assert (out / "records.jsonl").read_bytes() == before
    assert [one["fixed"].tolist() for one in again[CELL]] == [one["fixed"].tolist() for one in first[CELL]]
    moved.unlink()
    (name,) = set(first[PROBLEM].column("case"))
    more = compare.run("risk", datasets=name, out=out, **(SETTINGS | {"folds": 3}))
    assert more.missing == 0
    assert list(problems(more)) == ["two.csv"]
    assert Runs.read(STUDY, out).made().card.sentences


def test_a_file_called_like_a_known_case_is_told_apart(table, tmp_path):
    same = table["two"].rename(tmp_path / "iris.csv")
    runs = compare.run("risk", datasets=["iris", str(same)], out=tmp_path / "out", **SETTINGS)
    assert list(problems(runs)) == ["iris", "iris.csv"]


@pytest.mark.parametrize(
    ("content", "target", "said"),
    [
        ("a,b,y\n1,2,3\n1,x,4\n", None, "x"),
        ("a,b,y\n1,2,3\n", "z", "z"),
        (
            "a,y\n" + "".join(f"{k % 3},{k % 2}\n" for k in range(60)),
            None,
            "'my.csv' has 3 distinct training points, but the study needs at least 10",
        ),
    ],
)
def test_what_is_no_case_is_refused_before_a_folder_is_made(tmp_path, content, target, said):
    (tmp_path / "my.csv").write_text(content)
    with pytest.raises(InputError) as refused:
        compare.run("risk", datasets=str(tmp_path / "my.csv"), target=target, out=tmp_path / "out", **SETTINGS)
    assert said in str(refused.value)
    assert not (tmp_path / "out").exists()


def test_a_target_of_what_has_its_own_is_refused(tmp_path):
    with pytest.raises(InputError, match="targets of their own"):
        compare.run("risk", datasets="iris", target="species", out=tmp_path / "out", **SETTINGS)
