"""Tables as people have them: text and dates among numbers, gaps, other programs' ways to write a CSV."""

import re
import tracemalloc
import zipfile

import numpy as np
import pytest

from problems.datasets import CLASSES, REGRESSION, read_table, split
from problems.datasets.dates import days_of
from problems.datasets.text_encodings import encoding_of
from problems.errors import InputError, OutOfReach
from problems.ridgelet.data import load_residues
from tests.problems.datasets import table_of

GAPS = "height,color,kind\n1,red,a\n,red,b\n3,,a\n4,blue,b\n10,red,a\n2,blue,b\n6,red,a\n8,blue,b\n"


@pytest.fixture
def read(tmp_path):
    def from_content(content, target=None, missing="refuse", name="my.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_table(path, target, missing)

    return from_content


# Text, dates and constants


def test_text_is_coded_in_ascending_order_and_the_code_is_told(read):
    data = read("size,color,y\n1,red,a\n2,green,b\n3,blue,a\n4,red,b\n")
    assert data.codes == (("color", ("blue", "green", "red")),)
    assert data.x[:, 1].tolist() == [2, 1, 0, 2]
    assert data.told() == ["'color' is coded: blue = 0, green = 1, red = 2."]


def test_dates_are_days_and_constants_are_named(read):
    data = read("day,same,y\n1970-01-02,7,a\n1970-01-03 12:00,7,b\n1971-01-01T00:00:00Z,7,a\n1970-01-01,7,b\n")
    assert data.x[:, 0].tolist() == [1, 2.5, 365, 0]
    assert data.told() == ["Dates, in days since 1970-01-01: 'day'.", "The same in every row: 'same'."]


@pytest.mark.parametrize(
    ("words", "days"),
    [
        (["2.1.1970", "01.02.1970"], [1, 31]),
        (["1/2/1970", "13/2/1970"], [31, 43]),
        (["2/1/1970", "2/13/1970 6:00"], [31, 43.25]),
        (["1970-01-01 02:00+02:00"], [0]),
        (["1970-01-01 00:00:00.1234567"], [0.123456 / 86400]),
        (["1970-01-01 02:00:00.5+02", "1970-01-03 00:00+0130"], [0.5 / 86400, 2 - 1.5 / 24]),
        (["1/2/1970", "2/3/1970"], None),
        (["1970-02-30"], None),
        (["1970-01-01", "2.1.1970"], None),
        (["soon"], None),
    ],
)
def test_dates_as_they_are_written(words, days):
    assert days_of(words) == (days if days is None else pytest.approx(days, abs=1e-12))


def test_words_for_nothing_among_classes_are_named(read):
    """They may be a class as well as any other."""
    (note,) = read("a,y\n1,x\n2,z\n3,NULL\n4,NULL\n5,x\n7,z\n").notes
    assert note.startswith(
        "Of 'y' 'NULL' counts as a category; if that stands for what is missing, leave the cell empty"
    )


def test_names_of_rows_and_empty_columns_are_left_out_and_named(read):
    rows = "\n".join(f"c{i},,{i * i},{'ab'[i % 2]}" for i in range(12))
    data = read(f"customer,nothing,size,y\n{rows}\n")
    assert data.features == ("size",)
    assert data.notes == (
        "Left out: 'nothing' without a value.",
        "Left out: 'customer' with a text of its own in each row, or more than 64 of them.",
    )


def test_a_table_without_features_is_refused(read):
    rows = "\n".join(f"c{i},{'ab'[i % 2]}" for i in range(12))
    with pytest.raises(InputError, match=r"my\.csv has no feature to learn from: 'customer' with a text of its own"):
        read(f"customer,y\n{rows}\n")


def test_text_targets_are_classes_and_truth_values_too(read):
    assert read("a,y\n1,True\n2,False\n3,True\n4,False\n").classes == ("False", "True")
    assert read("a,y\n" + "\n".join(f"{i},{'abc'[i % 3]}" for i in range(9))).kind == CLASSES
    assert read("a,y\n" + "\n".join(f"{i},{i / 3}" for i in range(9))).kind == REGRESSION


# What is missing


def test_missing_values_are_imputed_by_the_training_part_alone(read):
    data = read(GAPS, missing="median")
    assert np.isnan(data.x).sum() == 2
    assert data.imputed == "median"
    for seed in range(4):
        train, test = split(data, seed)
        assert train.imputed is None
        # Which rows went where: every row but the second has a height of its own.
        known = {value: row for row, value in enumerate(data.x[:, 0].tolist()) if row != 1}
        held = [known.get(value, 1) for value in test.x[:, 0].tolist()]
        assert len(held) == 2
        for part in (train, test):
            assert not np.isnan(part.x).any()
        rows = [row for row in range(8) if row not in held]
        heights = [data.x[row, 0] for row in rows if row != 1]
        filled = [x for x in (*train.x.tolist(), *test.x.tolist()) if x[0] not in known]
        median = float(np.median(heights))
        assert [x[0] for x in filled] == ([median] if median not in known else [])
        colors = [data.x[row, 1] for row in rows if row != 2]
        (third,) = [x[1] for x in (*train.x.tolist(), *test.x.tolist()) if x[0] == 3]
        assert third == max(sorted(set(colors)), key=colors.count)


def test_rows_with_gaps_are_dropped_if_that_is_asked_for(read):
    data = read(GAPS, missing="drop")
    assert data.x.tolist() == [[1, 1], [4, 0], [10, 1], [2, 0], [6, 1], [8, 0]]
    assert data.notes == ("2 of 8 rows are left out, for they have missing values.",)
    assert len(read(GAPS.replace("10,red,a", "10,red,"), missing="drop")) == 5


def test_the_rule_is_part_of_the_identity_where_something_is_missing(read):
    assert read(GAPS, missing="median").source != read(GAPS, missing="drop").source
    complete = GAPS.replace("\n,red", "\n7,red").replace("3,,", "3,red,")
    assert read(complete, missing="median").source == read(complete).source


@pytest.mark.parametrize(
    ("content", "missing", "said"),
    [
        (
            GAPS,
            "refuse",
            "my.csv, row 3, column 'height': the value is missing (one of 2); fill it in, leave such rows",
        ),
        (
            GAPS.replace("4,blue,b", "4,blue,"),
            "median",
            "my.csv, row 5, column 'kind': the value is missing, and targets",
        ),
        (GAPS, "mean", "There is no rule for missing values 'mean'. Did you mean 'median'?"),
        ("a,y\n,1\n,2\n", "drop", "my.csv has no feature to learn from: 'a' without a value; give one that varies"),
        (
            "a,b,y\n1,,1\n,2,2\n",
            "drop",
            "my.csv: every row has a missing value; fill some in, or take --missing median",
        ),
    ],
)
def test_what_is_missing_is_refused_with_its_place(read, content, missing, said):
    with pytest.raises(InputError, match=re.escape(said)):
        read(content, missing=missing)


def test_marks_of_missing_numbers_are_categories_among_text_and_that_is_told(read):
    data = read("region,size,y\nNA,1,a\nEU,NA,b\nNA,3,a\nEU,4,b\n", missing="median")
    assert data.codes == (("region", ("EU", "NA")),)
    assert np.isnan(data.x[:, 1]).tolist() == [False, True, False, False]
    assert data.notes[0].startswith("Of 'region' 'NA' counts as a category; if that stands for what is missing, leave")


# However it was saved

GERMAN = "größe;art\n1,5;süß\n2,25;sauer\n-,125;süß\n4e1;sauer\n"


@pytest.mark.parametrize(
    "codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252"]
)
def test_encodings_are_told_apart(read, codec):
    data = read(GERMAN.replace("\n", "\r\n").encode(codec))
    assert (data.features, data.classes) == (("größe",), ("sauer", "süß"))
    assert data.x.ravel().tolist() == [1.5, 2.25, -0.125, 40]
    guessed = ["Byte 246 in row 1 is no UTF-8: the file is read as Windows-1252."] if codec[0] in "lc" else []
    assert list(data.notes) == [*guessed, "Decimals are written with commas."]


def test_bytes_that_are_no_text_are_found_across_the_parts_that_are_decoded(monkeypatch):
    monkeypatch.setattr("problems.datasets.text_encodings.PART", 3)
    text = "aé€\n" * 5
    assert encoding_of("my.csv", text.encode()).codec == "utf-8"
    for place in (1, 2, 4, 7, 9, 20):
        broken = text.encode()[:place] + b"\x81" + text.encode()[place:]
        try:
            broken.decode()
        except UnicodeDecodeError as error:
            with pytest.raises(InputError, match=rf"row {broken[: error.start].count(10) + 1}: byte"):
                encoding_of("my.csv", broken)


@pytest.mark.parametrize(
    ("content", "x"),
    [
        ("sep=;\na;y\n1;u\n2;v\n3;u\n4;v\n", [1, 2, 3, 4]),
        ("a|y\n1|u\n2|v\n3|u\n4|v\n", [1, 2, 3, 4]),
        ('"a"\t"y"\n"1,5"\t"u"\n"2,25"\t"v"\n"3"\t"u"\n"4"\t"v"\n', [1.5, 2.25, 3, 4]),
    ],
)
def test_other_programs_ways(read, content, x):
    data = read(content)
    assert data.x.ravel().tolist() == x
    assert data.classes == ("u", "v")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            "a;y\n1,500;1.5\n2,250;2.5\n",
            "column 'a': '1,500' may be a decimal or thousands; write decimals with a point",
        ),
        ("a;y\n1,5;1\n2,25;2\n3.5;1\n", "row 4, column 'a': '3.5' has a point, and others have decimal commas"),
        ("a,y\n1_0,1\n2,2\n3,1\n", "row 2, column 'a': '1_0' is no number; other rows have numbers there"),
        ("d,y\n1/2/2024,a\n2/2/2024,b\n", "row 2, column 'd': '1/2/2024' tells not whether day or month stand first"),
        ("d,y\n1.2.2024,a\n30.2.2024,b\n", "row 3, column 'd': '30.2.2024' is no day of the calendar"),
        ("d,y\n2024-01-01,a\nlater,b\n", "row 3, column 'd': 'later' is no date, and other rows have dates there"),
        ("d,y\n2024-01-01,a\n1.2.2024,b\n", "row 3, column 'd': '1.2.2024' is a date in another way than other rows"),
        ("a,y\n1,2024-01-01\n2,2024-01-02\n", "the target 'y' holds dates; make numbers or classes of them"),
        ("a,b,y\n1,2,3\n1,2\n", "row 3: 2 cells under 3 names"),
        (b"a," * 70_000 + b"y\n1,2\n", "row 1: 70,001 columns are more than 65,536; give fewer"),
        ('a,y\n"1,2\n' + "3,4\n" * 50_000, "after row 1: this is no CSV (field larger than field limit"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(read, content, said):
    with pytest.raises(InputError, match=re.escape(said)) as refused:
        read(content)
    assert "\n" not in str(refused.value)


def test_endless_lines_are_refused_before_they_are_taken_apart(read, monkeypatch):
    monkeypatch.setattr("problems.datasets.csv_table.MOST_LINE", 2**16)
    content = b"a,b\n" + b"1,2\n" * 10 + b"," * 2**22
    tracemalloc.start()
    with pytest.raises(InputError, match=r"my\.csv, row 12: the line has more than 0 MiB; give fewer columns"):
        read(content)
    assert tracemalloc.get_traced_memory()[1] < 2 * len(content)
    tracemalloc.stop()


def test_memory_is_predicted_before_it_is_used(read, monkeypatch):
    monkeypatch.setattr("problems.memory.psutil.virtual_memory", lambda: type("Memory", (), {"available": 1000}))
    with pytest.raises(OutOfReach, match=r"Reading my\.csv needs .* but 1000 bytes are available"):
        read("a,y\n1,2\n3,4\n")


def test_columns_without_a_type_in_the_first_rows_get_one_later(read, monkeypatch):
    monkeypatch.setattr("problems.datasets.csv_table.CHECKED", 2)
    data = read("a,b,y\n,1,u\n,2,v\n5,3,u\n6,4,v\n", missing="median")
    assert data.codes == ()
    assert np.isnan(data.x[:2, 0]).all()
    assert data.x[2:, 0].tolist() == [5, 6]


def test_too_many_words_are_refused(read, monkeypatch):
    monkeypatch.setattr("problems.datasets.limits.MOST_WORDS", 3)
    with pytest.raises(InputError, match=r"my\.csv: its columns of text have more than 3 different ones"):
        read("a,y\np,1\nq,2\nr,1\ns,2\n")


# Archives


def test_headers_of_arrays_that_promise_more_than_there_is_are_refused(tmp_path):
    path = tmp_path / "my.npz"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("x", "y"):
            with archive.open(f"{name}.npy", "w") as file:
                np.lib.format.write_array_header_1_0(
                    file, {"descr": "<f8", "fortran_order": False, "shape": (10**9, 10)}
                )
    with pytest.raises(InputError, match=r"my\.npz is no NPZ file, or a damaged one \(x has shape \(1000000000, 10\)"):
        read_table(path)


def test_archives_of_many_arrays_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("problems.datasets.npz_table.MOST_ENTRIES", 3)
    np.savez(tmp_path / "my.npz", **{f"a{i}": np.zeros(1) for i in range(4)})
    with pytest.raises(InputError, match=r"my\.npz has more than 3 arrays; keep x, y and features alone"):
        read_table(tmp_path / "my.npz")


def test_gaps_of_arrays_follow_the_same_rules(tmp_path):
    x = np.array([[1, 2], [np.nan, 3], [4, 5], [6, 7.0]])
    np.savez(tmp_path / "my.npz", x=x, y=np.array(["a", "b", "a", "b"]))
    with pytest.raises(InputError, match=r"my\.npz, sample 1, column 'x0': the value is missing; fill it in"):
        read_table(tmp_path / "my.npz")
    assert read_table(tmp_path / "my.npz", missing="median").imputed == "median"


# As residues


def test_categories_stay_as_coded_where_there_are_levels_enough(read):
    data = read(table_of(80))
    for prime, told in (
        (5, ", but 'color' as coded. 'color' is coded: blue = 0, green = 1, red = 2."),
        (2, " levels. 'c"),
    ):
        residues = load_residues(data, prime, 2)
        assert told in residues.description
        assert np.unique(residues.x_train[:, 1]).tolist() == list(range(min(prime, 3)))
