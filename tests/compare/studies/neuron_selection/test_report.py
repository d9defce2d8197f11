"""The report: made of records alone, its claims from numbers; and what is refused before a folder is made."""

import pytest

import compare
from compare.studies.neuron_selection import families
from compare.studies.neuron_selection.seconds import Sides
from compare.studies.neuron_selection.study import SOLVED, Settings, tasks
from problems.errors import InputError
from tests.compare.once import copied, report_once
from tests.compare.studies.lightness import report_lightly
from tests.compare.studies.neuron_selection.conftest import SMALL
from tests.compare.verdict.door import claim_of


@pytest.fixture(scope="session")
def report(runs):
    return report_once(runs).made()


def section(report, title):
    return next(one for one in report.sections if one.title == title)


def test_the_card_answers_with_one_picture_and_at_most_three_sentences(runs, report):
    assert report.card.picture.name == "seconds"
    first, second, *_ = report.card.sentences
    assert first.startswith("Branch and bound proves the best mask of 2 tickets of N = 8 neurons")
    assert "the square root buys nothing there" in first
    assert second.startswith("Against trying every mask by a Gray code it is faster from N = ")
    assert (runs.folder / "report.html").exists()


def test_every_part_has_its_section(report):
    assert [one.title for one in report.sections][:10] == [
        "What the masks are worth",
        "Hardness by rank",
        "Conflicts between local optima",
        "Rounds of a search",
        "Gates of a query",
        "Seconds, and where they cross",
        "Quantum branch and bound",
        "QAOA",
        "Noise",
        "Errata of the paper",
    ]
    errata = section(report, "Errata of the paper").tables[0]
    assert [str(row[0]) for row in errata.rows][:3] == [
        "The oracle's sign",
        "The uniform state",
        "Cost of N searches of 2^K masks",
    ]


def test_no_search_beats_branch_and_bound_or_meeting_in_the_middle(report):
    found = section(report, "Seconds, and where they cross")
    rows = {str(row[1]): row for row in found.tables[0].rows}
    assert str(rows["branch and bound"][4]).startswith("never")
    assert str(rows["meet in the middle"][4]).startswith("never")
    assert 20 <= rows["Gray code"][4].value <= 40
    assert rows["Gray code"][6].value > rows["Gray code"][4].value


def test_the_report_loads_nothing_heavy(runs):
    report_lightly(runs.folder)


def test_a_run_of_one_family_is_reported_without_the_others(runs, tmp_path):
    few = SMALL | {"problems": "gadget", "methods": "meet-in-the-middle", "searched": 2, "hard": 6}
    made = compare.run("neurons", out=copied(runs, tmp_path), progress=False, **few).report()
    assert len(made.card.sentences) <= 3
    assert "Gates of a query" not in [one.title for one in made.sections if one.tables]


def test_without_the_extra_its_solvers_are_left_out_and_named(monkeypatch, tmp_path):
    monkeypatch.setattr(families, "find_spec", lambda name: None)
    assert not families.SOLVERS["annealing"].installed
    with pytest.raises(InputError, match=r"quantum-tickets\[annealing\]"):
        compare.run("neurons", methods="annealing", out=tmp_path / "out", progress=False)
    assert not (tmp_path / "out").exists()


def test_solvers_that_were_left_out_are_named(report):
    said = section(report, "What the masks are worth").findings
    assert "Left out: annealing, tabu search (pip install 'quantum-tickets[annealing]')." in said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"problems": "tickt"}, "ticket"),
        ({"methods": "gray"}, "gray-code"),
        ({"neurons": 1}, "neurons = 1"),
        ({"neurons": 1000}, "neurons = 1000"),
        ({"ranks": 0}, "rank = 0"),
        ({"bits": 0}, "bits = 0"),
        ({"scales": 0}, "scale = 0"),
        ({"degree": 0}, "degree = 0"),
        ({"device": "fake_nowhere"}, "fake_nowhere"),
    ],
)
def test_bad_settings_are_refused_in_one_line_before_a_folder_is_made(tmp_path, given, said):
    with pytest.raises(InputError) as refused:
        compare.run("neurons", out=tmp_path / "out", progress=False, **given)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "out").exists()


def test_solvers_are_asked_for_what_they_take():
    for planned in tasks(Settings()):
        if planned.kind == SOLVED:
            method = families.SOLVERS[planned.task.method]
            assert planned.task.problem in method.takes
            assert planned.task.neurons <= method.most


def test_the_claim_is_rounds_times_a_query_over_the_proof(runs):
    found = claim_of(runs)
    sides = Sides(runs, runs.settings)
    neurons = max(sides.timed["ticket", "branch-and-bound"])
    assert (found.paper, found.size) == ("2302.05984", f"N = {neurons} neurons")
    seconds = 2 ** sides.rounds[neurons] * sides.query("T", neurons)
    assert found.mark.quantum.best == pytest.approx(seconds)
    assert found.mark.ratio.best == pytest.approx(seconds / sides.timed["ticket", "branch-and-bound"][neurons].best)
    # Seconds are proportional to a round of error correction: it flips the row by the ratio itself.
    cycle = next(one for one in found.changes if one.flag == "--cycle")
    assert cycle.factor == pytest.approx(max(found.mark.ratio.best, 1 / found.mark.ratio.best), rel=1e-6)


def test_the_page_fits_every_screen(report, runs, look):
    look(runs.folder / "report.html")
