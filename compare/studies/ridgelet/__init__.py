"""The ridgelet study: `study` runs it; `tables`, `findings`, `plots` and `page` make its report."""

from compare.studies.ridgelet.page import report
from compare.studies.ridgelet.study import Results, Settings, load_results, plan, run

__all__ = ["Results", "Settings", "load_results", "plan", "report", "run"]
