"""Tables of the verdict: a row a claim, every number with its records, and the symbols."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from compare.claims import Assumed, Claim, Number
from compare.engine.plain import plain
from compare.engine.record import Record
from compare.report import Cell, Section, Table
from compare.report.cells import MISSING, compact, so_many
from compare.verdict.gather import Row
from compare.verdict.words import OUTCOMES, flip, flip_words, marks_said, missing, now, outcome, sentence, times

__all__ = ["assumptions_tables", "claims_tables", "glossary", "numbers_table", "records_section"]

SHOWN = 8
"""Digits of a hash that readers see."""

LONGEST = 700
"""Letters of a record's result that stand on the page; the rest is in its file."""

PARTS = {
    "": ("verdict", "who is faster", "ratio"),
    "By assumption, and what flips it": (
        "by assumption, and from which size on", "on a machine of today", "which assumption flips it",
    ),
    "Claimed, and left out": ("what the paper claims", "where", "to which quality, at which size", "left out"),
    "Built on both sides": ("what was built", "best classical method"),
    "Quality": ("quality at equal size", "quality at equal compute", "full run"),
}  # fmt: skip
"""Columns of the table of claims by the part that they stand in; the first part has the title of the whole."""

COLUMNS = ("claim", *(column for columns in PARTS.values() for column in columns))

NOTES = {
    "ratio": "Ratio: quantum over classical seconds, end to end, by the assumption that the verdict goes by. Numbers "
    'with their records stand in "Every number and its records". All assumptions favor the quantum side where they '
    "cannot be settled by counting.",
}
"""Notes, by the last column of the part below which they stand."""

SYMBOLS = {
    "N": "neurons of a network, or sites of a lattice",
    "n": "training images of a kernel, or weights of a network",
    "D, K, P": "data dimension, distinct data points, and the prime that counts levels of a feature",
    "L": "hidden layers",
    "T": "steps of training; of gates, the T gate, whose states error correction has to distill",
    "p*": "the distribution that the ridgelet transform draws nodes from",
    "|k*>, |y>": "states of a test image's kernel values, and of the labels",
    "kappa": "condition number: the largest over the least singular value, as the circuit meets it",
    "query": "one use of an oracle or of a block encoding",
    "one step a query": "a query takes one logical step, whatever it computes: in the quantum computer's favor",
    "logical step": "code distance times a round of error correction, 25 times 1 microsecond unless said otherwise",
    "T gates one by one": "every T gate that was counted takes a logical step of its own",
    "as estimated": "in physical seconds, by a resource estimator, on the fastest machine within so many qubits",
    "[a, b]": "95% interval, or the range that both sides' seconds leave where a ratio stands",
    "counted": "found on a circuit that was built; extrapolated: continued by a fitted law beyond it",
}
"""Meanings of letters on the page."""


def claims_tables(rows: Sequence[Row]) -> list[Table]:
    """Return the table with a row a claim, in parts that are read one after the other."""
    found = [_claim(row) for row in rows]
    title = "Five claims" if len(rows) == 5 else so_many(len(rows), "claim")
    places = {column: place for place, column in enumerate(COLUMNS)}
    parts = {part or title: columns for part, columns in PARTS.items()}
    return [
        Table(
            part,
            ["claim", *columns],
            [[row[0], *(row[places[column]] for column in columns)] for row in found],
            NOTES.get(columns[-1], ""),
        )
        for part, columns in parts.items()
    ]


def _claim(row: Row) -> list[Cell | str]:
    """Return a claim's cells, in the order of `COLUMNS`."""
    if row.claim is None:
        unknown: list[Cell | str] = [MISSING] * (len(COLUMNS) - 4)
        return [row.title.partition(":")[0], sentence(row), OUTCOMES["unknown"], *unknown, row.full]
    claim, mark = row.claim, row.claim.mark
    ratio = None if mark is None else mark.ratio
    link = _link(mark.records, row) if mark is not None else ""
    written = MISSING if ratio is None or mark is None else Cell(times(mark), ratio.best, link)
    verdict = sentence(row)
    if row.notes:
        verdict += f" {' '.join(row.notes)}"
    return [
        claim.title,
        verdict,
        OUTCOMES[outcome(mark)],
        written,
        "; ".join([*marks_said(claim), *(one.text for one in claim.elsewhere)]) or "-",
        now(claim),
        flip(claim),
        f"{claim.says}, for {claim.regime}.",
        Cell(f"arXiv:{claim.paper}", claim.paper, f"https://arxiv.org/abs/{claim.paper}"),
        f"{claim.quality}, at {claim.size}",
        "; ".join(one if isinstance(one, str) else one.text for one in claim.omits) or "-",
        _listed(claim.built),
        claim.rival,
        _listed(claim.equal_size),
        _listed(claim.equal_compute),
        row.full,
    ]


def _file(row: Row) -> str:
    """Name a row's file of records, without the folders of the machine that it is on."""
    return f"{row.folder.name}/records.jsonl"


def _listed(numbers: Sequence[Number]) -> str:
    return "; ".join(one.text for one in numbers) or "-"


def _link(records: Sequence[str], row: Row) -> str:
    known = [one for one in records if one in row.records]
    return f"#record-{known[0]}" if known else ""


def numbers_table(rows: Sequence[Row]) -> Table:
    """Return every number of the claims, with a link to its first record and the hashes of all."""
    found: list[list[Cell | str]] = []
    for row in rows:
        if row.claim is None:
            continue
        claim = row.claim
        lines = [(one.name, one.text, one.records) for one in claim.numbers]
        lines += [(f"ratio, {mark.name}", mark.shut or times(mark), mark.records) for mark in claim.marks
                  if mark.shut or mark.ratio is not None]  # fmt: skip
        for name, text, records in lines:
            known = [one for one in records if one in row.records]
            first: Cell | str = MISSING
            if known:
                more = f" and {len(known) - 1} more" if len(known) > 1 else ""
                first = Cell(f"{known[0][:SHOWN]}{more}", known[0], f"#record-{known[0]}")
            found.append([claim.title, name, text, first, _file(row)])
    note = (
        "Each hash leads to its record below: what was asked and what came out. All records of a number stand in its "
        "file, a line each."
    )
    return Table(
        "Every number and its records", ["claim", "number", "as it stands here", "record", "file"], found, note
    )


def assumptions_tables(rows: Sequence[Row]) -> list[Table]:
    """Return, for each claim, what it assumes, how to change that, whom it favors, and which change alone reverses it.

    Tables of claims that assume nothing are left out.
    """
    claims = [row.claim for row in rows if row.claim is not None and row.claim.assumes]
    return [
        Table(
            f"{claim.title}: what is assumed",
            ["assumption", "what is assumed, and its flag", "reversed by", "in favor of"],
            [_assumed(one, claim) for one in claim.assumes],
            "Each number is changed alone, all others held, until the ratio that the verdict goes by is 1. A dash: it "
            "is no number, or no value within its range and a factor of 10^40 reverses the row.",
            folded=True,
        )
        for claim in claims
    ]


def _assumed(one: Assumed, claim: Claim) -> list[Cell | str]:
    changed = one.factors(claim.changes)
    nearest = min((change.factor for change in changed), default=None)
    told = "; ".join(flip_words(change) for change in changed)
    value = one.value if one.flag in ("", "none") else f"{one.value} ({one.flag})"
    return [one.name, value, MISSING if nearest is None else Cell(told, nearest), one.favors]


def shown_records(rows: Sequence[Row]) -> Mapping[str, tuple[Row, Record]]:
    """Return the records that the page shows: the first of every number."""
    found: dict[str, tuple[Row, Record]] = {}
    for row in rows:
        if row.claim is None:
            continue
        claim = row.claim
        parts = [one.records for one in claim.numbers]
        parts += [mark.records for mark in claim.marks]
        for records in parts:
            known = [one for one in records if one in row.records]
            if known:
                found[known[0]] = row, row.records[known[0]]
    return found


def records_section(rows: Sequence[Row]) -> Section:
    """Return the section of the records behind the numbers."""
    paragraphs = ["The first record of each number, as its line says it; arrays and long results are cut."]
    for task, (row, record) in shown_records(rows).items():
        line = record.line
        paragraphs.append(
            Markup(
                '<span id="record-{task}"><b>{short}</b> {kind}, {settings}: <code>{result}</code>. {when}</span>'
            ).format(
                task=task,
                short=task[:SHOWN],
                kind=line.kind,
                settings=_short(line.settings),
                result=_short(line.result),
                when=f"{compact(line.seconds)} s, finished {line.finished}, {_file(row)}",
            )
        )
    return Section("Records behind the numbers", paragraphs)


def _short(value: Any) -> str:
    text = json.dumps(plain(value), ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} ..."


def glossary() -> Section:
    """Return the section of symbols."""
    rows: list[list[Cell | str]] = [[symbol, words] for symbol, words in SYMBOLS.items()]
    return Section("Symbols", tables=[Table("What letters stand for", ["symbol", "stands for"], rows)])


def missing_findings(rows: Sequence[Row]) -> list[str]:
    """Return what is missing of each row, in a sentence each."""
    return [f"{row.title}: {missing(row)}" for row in rows if row.notes]
