"""The way of docstrings into the reference: sections in NumPy's style, formulas in plain text."""

import re
from typing import Any

from sphinx.application import Sphinx
from sphinx.domains.python import PyObject
from sphinx.ext.napoleon import Config, NumpyDocstring

STYLE = Config(napoleon_use_ivar=True, napoleon_attr_annotations=False)

LITERAL = re.compile(r"(``.*?``|`[^`]+`)")

HEADING = re.compile(r"^-{3,}$")

SEVERAL = re.compile(r"^:ivar (\w+(?:, \w+)+): ?(.*)$")
"""Attributes that are explained together."""

SHAPED = re.compile(r"^(:(?:type|vartype) \S+: )(.* of shape .*)$")


def numpy_style(app: Sphinx, what: str, name: str, item: Any, options: Any, lines: list[str]) -> None:
    """Turn a docstring into reStructuredText: its formulas first, then the sections of NumPy's style."""
    text = "\n".join(formulas(lines))
    # Napoleon takes the beginning of a property's or constant's docstring, up to a colon, for its type.
    kind = "method" if what in ("attribute", "data", "property") else what
    found = one_name_each(NumpyDocstring(text, STYLE, app, kind, name, item, options).lines())
    # "ndarray of shape (n,)" as it stands: word by word it would be taken for names.
    lines[:] = [SHAPED.sub(r"\1*\2*", line) for line in found]


def formulas(lines: list[str]) -> list[str]:
    """Keep |x|, w* and x_ from being read as markup, and formulas that stand on lines of their own as they are."""
    kept: list[str] = []
    verbatim = False
    sections = any(HEADING.match(line) for line in lines)
    for line in lines:
        indented = line.startswith("    ")
        # Indented paragraphs are formulas or tables; where there are sections, they explain parameters.
        if indented and not verbatim and not sections and kept and not kept[-1].strip():
            kept += [] if any(before.endswith("::") for before in kept[-2:]) else ["::", ""]
            verbatim = True
        elif line.strip() and not indented:
            verbatim = False
        kept.append(line if (verbatim and indented) or line.lstrip().startswith(">>>") else escaped(line))
    return kept


def one_name_each(lines: list[str]) -> list[str]:
    """Give attributes that are explained together, as in ``low, high``, a line each."""
    found: list[str] = []
    at = 0
    while at < len(lines):
        match = SEVERAL.match(lines[at])
        end = at + 1
        while match and end < len(lines) and lines[end].startswith(" "):
            end += 1
        for attribute in match[1].split(", ") if match else ():
            found += [f":ivar {attribute}: {match[2]}", *lines[at + 1 : end]]
        found += [] if match else [lines[at]]
        at = end
    return found


def escaped(line: str) -> str:
    """Escape what reStructuredText would take for markup, outside of literals."""
    parts = LITERAL.split(line)
    parts[::2] = [re.sub(r"(\||(?<=\w)\*|(?<=\w)_(?!\w))", r"\\\1", part) for part in parts[::2]]
    return "".join(parts)


def setup(app: Sphinx) -> dict[str, bool]:
    """Take the place of Sphinx's own reader of NumPy's style."""
    app.connect("autodoc-process-docstring", numpy_style)
    for field in PyObject.doc_field_types:
        if field.name == "variable":
            field.label = "Attributes"
    return {"parallel_read_safe": True, "parallel_write_safe": True}
