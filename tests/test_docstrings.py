"""Docstrings begin as sentences or noun phrases do, and not as the tail of another sentence."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]

FRAGMENTS = "What|Whatever|This|That|Of|So many|The same|Those|Who|In which|By which"
BEGINNING = re.compile(rf'^ *r?"""({FRAGMENTS})\b', re.MULTILINE)


def test_no_docstring_begins_in_the_middle_of_a_sentence():
    rooms = ("problems", "classical", "quantum", "compare", "benchmarks")
    found = {
        f"{file.relative_to(ROOT)}:{text.count(chr(10), 0, match.start()) + 1}": match.group().strip()
        for room in rooms
        for file in sorted((ROOT / room).rglob("*.py"))
        for text in [file.read_text("utf-8")]
        for match in BEGINNING.finditer(text)
    }
    assert found == {}
