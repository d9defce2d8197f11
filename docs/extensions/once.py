"""What Sphinx and docutils make anew for every line of the reference, and nobody reads, is made once or not at all."""

import functools
import logging
from collections.abc import Sequence

from docutils.statemachine import State, StateMachine
from sphinx.application import Sphinx
from sphinx.pycode.parser import Parser
from sphinx.search.en import SearchEnglish


class Stems(SearchEnglish):
    """English as the search knows it; the stem of a word that stands on many pages is found once."""

    def __init__(self, options: dict[str, str]) -> None:
        super().__init__(options)
        self.stem = functools.cache(super().stem)


class States(dict[str, State]):
    """The states of a parser of docutils, each made when it is entered first; most never are.

    A parser begins for each directive that has options, and knows some fifteen states, of which that enters one.
    """

    def __init__(self, machine: StateMachine, classes: Sequence[type[State]]) -> None:
        super().__init__()
        self._machine = machine
        self._classes = {found.__name__: found for found in classes}

    def __missing__(self, name: str) -> State:
        """Make a state, and tell it of the document, as all that are there are told when a parser starts."""
        made = self[name] = self._classes[name](self._machine, self._machine.debug)
        if getattr(self._machine, "memo", None) is not None:
            made.runtime_init()
        return made


def add_states(machine: StateMachine, classes: Sequence[type[State]]) -> None:
    """Take the place of the method of docutils' state machine, which makes all states."""
    machine.states = States(machine, classes)


def setup(app: Sphinx) -> dict[str, bool]:
    """Take the places of what is slower."""
    app.add_search_language(Stems)
    StateMachine.add_states = add_states
    # Where definitions stand in their files: for pages that show the source, which there are none of.
    Parser.parse_definition = lambda parser: None
    # Thirty thousand notes of what was read, which are composed before they are dropped.
    logging.disable(logging.DEBUG)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
