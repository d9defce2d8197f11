"""Rows that stay where they are: files, and whatever has a shape and gives slices of rows, read one range at a time.

`npy` reads NPY files, `slices` whatever else has a shape and row slices, `several` joins such things end to end, and
`some` keeps some of their rows.
None of them knows what the rows mean; `opening` is the door.
"""

from problems.rows.opening import as_rows
from problems.rows.some import SomeRows, row_number
from problems.rows.source import RowSource

__all__ = ["RowSource", "SomeRows", "as_rows", "row_number"]
