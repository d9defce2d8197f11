"""The tree of pages beside each page, made of titles alone, not cut anew from the whole reference for each."""

import functools
from typing import Any

from docutils.nodes import Element, Node, list_item
from sphinx.addnodes import toctree
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment


def of_titles(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Node | None) -> None:
    """Have the theme's tree made of contents without sections and objects, where it is to show titles alone."""
    whole = context["toctree"]

    def tree(**options: Any) -> str:
        env = app.builder.env
        if not options.get("titles_only"):
            return whole(**options)
        contents = env.tocs
        env.tocs = titles(env)
        try:
            return whole(**options)
        finally:
            env.tocs = contents

    context["toctree"] = tree


@functools.cache
def titles(env: BuildEnvironment) -> dict[str, Any]:
    """Return the contents of every page, cut to its title and the trees below it."""
    return {page: cut(contents) for page, contents in env.tocs.items()}


def cut(contents: Element) -> Element:
    """Copy a page's contents, and leave out what Sphinx itself drops where there are only titles."""
    copied = contents.copy()
    for item in contents.children:
        kept = item.copy() if isinstance(item, list_item) else item.deepcopy()
        if isinstance(item, list_item):
            title, *rest = item.children
            kept += title.deepcopy()
            trees = [tree.deepcopy() for part in rest for tree in part.findall(toctree)]
            if trees:
                inner = rest[0].copy()
                inner += trees
                kept += inner
        copied += kept
    return copied


def setup(app: Sphinx) -> dict[str, bool]:
    """Take the tree in hand before the theme asks for it."""
    app.connect("html-page-context", of_titles, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
