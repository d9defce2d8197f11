"""English for the search, with the stem of a word that stands on many pages found once."""

import functools

from sphinx.application import Sphinx
from sphinx.search.en import SearchEnglish


class Stems(SearchEnglish):
    """English as Sphinx has it, which remembers stems."""

    def __init__(self, options: dict[str, str]) -> None:
        super().__init__(options)
        self.stem = functools.cache(super().stem)


def setup(app: Sphinx) -> dict[str, bool]:
    """Take the place of English that remembers none."""
    app.add_search_language(Stems)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
