"""Formulas as MathML, made by docutils when the site is built: browsers draw it, and nothing is loaded."""

import re
from html import escape

from docutils import nodes
from docutils.nodes import Element
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.writers.html import HTML5Translator

logger = logging.getLogger(__name__)

COMMANDS = {
    r"\\ket\{([^{}]*)\}": r"\\left| \1 \\right\\rangle",
    r"\\abs\{([^{}]*)\}": r"\\left| \1 \\right|",
    r"\\lVert(.*?)\\rVert": r"\\left\\lVert\1\\right\\rVert",
    r"\\Z(?![a-zA-Z])": r"\\mathbb{Z}",
    r"\\dots(?![a-zA-Z])": r"\\ldots",
}
"""Commands that the pages write besides those that docutils knows, as patterns, and their meaning."""


def mathml(node: Element, block: bool) -> str:
    """Return a formula's markup; what cannot be read is a warning, and a warning stops the build."""
    formula = expanded = node.astext().strip()
    for pattern, meaning in COMMANDS.items():
        expanded = re.sub(pattern, meaning, expanded)
    try:
        return tex2mathml(expanded, as_block=block)
    except MathError as error:
        logger.warning("The formula %r cannot be read: %s", formula, error, location=node)
        return f"<code>{escape(formula)}</code>"


def visit_math(self: HTML5Translator, node: Element) -> None:
    """Write a formula within a line."""
    self.body.append(mathml(node, block=False))
    raise nodes.SkipNode


def visit_math_block(self: HTML5Translator, node: Element) -> None:
    """Write a formula of its own, in a box that scrolls where it is wide."""
    self.body.append(f'<div class="formula" tabindex="0">{mathml(node, block=True)}</div>\n')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the renderer that `html_math_renderer` names."""
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_math_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
