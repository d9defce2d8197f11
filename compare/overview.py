"""The command `tickets hardware`: all runs on devices on one page."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from compare.options import DEVICES
from compare.streams import printable
from compare.terminal import TRUST
from compare.trusted import trust

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""

    @app.command(rich_help_panel=DEVICES)
    def hardware(
        folders: Annotated[
            list[Path] | None, typer.Argument(help="Runs, or folders that hold some; runs/ if left out.")
        ] = None,
        out: Annotated[
            Path | None, typer.Option(help="Folder of the page; hardware in the first folder if left out.")
        ] = None,
        trusted: TRUST = None,
    ) -> None:
        """Show runs on devices side by side, over time: what each took, cost and gave; no service is asked."""
        from compare.hardware.gather import gather
        from compare.progress import progress_bars
        from compare.terminal import console

        trust(trusted or ())
        given = folders or [Path("runs")]
        with progress_bars(console) as track:
            rows = gather(given, track)
        from compare.hardware.page import card_sentences, write_hardware

        first = given[0].parent if (given[0] / "run.json").exists() else given[0]
        folder = first / "hardware" if out is None else out
        words = ["tickets", "hardware", *map(str, folders or []), *([] if out is None else ["--out", str(out)])]
        page = write_hardware(rows, folder, shlex.join(words))
        for said in card_sentences(rows):
            console.print(f"• {printable(said)}", markup=False, highlight=False)
        console.print(f"Report: {page}", soft_wrap=True, markup=False)
