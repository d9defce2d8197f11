"""`tickets circuit --physical`: logical counts always, estimates with the extra, and a line for what is not taken."""

import importlib.util
import sys

import pytest

import compare
from compare.engine import Runs, running
from compare.studies.ridgelet.circuit import measures, pricing
from compare.studies.ridgelet.circuit.study import LOGICAL, PHYSICAL, PIECE, STUDY, Settings
from compare.studies.ridgelet.circuit.tolerant import FED
from compare.studies.ridgelet.circuit.tolerant_report import tolerant_section
from quantum.names import ROTATION_WAYS
from quantum.resources import logical_counts, physical_estimate, rotation_costs

SMALL = {"dataset": "digits", "prime": 3, "features": 1, "points": 2, "encoding": "rader", "physical": True}

extra = pytest.mark.skipif(importlib.util.find_spec("qdk") is None, reason="qdk is not installed")


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch):
    monkeypatch.setattr(running, "importable", lambda kind: False)


def run(out, **settings):
    return compare.run("circuit", out=out, progress=False, **(SMALL | settings))


@extra
def test_estimates_are_of_what_was_counted_and_all_is_shown(tmp_path):
    runs = run(tmp_path, models=("gate_ns_e3", "maj_ns_e6"), budgets=(1e-2,))
    pieces = measures.build(Settings(prime=3, features=1, points=2, encoding="rader"), "digits").pieces
    asked = {row["piece"]: row for row in runs[LOGICAL]}
    assert set(asked) == set(pieces) == {"loader", "transform", "circuit"}
    for name, piece in pieces.items():
        given = {one.fed: one for one in asked[name]["fed"]}
        assert list(given) == list(FED)
        counts = logical_counts(piece)
        assert {key: vars(given["rotations"])[key] for key in vars(counts)} == vars(counts)
        assert given["synthesized"].rotations == 0 < given["synthesized"].spent <= 1e-2 / 3
        assert [vars(way) for way in asked[name]["ways"]] == [vars(cost) for cost in rotation_costs(piece, 1e-2)]
    rows = [row for row in runs[PHYSICAL] if row["fed"] == "rotations"]
    assert len(rows) == 6
    for row in rows:
        found = vars(physical_estimate(logical_counts(pieces[row["piece"]]), row["model"], row["budget"]))
        assert {key: row[key] for key in found if key not in ("model", "scheme")} == pytest.approx(
            {key: value for key, value in found.items() if key not in ("model", "scheme")}
        )
        assert (row["frontier_qubits"][0], row["frontier_seconds"][0]) == (row["qubits"], row["seconds"])
        assert list(row["frontier_qubits"]) == sorted(row["frontier_qubits"], reverse=True)
    report = runs.made()
    assert "On gate_ns_e3 at an error budget of 0.01 it takes" in report.card.sentences[1]
    (section,) = (one for one in report.sections if one.title == "On fault-tolerant machines")
    ways, logical, shortest, within, behind = section.tables
    assert len(ways.rows) == 3 * len(ROTATION_WAYS)
    assert (len(logical.rows), len(shortest.rows), len(within.rows), len(behind.rows)) == (9, 6, 6, 6)
    assert shortest.columns[-3:] == list(FED.values())
    whole = next(row for row in rows if (row["piece"], row["model"]) == ("circuit", "gate_ns_e3"))
    fewest = whole["frontier_qubits"][-1]
    (slow,) = tolerant_section(runs, fewest)
    shown = next(row for row in slow.tables[3].rows if row[:2] == ["whole, measured", "gate_ns_e3"])
    assert shown[3].value == whole["frontier_seconds"][-1] > whole["seconds"]
    (nothing,) = tolerant_section(runs, 1)
    assert "(no point within 1)" in nothing.findings[0]
    assert {str(row[3]) for row in nothing.tables[3].rows} == {"-"}
    (picture,) = section.pictures
    assert [panel.title for panel in picture.chart.panels] == list(FED.values())


def test_without_the_extra_the_counts_are_there_and_what_to_install(tmp_path, monkeypatch, tickets):
    monkeypatch.setitem(sys.modules, "qdk", None)
    flags = [word for name, value in SMALL.items() if name != "physical" for word in (f"--{name}", value)]
    once = ("--model", "gate_ns_e3", "--budget", "1e-2")
    code, out, errors = tickets("circuit", "--workers", 1, *flags, "--physical", *once, "--out", tmp_path / "run")
    assert (code, errors.count("\n")) == (1, 1)
    assert "pip install 'quantum-tickets[estimate]'" in errors
    assert "9 of 16 tasks failed, the first" in errors
    assert "T gates at a stated error" in out
    runs = Runs.read(STUDY, tmp_path / "run")
    assert len(runs[LOGICAL]) == 3
    assert not runs[PHYSICAL]
    assert len(runs[PIECE]) == 3


@extra
def test_feed_forward_of_rotations_gets_a_line(tmp_path, monkeypatch):
    monkeypatch.setattr(pricing, "rotation_costs", lambda circuit, error: [])  # takes a while, and is asked elsewhere
    runs = run(
        tmp_path, prime=17, features=1, points=2, dynamic=True, loader="ideal", models=("gate_ns_e3",), budgets=(1e-2,)
    )
    (asked,) = runs[LOGICAL]
    assert asked["fed"][0].conditioned > 0
    assert not runs[PHYSICAL]
    said = [sentence for section in runs.made().sections for sentence in section.findings]
    assert sum("which the estimator does not take" in sentence for sentence in said) == 1
