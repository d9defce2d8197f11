"""Extensions of the site that are faster than Sphinx, held against Sphinx itself."""

from itertools import product
from pathlib import Path

import pytest

pytest.importorskip("sphinx", reason="Sphinx is not installed: it comes with the extra [docs]")

from sphinx.domains.python import PythonDomain
from sphinx.search.en import SearchEnglish
from sphinx.testing.util import SphinxTestApp

PAGES = {
    "conf.py": 'extensions = ["sphinx.ext.autodoc", "names", "navigation"]\nhtml_theme = "basic"\n',
    "index.rst": """
Start
=====

.. toctree::

   guide

A section
---------

.. toctree::
   :caption: Beside
   :hidden:

   reference
""",
    "guide.rst": """
Guide
=====

One
---

Deeper
~~~~~~

.. toctree::

   inner

Two
---
""",
    "inner.rst": "Inner *page*\n============\n\nPart\n----\n",
    "reference.rst": """
Reference
=========

.. py:module:: shop

.. py:class:: Basket

   .. py:method:: total

.. py:class:: Till

   .. py:method:: total

.. py:function:: total

.. py:module:: shop.back

.. py:class:: Basket
""",
}


@pytest.fixture(autouse=True)
def extensions(monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "docs" / "extensions"))


@pytest.fixture
def site(tmp_path):
    for name, text in PAGES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    app = SphinxTestApp("html", srcdir=tmp_path)
    yield app
    app.cleanup()


def test_trees_of_titles_and_names_are_those_of_sphinx(site):
    trees, own = {}, {}

    def before(app, page, template, context, doctree):
        own[page] = context["toctree"]

    def after(app, page, template, context, doctree):
        for titles, collapsed, depth in product((True, False), (True, False), (-1, 1, 2)):
            how = {"titles_only": titles, "collapse": collapsed, "maxdepth": depth, "includehidden": True}
            trees[page, *how.values()] = context["toctree"](**how), own[page](**how)

    site.connect("html-page-context", before, priority=50)
    site.connect("html-page-context", after, priority=900)
    site.build()
    pages = {page for page, *_ in trees}
    assert pages >= {"index", "guide", "inner", "reference"}
    assert "Inner <em>page</em>" in trees["index", True, False, -1, True][0]
    assert "Deeper" not in trees["index", True, False, -1, True][0]
    for found, expected in trees.values():
        assert found == expected
    domain, many = site.env.domains["py"], 0
    names = ("total", "Basket", "Basket.total", "shop.Basket", "shop.back.Basket", "back.Basket", "Till.total()", "no")
    for module, owner, name, kind, mode in product(
        ("", "shop", "shop.back"), ("", "Basket", "Till"), names, ("class", "meth", "func", None), (0, 1)
    ):
        asked = site.env, module, owner, name, kind, mode
        found = domain.find_obj(*asked)
        assert found == PythonDomain.find_obj(domain, *asked)
        many += len(found) > 1
    assert type(domain) is not PythonDomain
    assert many > 0


def test_stems_are_those_of_sphinx_and_found_once(monkeypatch):
    from stems import Stems

    plain, asked = SearchEnglish({}), []
    found = SearchEnglish.stem
    monkeypatch.setattr(SearchEnglish, "stem", lambda self, word: asked.append(word) or found(self, word))
    words = ["sampling", "samples", "nodes", "oracle", "Sampling", "p", "2026"]
    remembering = Stems({})
    for _ in range(2):
        assert [remembering.stem(word) for word in words] == [found(plain, word) for word in words]
    assert asked == words
