from compare.report import Cell, Table
from compare.report.breaking import BETWEEN, WIDEST, broken, is_long


def test_a_table_that_fits_stays_whole():
    table = Table("Small", ["a", "b"], [["1", "2"]], "A note.", records=[["x"]])
    assert broken(table) == [table]


def test_a_wide_table_is_broken_into_parts_that_fit_and_keeps_every_cell():
    columns = ["name", *(f"number {i}" for i in range(20))]
    rows = [[f"row {i}", *("0.123 [0.1, 0.2]" for _ in range(20))] for i in range(3)]
    parts = broken(Table("Wide", columns, rows, "A note.", records=[["x"]] * 3))
    assert len(parts) == 4
    for part in parts:
        assert part.columns[0] == "name"
        assert [row[0] for row in part.rows] == ["row 0", "row 1", "row 2"]
        assert sum(max(map(len, map(str, column))) + BETWEEN for column in zip(*part.rows, strict=True)) <= WIDEST
    assert [column for part in parts for column in part.columns[1:]] == columns[1:]
    assert [part.note for part in parts] == ["", "", "", "A note."]
    assert [bool(part.records) for part in parts] == [True, False, False, False]


def test_all_columns_that_name_the_rows_are_repeated():
    rows = [[str(i), str(j), *["0.123 [0.1, 0.2]"] * 9] for i in range(2) for j in range(2)]
    parts = broken(Table("Wide", ["D", "K", *map(str, range(9))], rows))
    assert all(part.columns[:2] == ["D", "K"] for part in parts)


def test_parts_are_about_as_wide_as_one_another():
    columns = ["name", *(f"number {i}" for i in range(6))]
    parts = broken(Table("Wide", columns, [["a row", *["0.123 [0.1, 0.2]"] * 6]]))
    assert [len(part.columns) - 1 for part in parts] == [3, 3]


def test_columns_of_many_words_take_little_room_and_are_broken_as_others():
    columns = [str(i) for i in range(9)]
    parts = broken(Table("Words", columns, [["a name", *["several words of a cell " * 3] * 8]]))
    assert [list(part.columns) for part in parts] == [["0", *columns[1:5]], ["0", *columns[5:]]]


def test_a_long_cell_is_broken_into_lines_even_if_it_is_sorted_as_a_number():
    assert is_long(Cell("1.9e5 times as small (1 to 5.4e-6); 2.0e5 times as large", 1.9e5))
    assert not is_long(Cell("1.9e5 [61,645, 3.5e5] times as slow", 1.9e5))
