"""The user's own data: what `tickets data` says of them, and studies on frames and on files with gaps and text."""

import json
import random
import subprocess
import sys

import numpy as np
import pytest

import compare
from compare.engine.fields import declared
from compare.engine.running import plan
from compare.engine.session import settings_of
from compare.own_data import advised
from compare.studies import STUDIES
from compare.studies.data import TABLE, held
from compare.studies.ridgelet.tickets.study import TICKET
from problems.datasets import csv_table, load_dataset
from problems.errors import InputError
from problems.ridgelet.prospects import prospects
from tests.problems.datasets import table_of
from tests.problems.datasets.test_frames import COLUMNS, Frame


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def table(folder):
    (folder / "my.csv").write_text(table_of(120))
    return "my.csv"


# The command


def test_a_file_is_told_as_what_it_becomes(tickets, table):
    code, out, errors = tickets("data", table, "--prime", "3,5", "--features", "2,3")
    assert (code, errors) == (0, "")
    data = load_dataset(table)
    told = "Rows of my.csv (target: the last column 'kind'): 120 samples, 3 features; target 'kind': two classes (big "
    assert out.startswith(told)
    assert "'color' is coded: blue = 0, green = 1, red = 2.\nDates, in days since 1970-01-01: 'day'.\n" in out
    for one in prospects(data, [3, 5], [2, 3]):
        cells = [one.dimension, one.prime, one.points, f"{one.coverage:.1%}", f"{one.mixed:.1%}", f"{one.noise:.1%}"]
        lines = [line.strip("│ ").replace(" ", "").split("│")[:6] for line in out.splitlines()]
        assert [str(cell) for cell in cells] in lines
    assert "study      fits: " in out
    assert "phase      does not fit: makes its own problems, and takes no data\n" in out


def test_the_same_as_an_object(tickets, table):
    code, out, errors = tickets("data", table, "--target", "size", "--json", "--prime", "5")
    assert (code, errors) == (0, "")
    said = json.loads(out)
    assert (said["samples"], said["features"], said["kind"]) == (120, ["color", "day", "kind"], "regression")
    assert said["codes"] == {"color": ["blue", "green", "red"], "kind": ["big", "small"]}
    assert [one["dimension"] for one in said["prospects"]] == [1, 2, 3]
    assert said["prospects"][0]["label_noise"] == prospects(load_dataset(table, "size"), [5])[0].noise
    fits = {one["study"]: one for one in said["studies"]}
    assert list(fits) == list(STUDIES)
    assert fits["kernels"]["why_not"] == "a kernel is trained for two classes here, and the target 'size' is a number"
    assert fits["training"]["why_not"] == "networks tell classes apart here, and the target 'size' is a number"
    assert "--column size" in fits["circuit"]["command"]


def test_columns_are_left_out_by_the_command_and_in_what_it_offers(tickets, table):
    code, out, errors = tickets("data", table, "--without", "day, color", "--json")
    assert (code, errors) == (0, "")
    said = json.loads(out)
    assert said["features"] == ["size"]
    assert "Left out, as asked: 'day', 'color'." in said["notes"]
    fits = {one["study"]: one["command"] for one in said["studies"] if one["fits"]}
    assert all("--without day,color" in command for command in fits.values())
    left = settings_of(STUDIES["compare"], {"dataset": table, "without": "day,color"})
    (planned,) = plan(STUDIES["compare"], left).attached
    assert planned.records[0][1].features == ("size",)
    assert tickets("data", table, "--without", "day,,color")[2].startswith(
        "tickets: without = 'day,,color' has an empty"
    )
    refused = tickets("compare", "--dataset", "iris", "--without", "day")[2]
    assert refused.startswith("tickets: without = 'day': columns are left out of files, and the data sets named here")


def test_commands_that_are_offered_are_taken(tickets, folder, table):
    """Each is planned with all that looks at the data, and made of settings of its study."""
    _, out, _ = tickets("data", table, "--json")
    offered = [one["command"].split() for one in json.loads(out)["studies"] if one["fits"]]
    assert {words[1] for words in offered} == {name for name, study in STUDIES.items() if study.attach is not None}
    for _, name, *words in offered:
        flags = {flag[2:].replace("-", "_"): value for flag, value in zip(words[::2], words[1::2], strict=True)}
        study = STUDIES[name]
        planned = plan(study, settings_of(study, flags))
        for attached in planned.attached:
            study.checked(attached)
            assert [one.kind for one, _ in attached.records] == [TABLE]


def test_a_data_set_of_few_points_is_no_case_of_the_risk_study(tickets, folder):
    (folder / "few.csv").write_text("a,y\n" + "\n".join(f"{i % 2},{i % 2}" for i in range(40)))
    _, out, _ = tickets("data", "few.csv")
    assert "risk       does not fit: with P = 5 and D = 1 it has fewer than 10 distinct training points" in out
    assert "kernels    does not fit: each sample is standardized over its features, which takes 3" in out


def test_the_choice_that_is_advised():
    tried = prospects(load_dataset("iris"), [3, 5, 7])
    best = advised(tried)
    assert best.coverage >= 0.5
    assert all(one.coverage < 0.5 or one.noise >= best.noise for one in tried)
    thin = [one for one in tried if one.coverage < 0.5]
    assert advised(thin) is max(thin, key=lambda one: one.coverage)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["none.csv"], "There is no file 'none.csv'"),
        (["my.csv", "--target", "knd"], "no target column 'knd'. Did you mean 'kind'"),
        (["my.csv", "--prime", "4"], "prime = 4 is not prime"),
        (["my.csv", "--prime", "x"], "prime = 'x' is no list of whole numbers"),
        (["my.csv", "--features", "9"], "features = 9: the data set 'my.csv' has 3"),
        (["my.csv", "--missing", "mean"], "no rule for missing values 'mean'. Did you mean 'median'"),
        (["digts"], "There is no data set 'digts'. Did you mean 'digits'"),
    ],
)
def test_what_cannot_be_told_is_refused_in_a_line(tickets, table, words, said):
    code, out, errors = tickets("data", *words)
    assert (code, out, errors.count("\n")) == (2, "", 1)
    assert said in errors


def test_a_large_table_is_read_at_once(folder, monkeypatch):
    """How long it takes is measured by `make bench`; here, that not a row of it is read by itself."""
    rng = np.random.default_rng(0)
    rows = [
        ",".join(row) + f",{'ab'[at % 2]}" for at, row in enumerate(np.round(rng.normal(size=(6000, 3)), 4).astype(str))
    ]
    (folder / "large.csv").write_text("\n".join(["u,v,w,kind", *rows]))
    monkeypatch.setattr(csv_table._Found, "add", None)
    data = load_dataset("large.csv")
    assert (data.x.shape, data.classes) == ((6000, 3), ("a", "b"))


# Studies

SMALL = {"features": 2, "primes": 3, "methods": ["uniform"], "nodes": 4, "repeats": 2, "progress": False}


def test_a_frame_stands_where_a_name_stands_and_stays_with_the_records(folder):
    runs = compare.run("study", datasets=[Frame(COLUMNS), "iris"], target="kind", out=folder / "out", **SMALL)
    assert runs.missing == 0
    (columns,) = runs[TABLE]
    assert columns["codes"] == (("color", ("blue", "green", "red")), ("on", ("False", "True")))
    assert columns["source"] in {row["dataset"] for row in runs[TICKET]}
    page = str(runs.made().sections)
    assert "frame" in page
    again = compare.run("study", datasets=[columns["source"], "iris"], out=folder / "out", **SMALL)
    assert again.missing == 0


def test_codes_and_what_was_imputed_stand_in_the_report(folder):
    rng = random.Random(1)
    lines = ["size,color,kind"]
    for _ in range(60):
        size, color = rng.random(), rng.choice(["red", "blue"])
        lines.append(f"{size if size < 0.9 else ''},{color},{'big' if size > 0.5 else 'small'}")
    (folder / "gaps.csv").write_text("\n".join(lines))
    with pytest.raises(InputError, match=r"gaps\.csv, row \d+, column 'size': the value is missing \(one of"):
        compare.run("study", datasets="gaps.csv", out=folder / "out", **SMALL)
    assert not (folder / "out").exists()
    runs = compare.run("study", datasets="gaps.csv", missing="median", out=folder / "out", **SMALL)
    assert runs.missing == 0
    said = " ".join(paragraph for section in runs.made().sections for paragraph in section.paragraphs)
    assert "'color' is coded: blue = 0, red = 1." in said
    assert "Missing values are imputed by the median of the training part" in said


def test_a_rule_without_a_file_is_refused(folder):
    with pytest.raises(InputError, match="missing = 'drop': nothing is missing in the data sets named here"):
        compare.run("study", datasets="iris", missing="drop", out=folder / "out", **SMALL)


IMAGES_ALONE = {"size"}
"""Studies that distort images, which a table does not hold."""


def test_every_study_of_data_takes_files_and_frames():
    for name, study in STUDIES.items():
        named = [setting for setting in declared(study.settings).values() if setting.axis == "dataset"]
        if named and name not in IMAGES_ALONE:
            given = held({"datasets": Frame(COLUMNS), "target": "kind"})["datasets"]
            assert named[0].value([given] if named[0].several else given), name
            assert "missing" in declared(study.settings), name
            assert TABLE in study.kinds, name


@pytest.mark.parametrize("data", [Frame(COLUMNS), "my.csv", "file:0123456789abcdef"], ids=["frame", "path", "identity"])
def test_a_study_of_images_refuses_a_table_and_says_what_there_is(data, tmp_path):
    for name in IMAGES_ALONE:
        with pytest.raises(InputError, match=r"copies are distorted images, .* name one of digits, mnist-8-9"):
            compare.run(name, dataset=data, target="kind", out=tmp_path / "out", progress=False)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("study", "flags", "kind"),
    [
        (
            "kernels",
            {"networks": "unit", "training": 8, "tests": 8, "repeats": 2, "depths": 2},
            "kernels/case",
        ),
        ("training", {"seeds": 0, "upload": 2, "every": 2, "share": 0.2}, "training/reexpansion"),
        ("training", {"seeds": 0, "kept": 2, "etas": 0.1, "steps": 2, "orders": 1}, "training/expansion"),
    ],
)
def test_tasks_of_the_other_studies_run_on_a_file(folder, table, study, flags, kind):
    from compare.engine import Seeds
    from compare.engine.kind import imported

    given = flags | {"datasets": table, "target": "kind"} | ({"quadratic": table} if study == "training" else {})
    planned = plan(STUDIES[study], settings_of(STUDIES[study], given))
    (record,) = planned.attached[0].records
    task = next(one for one in planned.tasks if one.kind.name == kind)
    needs = imported(task.kind.needs)(task.task)
    assert [one.id for one in needs["table"]] == [record[0].id]
    inputs = {"table": [type("Given", (), {"result": record[1]})()]}
    result = imported(task.kind.measure)(task.task, Seeds(task.task), inputs)
    assert result is not None
    assert planned.attached[0].labels[getattr(task.task, "source", None) or task.task.dataset] == "my.csv"


def test_a_table_is_told_without_waiting_for_a_library(folder, table):
    """Split, scored and held against all studies: none of it takes a second of imports."""
    code = "import sys\nfrom compare import cli\ntry:\n    cli.main(['data', 'my.csv'])\nexcept SystemExit as stop:\n"
    code += "    assert not stop.code\nassert not {'sklearn', 'scipy', 'qiskit', 'numba'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
