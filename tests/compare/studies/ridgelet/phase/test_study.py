"""The study's run: known answers, what is planned, what stands in its record, and what is refused."""

import json
import shutil
from dataclasses import asdict

import numpy as np
import pytest

from compare.records import RunFolder
from compare.studies.ridgelet.phase import study
from compare.studies.ridgelet.phase.bounds import GAUSSIAN_SHARE
from compare.studies.ridgelet.phase.page import report
from compare.studies.ridgelet.phase.study import MEASURES, Settings, load_results, plan
from problems.errors import InputError
from tests.compare.studies.ridgelet.phase import SMALL, small_run


@pytest.fixture(scope="module")
def results():
    return small_run()[1]


def at(results, walk, dimension, points=None):
    (site,) = [
        site for site in results.walks[walk] if site["dimension"] == dimension and points in (None, site["points"])
    ]
    return site


def test_on_the_sine_on_all_points_optimized_nodes_win_by_an_order_of_magnitude(results, record_property):
    cell = at(results, "sine", 3)["cells"][0]
    assert cell["empirical-gain"]["low"] > 10
    assert cell["empirical-optimized"]["high"] < 0.1 < cell["empirical-uniform"]["low"]
    gain = cell["empirical-gain"]
    record_property(
        "measured",
        f"phase: sine on all of Z_5^3, N = 8, gain {gain['best']:.3g} [{gain['low']:.3g}, {gain['high']:.3g}]",
    )


def test_on_random_labels_of_few_points_they_cannot(results):
    cell = at(results, "dimension", 64)["cells"][0]
    assert cell["concentration"] == 0
    assert cell["fresh-gain"]["low"] < 1
    assert 0.8 < cell["fresh-gain"]["best"] < 1.05
    assert cell["share"]["low"] < GAUSSIAN_SHARE < cell["share"]["high"]


def test_at_small_coverage_concentration_changes_nothing(results):
    """At coverage 5^-61 a target on one direction looks like random labels."""
    cells = at(results, "dimension", 64)["cells"]
    for cell in cells:
        assert cell["share"]["best"] == pytest.approx(GAUSSIAN_SHARE, rel=0.2)
        assert cell["tickets"]["high"] < 1e-40
        assert cell["fresh-gain"]["best"] < 1.1


def test_with_all_points_there_concentration_is_what_decides(results):
    cells = at(results, "dimension", 3)["cells"]
    best = [cell["empirical-gain"]["best"] for cell in cells]
    assert best[0] < 1.5 < best[1] < 10 < best[2]
    assert cells[2]["tickets"]["best"] == pytest.approx(1)
    assert cells[1]["tickets"]["best"] == pytest.approx(0.5, abs=0.1)


def test_a_concentrated_target_takes_the_same_number_of_nodes_at_every_dimension(results):
    counts = [
        site["cells"][-1]["share"]["best"] * 5 ** (site["dimension"] + 1)
        for site in results.walks["dimension"]
        if site["points"] == 5 ** site["dimension"]
    ]
    assert len(counts) == 3
    np.testing.assert_allclose(counts, 12.5, rtol=0.05)


def test_no_number_crosses_its_bound(results):
    for walk in results.walks.values():
        for site in walk:
            for cell in site["cells"]:
                assert cell["density"]["best"] <= site["bound"]
                assert cell["share"]["best"] >= 1 / site["bound"]


def test_spreading_a_target_over_directions_takes_its_gain(results):
    walk = results.walks["directions"]
    assert [site["directions"] for site in walk] == [1, 2, 8]
    gains = [site["cells"][-1]["empirical-gain"]["best"] for site in walk]
    assert gains[0] > gains[1] > gains[2]


def test_where_nodes_interpolate_there_is_no_gain_to_tell(results):
    for site in (at(results, "dimension", 1), at(results, "coverage", 3, 125 // 16)):
        assert site["points"] <= SMALL["nodes"]
        assert all(cell["empirical-gain"] is cell["fresh-optimized"] is None for cell in site["cells"])
        assert all(cell["share"] for cell in site["cells"])


def test_the_walks_are_laid_out_as_said():
    walks = plan(Settings(**SMALL)).walks
    assert [(site.dimension, site.points) for site in walks["dimension"]] == [
        *((1, 5), (2, 25), (3, 125), (8, 125), (64, 125)),
    ]
    assert [(site.dimension, site.points) for site in walks["coverage"]] == [(3, 125), (3, 31), (3, 7)]
    assert [site.key for site in walks["sine"]] == [f"d00{d}-k{5**d:06}-sine" for d in (1, 2, 3)]
    # Where nothing can be covered, the first walk is all there is.
    assert set(plan(Settings(dimensions=(64,))).walks) == {"dimension"}
    # At D = 1 there is one direction alone.
    assert [site.directions for site in plan(Settings(directions=3)).walks["dimension"]][:2] == [1, 3]
    assert len(plan(Settings()).sites) == 24


def test_every_piece_of_progress_is_announced():
    ((_, steps, done),) = small_run()[2]
    assert len(done) == steps == SMALL["repeats"] * len(plan(Settings(**SMALL)).sites)


def test_an_estimate_rests_on_the_values_in_the_record(results):
    with np.load(small_run()[0] / "d003-k000031-m001.npz") as file:
        values = file["values"]
    assert values.shape == (SMALL["repeats"], 3, len(MEASURES))
    cell = at(results, "coverage", 3, 31)["cells"][2]
    by_name = dict(zip(MEASURES, values[:, 2].T, strict=True))
    assert cell["density"]["best"] == pytest.approx(by_name["density"].mean())
    assert cell["density"]["samples"] == SMALL["repeats"]
    np.testing.assert_allclose(
        by_name["fresh-gain"], np.log(by_name["fresh-uniform"] / by_name["fresh-optimized"]), rtol=1e-12
    )
    assert np.log(cell["fresh-gain"]["best"]) == pytest.approx(by_name["fresh-gain"].mean())


def test_a_run_continues_and_what_is_drawn_does_not_depend_on_the_rest(tmp_path, results):
    """Other sites, concentrations and repeats left out: the same numbers."""
    few = SMALL | {"dimensions": (3,), "concentrations": (0.5,), "thinnings": (4,), "spreads": (), "repeats": 2}
    settings = Settings(**few)
    folder = RunFolder(tmp_path / "run", "phase", asdict(settings))
    first = study.run(plan(settings), folder)
    with np.load(tmp_path / "run" / "d003-k000031-m001.npz") as file:
        values = file["values"]
    with np.load(small_run()[0] / "d003-k000031-m001.npz") as file:
        np.testing.assert_array_equal(values, file["values"][:2, 1:2])
    times = {path.name: path.stat().st_mtime_ns for path in folder.path.iterdir()}
    shutil.copytree(folder.path, tmp_path / "copy")
    (tmp_path / "copy" / "d003-k000031-m001.json").unlink()
    assert study.run(plan(settings), folder).walks == first.walks
    assert {path.name: path.stat().st_mtime_ns for path in folder.path.iterdir()} == times
    again = study.run(plan(settings), RunFolder(tmp_path / "copy", "phase", asdict(settings)))
    assert again.walks == first.walks


def test_a_finished_run_is_read_again(results):
    assert load_results(RunFolder.open(small_run()[0])).walks == results.walks


def test_settings_of_another_version_are_refused(tmp_path):
    shutil.copytree(small_run()[0], tmp_path / "run")
    path = tmp_path / "run" / "run.json"
    run = json.loads(path.read_text())
    run["settings"]["colour"] = "blue"
    path.write_text(json.dumps(run))
    with pytest.raises(InputError, match="none of this version's"):
        load_results(RunFolder.open(tmp_path / "run"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"prime": 4}, "4"),
        ({"prime": 2}, "odd prime"),
        ({"dimensions": ()}, "no dimensions"),
        ({"dimensions": (3, 2)}, "not ascending"),
        ({"dimensions": (0, 2)}, "dimensions = 0"),
        ({"thinnings": (1,)}, "thinnings = 1"),
        ({"spreads": (2, 2)}, "not ascending"),
        ({"points": 1}, "points = 1"),
        ({"concentrations": ()}, "ascending shares"),
        ({"concentrations": (0.5, 1.5)}, "0.5, 1.5 are no ascending shares"),
        ({"concentrations": (0.5, 0.5)}, "each once"),
        ({"concentrations": (-0.5,)}, "negative"),
        ({"repeats": 1}, "repeats = 1"),
        ({"nodes": 0}, "nodes = 0"),
        ({"samples": 79}, "samples = 79 is too small; give at least 80"),
        ({"ridge": -1}, "ridge"),
        ({"activation": (1, 2)}, "shape \\(2,\\)"),
        ({"seed": -1}, "seed"),
    ],
)
def test_bad_settings_are_refused_in_one_line(change, said):
    with pytest.raises(InputError, match=said) as refused:
        plan(Settings(**change))
    assert "\n" not in str(refused.value)


def test_numbers_beyond_floating_point_do_no_harm(tmp_path):
    settings = Settings(
        dimensions=(300,),
        points=30,
        concentrations=(0.0, 1.0),
        nodes=2,
        networks=2,
        repeats=2,
        samples=10,
    )
    found = study.run(plan(settings), RunFolder(tmp_path / "run", "phase", asdict(settings)))
    ((site,),) = found.walks.values()
    assert site["log10_coverage"] == pytest.approx(np.log10(30) - 300 * np.log10(17))
    assert 0.1 < site["cells"][1]["share"]["best"] <= 1
    assert len(report(found).verdict) >= 4
