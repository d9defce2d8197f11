"""The page of the verdict: picture and sentences, the table of claims, numbers, records, and the studies' cards."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from compare.durable import make_folder, write_file
from compare.report import Card, Report, Section, write_reports
from compare.verdict.gather import Row
from compare.verdict.picture import plain_lanes, verdict_picture
from compare.verdict.tables import (
    assumptions_tables,
    claims_tables,
    glossary,
    missing_findings,
    numbers_table,
    records_section,
)
from compare.verdict.words import card_sentences, flip

__all__ = ["TITLE", "verdict_report", "write_verdict"]

TITLE = "Do quantum computers help to find or train sparse networks?"


def verdict_report(rows: Sequence[Row]) -> Report:
    """Return the verdict on rows, made of their records alone.

    Parameters
    ----------
    rows
        As of `compare.verdict.gather`, at least one.
    """
    flips = [f"{row.claim.title}: {flip(row.claim)}." for row in rows if row.claim is not None]
    sections = [Section("The verdict, claim by claim", tables=claims_tables(rows))]
    if flips:
        about = (
            "Each assumption that is a number is changed alone, all others held, until the row is reversed; the one "
            "that has to be changed by the least factor is named. The quality and the size stay as they were fixed."
        )
        sections.append(Section("Which assumption flips it", [about], flips, assumptions_tables(rows)))
    absent = missing_findings(rows)
    if absent:
        sections.append(Section("What is missing", findings=absent))
    numbers = numbers_table(rows)
    if numbers.rows:
        sections.append(Section("Numbers", tables=[numbers]))
        sections.append(records_section(rows))
    return Report(TITLE, Card(verdict_picture(rows), card_sentences(rows)), [*sections, glossary()])


def write_verdict(rows: Sequence[Row], folder: Path) -> Path:
    """Write the page and its figures into a folder: the verdict, and below it the cards of the studies' reports.

    Beside it stands `verdict.json`: the sentences that the page opens with, and all that its picture draws.

    Raises
    ------
    NotWritten, InputError
        If it cannot be written.
    """
    make_folder(folder)
    told = {"sentences": card_sentences(rows), "lanes": plain_lanes(rows)}
    write_file(folder / "verdict.json", f"{json.dumps(told, indent=1)}\n".encode())
    # Of the studies the cards alone: their own pages have the rest.
    cards = [replace(row.report, sections=[]) for row in rows if row.report is not None]
    return write_reports(cards, folder, verdict_report(rows))
