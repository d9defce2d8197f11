"""Rows that stay where they are: files, and whatever has a shape and gives slices of rows, read one range at a time.

`npy` reads NPY files, `slices` whatever else has a shape and row slices, and `several` joins such things end to end.
None of them knows what the rows mean; `opening` is the door.
"""

from problems.rows.opening import as_rows
from problems.rows.source import RowSource

__all__ = ["RowSource", "as_rows"]
