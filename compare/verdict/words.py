"""Verdicts on rows, in sentences that are computed: who is ahead, by how much, and what would reverse it."""

from collections.abc import Sequence

from compare.claims import NEVER_REACHED, Change, Claim, Mark
from compare.report.cells import compact, so_many
from compare.verdict.gather import Row

__all__ = [
    "FAR",
    "OUTCOMES",
    "card_sentences",
    "flip",
    "flip_words",
    "marks_said",
    "missing",
    "now",
    "outcome",
    "sentence",
    "times",
]

FAR = 10.0
"""Beyond so many times the largest size counted, an extrapolation is hatched, and said."""

OUTCOMES = {
    "wins": "the quantum side is faster",
    "ties": "neither side is clearly faster",
    "loses": "the classical side is faster",
    "open": "the quantum side does not get there",
    "unknown": "nothing is known",
}
"""Outcomes of a row, in words."""


def outcome(mark: Mark | None) -> str:
    """Return what a mark comes to: a name in `OUTCOMES`. Clear is what the interval leaves no doubt of."""
    if mark is None:
        return "unknown"
    if mark.shut:
        return "open"
    ratio = mark.ratio
    if ratio is None:
        return "unknown"
    return "wins" if ratio.high < 1 else "loses" if ratio.low > 1 else "ties"


def times(mark: Mark) -> str:
    """Say how many times as fast or as slow the quantum side is, with the interval."""
    ratio = mark.ratio
    assert ratio is not None
    ends = [ratio.best, ratio.low, ratio.high]
    if ratio.best < 1:
        ends = [1 / ratio.best, 1 / ratio.high, 1 / ratio.low]
    best, low, high = map(compact, ends)
    interval = "" if low == high else f" [{low}, {high}]"
    return f"{best}{interval} times as {'fast' if ratio.best < 1 else 'slow'}"


def sentence(row: Row) -> str:
    """Return the verdict on a row, in one sentence."""
    if row.claim is None:
        return f"Not known: {missing(row)}"
    claim, mark = row.claim, row.claim.mark
    found = outcome(mark)
    if mark is None or found == "unknown":
        return f"Not known: both sides' seconds at {claim.size} are not in the records; run `{row.again}`."
    where = f"at {claim.size}, by {mark.name}"
    if found == "open":
        return f"The quantum side {_open(mark)} {where}; {_others(claim)}."
    far = f", extrapolated {compact(mark.beyond)} times beyond what was counted" if mark.beyond > FAR else ""
    heads = {
        "wins": f"The quantum side is {times(mark)} as {claim.rival}",
        "loses": f"The quantum side is {times(mark)} as {claim.rival}",
        "ties": f"The quantum side and {claim.rival} are not told apart ({times(mark)})",
    }
    return f"{heads[found]} {where}{far}; {_others(claim)}."


def _open(mark: Mark) -> str:
    return "never reaches it" if mark.shut == NEVER_REACHED else mark.shut


def _others(claim: Claim) -> str:
    """Say what the other assumptions leave of it."""
    own = outcome(claim.mark)
    others = [mark for mark in claim.marks if mark.name != claim.deciding and outcome(mark) != "unknown"]
    if not others:
        return "no other assumption is known"
    apart = [mark for mark in others if not _alike(own, outcome(mark))]
    if not apart:
        return "no other stated assumption changes who is faster"
    by_outcome: dict[str, list[str]] = {}
    for mark in apart:
        by_outcome.setdefault(outcome(mark), []).append(f"by {mark.name}")
    return "; ".join(f"{' and '.join(names)} {OUTCOMES[found]}" for found, names in by_outcome.items())


def _alike(one: str, other: str) -> bool:
    """Tell whether two outcomes come to the same: not getting there loses."""
    same = {"open": "loses"}
    return same.get(one, one) == same.get(other, other)


def now(claim: Claim) -> str:
    """Say who is faster on a machine of today."""
    here = [mark for mark in claim.marks if mark.now and outcome(mark) != "unknown"]
    if not here:
        return "nothing of it was asked of a machine of today"
    return "; ".join(f"{OUTCOMES[outcome(mark)]} ({mark.name}: {mark.shut or times(mark)})" for mark in here)


def marks_said(claim: Claim) -> list[str]:
    """Say of each assumption who is faster, and from which size on."""
    said = []
    for mark in claim.marks:
        found = outcome(mark)
        if found == "unknown":
            continue
        told = f"{mark.name}: " + (mark.shut or times(mark))
        if mark.start is not None:
            told += f", faster from {claim.letter} = {compact(mark.start)} on"
        elif mark.until is not None:
            told += f", never faster up to {claim.letter} = {compact(mark.until)}"
        said.append(told)
    return said


def flip(claim: Claim) -> str:
    """Say which assumption reverses the row with the least change, and by how much."""
    mark, nearest = claim.mark, claim.nearest
    found = outcome(mark)
    if found == "ties":
        return "nothing has to change: the interval holds both"
    if not nearest or found not in ("wins", "loses"):
        return "none of those that are numbers, changed alone"
    first, *others = nearest
    told = f"{first.name}, {flip_words(first)}"
    if others:
        told += f"; by the same factor {', '.join(f'{one.name}{_from(one)}' for one in others)}"
    return told


def flip_words(change: Change) -> str:
    """Say by how much a change goes, from what to what, and by which flag."""
    return f"{compact(change.factor)} times as {_way(change)}{_from(change)}"


def _way(change: Change) -> str:
    return "large" if change.reversed > change.value else "small"


def _from(change: Change) -> str:
    flag = f"; {change.flag}" if change.flag else ""
    return f" ({compact(change.value)} to {compact(change.reversed)}{flag})"


def missing(row: Row) -> str:
    """Say why a row has no numbers, and how to get them."""
    why = " ".join(row.notes) or "it was never run here."
    return f"{why} Run `{row.again}`."


def card_sentences(rows: Sequence[Row]) -> list[str]:
    """Return the three sentences that the page opens with."""
    found = {row.study: outcome(row.claim.mark if row.claim is not None else None) for row in rows}
    parts = []
    for name, words in (
        ("wins", "the quantum side is faster in"),
        ("ties", "neither is clearly faster in"),
        ("loses", "the classical side is faster in"),
        ("open", "the quantum side does not get there in"),
        ("unknown", "nothing is known of"),
    ):
        count = sum(one == name for one in found.values())
        if count:
            parts.append(f"{words} {f'all {count}' if count == len(rows) > 1 else count}")
    said = [
        f"Of {so_many(len(rows), 'claim')}, end to end, to a quality and at a size fixed beforehand, with all that "
        f"was counted: "
        f"{', '.join(parts)}."
    ]
    known = [(row, mark) for row in rows if row.claim is not None and (mark := row.claim.mark) and mark.ratio]
    if known:
        row, mark = min(known, key=lambda pair: pair[1].ratio.best if pair[1].ratio else 0.0)
        assert row.claim is not None
        said.append(
            f"The quantum side does best in {row.claim.title.lower()}: {times(mark)} as {row.claim.rival} "
            f"({row.claim.size}; {mark.name})."
        )
    flips = [
        (row.claim, row.claim.nearest[0])
        for row, mark in known
        if row.claim is not None and row.claim.nearest and outcome(mark) in ("wins", "loses")
    ]
    if flips:
        claim, change = min(flips, key=lambda pair: pair[1].factor)
        said.append(
            f"The row that the least change reverses is {claim.title.lower()}: {change.name}, "
            f"{compact(change.factor)} times as {_way(change)}."
        )
    return said
