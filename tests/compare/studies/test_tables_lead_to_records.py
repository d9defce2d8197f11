"""Tables and points that studies make by hand name the records that they are of, as those of rows do by themselves."""

import ast
from pathlib import Path

import compare.studies

STUDIES = Path(compare.studies.__file__).parent

MADE_OF_NONE = ("What is assumed", "Every assumption")
"""Beginnings of the titles of tables that hold settings alone."""

ELSEWHERE = ("published.py", "jobs.py")
"""Files whose points are the papers', or no points of a figure."""


def nameless(path):
    """Places of a file where a table or points are made without records."""
    for call in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            continue
        first = call.args[0] if call.args else None
        title = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""
        made = call.func.id in ("Table", "Points") and not title.startswith(MADE_OF_NONE)
        # A table of the engine's kinds is no table of a report: it has a source alone.
        report = call.func.id == "Points" or len(call.args) > 1
        if made and report and "records" not in {keyword.arg for keyword in call.keywords}:
            yield f"{path.relative_to(STUDIES)}:{call.lineno}"


def test_tables_and_points_made_by_hand_name_their_records():
    files = [path for path in STUDIES.rglob("*.py") if path.name not in ELSEWHERE and path.name != "errata.py"]
    assert [place for path in sorted(files) for place in nameless(path)] == []
