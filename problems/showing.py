"""Objects that show themselves: in one line anywhere, and in a notebook as a short table."""

from collections.abc import Mapping
from html import escape

__all__ = ["Shows"]

CELL = "padding:.1em .8em .1em 0;text-align:left;vertical-align:top"


class Shows:
    """Shows itself by `_facts`; a class with a line of its own shows that where it has none."""

    def _facts(self) -> Mapping[str, object]:
        """Return what there is to say, by words; numbers are written with commas between thousands."""
        return {}

    def __repr__(self) -> str:
        said = ", ".join(f"{words} = {_written(value)}" for words, value in self._facts().items())
        return f"{type(self).__name__}({said})"

    def _repr_html_(self) -> str:
        facts = self._facts()
        if not facts:
            return f"<code>{escape(repr(self))}</code>"
        rows = "".join(
            f'<tr><th scope="row" style="{CELL}">{escape(words)}</th>'
            f'<td style="{CELL}">{escape(_written(value))}</td></tr>'
            for words, value in facts.items()
        )
        return f"<div><b>{escape(type(self).__name__)}</b><table><tbody>{rows}</tbody></table></div>"


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
