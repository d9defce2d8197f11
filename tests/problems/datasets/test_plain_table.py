"""Plain tables are read at once, and give what they give row by row; others are not taken for plain."""

import numpy as np
import pytest

from problems.datasets import csv_table
from problems.datasets.plain_table import read_plain
from problems.errors import InputError


def read(content, monkeypatch, plain, **options):
    """A table as a data set, or what is said of it; whether it was read at once."""
    taken = []

    def reading(*given):
        rows = read_plain(*given) if plain else None
        taken.append(rows is not None)
        return rows

    monkeypatch.setattr(csv_table, "read_plain", reading)
    try:
        return csv_table.read_csv("my.csv", content, None, **options), any(taken)
    except InputError as error:
        return str(error), any(taken)


def same(one, other):
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    arrays = all(np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True) for name in ("x", "y"))
    told = ("features", "target", "classes", "codes", "dates", "notes")
    return arrays and all(getattr(one, name) == getattr(other, name) for name in told)


BODY = "1,2.5,a,0\n-3e-2,4,b,1\n5,6,a,0\n7,.5,b,1\n"

PLAIN = {
    "plain": f"x,y z,kind,class\n{BODY}",
    "returns and line ends": f"x,y,kind,class\n{BODY}".replace("\n", "\r\n"),
    "no last line end": f"x,y,kind,class\n{BODY}"[:-1],
    "a quoted header": f'"x","y","kind","class"\n{BODY}',
    "blank lines before the header": f"\n \nx,y,kind,class\n{BODY}",
    "decimal commas": f"sep=;\nx;y;kind;class\n{BODY}".replace(",", ";").replace(".", ","),
    "gaps": "a,b,c,class\n,,,0\n1,,3,1\n,2,,0\n4,5,6,1\n4,5,,\n",
    "spaces": "a, b ,c\n 1, 2 , u \n3 ,4,v\n5, 6,u\n7,8,v\n",
    "tabs": f"x\ty\tkind\tclass\n{BODY}".replace(",", "\t"),
    "dates": "day,x,class\n2024-01-02,1,0\n2024-02-02,2,1\n2024-03-02,3,0\n2023-03-02,5,1\n",
    "large and not finite": "a,class\n1e400,0\n2,1\nnan,0\n4,1\n",
}

ODD = {
    "a blank line": "a,b,class\n1,2,0\n\n3,4,1\n5,6,0\n7,9,1\n",
    "a quoted cell": 'a,b,class\n"1",2,0\n3,4,1\n5,6,0\n7,9,1\n',
    "a name with a line break": '"a\nb",c,class\n1,2,0\n3,4,1\n5,6,0\n7,9,1\n',
    "a longer row": "a,b,class\n1,2,0\n3,4,1,9\n5,6,0\n",
    "a shorter row": "a,b,class\n1,2,0\n3,4\n5,6,0\n",
    "rows longer than the header": "a,b\n1,2,0\n3,4,1\n",
    "a word among numbers": "a,b,class\n1,2,0\n3,much,1\n5,6,0\n",
    "what is missing, in words": "a,b,class\n1,2,0\n3,NA,1\n5,6,0\n5,7,1\n",
    "a number as Python writes it": "a,b,class\n1,2,0\n1_000,4,1\n5,6,0\n6,7,1\n",
    "a return alone": "a,b,class\r1,2,0\r3,4,1\r5,6,0\r6,7,1\r",
    "no ASCII": "a,b,class\n1,ä,0\n3,b,1\n5,ä,0\n7,b,1\n",
    "points and commas": "a;b;class\n1,5;2;0\n3.5;4;1\n5,1;6;0\n1,1;7;1\n",
}


@pytest.mark.parametrize("name", [*PLAIN, *ODD])
@pytest.mark.parametrize("options", [{}, {"missing": "median"}, {"without": ["class"]}], ids=["", "median", "without"])
def test_a_table_read_at_once_is_what_it_is_row_by_row(name, options, monkeypatch):
    content = (PLAIN | ODD)[name].encode()
    at_once, taken = read(content, monkeypatch, True, **options)
    row_by_row, _ = read(content, monkeypatch, False, **options)
    assert same(at_once, row_by_row), (at_once, row_by_row)
    assert taken == (name in PLAIN) or isinstance(at_once, str)


def test_any_table_of_numbers_words_and_gaps_is_the_same_both_ways(monkeypatch):
    rng = np.random.default_rng(0)
    cells = ["1", "-2.5", "3e-7", "", "4.25", "10", "0.1"]
    for seed in range(60):
        width, delimiter = int(rng.integers(2, 6)), ",;\t|"[seed % 4]
        rows = [[cells[i] for i in rng.integers(len(cells), size=width)] for _ in range(12)]
        for row, word in zip(rows, "uvuvuvuvuvuv", strict=True):
            row[seed % width] = word
        names = [f"c{i}" for i in range(width)]
        content = "\n".join(delimiter.join(row) for row in [names, *rows]).encode()
        at_once, taken = read(content, monkeypatch, True, missing="median")
        assert same(at_once, read(content, monkeypatch, False, missing="median")[0])
        assert taken
