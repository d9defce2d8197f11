import pytest

from compare.studies.ridgelet.tickets.page import sections, verdict
from compare.sweeps.record import Record
from compare.sweeps.task import Task


def record(risk, held_out=None, **settings):
    task = Task.of("tickets", settings)
    result = {
        "empirical": risk,
        "held_out": held_out,
        "accuracy": None,
        "held_out_accuracy": None,
        "zero": 1.0,
        "held_out_zero": 1.0,
        "ratio": 0.0 if held_out is None else 1 / 3,
        "description": "Made up.",
        "coverage": 0.5,
    }
    return Record(task.id, "tickets", task.settings, result, "", 1.0, "", {}, {})


def sweep(held_out=True, methods=("dequantized", "uniform"), repeats=8):
    """Risks of p* that are lower in training by .4 and higher held out by .4, and a little spread."""
    return [
        record(
            (0.3 if method == "dequantized" else 0.7) + 0.01 * (repeat % 3),
            ((1.2 if method == "dequantized" else 0.8) - 0.01 * (repeat % 3)) if held_out else None,
            method=method,
            nodes=nodes,
            repeat=repeat,
        )
        for method in methods
        for nodes in (10, 20)
        for repeat in range(repeats)
    ]


def table(records):
    (section,) = sections(records)
    return section.tables[0]


def test_what_is_clear_is_counted_on_both_sides():
    shared = "combinations of settings, at the 5% level that all combinations and methods share (Holm)."
    assert verdict(sweep()) == [
        "dequantized: risk clearly below that of uniform nodes in training in 2 of 2, held out in 0 of 2 and clearly "
        f"above in 2 {shared}"
    ]
    assert verdict(sweep(held_out=False)) == [
        f"dequantized: risk clearly below that of uniform nodes in training in 2 of 2 {shared}"
    ]


def test_without_uniform_nodes_the_lowest_risk_is_named():
    (sentence,) = verdict(sweep(methods=["dequantized"]))
    assert sentence.startswith("The lowest held-out risk is 1.191 [")
    assert sentence.endswith("uniform nodes are not in this sweep.")
    assert verdict(sweep(False, ["dequantized"]))[0].startswith("The lowest empirical risk is 0.309 [")


def test_differences_are_taken_in_pairs_on_the_same_splits():
    records = sweep()
    found = table(records)
    assert found.columns == [
        "method",
        "N",
        "empirical risk",
        "held-out risk",
        "held-out accuracy",
        "empirical, less uniform's",
        "held out, less uniform's",
        "K/P^D",
        "splits",
    ]
    # The spread is the same on both sides, so that pairs have none.
    assert found.rows[0][5:7] == ["-0.400 [-0.400, -0.400]", "0.400 [0.400, 0.400]"]
    assert found.rows[2][5:7] == ["-", "-"]
    assert found.rows[0][4] == "-"
    # Splits that only one side has do not count.
    fewer = [one for one in records if one.settings["method"] == "uniform" or one.settings["repeat"] < 3]
    assert table(fewer).rows[0][5:7] == ["-0.400 [-0.400, -0.400]", "0.400 [0.400, 0.400]"]
    alone = [one for one in records if one.settings["method"] == "uniform" or one.settings["repeat"] < 1]
    assert "held out, less uniform's" not in table(alone).columns


def test_a_single_split_has_no_interval():
    found = table(sweep(repeats=1))
    assert found.rows[0][2:4] == ["0.300", "1.200"]


@pytest.mark.parametrize("held_out", [True, False])
def test_figures_are_drawn_where_n_varies(held_out):
    (section,) = sections(sweep(held_out))
    (picture,) = section.pictures
    (axes,) = picture.figure.axes
    assert len(axes.containers) == (4 if held_out else 2)
    (without,) = sections([one for one in sweep() if one.settings["nodes"] == 10])
    assert without.pictures == []
    assert sections([]) == []
    assert verdict([]) == []
