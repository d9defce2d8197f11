"""The reference of the command line, read from the program itself: the directive ``tickets-commands``."""

from typing import Any

import typer
from docutils.nodes import Node
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from compare.cli import app as tickets


def command_lines(name: str, command: Any) -> list[str]:
    """Describe one command in reStructuredText."""
    context = typer.Context(command, info_name=f"tickets {name}")
    usage = " ".join(["tickets", name, *command.collect_usage_pieces(context)])
    heading = f"tickets {name}"
    lines = [f".. program:: {heading}", "", heading, "-" * len(heading), "", *command.help.splitlines(), ""]
    lines += ["::", "", f"    {usage}", ""]
    for parameter in command.params:
        lines += parameter_lines(parameter, context)
    return lines


def parameter_lines(parameter: Any, context: typer.Context) -> list[str]:
    """Describe an option or an argument, as the command's own help does."""
    record = parameter.get_help_record(context)
    return [f".. option:: {record[0]}", "", f"   {plain(record[1])}", ""] if record else []


def plain(text: str) -> str:
    """Escape help texts: they are no markup."""
    for character in "\\*|`_":
        text = text.replace(character, "\\" + character)
    return text


class Commands(SphinxDirective):
    """All commands with their arguments, options and defaults."""

    def run(self) -> list[Node]:
        """Return the sections, one a command."""
        group = typer.main.get_command(tickets)
        lines = [line for name in sorted(group.commands) for line in command_lines(name, group.commands[name])]
        return self.parse_text_to_nodes("\n".join(lines), allow_section_headings=True)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("tickets-commands", Commands)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
