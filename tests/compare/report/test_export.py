import csv
import io
from decimal import Decimal

from compare.report import Cell, Report, Section, Table
from compare.report.cells import count, estimate, power
from compare.report.export import csv_text, plain_table, write_tables
from compare.statistics import Estimate


def read(text):
    return list(csv.reader(io.StringIO(text)))


def test_numbers_are_numbers_and_what_says_more_stands_beside_them():
    found = Estimate(0.5, 0.6, 0.75, 9)
    rows = [["a", count(1234), estimate(found), power(400)], ["b", "-", "-", Cell("-")]]
    assert read(csv_text(Table("T", ["name", "count", "risk", "size"], rows))) == [
        ["name", "count", "risk", "risk (text)", "size"],
        ["a", "1234", "0.6", "0.600 [0.500, 0.750]", str(power(400).value)],
        ["b", "", "", "-", ""],
    ]
    assert isinstance(power(400).value, Decimal)


def test_text_is_never_a_formula():
    rows = [['=1+1"', "-"], ["-0.5", "@a\nb"], ["+x", "1,000"]]
    assert read(csv_text(Table("T", ["=a", "b"], rows))) == [
        ["'=a", "b"],
        ["'=1+1\"", "-"],
        ["-0.5", "'@a\nb"],
        ["'+x", "1,000"],
    ]


def test_every_table_has_a_file_folded_ones_too_and_titles_may_repeat(tmp_path):
    tables = [Table("Risk, over N", ["n"], [["é"]]), Table("Risk over N", ["n"], [["2"]], folded=True)]
    report = Report("R", [], [Section("S", tables=tables)])
    paths = write_tables([report], tmp_path)
    assert [path.name for path in paths] == ["risk-over-n.csv", "risk-over-n-2.csv"]
    assert paths[0].read_bytes() == "\ufeffn\né\n".encode()
    assert write_tables([report], tmp_path) == paths  # written anew, not beside
    names = [path.name for path in write_tables([report, report], tmp_path)]
    assert names[:2] == [
        "1-risk-over-n.csv",
        "1-risk-over-n-2.csv",
    ]
    assert plain_table(tables[0]) == {"title": "Risk, over N", "note": "", "rows": [{"n": "é"}]}
