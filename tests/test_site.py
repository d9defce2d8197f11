"""Extensions of the site that are faster than Sphinx, held against Sphinx itself."""

from itertools import product
from pathlib import Path

import pytest

pytest.importorskip("sphinx", reason="Sphinx is not installed: it comes with the extra [docs]")

from sphinx.domains.python import PythonDomain
from sphinx.testing.util import SphinxTestApp

from tests.copies import run_in_copy

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

RICH = {
    "till.py": '''
"""A module with all that autodoc looks for."""

from typing import overload

COINS = (1, 2, 5)
"""Cents."""


class Till:
    """It counts.

    :param coins: what is in it
    :param mode: how it counts, a list:

        1. by hand
        2. by weight
    """

    #: Till it is opened.
    closed: bool = True

    def __init__(self, coins=COINS, *, mode="fast"):
        self.coins = coins
        #: The sum of all.
        self.total = sum(coins)

    @property
    def empty(self) -> bool:
        """Is nothing in it?"""
        return not self.coins

    @overload
    def take(self, coin: int) -> int: ...
    @overload
    def take(self, coin: str) -> str: ...
    def take(self, coin):
        """Return a *coin*."""
        return coin
''',
    "auto.rst": """
Automatic
=========

.. automodule:: till
   :members:
   :undoc-members:
   :member-order: bysource

.. code-block:: python
   :linenos:
   :caption: A block

   print(1)
""",
    "forms.rst": """
Forms
=====

* one

  * inner, with a word that counts, counting, counted

1. first
2. second

   a) deep
   b) deeper

term : kind
   Its definition.

:field: a body
:other:
   | a line
   | another

-x, --extra  an option
/v           another

>>> doctest
1

====  ====
left  right
====  ====
1     "2"
====  ====

+------+------+
| cell | grid |
+------+------+

Roman
-----

i. one
#. two

.. note:: Counting counts.

   A quotation:

       Long ago -- it was 1999.

       -- Somebody

.. [1] A footnote [#named]_.
.. [#named] Another.
.. _target: https://example.org/
.. |short| replace:: long

|short| leads to target_.
""",
}
"""Pages that enter all states of docutils' parser, and a module."""


@pytest.fixture(autouse=True)
def extensions(monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "docs" / "extensions"))


def write(folder, pages):
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture
def site(tmp_path):
    write(tmp_path, PAGES)
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


def built(folder, monkeypatch, *extensions):
    """Build pages in a copy of this process; return all that they became."""
    folder.mkdir()
    settings = f'extensions = ["sphinx.ext.autodoc", {", ".join(map(repr, extensions))}]\nhtml_theme = "basic"\n'
    write(folder, PAGES | RICH | {"conf.py": settings})
    monkeypatch.syspath_prepend(str(folder))

    def build():
        app = SphinxTestApp("html", srcdir=folder)
        app.build()
        return app.warning.getvalue().replace(str(folder), "")

    code, said = run_in_copy(build)
    assert code == 0, said
    made = folder / "_build" / "html"
    return said, {
        str(path.relative_to(made)): path.read_bytes()
        for path in made.rglob("*")
        if path.is_file() and path.name != ".buildinfo" and "_sources" not in path.parts
    }


def test_what_is_made_once_makes_the_same_site(tmp_path, monkeypatch):
    said, slowly = built(tmp_path / "plain", monkeypatch)
    said_too, quickly = built(tmp_path / "quick", monkeypatch, "once")
    assert said_too == said
    assert quickly.keys() == slowly.keys()
    assert [name for name in slowly if quickly[name] != slowly[name]] == []
    for part in (b"The sum of all", b"Cents", b"closed", b"fast", b"Is nothing in it"):
        assert part in slowly["auto.html"]
    assert b'"count"' in slowly["searchindex.js"]
    assert slowly["forms.html"].count(b"<ol") == 3
