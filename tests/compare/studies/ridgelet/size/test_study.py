"""Times, counts and judgments by their numbers at the smallest size; refusals; and the report."""

import re

import numpy as np
import pytest

from compare.engine import Seeds
from compare.studies.ridgelet.crossover.study import COUNT
from compare.studies.ridgelet.size.measures import judge, time_draw
from compare.studies.ridgelet.size.quantum import Quantum
from compare.studies.ridgelet.size.report import report
from compare.studies.ridgelet.size.study import DRAW, TICKET, Draw, Settings, Ticket, counted, sizes, tasks
from problems.errors import InputError
from tests.compare.studies.ridgelet.size import SMALL, made_runs


def test_the_tasks_are_all_sizes_and_each_once():
    settings = Settings()
    found = tasks(settings)
    assert len({one.id for one in found}) == len(found)
    timed = [(one.task.way, one.task.dimension, one.task.points) for one in found if one.kind is DRAW]
    assert len(timed) == 2 * len(sizes(settings)) == 2 * 5
    assert ("file", 784, 100_000) in timed
    assert counted(settings) == [(8, 2), (8, 4), (8, 8), (8, 16), (4, 16)]
    assert sum(one.kind is TICKET for one in found) == 3 * 3 * 3


def test_what_only_the_report_reads_runs_nothing_again():
    one, other = ({task.id for task in tasks(Settings(**more))} for more in ({}, {"disk": 1e9, "computers": 7}))
    assert one == other


@pytest.mark.parametrize("way", ["memory", "file"])
def test_a_draw_reads_the_file_twice_and_nothing_from_memory(way):
    task = Draw(way, 5, 8, 50, samples=4, seed=0)
    found = time_draw(task, Seeds(task))
    assert found.stored == 400
    assert found.read == (800 if way == "file" else 0)
    assert found.slowest >= found.seconds >= 0


def test_tickets_have_the_numbers_that_were_found_before():
    for method, expected in NUMBERS.items():
        task = Ticket(method, "digits", 2, 5, nodes=5, regularization=1e-3, ridge=1e-3, seed=0, repeat=1)
        found = judge(task, Seeds(task))
        assert found.points == 2694
        numbers = [found.empirical, found.held_out, found.held_out_copies, found.accuracy]
        assert numbers == pytest.approx(expected, rel=1e-9)
        assert found.held_out_zero == pytest.approx(1, abs=0.01)


NUMBERS = {
    "subspace-2": [0.8262049977679926, 0.8100382179620833, 1.0194954563550043, 0.7177777777777777],
    "dequantized": [0.9956991490161525, 0.9999678019255421, 0.998904494893762, 0.5133333333333333],
}


def test_the_quantum_side_is_the_counts_in_proportion():
    runs = made_runs()
    given = {key: tuple(value) if isinstance(value, list) else value for key, value in SMALL.items() if key != "method"}
    settings = Settings(**given)
    quantum = Quantum.of(runs, settings)
    (counted_here,) = (one.result for one in runs.of_kind(COUNT) if (one.task.dimension, one.task.points) == (4, 3))
    (shot,) = quantum.shots(3, "free")
    assert shot.t == 2 * counted_here.transform.t
    (whole,) = quantum.shots(3, "sparse")
    assert whole.t == 2 * (counted_here.transform.t + counted_here.loaders[0].t)
    assert 0.3 < quantum.linearity < 3
    assert set(quantum.classical) == {20, 40, 80}
    line = quantum.line("one T at a time", "sparse")
    assert line.at(3).best == pytest.approx((whole.t + 1) * settings.step)
    assert set(quantum.crossings) == {
        (machine, loader) for machine in ("one T at a time", "T layers at once") for loader in ("sparse", "log", "free")
    }


def test_the_report_says_what_is_predicted_and_by_which_assumptions(look):
    runs = made_runs()
    found = runs.report()
    look(runs.folder / "report.html")
    assert len(found.verdict) == 3
    assert found.verdict[2].startswith("Predicted, not measured: 1,000 nodes of 1,300,000 points in D = 150,528 on 100")
    tables = [table for section in found.sections for table in section.tables][:6]  # and one of the settings behind
    assert [len(table.rows) for table in tables] == [2 * 4, 1, 3, 7, 4, 6]
    assert str(tables[1].rows[0][-1]) == "yes"  # workers draw the nodes of one process
    predicted = tables[-1]
    assert predicted.title.startswith("Predicted: ")
    assert sum(row[-1].value for row in predicted.rows[:-1]) == pytest.approx(predicted.rows[-1][-1].value)
    assert "--network" in predicted.note


def test_a_report_without_records_is_a_page():
    assert report(_Nothing(), Settings()).sections


class _Nothing:
    """Runs of an ask of which nothing has run."""

    def __getitem__(self, kind):
        return made_runs()[kind].where(lambda row: False)

    def of_kind(self, kind):
        return []


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"points": (10,)}, "points = 10 is no growth; give at least 2 sizes"),
        ({"counted_points": (4, 4)}, "counted_points = 4 is no growth"),
        ({"prime": 2, "dimension": 8, "points": (10, 1000)}, "Z_2^8 has too few points to draw 1000 different ones"),
    ],
)
def test_sizes_that_mean_nothing_are_refused(more, message):
    with pytest.raises(InputError, match=re.escape(message)):
        Settings(**more).check()


def test_more_points_than_memory_holds_are_refused(monkeypatch):
    monkeypatch.setattr("problems.memory.psutil.virtual_memory", lambda: type("Now", (), {"available": 10**6}))
    task = Draw("memory", 17, 784, 10**6, samples=4, seed=0)
    with pytest.raises(InputError, match=r"Drawing for 1000000 points in D = 784 needs 2\.19 GiB"):
        time_draw(task, Seeds(task))


def test_copies_are_kept_out_of_what_judges(monkeypatch):
    seen = []
    monkeypatch.setattr("compare.studies.ridgelet.size.measures.LevelQuantizer.fit", _remember(seen))
    task = Ticket("uniform", "digits", 2, 5, nodes=2, regularization=1e-3, ridge=1e-3, seed=0, repeat=0)
    judge(task, Seeds(task))
    assert seen == [(1347, 64)]


def _remember(seen):
    from problems.quantizers import LevelQuantizer

    fit = LevelQuantizer.fit

    def remembering(self, x):
        seen.append(np.shape(x))
        return fit(self, x)

    return remembering
