"""Links from numbers to the records that they are made of: rows of a page's table of records, by their hashes."""

from collections.abc import Sequence
from itertools import groupby

from markupsafe import Markup

from compare.report.cells import so_many
from compare.report.content import Report

__all__ = ["References"]


class References:
    """The records that a report lists, and links to them.

    Parameters
    ----------
    report
        The report; tables with `anchors` list records.
    number
        Its number on the page, from 1.
    """

    def __init__(self, report: Report, number: int) -> None:
        listed = (task for section in report.sections for table in section.tables for task in table.anchors)
        self._places = {task: place for place, task in enumerate(dict.fromkeys(listed))}
        self._number = number

    def id(self, task: str) -> str:
        """Return the name of a record's row on the page."""
        return f"r{self._number}-{self._places[task]}"

    def attribute(self, records: Sequence[str]) -> str:
        """Return the attribute that names the rows of records, " data-from='1:0-7,12'"; empty if none is listed."""
        places = sorted({self._places[task] for task in records if task in self._places})
        if not places:
            return ""
        # Neighbors differ from their place in the list by the same number.
        runs = [[one for _, one in group] for _, group in groupby(enumerate(places), lambda pair: pair[1] - pair[0])]
        written = ",".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
        return f' data-from="{self._number}:{written}"'

    def link(self, records: Sequence[str], whole: bool = False) -> Markup:
        """Return a link to the records of a row, or of a whole table; empty where the report lists none at all."""
        known = list(dict.fromkeys(records))
        if not known or not self._places:
            return Markup("")
        listed = sorted((task for task in known if task in self._places), key=self._places.__getitem__)
        many = so_many(len(known), "record")
        title = f"{many}: {known[0]}{', ...' if len(known) > 1 else ''}"
        said = f"{many} behind these numbers" if whole else f"{len(known):,}"
        if not listed:
            return Markup('<span class="from" title="{}, not listed on this page">{}</span>').format(title, said)
        opened = Markup('<a class="from" href="#{}"{} title="{}">').format(
            self.id(listed[0]), Markup(self.attribute(listed)), title
        )
        return opened + said + Markup("</a>")
