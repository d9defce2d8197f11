"""How Sphinx builds the site: `make docs`. Nothing is loaded from outside, neither to build nor to read."""

import logging
import sys
from importlib.metadata import version as installed
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "extensions"), str(HERE.parent)]

# The theme sets all loggers to talk.
logging.getLogger("qiskit").setLevel(logging.WARNING)

project = "quantum-tickets"
author = "The quantum-tickets authors"
copyright = "2026, the quantum-tickets authors"
version = release = installed("quantum-tickets")

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "stems",
    "mathml",
    "docstrings",
    "names",
    "navigation",
    "command_line",
]
exclude_patterns = ["_build", "extensions"]

html_theme = "furo"
html_title = "quantum-tickets"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_copy_source = False
html_math_renderer = "mathml"

myst_enable_extensions = ["dollarmath", "amsmath", "deflist", "colon_fence", "smartquotes"]
myst_heading_anchors = 3

# Every reference must lead somewhere; `extensions/names.py` links names in single backticks in docstrings.
nitpicky = True
default_role = "py:obj"

autodoc_default_options = {
    "members": True,
    "imported-members": True,
    # Made by scikit-learn for its routing of metadata.
    "exclude-members": "set_fit_request, set_score_request",
}
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
autodoc_use_type_comments = False
python_maximum_signature_line_length = 88
