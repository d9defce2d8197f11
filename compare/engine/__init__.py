"""One engine for every study: settings, tasks, records, folders, workers and runs. It knows no problem.

A study declares its settings once (`fields`), says which tasks they make and of which `kind` they are, and makes a
report of their records (`runs`). The engine does the rest: flags and files (`flags`, `grid`), what is left (`graph`,
`forecast`), who runs it (`processes`, `cluster`), and one line a task on disk (`record`, `folder`).
"""

from typing import TYPE_CHECKING

from problems.later import later

if TYPE_CHECKING:
    from compare.engine.fields import LARGE, MANY, Above, Check, Each, Flag, Help, Least, Most, Names
    from compare.engine.kind import MOST_TASKS, Kind, Planned
    from compare.engine.plain import Array
    from compare.engine.record import Record
    from compare.engine.rows import Rows
    from compare.engine.runs import Runs
    from compare.engine.seeds import Seeds
    from compare.engine.shapes import Shape
    from compare.engine.study import Attached, Study
    from compare.engine.work import Inputs

__all__ = [
    "LARGE",
    "MANY",
    "MOST_TASKS",
    "Above",
    "Array",
    "Attached",
    "Check",
    "Each",
    "Flag",
    "Help",
    "Inputs",
    "Kind",
    "Least",
    "Most",
    "Names",
    "Planned",
    "Record",
    "Rows",
    "Runs",
    "Seeds",
    "Shape",
    "Study",
]

__getattr__ = later(
    __name__,
    fields="LARGE MANY Above Check Each Flag Help Least Most Names",
    kind="MOST_TASKS Kind Planned",
    plain="Array",
    record="Record",
    rows="Rows",
    runs="Runs",
    seeds="Seeds",
    shapes="Shape",
    study="Attached Study",
    work="Inputs",
)


def __dir__() -> list[str]:
    """List what can be imported from here."""
    return [*globals(), *__all__]
