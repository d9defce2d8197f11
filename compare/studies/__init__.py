"""One room a study: which problems, which methods, which statistics; the same name stands in every column.

A new study is one package here and one line in `STUDIES`.
"""

from typing import Any, Protocol

from compare.records import RunFolder
from compare.report import Report
from compare.studies import ridgelet

__all__ = ["STUDIES", "Study"]


class Study(Protocol):
    """What the command line needs of a study, to write a finished run's report again."""

    def load_results(self, folder: RunFolder) -> Any:
        """Read the results of a finished run."""
        ...

    def report(self, results: Any) -> Report:
        """Return the report of the results."""
        ...


STUDIES: dict[str, Study] = {"ridgelet": ridgelet}
"""Studies by the kind that their runs' records bear."""
