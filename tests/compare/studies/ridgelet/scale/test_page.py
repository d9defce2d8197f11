from compare.studies.ridgelet.scale.page import sections, verdict
from compare.sweeps.record import Record
from compare.sweeps.task import Task

SIZES = (4, 8, 16, 32, 64, 128, 256)


def record(seconds, refused=False, **settings):
    task = Task.of("scale", settings)
    estimate = {"low": seconds, "best": seconds, "high": seconds, "samples": 5}
    result = {
        "points": task.settings["points"],
        "prepare_seconds": 0.0,
        "seconds_per_sample": estimate,
        "seconds": seconds,
        "density": estimate,
    }
    return Record(task.id, "scale", task.settings, {"refused": "no"} if refused else result, "", 1.0, "", {}, {})


def grown(method, power, axis="dimension", repeats=3):
    """Times that grow as a power, a few percent apart."""
    return [
        record(1e-6 * size**power * (1 + 0.02 * repeat), method=method, repeat=repeat, **{axis: size})
        for size in SIZES
        for repeat in range(repeats)
    ]


def tables(records):
    return {table.title: table for section in sections(records) for table in section.tables}


def test_the_verdict_names_the_growth_and_the_fastest():
    records = grown("dequantized", 1) + grown("rejection", 2)
    fastest, *growth = verdict(records)
    assert fastest.startswith("At D = 256, P = 3, K = 50, samples = 1,000, dequantized is the fastest with 261 µs a")
    assert "rejection takes 256 [256, 256] times as long" in fastest
    assert growth[0].startswith("dequantized: seconds a sample grow as D^1.0")
    assert growth[1].startswith("rejection: seconds a sample grow as D^2.0")
    assert growth[1].endswith("D from 4 to 256.")


def test_an_exponential_is_told_from_a_power():
    records = [
        record(1e-6 * 3.0**size * (1 + 0.02 * repeat), method="enumeration", dimension=size, repeat=repeat)
        for size in range(2, 10)
        for repeat in range(3)
    ]
    (growth,) = verdict(records)
    assert growth.startswith("enumeration: seconds a sample grow as e^(k D) with k = 1.1")


def test_a_table_has_a_row_for_each_combination_and_a_column_for_each_setting_that_varies():
    found = tables(grown("dequantized", 1) + grown("rejection", 2))["Seconds a sample"]
    assert found.columns[:2] == ["method", "D"]
    assert len(found.rows) == 2 * len(SIZES)
    assert found.rows[0][:3] == ["dequantized", "4", "4.08 µs [4 µs, 4.16 µs]"]
    assert all(row[-1] == "3" for row in found.rows)


def test_a_single_size_or_refusals_alone_make_no_figure_and_no_growth():
    one = [record(1e-6, repeat=repeat) for repeat in range(3)]
    assert list(tables(one)) == ["Seconds a sample"]
    assert not [picture for section in sections(one) for picture in section.pictures]
    assert verdict(one) == []
    assert sections([record(1.0, refused=True)]) == []
    assert verdict([record(1.0, refused=True)]) == []


def test_figures_are_drawn_over_what_has_many_values_with_a_panel_for_each_other_setting():
    records = [
        record(1e-6 * dimension, method=method, dimension=dimension, prime=prime)
        for method in ("dequantized", "rejection")
        for dimension in SIZES
        for prime in (3, 5)
    ]
    (section,) = sections(records)
    (picture,) = section.pictures
    assert picture.name == "scale-dimension"
    assert [axes.get_title() for axes in picture.figure.axes] == ["P = 3", "P = 5"]
    assert [len(axes.containers) for axes in picture.figure.axes] == [2, 2]
    # On phones one below the other.
    boxes = [axes.get_subplotspec().colspan.start for axes in picture.narrow.axes]
    assert boxes == [0, 0]
    (over_points,) = sections(grown("dequantized", 1, "points"))
    assert [picture.name for picture in over_points.pictures] == ["scale-points"]
