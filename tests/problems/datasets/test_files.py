import io
import json
import re
from pathlib import Path

import numpy as np
import pytest

from problems.datasets import CLASSES, REGRESSION, TWO_CLASSES, load_dataset, read_table
from problems.datasets.files import from_arrays, identity, to_arrays
from problems.errors import InputError
from problems.names import is_file, is_path

CSV = "height,weight,species\n1.5,2,cat\n2.5,3,dog\n0.5,1,cat\n3.5,9,dog\n"


@pytest.fixture
def write(tmp_path):
    def to_file(content, name="my.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return to_file


def npz(**arrays):
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def test_a_table_has_names_and_text_labels_are_classes(write):
    data = read_table(write(CSV))
    assert data.x.tolist() == [[1.5, 2], [2.5, 3], [0.5, 1], [3.5, 9]]
    assert data.features == ("height", "weight")
    assert (data.name, data.target, data.kind, data.classes) == ("my.csv", "species", TWO_CLASSES, ("cat", "dog"))
    assert data.y.tolist() == [0, 1, 0, 1]
    assert data.description == "Rows of my.csv (target: the last column 'species')"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_however_it_was_saved(write, delimiter, ending, mark):
    text = mark + CSV.replace(",", delimiter).replace("\n", ending) + ending
    data, plain = read_table(write(text, "my.TSV")), read_table(write(CSV))
    np.testing.assert_array_equal(data.x, plain.x)
    assert (data.features, data.classes) == (plain.features, plain.classes)


def test_quoted_cells_may_hold_what_else_separates(write):
    data = read_table(write('"a;b","c\nd",e\n1,2,"x, y"\n\n3,4,z\n5,6,z\n7,8,"x, y"\n'))
    assert (data.features, data.classes) == (("a;b", "c\nd"), ("x, y", "z"))


@pytest.mark.parametrize(
    ("header", "asked", "target", "said"),
    [
        ("a,b,c", None, "c", " (target: the last column 'c')"),
        ("a,Label,c", None, "Label", " (target: column 'Label')"),
        ("y,target,c", None, "target", " (target: column 'target')"),
        ("y,target,c", "y", "y", ""),
    ],
)
def test_which_column_is_the_target(write, header, asked, target, said):
    data = read_table(write(f"{header}\n1,2,3\n4,5.5,6.5\n7.5,8,9\n"), asked)
    assert (data.target, data.description) == (target, f"Rows of my.csv{said}")
    assert data.features == tuple(name for name in header.split(",") if name != target)


def test_numbers_are_classes_if_they_are_few_and_whole(write):
    lines = [f"{i / 7},{i % 3},{i * 1.5}" for i in range(12)]
    path = write("a,few,many\n" + "\n".join(lines))
    assert (read_table(path, "few").kind, read_table(path, "few").classes) == (CLASSES, ("0", "1", "2"))
    assert (read_table(path, "many").kind, read_table(path, "many").y[1]) == (REGRESSION, 1.5)


def test_npz_files_hold_arrays_by_name(write):
    x, y, price = np.arange(8).reshape(4, 2), np.array(["a", "b", "b", "a"]), np.array([1.5, 2.5, 3, 4])
    data = read_table(write(npz(x=x, y=y, price=price, features=np.array(["left", "right"])), "my.npz"))
    assert (data.features, data.target, data.classes) == (("left", "right"), "y", ("a", "b"))
    np.testing.assert_array_equal(data.x, x)
    other = read_table(write(npz(x=x, y=y, price=price), "my.npz"), "price")
    assert (other.features, other.target, other.y.tolist()) == (("x0", "x1"), "price", price.tolist())


REFUSED = {
    "missing cell": (
        CSV.replace("2.5,3", "2.5,"),
        "my.csv, row 3, column 'weight': the value is missing; fill it in, ",
    ),
    "no number": (CSV.replace("2.5,3", "tall,3"), "my.csv, row 3, column 'height': 'tall' is no number; other rows h"),
    "marked as missing": (CSV.replace("2.5,3", "N/A,3"), "my.csv, row 3, column 'height': the value is missing; fill"),
    "decimal comma": (
        CSV.replace(",", ";").replace("2.5", "2,5"),
        "my.csv, row 3, column 'height': '2,5' is no number; write decimals with a point",
    ),
    "blank line": (CSV.replace("0.5,1", "\n0.5,x"), "my.csv, row 5, column 'weight': 'x' is no number"),
    "not finite": (CSV.replace("0.5", "-inf"), "my.csv, row 4, column 'height': -inf is not finite; fill in a number"),
    "too large": (CSV.replace("0.5", "1e999"), "my.csv, row 4, column 'height': inf is not finite"),
    "short row": (CSV.replace("0.5,1,cat", "0.5,1"), "my.csv, row 4: 2 cells under 3 names; give one a column"),
    "long row": (CSV.replace("0.5,1,cat", "0.5,1,cat,"), "my.csv, row 4: 4 cells under 3 names"),
    "no label": (CSV.replace("1,cat", "1,"), "my.csv, row 4, column 'species': the value is missing"),
    "label and numbers": (
        "a,b\n1,1.5\n2,much\n3,2.5\n",
        "my.csv, row 3, column 'b': 'much' is no number; other rows have numbers there: drop the row, or the column",
    ),
    "no header": ("1,2\n3,4\n5,6\n", "my.csv has no header: its first row holds the number 1, as the second does; put"),
    "no header, text": (CSV.split("\n", 1)[1], "my.csv has no header: its first row holds the number 1.5"),
    "doubled name": ("a,b,a\n1,2,3\n", "my.csv: columns 1 and 3 are both called 'a'; rename one"),
    "no name": (",a,b\n0,2,3\n", "my.csv: column 1 has no name; give it one, or save the table without it (of pandas"),
    "a title": ("Report\n\na,b\n1,2\n", "my.csv begins with 'Report', and row 3 has 2 cells; take away what stands"),
    "percent": (
        "a,b\n3%,1\n4%,2\n3%,5\n",
        "my.csv, row 2, column 'a': '3%' is a number with signs; write digits alone",
    ),
    "money": (
        "a,b\n1,$3\n2,$4.50\n3,$3\n",
        "my.csv, row 2, column 'b': '$3' is a number with signs; write digits alone",
    ),
    "thousands": ('a,b\n"1,234",1\n"5,600",2\n', "my.csv, row 2, column 'a': '1,234' is a number with signs"),
    "months": (
        "a,b\n3 May 2024,1\n4 May 2024,2\n",
        "my.csv, row 2, column 'a': '3 May 2024' is a date in a way that is",
    ),
    "year first": (
        "a,b\n2024/01/02,1\n2024/01/03,2\n",
        "my.csv, row 2, column 'a': '2024/01/02' is a date in a way that",
    ),
    "a zone by name": (
        "a,b\n2024-01-02 9:00 UTC,1\n2024-01-03 9:00 UTC,2\n",
        "'2024-01-02 9:00 UTC' is a date in a way",
    ),
    "names of rows": (
        '"a","b"\n"1",2,3\n"2",3,4\n',
        "my.csv, row 2: 3 cells under 2 names; give one a column; if the first names the row, as R writes it, give its",
    ),
    "short years": ("a,b\n01.02.24,1\n02.02.24,2\n", "my.csv, row 2, column 'a': '01.02.24' is a date in a way that"),
    "one column": ("a b\n1 2\n", "my.csv has one column, 'a b'; give a feature and a target at least, separated by"),
    "empty": ("", "my.csv is empty; give a header with the names of the columns, then rows of numbers"),
    "blank": ("\n\n", "my.csv is empty"),
    "header alone": ("a,b\n", "my.csv has one row only; give a header"),
    "constant": ("a,b\n1,2\n2,2\n", "my.csv: the target 'b' is 2.0 in every sample, and there is nothing to learn"),
    "lonely class": (
        CSV + "1,1,cow\n",
        "my.csv, row 6: this is the only sample of the class 'cow' of 'species', w",
    ),
    "no encoding": (
        CSV.encode().replace(b"3.5,9,dog", b"3,9,d\x81g"),
        "my.csv, row 5: byte 129 is no text in UTF-8, n",
    ),
    "half a character": (CSV.encode("utf-16")[:-1], "my.csv, row 5: byte 10 is no text in UTF-16"),
    "binary": (CSV.encode().replace(b"0.5", b"\0\0\1"), "my.csv, row 4: there is a zero byte, so this is no text"),
    "open quotation": (
        CSV.replace("0.5", '"0.5'),
        "my.csv, after row 3: this is no CSV (unexpected end of data); look",
    ),
    "workbook": (b"PK\x03\x04" + CSV.encode(), "my.csv is no text but a workbook, an archive or a database; save"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_table_that_cannot_be_a_data_set_is_refused(write, case):
    content, message = REFUSED[case]
    with pytest.raises(InputError, match=re.escape(message)) as refused:
        read_table(write(content))
    assert "\n" not in str(refused.value)


X, Y = np.arange(8.0).reshape(4, 2), np.array([1.5, 2, 3, 4])

REFUSED_NPZ = {
    "no x": ({"a": X, "y": Y}, "There is no array in my.npz called 'x'. There are: a, y"),
    "no y": ({"x": X, "z": Y}, "There is no array in my.npz called 'y'. There are: x, z"),
    "pickled": (
        {"x": X, "y": np.array([1, None], dtype=object)},
        "my.npz: y holds pickled objects, which are never re",
    ),
    "images": ({"x": np.ones((4, 2, 2)), "y": Y}, "my.npz: the features have shape (4, 2, 2); give (n, d)"),
    "number": ({"x": np.array(1.0), "y": Y}, "my.npz: the features have shape (); give (n, d)"),
    "lengths": ({"x": X, "y": Y[:3]}, "my.npz: the target has shape (3,); give (4,), one a sample"),
    "complex": ({"x": X, "y": Y * 1j}, "my.npz: the target 'y' holds neither numbers nor text alone"),
    "nan": ({"x": X, "y": np.array([1.5, np.nan, 3, 4])}, "my.npz, sample 1, column 'y': the value is missing"),
    "names": ({"x": X, "y": Y, "features": np.array(["a"])}, "my.npz: 2 features and the target 'y' have 2 different"),
    "too large": ({"x": np.zeros((2**12, 2**12)), "y": np.zeros(2**12)}, "my.npz: x has more than 64 MiB; give fewer"),
}


@pytest.mark.parametrize("case", REFUSED_NPZ)
def test_arrays_that_cannot_be_a_data_set_are_refused(write, case):
    arrays, message = REFUSED_NPZ[case]
    with pytest.raises(InputError, match=re.escape(message)):
        read_table(write(npz(**arrays), "my.npz"))


def test_damaged_files_are_refused(write):
    content = npz(x=X, y=Y)
    for broken in (
        b"",
        b"a,b\n1,2\n",
        content[:-30],
        content.replace(b"NUMPY", b"NUMPX"),
        content.replace(b"<f8", b"<f9"),
    ):
        with pytest.raises(InputError, match=r"^my\.npz is no NPZ file, or a damaged one \("):
            read_table(write(broken, "my.npz"))


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("none.csv", "There is no file 'none.csv'; give the path of a table"),
        ("data/my.xlsx", "data/my.xlsx is no table that can be read; save it as one of .csv, .tsv, .npz, .parquet"),
        ("folder.csv", "folder.csv cannot be read (Is a directory); give the path of a table"),
    ],
)
def test_what_is_no_file_is_refused(path, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("folder.csv").mkdir()
    with pytest.raises(InputError, match=re.escape(message)):
        load_dataset(path)


def test_an_unknown_target_is_refused_with_the_nearest_column(write):
    with pytest.raises(InputError, match=r"There is no target column 'wieght'. Did you mean 'weight'"):
        load_dataset(write(CSV), "wieght")


def test_too_many_numbers_are_refused_before_memory_is_full(write, monkeypatch):
    monkeypatch.setattr("problems.datasets.limits.MOST_NUMBERS", 9)
    monkeypatch.setattr("problems.datasets.csv_table.CHECKED", 2)
    message = "my.csv: 4 rows of 3 columns are more than the 9 numbers that a table may have; give fewer rows"
    with pytest.raises(InputError, match=re.escape(message)):
        read_table(write(CSV + "never,read\n"))


def test_a_large_file_is_refused_unread(write, monkeypatch):
    monkeypatch.setattr("problems.datasets.files.MOST_BYTES", 10)
    with pytest.raises(InputError, match=r"my.csv has more than 0 MiB; give fewer rows or columns"):
        read_table(write(CSV))


def test_names_and_paths_are_told_apart(write):
    assert [is_path(one) for one in ("digits", "my.csv", "a/b", Path("b"), 3)] == [False, True, True, True, False]
    assert [is_path(one) for one in ("my.parquet", "my.XLSX", "v1.5")] == [True, True, False]
    assert is_file(identity(write(CSV)))
    assert not is_path(identity(write(CSV)))
    assert not is_file("digits")


def test_content_and_target_are_the_identity_and_the_path_is_a_label(write):
    here, there = write(CSV), write(CSV, "other.csv")
    assert re.fullmatch("file:[0-9a-f]{16}", identity(here))
    assert identity(here) == identity(there) == identity(there, "species") == read_table(here).source
    assert identity(write(CSV.replace("3.5", "3.6"))) != identity(there)
    numbers = write("a,b\n1,1.5\n2.5,3\n")
    assert identity(numbers, "a") != identity(numbers, "b")


@pytest.mark.parametrize("content", [CSV, "a,b\n1,1.5\n2.5,3\n"])
def test_a_table_travels_as_arrays_and_plain_values(write, content):
    data = read_table(write(content))
    values = to_arrays(data)
    arrays = {name: values.pop(name) for name in ("x", "y")}
    back = from_arrays(json.loads(json.dumps(values)) | arrays)
    assert repr(back) == repr(data)
    np.testing.assert_array_equal(back.x, data.x)
    np.testing.assert_array_equal(back.y, data.y)
    assert {name: getattr(back, name) for name in values} == {name: getattr(data, name) for name in values}


def test_columns_without_a_name_that_say_nothing_are_left_out_and_named(write):
    rows = [row.split(",") for row in CSV.splitlines()]
    numbered = "\n".join(",".join(["" if not at else str(at), *row, ""]) for at, row in enumerate(rows))
    table = read_table(write(numbered))
    assert table.features == ("height", "weight")
    assert table.notes == ("Left out, without a name and empty or a number of the row: column 1, column 5.",)
    np.testing.assert_array_equal(table.x, read_table(write(CSV)).x)


def test_columns_are_left_out_when_asked_before_they_are_looked_at(write):
    odd = CSV.replace("2.5,3", "tall,3")
    table = read_table(write(odd), without=["height"])
    assert (table.features, table.notes) == (("weight",), ("Left out, as asked: 'height'.",))
    assert table.source != read_table(write(CSV), without=["height"]).source
    assert read_table(write(CSV), without=["height"]).source != read_table(write(CSV)).source
    twice = CSV + CSV.partition("\n")[2]
    assert read_table(write(twice), without=["species"]).target == "weight"  # then the last
    for without, target, message in (
        (["higth"], None, "There is no column in my.csv called 'higth'. Did you mean 'height'"),
        (["species"], "species", "my.csv: the target 'species' is to be left out too"),
        (["height", "weight"], None, "my.csv has 1 column; give a feature and a target at least."),
    ):
        with pytest.raises(InputError, match=re.escape(message)):
            read_table(write(CSV), target, without=without)


def test_columns_that_number_the_rows_and_words_that_differ_by_capitals_are_told(write):
    rows = [f"{1000 + 3 * i},{i % 3},{'yes' if i % 2 else 'Yes' if i % 3 else 'no'},{i}" for i in range(30)]
    table = read_table(write("\n".join(["customer_id,x,ok,n", *rows])), target="ok")
    assert table.notes == (
        "'customer_id', 'n' seem to number the rows: leave out what says nothing of them (--without customer_id,n).",
        "Of 'ok' 'Yes' and 'yes' differ by capitals alone, and are two.",
    )
    assert "The target 'n' seems to number the rows" in read_table(write("\n".join(["id,x,ok,n", *rows]))).notes[1]


def test_a_databases_mark_of_nothing_is_a_gap(write):
    twice = CSV + CSV.partition("\n")[2]
    table = read_table(write(twice.replace("2.5,3", "\\N,3", 1)), missing="drop")
    assert len(table) == len(read_table(write(twice))) - 1
