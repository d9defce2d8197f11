"""The command `tickets verdict`."""

from pathlib import Path
from typing import Annotated

import typer

from compare.options import RUNS, SIDE_BY_SIDE, whole_option
from compare.unfinished import Unfinished
from problems.errors import whole_number
from problems.showing import so_many

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""

    @app.command(rich_help_panel=RUNS)
    def verdict(
        runs: Annotated[Path, typer.Option(help="Folder that holds a folder for each study.")] = Path("runs"),
        out: Annotated[Path | None, typer.Option(help="Folder of the page; verdict in that of the runs.")] = None,
        workers: Annotated[int, whole_option("Tasks at the same time on this machine.")] = SIDE_BY_SIDE,
        run: Annotated[bool, typer.Option(help="Run what has no record yet; --no-run makes the page alone.")] = True,
    ) -> None:
        """Hold every paper's claim against both sides: who is faster, by which assumption, and what flips it."""
        from compare.studies import STUDIES
        from compare.terminal import console, show_page
        from compare.verdict.gather import claiming, gather
        from compare.verdict.page import write_verdict
        from compare.verdict.words import card_sentences

        whole_number("workers", workers, 1)
        rows = gather(
            claiming(STUDIES), runs, run, workers, tell=lambda words: console.print(words, markup=False, style="bold")
        )
        page = write_verdict(rows, out or runs / "verdict")
        for said in card_sentences(rows):
            console.print(f"• {said}", markup=False, highlight=False)
        show_page(page)
        unknown = [row for row in rows if row.claim is None]
        if unknown:
            names = ", ".join(row.study for row in unknown)
            have = "has" if len(unknown) == 1 else "have"
            said = f"{len(unknown)} of {so_many(len(rows), 'row')} {have} no numbers ({names})"
            raise Unfinished(f"{said}; the page says why.")
