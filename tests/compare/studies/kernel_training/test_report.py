"""The report: made of records alone, its claims from numbers; and what is refused before a folder is made."""

import pytest

import compare
from compare.studies.kernel_training.accuracy import against_none
from compare.studies.kernel_training.seconds import Sides
from compare.studies.kernel_training.study import CASE
from problems.errors import InputError
from tests.compare.once import copied
from tests.compare.studies.kernel_training.conftest import SMALL
from tests.compare.verdict.door import claim_of


@pytest.fixture(scope="session")
def report(runs):
    return runs.report()


def section(report, title):
    return next(one for one in report.sections if one.title == title)


def test_the_card_answers_with_one_picture_and_at_most_three_sentences(runs, report):
    assert report.card.picture.name == "depths"
    first, second, third = report.card.sentences
    assert first.startswith("Inverting the exact kernel of n = 32 images")
    assert second.startswith("Sparse kernels (random pairs (published), xor offsets, nearest pairs) are")
    assert "queries of the kernel on a quantum computer" in third
    assert (runs.folder / "report.html").exists()


def test_every_part_has_its_section(report):
    assert [one.title for one in report.sections][:9] == [
        "What each kernel answers",
        "How well conditioned it is",
        "Post-selection and readout",
        "The claims of O(log n)",
        "The same by random walks",
        "Circuits",
        "Seconds, and where they cross",
        "Classical rivals on the same splits",
        "Errata of the paper",
    ]
    known = {one.title for one in report.sections}
    errata = section(report, "Errata of the paper").tables[0]
    assert {str(row[-1]) for row in errata.rows} <= known
    assert "The scale of |k*>" in [str(row[0]) for row in errata.rows]


def test_differences_are_paired_by_split_with_both_rules(runs):
    for rule in ("sign", "median"):
        found = against_none(runs, rule)
        assert all((one.found, one.asked) == (3, 3) for one in found)
        one = found.get("dense", dataset="mnist-8-9", network="unit", n=32, depth=2)
        rows = runs[CASE].where(dataset="mnist-8-9", network="unit", n=32, depth=2)
        exact, none = ({row["seed"]: row[rule] for row in rows.where(pattern=name)} for name in ("dense", "diagonal"))
        assert one.estimate.best == pytest.approx(100 * sum(exact[seed] - none[seed] for seed in exact) / 3)
        # All patterns and depths of a group are one family.
        assert found.family == 12


def test_at_large_depth_nothing_is_inverted(runs, report):
    for one in against_none(runs, "sign"):
        if one.within["depth"] == 40 and one.within["network"] == "unit":
            assert one.estimate.best == 0
    claims = section(report, "The claims of O(log n)")
    assert any("there is nothing to invert" in said for said in claims.findings)
    assert len(claims.tables[0].rows) == 4


def test_walks_that_do_not_end_are_not_applicable(report):
    table = section(report, "The same by random walks").tables[0]
    rows = {str(row[0]): [str(cell) for cell in row[1:]] for row in table.rows}
    assert rows["exact"][0] == "not applicable"
    assert "/" in rows["exact"][-1]


def test_both_sides_meet_in_seconds(runs, report):
    sides = Sides(runs, runs.settings)
    assert set(sides.classical) == {(name, depth) for name in ("cholesky", "cg") for depth in (2, 10, 40)}
    step = sides.quantum["step", 2].at(32).best
    assert step == pytest.approx(sides.queries[2][32].best * runs.settings.step)
    amplified = sides.quantum["amplified", 2].at(32).best
    assert amplified < step
    assert sides.quantum["T", 2].at(32).best > 100 * amplified
    factor, exponent = sides.gates
    assert factor > 0
    assert 1.5 < exponent < 3.5
    found = section(report, "Seconds, and where they cross")
    assert found.findings[0].startswith("One step a query: ")
    assert [str(row[0]) for row in found.tables[0].rows][:2] == ["Cholesky", "Cholesky"]


def test_growth_of_queries_is_fitted_by_depth(report):
    found = section(report, "Post-selection and readout")
    assert [said.split(" at ")[1].split(",")[0] for said in found.findings] == ["L = 2", "L = 10", "L = 40"]
    assert all("with amplified readout as n^" in said for said in found.findings)


def test_where_inverting_pays_the_card_says_by_how_much_and_what_it_takes(runs, tmp_path):
    # Its circuits, their noise and its claims are those of the small run.
    few = SMALL | {"datasets": "mnist-8-9", "networks": "unit", "training": (32, 256), "depths": (1, 60)}
    few |= {"patterns": ("dense", "diagonal"), "tests": 200, "repeats": 6, "circuits": 4, "timed": "cholesky"}
    runs = compare.run("kernels", out=copied(runs, tmp_path), progress=False, **few)
    first, second = runs.made().verdict
    rows = runs[CASE].where(n=256, depth=1)
    exact, none = ([row["sign"] for row in rows.where(pattern=name)] for name in few["patterns"])
    gain = 100 * (sum(exact) - sum(none))
    assert first.startswith(f"Inverting the exact kernel of n = 256 images answers up to {gain / 6:+.1f} [")
    assert first.endswith("and nothing clearly different at L = 60.")
    assert second.startswith("At L = 1, one prediction takes ")
    assert Sides(runs, runs.settings).paying == ([1], [1, 60])


def test_a_run_of_little_is_reported(runs, tmp_path):
    few = SMALL | {"datasets": "mnist-8-9", "networks": "published", "training": 8, "depths": 2, "patterns": "dense"}
    few |= {"circuits": 4, "rivals": "nearest-neighbor", "timed": "cholesky", "repeats": 2}
    made = compare.run("kernels", out=copied(runs, tmp_path), progress=False, **few).report()
    assert 1 <= len(made.card.sentences) <= 3


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"datasets": "mnist"}, "mnist-8-9"),
        ({"datasets": "wine"}, "has not two classes"),
        ({"datasets": "diabetes"}, "has not two classes"),
        ({"networks": "units"}, "unit"),
        ({"patterns": "random"}, "There is no pattern 'random'"),
        ({"depths": 0}, "depth = 0"),
        ({"training": 15}, "n = 15 is odd"),
        ({"training": 2}, "n = 2"),
        ({"training": 1000}, "more than the 1000"),
        ({"tests": 3}, "tests = 3 is odd"),
        ({"repeats": 1}, "repeats = 1"),
        ({"epsilon": 0}, "epsilon = 0"),
        ({"factor": 0}, "factor = 0"),
        ({"circuits": 5}, "circuits = 5 is odd"),
        ({"noisy": 3}, "noisy = 3 is odd"),
        ({"timed": "lu"}, "There is no solver 'lu'"),
        ({"device": "fake_nowhere"}, "fake_nowhere"),
    ],
)
def test_bad_settings_are_refused_in_one_line_before_a_folder_is_made(tmp_path, given, said):
    with pytest.raises(InputError) as refused:
        compare.run("kernels", out=tmp_path / "out", progress=False, **given)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "out").exists()


def test_the_claim_is_queries_times_their_price_over_the_best_exact_solver(runs):
    found = claim_of(runs)
    sides = Sides(runs, runs.settings)
    assert (found.paper, found.size) == ("2107.09200", "n = 32 images, L = 2")
    best = min(sides.timed[name, 2][32].best for name in ("cholesky", "cg"))
    assert found.mark.classical.best == pytest.approx(best)
    assert found.mark.quantum.best == pytest.approx(sides.amplified[2][32].best * sides.price("T", 32))
    assert found.mark.beyond == 4


def test_the_page_fits_every_screen(report, runs, look):
    look(runs.folder / "report.html")
