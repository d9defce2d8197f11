"""Objects that show themselves: in one line anywhere, and in a notebook as a short table."""

import dataclasses
from collections.abc import Mapping
from html import escape

__all__ = ["Shows", "ShowsFields", "facts_of", "small", "so_many", "written"]

CELL = "padding:.1em .8em .1em 0;text-align:left;vertical-align:top"

ROUNDING = 1e-10
"""Smaller errors, relative to 1, may be rounding alone, which differs from processor to processor."""


class Shows:
    """Shows itself by `_facts`; a class with a line of its own shows that where it has none."""

    def _facts(self) -> Mapping[str, object]:
        """Return what there is to say, by words; numbers are written with commas between thousands."""
        return {}

    def __repr__(self) -> str:
        said = ", ".join(f"{words} = {written(value)}" for words, value in self._facts().items())
        return f"{type(self).__name__}({said})"

    def _repr_html_(self) -> str:
        facts = self._facts()
        if not facts:
            return f"<code>{escape(repr(self))}</code>"
        rows = "".join(
            f'<tr><th scope="row" style="{CELL}">{escape(words)}</th>'
            f'<td style="{CELL}">{escape(written(value))}</td></tr>'
            for words, value in facts.items()
        )
        return f"<div><b>{escape(type(self).__name__)}</b><table><tbody>{rows}</tbody></table></div>"


class ShowsFields(Shows):
    """A dataclass, declared with ``repr=False``, that shows those of its fields that are numbers or words."""

    def _facts(self) -> Mapping[str, object]:
        fields = dataclasses.fields(self)  # type: ignore[arg-type]
        values = {field.name.replace("_", " "): getattr(self, field.name) for field in fields}
        return {name: value for name, value in values.items() if isinstance(value, bool | int | float | str)}


def facts_of(thing: Shows) -> Mapping[str, object]:
    """Return what an object shows of itself, by words; of one with a line of its own, that line."""
    return thing._facts() or {"": repr(thing)}


def small(value: float) -> str:
    """Write an error or a residual: what may be rounding alone is not told apart."""
    return f"{value:.0e}" if value >= ROUNDING else f"< {ROUNDING:.0e}"


def written(value: object) -> str:
    """Write a value: numbers with commas between thousands and six digits, truth values in words."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def so_many(number: int, one: str, several: str = "") -> str:
    """Write a count with its noun, as in "1 task" and "2,000 tasks"; `several` if the plural has more than an s."""
    return f"{number:,} {one if number == 1 else several or f'{one}s'}"
