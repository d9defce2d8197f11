"""Names in the reference: types as the source writes them, and links by short names."""

import functools
import re
from typing import Any

from docutils.nodes import Element, TextElement
from numpy.typing import ArrayLike
from sphinx.addnodes import desc_annotation, desc_signature, pending_xref
from sphinx.application import Sphinx
from sphinx.domains.python import ObjectEntry, PythonDomain
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import stringify_annotation

from problems.activations import Activation
from problems.ridgelet.points import Samples
from problems.seeds import Seed

TYPES = {"class", "exception", "data", "type"}
"""The pattern of a type's name."""

SINGLE = TYPES | {"attribute", "function", "method", "property"}
"""The pattern of a single word: no module."""

LINE = 40
"""Longer types and values of constants are left out."""

ARRAY = re.compile(r"~?numpy\.ndarray\[tuple\[(?:~?typing\.)?Any, \.\.\.\], ~?numpy\.dtype\[(.+?)\]\]")

ALIASES = {
    stringify_annotation(alias, "smart"): name
    for name, alias in {"Samples": Samples, "Activation": Activation, "ArrayLike": ArrayLike, "Seed": Seed}.items()
}
"""Names that Python replaces by what they stand for."""


def short_types(
    app: Sphinx, what: str, name: str, item: Any, options: Any, signature: str | None, returned: str | None
) -> tuple[str | None, str | None]:
    """Write types in signatures as the source does: `ArrayLike`, `Seed`, `NDArray[int64]`."""
    if signature == "(*args, **kwargs)":  # what Python says of protocols
        signature = ""
    return short(signature), short(returned)


def short(text: str | None) -> str | None:
    """Replace what Python made of a type's name by the name."""
    for written, alias in ALIASES.items():
        text = text and text.replace(written, alias)
    return text and ARRAY.sub(r"NDArray[\1]", text)


def without_long_values(app: Sphinx, domain: str, kind: str, content: Element) -> None:
    """Leave out the type or value of a constant or property where it is a line or more: tables of functions, say."""
    for signature in content.parent.findall(desc_signature):
        for annotation in list(signature.findall(desc_annotation)):
            if len(annotation.astext()) > LINE:
                annotation.parent.remove(annotation)


@functools.cache
def named(domain: PythonDomain) -> dict[str, dict[str, ObjectEntry]]:
    """Return the objects of each last word of a name; references are looked up when every page was read."""
    found: dict[str, dict[str, ObjectEntry]] = {}
    for name, entry in domain.objects.items():
        found.setdefault(name.rpartition(".")[2], {})[name] = entry
    return found


class Names(PythonDomain):
    """Sphinx's own, which looks a name up among those that end in the same word, not among all."""

    def find_obj(
        self, env: BuildEnvironment, modname: str, classname: str, name: str, type: str | None, searchmode: int = 0
    ) -> list[tuple[str, ObjectEntry]]:
        """Return what Sphinx finds: every name that it compares with ends as this one does."""
        last, whole = name.removesuffix("()").rpartition(".")[2], self.data["objects"]
        few = named(self).get(last, {})
        self.data["objects"] = few
        try:
            return super().find_obj(env, modname, classname, name, type, searchmode)
        finally:
            self.data["objects"] = whole


def by_short_name(app: Sphinx, env: BuildEnvironment, node: pending_xref, content: TextElement) -> Element | None:
    """Link a name to the one public object that bears it: docstrings say `Nodes`, not `problems.ridgelet.Nodes`."""
    if node.get("refdomain") != "py" or node.get("reftype") == "mod":
        return None
    domain = env.domains.python_domain
    target = node["reftarget"].removesuffix("()").lstrip("~.")
    kinds = TYPES if node["reftype"] == "class" else SINGLE if "." not in target else None
    known = {
        name
        for name, found in named(domain).get(target.rpartition(".")[2], {}).items()
        if not found.aliased and (kinds is None or found.objtype in kinds)
    }
    found = {name for name in known if name == target or name.endswith("." + target)}
    if "." in target and not found:  # documented where it is exported, not where it is defined
        found = {name for name in known if name.endswith("." + target.rpartition(".")[2])}
        found = {name for name in found if name.partition(".")[0] == target.partition(".")[0]}
    if len(found) != 1:
        # Types in signatures, and words in single backticks that are no names, need not be public. Errors must be.
        shown = node["refdoc"].startswith("reference/") and node["reftype"] in ("class", "obj")
        return content if shown else None
    (name,) = found
    node = node.copy()
    node["reftarget"], node["reftype"] = name, "obj"
    return domain.resolve_xref(env, node["refdoc"], app.builder, "obj", name, node, content)


def setup(app: Sphinx) -> dict[str, bool]:
    """Shorten types, and look names up."""
    app.add_domain(Names, override=True)
    app.connect("autodoc-process-signature", short_types)
    app.connect("object-description-transform", without_long_values)
    app.connect("missing-reference", by_short_name)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
