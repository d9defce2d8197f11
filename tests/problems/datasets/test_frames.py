"""Data frames by what they can do, whoever made them; and Parquet files, which are read as one."""

import datetime
import decimal
import io
import re
import sys

import numpy as np
import pytest

from problems.datasets import Dataset, is_frame, load_dataset, read_frame, read_table
from problems.datasets.frames import digest
from problems.errors import InputError, OutOfReach
from problems.ridgelet.data import load_residues

DAYS = np.array(["2024-01-01", "2024-01-02", "2024-01-04", "2024-01-03"] * 5, dtype="datetime64[D]")
COLUMNS = {
    "size": np.arange(20) / 7,
    "color": np.array(["red", "green", "red", "blue"] * 5, dtype=object),
    "day": DAYS,
    "on": np.array([True, False] * 10),
    "kind": np.array(["a", "b"] * 10, dtype=object),
}


class Series:
    def __init__(self, values):
        self.values = values

    def to_numpy(self):
        return self.values


class Frame:
    """As pandas and polars have it: `columns` are names, and a name gives a column."""

    def __init__(self, columns):
        self.columns, self.held = list(columns), columns

    def __getitem__(self, name):
        return Series(self.held[name])

    def __len__(self):
        return len(next(iter(self.held.values()), ()))


class Chunked:
    """As Arrow has it: no array of what has gaps."""

    def __init__(self, values):
        self.values = values

    def to_numpy(self):
        raise NotImplementedError("it has gaps")

    def to_pylist(self):
        return list(self.values)


class ArrowTable:
    def __init__(self, columns):
        self.column_names, self.held = list(columns), columns
        self.columns = [Chunked(values) for values in columns.values()]
        self.num_rows = len(next(iter(columns.values())))

    def __getitem__(self, name):
        return Chunked(self.held[name])


def test_a_frame_goes_where_a_name_goes():
    data = load_dataset(Frame(COLUMNS))
    assert repr(data) == "Dataset('frame': 20 samples, 4 features, kind: 2 classes)"
    assert (data.codes, data.dates) == ((("color", ("blue", "green", "red")), ("on", ("False", "True"))), ("day",))
    assert data.x[:3, 2].tolist() == [19723, 19724, 19726]
    assert re.fullmatch("file:[0-9a-f]{16}", data.source)
    assert load_residues(Frame(COLUMNS), 3, 2, target="kind").dimension == 2


def test_the_same_content_is_the_same_data_set_whatever_holds_it():
    held = COLUMNS | {"day": [datetime.date.fromisoformat(str(day)) for day in DAYS], "on": COLUMNS["on"].tolist()}
    one, other = read_frame(Frame(COLUMNS)), read_frame(ArrowTable(held))
    assert one.source == other.source == digest(one).source
    np.testing.assert_array_equal(one.x, other.x)
    changed = COLUMNS | {"size": COLUMNS["size"] + 1}
    assert read_frame(Frame(changed)).source != one.source
    assert read_frame(Frame(COLUMNS), "on").source != one.source


def test_gaps_whatever_stands_for_them():
    nothing = type("NAType", (), {"__bool__": lambda self: 1 / 0})()
    held = {
        "a": [None, 1, float("nan"), 4],
        "b": [decimal.Decimal("1.5"), nothing, 3, 4],
        "c": ["u", "", None, "v"],
        "y": [0.5, 1.5, 2.5, 3.5],
    }
    frame = Frame({name: np.array(values, dtype=object) for name, values in held.items()})
    data = read_frame(frame, missing="median")
    assert np.isnan(data.x).T.tolist() == [
        [True, False, True, False],
        [False, True, False, False],
        [False, True, True, False],
    ]
    with pytest.raises(InputError, match=r"frame, row 0 \(from 0\), column 'a': the value is missing \(one of 5\)"):
        read_frame(frame)


def _zoned(hour, offset):
    return datetime.datetime(2024, 1, 1, hour, tzinfo=datetime.timezone(datetime.timedelta(hours=offset)))


def test_dates_with_a_zone_are_told_in_universal_time():
    days = np.array([_zoned(12, 0), _zoned(12, 2), _zoned(0, 0), _zoned(0, -6)], dtype=object)
    data = read_frame(Frame({"day": days, "y": np.arange(4) / 3}))
    assert (data.x.ravel() - 19723).tolist() == pytest.approx([12 / 24, 10 / 24, 0, 6 / 24], abs=1e-9)


Y = np.array(["a", "b"])


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (
            {"a": np.array([1, "x"], dtype=object), "y": Y},
            "row 1 (from 0), column 'a': 'x' is no number, as other rows",
        ),
        (
            {"a": np.array([[1], 2], dtype=object), "y": Y},
            "row 0 (from 0), column 'a': [1] is neither number, text nor",
        ),
        ({"a": np.array([1j, 2]), "y": Y}, "column 'a': values of type complex128 are no features; make real numbers"),
        (
            {"a": np.array([1, 2], "m8[s]"), "y": Y},
            "column 'a': values of type timedelta64[s] are no features; make sec",
        ),
        ({"a": np.zeros((2, 2)), "y": Y}, "column 'a': its values have shape (2, 2); give one value a row"),
        ({"": np.arange(2), "y": Y}, "frame: column 1 has no name"),
        ({1: np.arange(2), "1": Y}, "frame: columns 1 and 2 are both called '1'; rename one"),
        ({}, "frame is empty: 0 rows of 0 columns; give some"),
        ({"y": Y}, "frame has 1 column; give a feature and a target at least"),
    ],
)
def test_a_frame_that_cannot_be_a_data_set_is_refused(columns, said):
    with pytest.raises(InputError, match=re.escape(said)):
        read_frame(Frame(columns))


def test_a_plan_is_refused_with_the_call_that_computes_it():
    plan = type("LazyFrame", (), {"collect": lambda self: None})()
    assert is_frame(plan)
    with pytest.raises(InputError, match=r"frame is a LazyFrame, and not computed yet; give its \.collect\(\)"):
        load_dataset(plan)


def test_what_is_no_frame_is_none():
    for one in ("digits", np.ones((2, 2)), 3, None, [1, 2], Dataset, {"a": 1}):
        assert not is_frame(one)
    with pytest.raises(InputError, match="frame of type int is no data frame"):
        read_frame(3)


def test_a_target_is_refused_for_a_data_set_that_has_another():
    data = read_frame(Frame(COLUMNS))
    assert load_dataset(data, "kind") is data
    with pytest.raises(InputError, match=r"target = 'on': the data set 'frame' has a target of its own, kind"):
        load_dataset(data, "on")


# Parquet


def parquet(columns):
    core, files = pytest.importorskip("arro3.core"), pytest.importorskip("arro3.io")
    types = {int: core.DataType.int64(), float: core.DataType.float64(), bool: core.DataType.bool()}
    types |= {str: core.DataType.string(), bytes: core.DataType.binary()}
    arrays = {}
    for name, values in columns.items():
        kind = type(next(one for one in values if one is not None))
        if kind is datetime.date:
            days = core.Array([(one - datetime.date(1970, 1, 1)).days for one in values], core.DataType.int32())
            arrays[name] = days.cast(core.DataType.date32())
        else:
            arrays[name] = core.Array(values, types[kind])
    file = io.BytesIO()
    files.write_parquet(core.Table.from_pydict(arrays), file)
    return file.getvalue()


def test_parquet_is_read_as_the_frame_it_holds(tmp_path):
    held = {name: values.tolist() for name, values in COLUMNS.items()}
    path = tmp_path / "my.parquet"
    path.write_bytes(parquet(held))
    data, frame = read_table(path), read_frame(Frame(COLUMNS))
    np.testing.assert_array_equal(data.x, frame.x)
    np.testing.assert_array_equal(data.y, frame.y)
    assert (data.codes, data.dates, data.features) == (frame.codes, frame.dates, frame.features)


def test_gaps_of_parquet_are_found(tmp_path):
    path = tmp_path / "my.parquet"
    path.write_bytes(parquet({"a": [1, None, 3, 4], "b": ["u", "v", None, "u"], "y": [0.5, 1.5, 2.5, 3.5]}))
    with pytest.raises(InputError, match=r"my\.parquet, row 1 \(from 0\), column 'a': the value is missing"):
        read_table(path)
    assert np.isnan(read_table(path, missing="median").x).sum() == 2


def test_parquet_that_cannot_be_read_is_refused_in_a_line(tmp_path, capfd):
    whole = parquet({"a": [1, 2, 3, 4], "y": [0.5, 1.5, 2.5, 3.5]})
    path = tmp_path / "my.parquet"
    for broken, said in (
        (whole[:-4], "no Parquet file, or a part of one"),
        (whole[:-8] + b"\xff\xff\xff\x7fPAR1", "no Parquet file, or a part of one"),
        (b"PAR1" + b"\xff" * 92 + (88).to_bytes(4, "little") + b"PAR1", "a damaged Parquet file"),
        (parquet({"a": [b"1", b"2"], "y": [1, 2]}), "column 'a': values of type"),
    ):
        path.write_bytes(broken)
        with pytest.raises(InputError, match=said) as refused:
            read_table(path)
        assert "\n" not in str(refused.value)
    assert capfd.readouterr().err == ""


def test_parquet_without_its_extra_says_how_to_install_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "arro3.io", None)
    monkeypatch.setitem(sys.modules, "arro3.core", None)
    path = tmp_path / "my.parquet"
    path.write_bytes(b"PAR1" + bytes(8) + (8).to_bytes(4, "little") + b"PAR1")
    with pytest.raises(OutOfReach, match=r"pip install 'quantum-tickets\[parquet\]', or save the table as CSV"):
        read_table(path)
    stream = type("Stream", (), {"__arrow_c_stream__": lambda self: None})()
    with pytest.raises(OutOfReach, match=r"A stream of Arrow is read by arro3"):
        load_dataset(stream)
