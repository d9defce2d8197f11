"""Reports: what they hold, and the one self-contained page that shows it.

`content` is what studies make; `figures` draws its pictures, `ranks` sorts its tables and `page` writes it all down.
"""

from compare.report.content import Picture, Report, Section
from compare.report.page import PAGE, write_report, write_reports
from compare.tables import Table

__all__ = ["PAGE", "Picture", "Report", "Section", "Table", "write_report", "write_reports"]
